"""Copying a plan: what an earlier term held, proposed for another one, and taken row by row."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.bootstrap import Runtime
from api.plan_checking import planned
from domain.calendar import CITY_ZONE, Term, local_day
from domain.envelope import Envelope
from domain.plan import SessionPlan
from domain.plan_copy import CopiedDay, copied_day
from domain.standing import Standing
from ledger.clashes import at_once
from ledger.plans import Filing, PlannedSession, RowOutcome, RowResult
from ledger.vault import Entry
from projections.session_board import SessionRow


@dataclass(frozen=True)
class Copying:
    """From which term of a school to which."""

    runtime: Runtime
    school_code: str
    source: Term
    target: Term

    @property
    def filing(self) -> Filing:
        return Filing(self.school_code, self.target.school_year, self.target.term_no)

    @property
    def is_of_one_year(self) -> bool:
        """Whether nobody who came to the source could be credited again: once a school year."""
        return self.source.school_year == self.target.school_year

    def sessions(self, term: Term) -> list[SessionRow]:
        plans = self.runtime.models.term_plans
        rows = plans.of_term(self.school_code, term.school_year, term.term_no)
        return [row for row in rows if not Standing(row.standing).is_off]


@dataclass(frozen=True)
class Copied:
    """A session of the source, and the day it is wanted on."""

    session: SessionRow
    week: int
    proposed: CopiedDay
    day: date | None  # None: what was typed is no day

    @property
    def key(self) -> UUID:
        return self.session.session_id


@dataclass(frozen=True)
class Proposal:
    """What would become of a copy; `fault` is the code of what is in the way, `clash` its title."""

    copied: Copied
    outcome: RowOutcome | None = None
    fault: str | None = None
    clash: str | None = None

    @property
    def is_free(self) -> bool:
        """Whether it is simply added: what moves or repeats something is left to be ticked."""
        return self.outcome is RowOutcome.NEW


def sources(runtime: Runtime, school_code: str, target: Term) -> list[Term]:
    """The earlier terms that hold a plan: those of the same season first, then the newest."""
    known = (each.term for each in runtime.models.schools.terms())
    terms = [term for term in known if term.begins < target.begins]
    found = [t for t in terms if Copying(runtime, school_code, t, target).sessions(t)]
    return sorted(found, key=lambda t: (t.term_no != target.term_no, -t.begins.toordinal()))


def copies(copying: Copying, days: Mapping[UUID, date | None]) -> list[Copied]:
    """Each session that stood in the source, on the day that was chosen or is proposed."""
    source, target = copying.source, copying.target
    off = copying.runtime.book.calendars.around(target.begins).days_off
    return [
        Copied(row, source.week_of(day), proposed, days.get(row.session_id, proposed.day))
        for row in copying.sessions(source)
        for day in [local_day(row.begins_at, CITY_ZONE)]
        for proposed in [copied_day(day, source, target, off)]
    ]


def proposals(copying: Copying, wanted: Sequence[Copied], by: Envelope) -> list[Proposal]:
    """What the plan's command would make of each copy; nothing is recorded."""
    sound = [each for each in wanted if fault_of(copying, each) is None]
    results = {
        sound[result.row - 1].key: result for result in file(copying, sound, by, dry_run=True)
    }
    return [proposal(copying, each, results.get(each.key), sound) for each in wanted]


def proposal(
    copying: Copying, copied: Copied, result: RowResult | None, beside: Sequence[Copied]
) -> Proposal:
    if result is None:
        return Proposal(copied, fault=fault_of(copying, copied))
    clash = in_the_way(copying, copied, beside) if result.code == "clash" else None
    return Proposal(copied, result.outcome, result.code, clash)


def fault_of(copying: Copying, copied: Copied) -> str | None:
    """Why nothing can be planned for its day: the code of a plan row's rejection."""
    if copied.day is None:
        return "date_unreadable"
    if copied.day not in copying.target:
        return "date_outside_term"
    today = local_day(copying.runtime.now(), CITY_ZONE)
    return "session_not_announced_in_time" if copied.day <= today else None


def file(
    copying: Copying,
    wanted: Sequence[Copied],
    by: Envelope,
    *,
    dry_run: bool,
    only: Container[UUID] | None = None,
) -> list[RowResult]:
    """The same command as a plan file's: what is there already is not made twice.

    Where `only` some are taken, each becomes what it was shown to become beside the others: who
    ticks what was called off means it anew.
    """
    rows = [row_of(copying.runtime, number, each) for number, each in enumerate(wanted, start=1)]
    numbers = {n for n, each in enumerate(wanted, start=1) if only is None or each.key in only}
    anew = numbers if only is not None else ()
    plans = copying.runtime.book.plans

    def before(results: Sequence[RowResult]) -> None:
        if not dry_run:
            remember(copying.runtime, wanted, results)

    return plans.file(
        copying.filing, rows, by, dry_run=dry_run, only=numbers, anew=anew, before=before
    )


def row_of(runtime: Runtime, number: int, copied: Copied) -> PlannedSession:
    """A course that was revised since is planned as it is taught now."""
    session, course = copied.session, runtime.models.courses.course(copied.session.course_id)
    assert copied.day is not None
    moved = copied.day - local_day(session.begins_at, CITY_ZONE)
    return PlannedSession(
        row=number,
        title=session.title,
        family=course.family if course else session.family,
        mode=session.mode,
        carrier=session.carrier,
        grades=session.grades,
        stage=session.stage,
        class_hours=session.announced_class_hours,
        begins_at=session.begins_at + moved,
        ends_at=session.ends_at + moved,
        place=session.place,
    )


def remember(runtime: Runtime, wanted: Sequence[Copied], results: Iterable[RowResult]) -> None:
    """Who spoke and answered for a session does so for its copy, until somebody says otherwise."""
    people = runtime.book.vault.open(each.key for each in wanted)
    runtime.book.vault.admit(
        Entry(result.id, "session", found.fields)
        for result in results
        if result.id
        and result.outcome is RowOutcome.NEW
        and (found := people.get(wanted[result.row - 1].key))
    )


def in_the_way(copying: Copying, copied: Copied, beside: Sequence[Copied]) -> str | None:
    """The title of what has the same parents or the same room at that time."""
    plan = plan_of(copying, copied)
    return next((t for t, other in others(copying, copied, beside) if at_once(plan, other)), None)


def others(
    copying: Copying, copied: Copied, beside: Sequence[Copied]
) -> Iterator[tuple[str, SessionPlan]]:
    for row in copying.sessions(copying.target):
        yield row.title, planned(row)
    for each in beside:
        if each is not copied:
            yield each.session.title, plan_of(copying, each)


def plan_of(copying: Copying, copied: Copied) -> SessionPlan:
    row = row_of(copying.runtime, 1, copied)
    return copying.runtime.book.plans.plan_of(copying.filing, row)
