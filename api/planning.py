"""Planning one session by hand: what is typed is read like a row of a plan file, then announced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from api.bootstrap import Runtime
from api.files.plan import PlanRow, read_one
from api.files.rejection import Rejection
from api.imports.plans import faults, planned, remember_people, rules_for, stage_of
from api.v1.sessions import SessionBegins
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.identity import timed_id
from ledger.plans import Filing, RowOutcome, RowResult


@dataclass(frozen=True)
class Typed:
    """A session as it was typed for a term, and what is wrong with it, cell by cell."""

    filing: Filing
    stages: tuple[str, ...]
    row: PlanRow
    rejections: list[Rejection]


def read_typed(runtime: Runtime, filing: Filing, cells: Mapping[str, str]) -> Typed:
    """Raises UnknownSchool, UnknownTerm."""
    book = runtime.book
    term = book.registry.term(filing.school_year, filing.term_no)
    stages = tuple(book.registry.school(filing.school_code).stages)
    minutes = rules_for(book, local_day(runtime.now(), CITY_ZONE)).units.class_hour_minutes
    said = {"学年": str(filing.school_year), "学期": str(filing.term_no), "周次": ""}
    row, wrong = read_one({**said, **cells}, {stage: minutes[stage] for stage in stages})
    key = filing.school_year, filing.term_no
    return Typed(filing, stages, row, wrong or faults(row, stages, {key: term}))


def announce(
    runtime: Runtime,
    typed: Typed,
    by: Envelope,
    *,
    session_id: UUID | None = None,
    confirmed: bool = False,
) -> int:
    """Announce what was typed, or change the session that it is about.

    Raises SessionBegins, and what `Sessions.schedule` refuses.
    """
    book, row, filing = runtime.book, typed.row, typed.filing
    plan = book.plans.plan_of(filing, planned(row, stage_of(row, typed.stages)))
    if by.at >= plan.begins_at:
        raise SessionBegins(begins_at=plan.begins_at)
    key = session_id or timed_id(plan.begins_at, plan.school_code, plan.title, *plan.grades)
    position = book.sessions.schedule(key, plan, by, confirmed=confirmed)
    remember_people(book, {row.row: row}, [RowResult(row.row, RowOutcome.NEW, key)])
    return position
