"""Commands of the teaching plan: a file's rows become courses and sessions, each once."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, cast
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import Term
from domain.course import Course, CourseRetired
from domain.envelope import Envelope
from domain.identity import timed_id
from domain.plan import SessionBegins, SessionPlan
from domain.planning import DateOutsideTerm
from domain.refusals import Refused
from domain.session import Session
from domain.term_plan import TermPlan
from ledger.clashes import Wish, clashing
from ledger.ledger import Ledger
from ledger.plan_rows import PlannedSession, RowOfPlan, day_of, nothing, rows_of_plan
from ledger.registry import Registry
from ledger.sessions import Sessions
from ledger.unmoved import of_term

__all__ = ["CALLED_OFF", "Filing", "PlannedSession", "Plans", "RowOutcome", "RowResult"]

CALLED_OFF: Final = "session_called_off"  # the doubt of a row that whoever means it can confirm


class RowOutcome(StrEnum):
    """What a row of a file means against what is recorded."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class RowResult:
    """What became of a row; `code` says why a doubtful one was left for a person to decide."""

    row: int
    outcome: RowOutcome
    id: UUID | None = None
    code: str | None = None


@dataclass(frozen=True)
class Filing:
    """The place a plan is filed for."""

    school_code: str
    school_year: int
    term_no: int


