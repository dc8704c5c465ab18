"""Commands of the teaching plan: a file's rows become courses and sessions, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.course import Course
from domain.envelope import Envelope
from domain.identity import derived, timed_id
from domain.plan import SessionPlan
from domain.refusals import Refused
from domain.session import Session, Standing
from domain.term_plan import TermPlan
from ledger.ledger import Ledger
from ledger.registry import Registry
from ledger.sessions import Sessions


class RowOutcome(StrEnum):
    """What a row of a file means against what is recorded."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class PlannedSession:
    """One row of a plan, read and checked."""

    row: int
    title: str
    family: str
    mode: str
    carrier: str
    grades: tuple[str, ...]
    stage: str
    class_hours: int  # hundredths
    begins_at: datetime
    ends_at: datetime
    place: str


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
        self, filing: Filing, rows: Sequence[PlannedSession], by: Envelope, *, dry_run: bool
    ) -> list[RowResult]:
        """Compare a plan with what is recorded and, unless it is a dry run, record it.

        The same plan twice records nothing. Raises UnknownSchool, UnknownTerm.
        """
        self._registry.term(filing.school_year, filing.term_no)
        results: list[RowResult] = []

        def decide() -> list[LedgerAggregate]:
            results.clear()
            changed = self._compare(filing, rows, by, results)
            return [] if dry_run else changed

        self._ledger.commit(by.command_id, decide)
        return results

    def _compare(
        self,
        filing: Filing,
        rows: Sequence[PlannedSession],
        by: Envelope,
        results: list[RowResult],
    ) -> list[LedgerAggregate]:
        key = TermPlan.create_id(filing.school_code, filing.school_year, filing.term_no)
        term_plan = self._ledger.find(TermPlan, key) or TermPlan(
            school_code=filing.school_code,
            school_year=filing.school_year,
            term_no=filing.term_no,
            envelope=by,
        )
        found = self._ledger.load(
            [
                *term_plan.sessions.values(),
                *(Course.create_id(filing.school_code, row.title) for row in rows),
            ]
        )
        changed: list[LedgerAggregate] = [term_plan]
        for row_key, row in keyed(rows):
            plan = self._plan(filing, row)
            session_id = term_plan.sessions.get(row_key)
            if session_id is None:
                session_id = timed_id(row.begins_at, filing.school_code, row_key)
                changed += self._new(session_id, plan, found, by)
                term_plan.add(row_key, session_id, by)
                results.append(RowResult(row.row, RowOutcome.NEW, session_id))
            else:
                session = found[session_id]
                assert isinstance(session, Session)
                results.append(self._known(row.row, session, plan, by))
                changed.append(session)
        return changed

    def _new(
        self,
        session_id: UUID,
        plan: SessionPlan,
        found: dict[UUID, LedgerAggregate],
        by: Envelope,
    ) -> list[LedgerAggregate]:
        version = self._sessions.rules_of(plan).version
        session = Session(id=session_id, plan=plan, envelope=by.under(version))
        if plan.course_id in found:
            return [session]
        course = Course(
            school_code=plan.school_code, title=plan.title, family=plan.family, envelope=by
        )
        found[course.id] = course
        return [course, session]

    def _known(self, row: int, session: Session, plan: SessionPlan, by: Envelope) -> RowResult:
        if session.plan == plan:
            return RowResult(row, RowOutcome.SAME, session.id)
        if session.standing is not Standing.SCHEDULED:
            return RowResult(row, RowOutcome.DOUBTFUL, session.id, "session_begun")
        try:
            session.reschedule(plan, by.under(self._sessions.rules_of(plan).version))
        except Refused:
            return RowResult(row, RowOutcome.DOUBTFUL, session.id, "session_begun")
        return RowResult(row, RowOutcome.CHANGED, session.id)

    def _plan(self, filing: Filing, row: PlannedSession) -> SessionPlan:
        school = self._registry.school(filing.school_code)
        units = self._sessions.rules_on(row.begins_at).units
        return SessionPlan(
            school_code=filing.school_code,
            district_code=school.district_code,
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


def keyed(rows: Sequence[PlannedSession]) -> list[tuple[str, PlannedSession]]:
    """Each row with what it is known by: title, grades and, for repeats, which one it is."""
    seen: dict[str, int] = {}
    keys: list[tuple[str, PlannedSession]] = []
    for row in sorted(rows, key=lambda each: each.begins_at):
        base = f"{row.title}|{'、'.join(row.grades)}"
        seen[base] = seen.get(base, 0) + 1
        keys.append((str(derived("plan_row", base, seen[base])), row))
    return keys
