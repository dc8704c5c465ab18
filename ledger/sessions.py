"""Commands of a session: schedule, open, close, count heads, attest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from psycopg.sql import SQL, Identifier

from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope, Role
from domain.head_count import Recorded
from domain.identity import attendance_id, timed_id
from domain.plan import Door, SessionPlan
from domain.planning import SessionClashes, must_be_sound
from domain.rulebook import Rulebook
from domain.service import Service, ServiceKind
from domain.session import Session
from domain.session_refusals import UnknownSession
from domain.staff import OwnCase
from domain.standing import Standing
from domain.term_plan import TermPlan
from ledger.clashes import at_once
from ledger.courses import Courses
from ledger.ledger import EVENTS_TABLE, Ledger
from ledger.own_case import own_records
from ledger.plan_rows import next_key, nothing
from ledger.records import survivors
from ledger.registry import Registry
from ledger.rulebooks import Rulebooks
from ledger.unmoved import Unmoved, of_term

Before = Callable[[UUID], None]  # of the event, with the id of its session

STATEMENT_VERSION = "attestation/1"


class Sessions:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks
        self._registry = Registry(ledger)
        self._courses = Courses(ledger)
        # An evening's attendances lie together in the index, behind the session's first 6 bytes.
        self._attendances = SQL(
            "SELECT originator_id, (convert_from(state, 'UTF8')::jsonb ->> 'learner_id')::uuid"
            " FROM {}.{} WHERE originator_id BETWEEN %s AND %s"
            " AND originator_version = 1 AND topic = %s"
            " AND convert_from(state, 'UTF8')::jsonb ->> 'session_id' = %s"
        ).format(Identifier(ledger.store.datastore.schema), Identifier(EVENTS_TABLE))

    def get(self, session_id: UUID) -> Session:
        """Raises UnknownSession."""
        return self._ledger.get(Session, session_id, UnknownSession)

    def schedule(
        self,
        session_id: UUID,
        plan: SessionPlan,
        by: Envelope,
        *,
        confirmed: bool = False,
        before: Before = nothing,
    ) -> int:
        """Announce a session under this id, or change it; the same plan again is no news.

        `before` is the time to put its words into the vault: it is certain that they are taken.
        Two sessions at once are meant only where somebody says so. Raises NoRulebookInForce,
        UnknownMode, UnknownTerm, UnknownSchool, SessionState, SessionBegins, EndsBeforeItBegins,
        CourseRetired, SessionClashes, and what `domain.planning` refuses.
        """

        def decide() -> list[LedgerAggregate]:
            changed = self._scheduled(session_id, plan, by, confirmed=confirmed)
            before(session_id)
            return changed

        return self._ledger.commit(by.command_id, decide, dates_for(plan))

    def announce(
        self,
        plan: SessionPlan,
        by: Envelope,
        *,
        confirmed: bool = False,
        before: Before = nothing,
    ) -> tuple[UUID, int]:
        """Announce one more session, under an id of its own: its id, and the position.

        It changes no other one: the plan of one that stands is no news, anything else at its time
        is a clash. Raises SessionBegins and what `schedule` refuses.
        """
        plan.must_be_to_come(by.at)
        ruled, found = self._ruled(plan, by), list[UUID]()

        def decide() -> list[LedgerAggregate]:
            timetable = self._timetable(plan, by)
            others = self._standing(timetable)
            found[:] = [each.id for each in others if plan.repeats(each.plan)]
            if found:
                return []
            self._must_fit(plan, others, confirmed=confirmed)
            key = next_key(plan, timetable.sessions)
            found.append(timed_id(plan.begins_at, plan.school_code, key))
            before(found[0])
            return self._announced(found[0], plan, timetable, ruled)

        position = self._ledger.commit(by.command_id, decide, dates_for(plan))
        return found[0], position

    def is_to_come(self, session_id: UUID, at: datetime) -> bool:
        """Whether what was announced may still be changed. Raises UnknownSession."""
        session = self.get(session_id)
        return session.standing is Standing.SCHEDULED and at < session.plan.begins_at

    def open(self, session_id: UUID, by: Envelope) -> int:
        """Let learners in. Raises UnknownSession, CheckInClosed, SessionState."""
        return self._change(session_id, by, lambda s: s.open(self.door_of(s), by))

    def close(self, session_id: UUID, by: Envelope) -> int:
        """Raises UnknownSession, SessionState."""
        return self._change(session_id, by, lambda s: s.close(by))

    def cancel(self, session_id: UUID, reason_code: str, by: Envelope) -> int:
        """Raises UnknownSession, SessionState."""
        return self._change(session_id, by, lambda s: s.cancel(reason_code, by))

    def count_heads(
        self, session_id: UUID, present: int, explanation_code: str | None, by: Envelope
    ) -> int:
        """Compare the room with the records. Raises DifferenceUnexplained, SessionState."""

        def decide(session: Session) -> None:
            recorded = self._recorded(session_id)
            session.count_heads(present, recorded, explanation_code, by)

        return self._change(session_id, by, decide)

    def attest(self, session_id: UUID, attested_as: Role, by: Envelope) -> int:
        """Attest as host or as coordinator; the second of the two starts the award run.

        Raises AttestsAlone, SessionState, CountAgain, and OwnCase for staff who attended as a
        parent, spoke or helped.
        """

        def decide(session: Session) -> None:
            self._refuse_attendee(session_id, by.actor.id)
            recorded = self._recorded(session_id)
            session.attest(attested_as, STATEMENT_VERSION, recorded.persons, by)

        return self._change(session_id, by, decide)

    def attendance_ids(self, session_id: UUID) -> list[UUID]:
        """Every attendance of a session, straight from the event table."""
        return [key for key, _ in self._came(session_id)]

    def _recorded(self, session_id: UUID) -> Recorded:
        """Who came, two records of one person once."""
        came = [learner_id for _, learner_id in self._came(session_id)]
        return Recorded(len(came), len(set(survivors(self._ledger, came).values())))

    def _came(self, session_id: UUID) -> list[tuple[UUID, UUID]]:
        """Each attendance of a session, and the record that came in."""
        first, last = session_id.bytes[:6] + b"\0" * 10, session_id.bytes[:6] + b"\xff" * 10
        values = UUID(bytes=first), UUID(bytes=last), Attendance.CheckedIn.TOPIC, str(session_id)
        return [(key, own) for key, own in self._ledger.store.rows(self._attendances, values)]

    def _scheduled(
        self, session_id: UUID, plan: SessionPlan, by: Envelope, *, confirmed: bool
    ) -> list[LedgerAggregate]:
        ruled, session = self._ruled(plan, by), self._ledger.find(Session, session_id)
        if session and plan.repeats(session.plan) and not session.standing.is_off:
            return []
        timetable = self._timetable(plan, by)
        others = [each for each in self._standing(timetable) if each.id != session_id]
        self._must_fit(plan, others, confirmed=confirmed)
        if session is None:
            return self._announced(session_id, plan, timetable, ruled)
        session.reschedule(plan, ruled)
        return [session]

    def _timetable(self, plan: SessionPlan, by: Envelope) -> TermPlan:
        """The plan of the term, which knows every session announced for it."""
        key = TermPlan.create_id(plan.school_code, plan.school_year, plan.term_no)
        return self._ledger.find(TermPlan, key) or TermPlan(
            school_code=plan.school_code,
            school_year=plan.school_year,
            term_no=plan.term_no,
            envelope=by,
        )

    def _announced(
        self, session_id: UUID, plan: SessionPlan, timetable: TermPlan, by: Envelope
    ) -> list[LedgerAggregate]:
        course = self._courses.taught(plan.school_code, plan.title, plan.family, by)
        timetable.add(next_key(plan, timetable.sessions), session_id, by)
        announced = Session.announce(session_id, plan.of_version(course.number), by)
        return [timetable, course, announced]

    def _standing(self, timetable: TermPlan) -> list[Session]:
        """The sessions of a term that were not called off."""
        found = self._ledger.load(timetable.sessions.values()).values()
        return [s for s in found if isinstance(s, Session) and not s.standing.is_off]

    def _must_fit(self, plan: SessionPlan, others: list[Session], *, confirmed: bool) -> None:
        self._must_be_sound(plan)
        if confirmed or not self.meets(plan):
            return
        for other in others:
            if at_once(plan, other.plan) and self.meets(other.plan):
                raise SessionClashes(session_id=other.id)

    def meets(self, plan: SessionPlan) -> bool:
        """Whether people come together for a plan at all: a push is nobody's evening."""
        return self.rules_of(plan).mode(plan.mode)[1].face_to_face

    def _must_be_sound(self, plan: SessionPlan) -> None:
        plan.must_end_after_it_begins()
        term = self._registry.term(plan.school_year, plan.term_no)
        must_be_sound(plan, term, self._registry.school(plan.school_code).stages)

    def _ruled(self, plan: SessionPlan, by: Envelope) -> Envelope:
        rulebook = self.rules_of(plan)
        rulebook.mode(plan.mode)
        return by.under(rulebook.version)

    def rules_of(self, plan: SessionPlan) -> Rulebook:
        """The school's rules on the day of a planned session. Raises NoRulebookInForce."""
        return self.rules_on(plan.begins_at, plan.school_code)

    def rules_on(self, at: datetime, school_code: str | None = None) -> Rulebook:
        return self._rulebooks.on(local_day(at, CITY_ZONE), school_code)

    def door_of(self, session: Session) -> Door:
        rules = self.rulebook_of(session).attendance
        return Door(
            opens_minutes_before=rules.check_in_opens_minutes_before,
            closes_minutes_after_start=rules.check_in_closes_minutes_after_start,
        )

    def rulebook_of(self, session: Session) -> Rulebook:
        return rules_of_session(self._rulebooks, session)

    def late_posting_ends(self, session: Session) -> date:
        """The last day for what was on paper (rulebook: calendar, LOCAL). Raises UnknownTerm."""
        term = self._registry.term(session.plan.school_year, session.plan.term_no)
        calendar = self.rulebook_of(session).calendar
        return term.ends + timedelta(days=calendar.late_posting_days_after_term_end)

    def _refuse_attendee(self, session_id: UUID, staff_id: UUID) -> None:
        own = own_records(self._ledger, staff_id)
        keys = [attendance_id(session_id, each) for each in own]
        keys += [Service.create_id(session_id, each, kind) for each in own for kind in ServiceKind]
        found = self._ledger.load(keys).values()
        if any(not isinstance(each, Service) or each.stands for each in found):
            raise OwnCase

    def _change(self, session_id: UUID, by: Envelope, change: Callable[[Session], None]) -> int:
        def decide() -> list[LedgerAggregate]:
            session = self.get(session_id)
            change(session)
            return [session]

        return self._ledger.commit(by.command_id, decide)


def dates_for(plan: SessionPlan) -> Unmoved:
    return of_term(plan.school_year, plan.term_no)


def rules_of_session(rulebooks: Rulebooks, session: Session) -> Rulebook:
    """The rules under which a session was announced: they stay with it."""
    if session.rulebook_version is not None:
        return rulebooks.version(session.rulebook_version)
    plan = session.plan
    return rulebooks.on(local_day(plan.begins_at, CITY_ZONE), plan.school_code)