class Plans:
    def __init__(self, ledger: Ledger, registry: Registry, sessions: Sessions) -> None:
        self._ledger = ledger
        self._registry = registry
        self._sessions = sessions

    def file(
        self, filing: Filing, rows: Sequence[PlannedSession], by: Envelope, *, dry_run: bool,
        supplement: bool = False, only: Container[int] | None = None, anew: Container[int] = (),
        before: Callable[[Sequence[RowResult]], None] = nothing,
    ) -> list[RowResult]:  # fmt: skip
        """Compare a plan with what is recorded; unless dry, record it or `only` some rows.

        The same plan twice records nothing; a supplement moves no session of another day. A row
        whose session was called off is doubtful unless it is meant `anew`. `before` may put the
        words of what is recorded into the vault.
        Raises UnknownSchool, UnknownTerm, NoRulebookInForce.
        """
        plans = self._plans(filing, rows)
        results: list[RowResult] = []

        def decide() -> list[LedgerAggregate]:
            term = self._registry.term(filing.school_year, filing.term_no)
            term_plan = self._term_plan(filing, by)
            found = self._found(filing, term_plan, rows)
            laid = rows_of_plan(rows, sessions_in(term_plan, found), supplement, only)
            changed = self._compare(term_plan, term, laid, plans, found, anew, by, results)
            before(results)
            return [] if dry_run else changed

        unmoved = of_term(filing.school_year, filing.term_no)
        self._ledger.commit(by.command_id, decide, unmoved)
        return results

    def _term_plan(self, filing: Filing, by: Envelope) -> TermPlan:
        key = TermPlan.create_id(filing.school_code, filing.school_year, filing.term_no)
        return self._ledger.find(TermPlan, key) or TermPlan(
            school_code=filing.school_code,
            school_year=filing.school_year,
            term_no=filing.term_no,
            envelope=by,
        )

    def _found(
        self, filing: Filing, term_plan: TermPlan, rows: Sequence[PlannedSession]
    ) -> dict[UUID, LedgerAggregate]:
        courses = (Course.create_id(filing.school_code, row.title) for row in rows)
        return self._ledger.load([*term_plan.sessions.values(), *courses])

    def _compare(
        self, term_plan: TermPlan, term: Term, laid: Sequence[RowOfPlan],
        plans: Mapping[int, SessionPlan], found: dict[UUID, LedgerAggregate],
        anew: Container[int], by: Envelope, results: list[RowResult],
    ) -> list[LedgerAggregate]:  # fmt: skip
        results.clear()
        doubts = self._doubts(sessions_in(term_plan, found), term, laid, plans, anew, by.at)
        changed: list[LedgerAggregate] = []
        for each in laid:
            number, plan, session = each.row.row, plans[each.row.row], each.session
            if number in doubts:
                results.append(doubtful(each, doubts[number]))
            elif session is None:
                session_id = timed_id(plan.begins_at, plan.school_code, each.key)
                try:
                    changed += self._new(session_id, plan, found, by)
                except (CourseRetired, SessionBegins) as refusal:
                    results.append(doubtful(each, refusal.code))
                    continue
                term_plan.add(each.key, session_id, by)
                results.append(RowResult(number, RowOutcome.NEW, session_id))
            else:
                results.append(self._known(number, session, plan, by))
                changed.append(session)
        return [term_plan, *changed] if changed else []

    def _doubts(
        self,
        sessions: Mapping[str, Session],
        term: Term,
        laid: Sequence[RowOfPlan],
        plans: Mapping[int, SessionPlan],
        anew: Container[int],
        at: datetime,
    ) -> dict[int, str]:
        """Why rows are left for a person to decide, whatever their own session says."""
        # The dates of the term may have been put right since the row was read.
        outside = {each.row.row for each in laid if day_of(each.row) not in term}
        # What is too late moves nothing: its session stays where it is, in the way of others.
        timely = [e for e in laid if e.row.begins_at > at and e.row.row not in outside]
        off = {each.row.row for each in timely if each.was_called_off and each.row.row not in anew}
        meant = [each for each in timely if each.row.row not in off]
        clashes = self._clashes(sessions.values(), meant, plans)
        return (
            dict.fromkeys(outside, DateOutsideTerm.code)
            | dict.fromkeys(off, CALLED_OFF)
            | dict.fromkeys(clashes, "clash")
        )

    def _clashes(
        self,
        sessions: Iterable[Session],
        timely: Sequence[RowOfPlan],
        plans: Mapping[int, SessionPlan],
    ) -> set[int]:
        matched = {each.session.id for each in timely if each.session}
        standing = [s.plan for s in sessions if s.id not in matched and not s.standing.is_off]
        wishes = [
            Wish(each.row.row, plans[each.row.row], each.session.plan if each.session else None)
            for each in timely
        ]
        return clashing(wishes, standing, self._sessions.meets)

    def _new(
        self,
        session_id: UUID,
        plan: SessionPlan,
        found: dict[UUID, LedgerAggregate],
        by: Envelope,
    ) -> list[LedgerAggregate]:
        """Raises CourseRetired, SessionBegins."""
        plan.must_be_to_come(by.at)
        known = cast("Course | None", found.get(plan.course_id))
        course = known or Course(
            school_code=plan.school_code, title=plan.title, family=plan.family, envelope=by
        )
        course.must_be_taught()
        found[course.id] = course
        ruled = by.under(self._sessions.rules_of(plan).version)
        session = Session.announce(session_id, plan.of_version(course.number), ruled)
        return [course, session]

    def _known(self, row: int, session: Session, plan: SessionPlan, by: Envelope) -> RowResult:
        if plan.repeats(announced(session)):
            return RowResult(row, RowOutcome.SAME, session.id)
        try:
            session.reschedule(plan, by.under(self._sessions.rules_of(plan).version))
        except SessionBegins as refusal:
            return RowResult(row, RowOutcome.DOUBTFUL, session.id, refusal.code)
        except Refused:
            return RowResult(row, RowOutcome.DOUBTFUL, session.id, "session_begun")
        return RowResult(row, RowOutcome.CHANGED, session.id)

    def _plans(self, filing: Filing, rows: Sequence[PlannedSession]) -> dict[int, SessionPlan]:
        school = self._registry.school(filing.school_code)
        return {row.row: self._plan(filing, school.district_code, row) for row in rows}

    def plan_of(self, filing: Filing, row: PlannedSession) -> SessionPlan:
        """A row with what the register and the rules of its day add. Raises UnknownSchool."""
        school = self._registry.school(filing.school_code)
        return self._plan(filing, school.district_code, row)

    def _plan(self, filing: Filing, district_code: str, row: PlannedSession) -> SessionPlan:
        units = self._sessions.rules_on(row.begins_at, filing.school_code).units
        return SessionPlan(
            school_code=filing.school_code,
            district_code=district_code,
            school_year=filing.school_year,
            term_no=filing.term_no,
            course_id=Course.create_id(filing.school_code, row.title),
            title=row.title,
            family=row.family,
            stage=row.stage,
            mode=row.mode,
            carrier=row.carrier,
            class_hours=row.class_hours,
            class_hour_minutes=units.class_hour_minutes[row.stage],
            grades=row.grades,
            begins_at=row.begins_at,
            ends_at=row.ends_at,
            place=row.place,
        )


def doubtful(laid: RowOfPlan, code: str) -> RowResult:
    key = laid.session.id if laid.session else None
    return RowResult(laid.row.row, RowOutcome.DOUBTFUL, key, code)


def announced(session: Session) -> SessionPlan:
    """What was planned, whatever was put right since."""
    return session.plan.model_copy(update={"class_hours": session.announced_class_hours})


def sessions_in(term_plan: TermPlan, found: Mapping[UUID, LedgerAggregate]) -> dict[str, Session]:
    """The sessions of a plan by the key of their row."""
    return {key: cast("Session", found[id_]) for key, id_ in term_plan.sessions.items()}
