"""What a case is about, read from its own streams: whose it is, where, since when, by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TypeVar
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate, LedgerEvent
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, DayOutsideTerms, local_day, school_year_of, term_of
from domain.certificate import Certificate
from domain.crediting import CreditClaim
from domain.dispute import Subject, SubjectKind
from domain.evaluation import Evaluation
from domain.exam import Exam
from domain.exam_attempt import Attempt
from domain.identity import attendance_id
from domain.learner import Learner
from domain.refusals import Refused
from domain.session import Session
from domain.session_refusals import NotInvited
from domain.standing import Standing
from ledger.ledger import Ledger
from ledger.records import records_of
from ledger.registry import Registry, UnknownTerm
from ledger.session_places import places_on_the_day

A = TypeVar("A", bound=LedgerAggregate)

Records = Sequence[UUID]  # every record of the person who asks

OVER = {Standing.CLOSED, Standing.ATTESTED, Standing.VOIDED}


class SubjectNotYours(Refused):
    """It belongs to somebody else, or there is no such thing."""

    code = "subject_not_yours"


class SessionNotOver(Refused):
    """The session is not closed yet: staff still record who is there."""

    code = "session_not_over"


@dataclass(frozen=True)
class Matter:
    """A subject with all that deciding about it needs."""

    subject: Subject
    school_code: str
    term: str
    posted_on: date
    took_part: frozenset[UUID]


class Matters:
    def __init__(self, ledger: Ledger, registry: Registry) -> None:
        self._ledger = ledger
        self._registry = registry

    def of(self, learner_id: UUID, subject: Subject, today: date) -> Matter:
        """A matter is the person's, under whichever of their records.

        Raises SubjectNotYours, SessionNotOver.
        """
        own = records_of(self._ledger, learner_id)
        match subject.kind:
            case SubjectKind.SESSION:
                return self._session(own, subject.id)
            case SubjectKind.ATTENDANCE:
                return self._attendance(own, subject.id)
            case SubjectKind.ENTRY:
                return self._entry(own, subject.id)
            case SubjectKind.ATTEMPT:
                return self._attempt(own, subject.id)
            case SubjectKind.CERTIFICATE:
                return self._certificate(own, subject.id, today)
            case SubjectKind.COMPLETION | SubjectKind.STAR:
                return self._evaluation(own, subject, today)

    def term_ends(self, term: str) -> date | None:
        """The last day of a term by its code, or None where none is announced."""
        year, _, number = term.partition("-")
        try:
            return self._registry.term(int(year), int(number)).ends
        except (UnknownTerm, ValueError):
            return None

    def _session(self, own: Records, session_id: UUID) -> Matter:
        """The learner says they were there; where they are on the list, it is their attendance."""
        session = self._mine(Session, session_id)
        keys = [attendance_id(session_id, each) for each in own]
        attended = self._ledger.load(keys)
        if listed := next((key for key in keys if key in attended), None):
            return self._attendance(own, listed)
        learners = [self._mine(Learner, each) for each in own]
        places = [places_on_the_day(session, each) for each in learners]
        try:
            session.invited(tuple(chain(*places)))
        except NotInvited as refusal:
            raise SubjectNotYours from refusal
        subject = Subject(kind=SubjectKind.SESSION, id=session_id, session_id=session_id)
        return self._at_session(subject, session, self._events([session_id]))

    def _attendance(self, own: Records, key: UUID) -> Matter:
        attendance = self._mine(Attendance, key)
        must_be(attendance.learner_id, own)
        session = self._mine(Session, attendance.session_id)
        subject = Subject(kind=SubjectKind.ATTENDANCE, id=key, session_id=session.id)
        credited = (event for event, claim in self._lines(own) if claim.source_id == key)
        facts = [*self._events([key, session.id]), *credited]
        return self._at_session(subject, session, facts)

    def _at_session(
        self, subject: Subject, session: Session, facts: Iterable[LedgerEvent]
    ) -> Matter:
        if session.standing not in OVER:
            raise SessionNotOver(stands=session.standing.value)
        known = [*facts]
        # Whoever proposed a correction took part in it, though another one applied it.
        corrections = {key for event in known if (key := getattr(event, "correction_id", None))}
        known += self._events(list(corrections))
        return matter(subject, session.plan.school_code, session.plan.term, known)

    def _entry(self, own: Records, entry_id: UUID) -> Matter:
        """A line of the account; one that stands on an attendance is about the attendance."""
        lines = [(event, claim) for event, claim in self._lines(own) if claim.entry_id == entry_id]
        if not lines:
            raise SubjectNotYours
        _, claim = lines[0]
        if claim.session_id is not None and self._ledger.find(Attendance, claim.source_id):
            return self._attendance(own, claim.source_id)
        subject = Subject(kind=SubjectKind.ENTRY, id=entry_id)
        return matter(subject, claim.school_code, claim.term, [event for event, _ in lines])

    def _attempt(self, own: Records, key: UUID) -> Matter:
        attempt = self._mine(Attempt, key)
        must_be(attempt.learner_id, own)
        if attempt.outcome is None:  # what waits for its second person nobody has seen yet
            raise SubjectNotYours
        exam = self._mine(Exam, attempt.exam_id)
        subject = Subject(kind=SubjectKind.ATTEMPT, id=key)
        return matter(subject, exam.school_code, self._term(exam.held_on), self._events([key]))

    def _certificate(self, own: Records, key: UUID, today: date) -> Matter:
        certificate = self._mine(Certificate, key)
        must_be(certificate.award.learner_id, own)
        subject = Subject(kind=SubjectKind.CERTIFICATE, id=key)
        school_code = certificate.award.school_code
        return matter(subject, school_code, self._term(today), self._events([key]))

    def _evaluation(self, own: Records, subject: Subject, today: date) -> Matter:
        evaluation = self._mine(Evaluation, subject.id)
        must_be(evaluation.learner_id, own)
        enrolments = [self._mine(Learner, each).enrolments for each in own]
        newest = max(
            (
                (place.school_year, places.has(place), place.school_code)
                for places in enrolments
                for place in places.values()
                if place.stage == evaluation.stage
            ),
            default=None,
        )
        if newest is None:
            raise SubjectNotYours
        found = Subject(kind=subject.kind, id=subject.id)
        facts = self._events([subject.id])
        return matter(found, newest[-1], self._term(today), facts)

    def _mine(self, kind: type[A], key: UUID) -> A:
        return self._ledger.get(kind, key, SubjectNotYours)

    def _events(self, streams: list[UUID]) -> list[LedgerEvent]:
        rows = self._ledger.store.select_streams(streams)
        return [
            self._ledger.events_mapper.to_domain_event(row) for key in rows for row in rows[key]
        ]

    def _lines(self, own: Records) -> Iterator[tuple[LedgerEvent, CreditClaim]]:
        """The facts of a person's accounts, each with the claim that it is about."""
        claims: dict[UUID, CreditClaim] = {}
        for event in self._events([*map(Account.create_id, own)]):
            match event:
                case Account.CreditAwarded(credit=claim) | Account.CreditLimited(claim=claim):
                    claims[claim.entry_id] = claim
                    yield event, claim
                case Account.CreditReversed(entry_id=entry_id):
                    yield event, claims[entry_id]
                case _:
                    pass

    def _term(self, day: date) -> str:
        """The code of the term that holds a day, or nothing where none is announced."""
        year = school_year_of(day)
        try:
            return term_of(day, (self._registry.term(year, number) for number in (1, 2))).code
        except (UnknownTerm, DayOutsideTerms):
            return ""


def must_be(owner: UUID, own: Records) -> None:
    """Raises SubjectNotYours."""
    if owner not in own:
        raise SubjectNotYours


def matter(subject: Subject, school_code: str, term: str, facts: Iterable[LedgerEvent]) -> Matter:
    """Posted when the latest fact about it happened; everybody who spoke one took part."""
    known = list(facts)
    return Matter(
        subject=subject,
        school_code=school_code,
        term=term,
        posted_on=local_day(max(event.envelope.at for event in known), CITY_ZONE),
        took_part=frozenset(event.envelope.actor.id for event in known),
    )
