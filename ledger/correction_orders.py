"""What each kind of correction says: the facts it speaks, and whose claims change by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.correction import (
    AttendanceOrder,
    NothingToCorrect,
    Second,
    SessionTimesOrder,
    SessionVoidOrder,
)
from domain.earned import service_claim
from domain.envelope import Channel, Envelope
from domain.external import ExternalHours
from domain.learner import Learner, UnknownLearner
from domain.rules import ReversalReason
from domain.service import Service
from domain.session import Session
from domain.session_refusals import SessionState
from domain.settling import Claimed, Claims
from domain.standing import Standing
from ledger.attendances import Attendances
from ledger.closings import in_closed_term
from ledger.fraud import fraud_noted
from ledger.judging import Run, claim_for
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.parent_services import Services
from ledger.records import survivors
from ledger.session_credits import credit_of, noted
from ledger.session_places import invited_on_the_day, places_on_the_day
from ledger.sessions import Sessions
from ledger.streams import Streams

O_contra = TypeVar("O_contra", contravariant=True)


@dataclass(frozen=True)
class Said:
    """What an order comes to: new facts, and the claims of each learner whom they concern."""

    school_code: str
    effective_term: str
    second: Second
    facts: list[LedgerAggregate]
    claims: dict[UUID, Claims]


class Handler(Protocol[O_contra]):
    """One kind of order. `say` decides on what is recorded now, and records nothing."""

    def say(self, order: O_contra, correction_id: UUID, by: Envelope) -> Said: ...


class AttendanceOrders:
    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger = ledger
        self._sessions = sessions
        self._attendances = Attendances(ledger, sessions)

    def say(self, order: AttendanceOrder, correction_id: UUID, by: Envelope) -> Said:
        """Raises OwnCase, SessionState, StayMalformed, NothingToCorrect, and as one is invited."""
        refuse_own_case(self._ledger, by.actor.id, order.learner_id)
        credit = credit_of(self._ledger, order.session_id, by)
        session = held(self._sessions.get(order.session_id))
        if order.stay is not None:
            assert session.opened_at is not None
            assert session.closed_at is not None
            order.stay.must_lie_within(session.opened_at, session.closed_at)
        attendance = self._attendance(session, order, correction_id, by)
        run = Run(session, self._sessions.rulebook_of(session), by.at, correction_id)
        is_fraud = order.line_reason is ReversalReason.FRAUD_CONFIRMED
        accounts = (
            fraud_noted(self._ledger, run, attendance, by)
            if is_fraud and not attendance.pending_events
            else []
        )
        attendance.correct(order.stay, order.reason_code, correction_id, session.plan.term, by)
        claims = claims_of(self._ledger, run, [attendance], by)
        facts = noted(credit, [attendance, *accounts], 1, by)
        return said(self._ledger, session, facts, claims)

    def _attendance(
        self, session: Session, order: AttendanceOrder, correction_id: UUID, by: Envelope
    ) -> Attendance:
        found = self._attendances.of_person(order.session_id, order.learner_id)
        if found is not None:
            if order.stay is not None and found.awaits_link:
                self._vouch(found, session, by)
            if found.says(order.stay) and not found.pending_events:
                raise NothingToCorrect
            return found
        if order.stay is None:
            raise NothingToCorrect
        return Attendance(
            session_id=session.id,
            learner_id=order.learner_id,
            school_code=session.plan.school_code,
            child_ids=invited_on_the_day(session, self._speaker(order.learner_id)),
            scan_id=correction_id,
            envelope=by.model_copy(
                update={"occurred_at": order.stay.begins, "channel": Channel.STAFF_ENTRY}
            ),
        )

    def _vouch(self, attendance: Attendance, session: Session, by: Envelope) -> None:
        """The link was confirmed after the term was closed: who came in has a place by now."""
        places = places_on_the_day(session, self._speaker(attendance.learner_id))
        if any(session.plan.invites(place) for place in places):
            attendance.vouch(session.invited(places), by)

    def _speaker(self, learner_id: UUID) -> Learner:
        speaker_id = survivors(self._ledger, [learner_id])[learner_id]
        return self._ledger.get(Learner, speaker_id, UnknownLearner)


class SessionTimesOrders:
    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger = ledger
        self._sessions = sessions

    def say(self, order: SessionTimesOrder, correction_id: UUID, by: Envelope) -> Said:
        """Raises OwnCase, SessionState, NothingToCorrect, and what Session.correct does."""
        credit = credit_of(self._ledger, order.session_id, by)
        session = self._sessions.get(order.session_id)
        if session.says(order.times):
            raise NothingToCorrect
        attendances = attendances_of(self._ledger, self._sessions, session)
        services = Services(self._ledger, self._sessions).of_session(session.id)
        refuse_own_case(self._ledger, by.actor.id, *people_of(attendances, services))
        session.correct(order.times, order.reason_code, correction_id, by)
        run = Run(session, self._sessions.rulebook_of(session), by.at, correction_id)
        claims = claims_of(self._ledger, run, attendances, by, services)
        facts = noted(credit, [session, *attendances], len(attendances) + len(services), by)
        return said(self._ledger, session, facts, claims)


class SessionVoidOrders:
    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger = ledger
        self._sessions = sessions

    def say(self, order: SessionVoidOrder, correction_id: UUID, by: Envelope) -> Said:
        """Raises OwnCase, SessionState. The district confirms it."""
        credit = credit_of(self._ledger, order.session_id, by)
        session = self._sessions.get(order.session_id)
        attendances = attendances_of(self._ledger, self._sessions, session)
        services = Services(self._ledger, self._sessions).of_session(session.id)
        refuse_own_case(self._ledger, by.actor.id, *people_of(attendances, services))
        session.void(order.reason_code, correction_id, by)
        claims = no_claims(self._ledger, [*attendances, *services])
        plan = session.plan
        facts = noted(credit, [session], len(attendances) + len(services), by)
        return Said(plan.school_code, plan.term, Second.DISTRICT, facts, claims)


def held(session: Session) -> Session:
    """A session that is over. Raises SessionState."""
    if session.standing not in {Standing.CLOSED, Standing.ATTESTED}:
        raise SessionState(stands=session.standing.value)
    return session


def attendances_of(ledger: Ledger, sessions: Sessions, session: Session) -> list[Attendance]:
    found = ledger.load(sorted(sessions.attendance_ids(session.id)))
    return [each for each in found.values() if isinstance(each, Attendance)]


def people_of(attendances: Iterable[Attendance], services: Iterable[Service]) -> list[UUID]:
    return [a.learner_id for a in attendances] + [s.learner_id for s in services]


def claims_of(
    ledger: Ledger,
    run: Run,
    attendances: Sequence[Attendance],
    by: Envelope,
    services: Sequence[Service] = (),
) -> dict[UUID, Claims]:
    """What each attendance claims now, and who spoke or helped; nothing before it is attested."""
    people = people_of(attendances, services)
    streams = Streams.of_learners(ledger.load, people)
    holders = {learner_id: streams.speaker(learner_id) for learner_id in people}
    if run.session.standing is not Standing.ATTESTED:
        return {holder: {} for holder in holders.values()}
    claims: dict[UUID, dict[UUID, Claimed | None]] = {}
    for each in attendances:
        holder = holders[each.learner_id]
        make_ups = streams.making_up(each.learner_id, run.session.id)
        judged = run.judge(each, by)
        claim = claim_for(run, each, Account.create_id(holder), judged, make_ups)
        claims.setdefault(holder, {})[each.id] = Claimed(claim, run.rulebook.version)
    for service in services:
        holder = holders[service.learner_id]
        claim = service_claim(run.session, service, Account.create_id(holder), run.rulebook)
        claims.setdefault(holder, {})[service.id] = Claimed(claim, run.rulebook.version)
    return dict(claims)


def no_claims(
    ledger: Ledger, sources: Sequence[Attendance | Service | ExternalHours]
) -> dict[UUID, Claims]:
    """Nothing is claimed for these any more, whoever's account answers for them."""
    holders = survivors(ledger, (each.learner_id for each in sources))
    claims: dict[UUID, dict[UUID, None]] = {}
    for each in sources:
        claims.setdefault(holders[each.learner_id], {})[each.id] = None
    return dict(claims)


def said(
    ledger: Ledger,
    session: Session,
    facts: Sequence[LedgerAggregate],
    claims: dict[UUID, Claims],
) -> Said:
    """A second person signs what belongs to a term that is closed."""
    plan = session.plan
    second = Second.COLLEAGUE if in_closed_term(ledger, session) else Second.NOBODY
    return Said(plan.school_code, plan.term, second, list(facts), claims)
