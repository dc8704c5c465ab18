"""Planning one session by hand: what is typed is read like a row of a plan file, then announced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from api.bootstrap import Runtime
from api.files.plan import PlanRow, read_one
from api.files.rejection import Rejection
from api.imports.plan_people import people_in, people_known, remember_people
from api.imports.plans import faults, planned, rules_for, stage_of
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.plan import SessionPlan
from domain.planning import SessionClashes
from domain.session_refusals import SessionState
from ledger.book import Book
from ledger.plans import Filing


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
    return Typed(filing, stages, row, wrong or faults(book, row, stages, {key: term}))


def announce(runtime: Runtime, typed: Typed, by: Envelope, *, confirmed: bool) -> int:
    """Announce what was typed, as one more session; sent again, it is no news.

    Raises SessionClashes where that very session stands with other people, and what
    `Sessions.announce` refuses.
    """
    book, row = runtime.book, typed.row
    key, position = book.sessions.announce(
        plan_of(book, typed), by, confirmed=confirmed,
        before=lambda key: remember_people(book, {key: row}),
    )  # fmt: skip
    if people_known(book, [key]).get(key, people_in(row)) != people_in(row):
        raise SessionClashes(session_id=key)
    return position


def reschedule(
    runtime: Runtime, typed: Typed, session_id: UUID, by: Envelope, *, confirmed: bool
) -> int:
    """Change an announced session into what was typed, people too.

    Raises SessionState once it has begun, and what `Sessions.schedule` refuses.
    """
    book, plan = runtime.book, plan_of(runtime.book, typed)
    if not book.sessions.is_to_come(session_id, by.at):
        raise SessionState(stands="begun")
    return book.sessions.schedule(
        session_id, plan, by, confirmed=confirmed,
        before=lambda key: remember_people(book, {key: typed.row}),
    )  # fmt: skip


def plan_of(book: Book, typed: Typed) -> SessionPlan:
    return book.plans.plan_of(typed.filing, planned(typed.row, stage_of(typed.row, typed.stages)))
