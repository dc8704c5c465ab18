"""A plan file becomes courses and sessions. Lecturers are people: they go into the vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from api.files.plan import PlanFile, PlanRow, read_plan
from api.files.rejection import Rejection, shortened
from api.files.table import Source, Table
from api.files.template import REASON_COLUMNS
from api.imports.order import Order, Progress
from api.imports.plan_people import remember_people, with_people
from api.imports.report import ImportReport, report_of
from domain.calendar import CITY_ZONE, Term, local_day, school_year_of
from domain.grades import grade_named
from domain.identity import derived
from domain.rulebook import Rulebook
from domain.rulebook_refusals import NoRulebookInForce
from ledger.book import Book
from ledger.plans import Filing, PlannedSession, RowOutcome, RowResult
from ledger.registry import UnknownTerm

TermKey = tuple[int, int]


def take_plan(
    book: Book, order: Order, source: Source, progress: Progress
) -> tuple[ImportReport, Table]:
    """Raises UnreadableFile, UnknownSchool."""
    stages = book.registry.school(order.school_code).stages
    minutes = rules_for(book, local_day(order.by.at, CITY_ZONE)).units.class_hour_minutes
    file = read_plan(source, minutes_per_class_hour={s: minutes[s] for s in stages})
    terms = terms_of(book, file.rows)
    wrong = [fault for row in file.rows for fault in faults(book, row, stages, terms)]
    rejected = {fault.row for fault in wrong}
    rows = [row for row in file.rows if row.row not in rejected]
    results: list[RowResult] = []
    for key in dict.fromkeys((row.school_year, row.term_no) for row in rows):
        mine = [row for row in rows if (row.school_year, row.term_no) == key]
        results += file_term(book, order, key, mine, stages, is_supplement(file))
        progress(len(results), len(rows))
    rejections = [with_value(file.table, r) for r in (*file.rejections, *wrong)]
    return report_of(file.table, results, rejections, dry_run=order.dry_run), file.table


def rules_for(book: Book, day: date) -> Rulebook:
    """The rules of the day; before any are in force, those of the school year to come."""
    try:
        return book.rulebooks.on(day)
    except NoRulebookInForce:
        return book.rulebooks.on(date(school_year_of(day) + 1, 9, 1))


def file_term(
    book: Book,
    order: Order,
    key: TermKey,
    rows: Sequence[PlanRow],
    stages: Sequence[str],
    supplement: bool,
) -> list[RowResult]:
    by, by_row = order.envelope, {row.row: row for row in rows}
    results: list[RowResult] = []
    others = set[int]()

    def before(filed: Sequence[RowResult]) -> None:
        results[:] = with_people(book, by_row, filed, by.at, others)
        if not order.dry_run:
            taken = [e for e in results if e.outcome in {RowOutcome.NEW, RowOutcome.CHANGED}]
            remember_people(book, {each.id: by_row[each.row] for each in taken if each.id})

    book.plans.file(
        Filing(order.school_code, *key),
        [planned(row, stage_of(row, stages)) for row in rows],
        by.model_copy(update={"command_id": derived(by.command_id, *key)}),
        dry_run=order.dry_run,
        supplement=supplement,
        anew=order.anew,
        before=before,
    )
    return results


def terms_of(book: Book, rows: Sequence[PlanRow]) -> dict[TermKey, Term]:
    found: dict[TermKey, Term] = {}
    for key in {(row.school_year, row.term_no) for row in rows}:
        try:
            found[key] = book.registry.term(*key)
        except UnknownTerm:
            continue  # its rows are rejected, the others go on
    return found


def faults(
    book: Book, row: PlanRow, stages: Sequence[str], terms: Mapping[TermKey, Term]
) -> list[Rejection]:
    """What a sound row still lacks to be a session of this school."""
    found: list[Rejection] = []
    term = terms.get((row.school_year, row.term_no))
    if row.starts is None or row.ends is None:
        found.append(Rejection(row.row, "开始时间", "", "time_missing"))
    if term is None:
        found.append(Rejection(row.row, "学期", "", "term_not_opened"))
    elif row.on not in term:
        found.append(Rejection(row.row, "计划日期", "", "date_outside_term"))
    elif not book.rulebooks.hold_on(row.on):
        found.append(Rejection(row.row, "计划日期", "", NoRulebookInForce.code))
    if not stage_of(row, stages):
        code = "grades_of_two_stages" if row.grades else "grades_needed"
        found.append(Rejection(row.row, "面向年级", "", code))
    return found


def with_value(table: Table, rejection: Rejection) -> Rejection:
    """The rejection with what its cell says."""
    if rejection.value or not rejection.column:
        return rejection
    row = next((row for row in table.rows if row.row == rejection.row), None)
    value = shortened(row.cells.get(rejection.column, "")) if row else ""
    return Rejection(rejection.row, rejection.column, value, rejection.code)


def stage_of(row: PlanRow, stages: Sequence[str]) -> str:
    """The stage of its grades; the whole school has one only where the school has one. Else ""."""
    found = {grade_named(name).stage.value for name in row.grades} or set(stages)
    return found.pop() if len(found) == 1 else ""


def planned(row: PlanRow, stage: str) -> PlannedSession:
    assert row.starts is not None
    assert row.ends is not None
    return PlannedSession(
        row=row.row,
        title=row.topic,
        family=row.family.value,
        mode=row.mode.value,
        carrier=row.carrier.value,
        grades=row.grades,
        stage=stage,
        class_hours=row.class_hours,
        begins_at=moment(row.on, row.starts),
        ends_at=moment(row.on, row.ends),
        place=row.place,
    )


def moment(on: date, at: time) -> datetime:
    """A time that is written as the city's clocks show it."""
    return datetime.combine(on, at, tzinfo=ZoneInfo(CITY_ZONE)).astimezone(UTC)


def is_supplement(file: PlanFile) -> bool:
    """Whether the file is one of failed rows, brought again with its columns of reasons."""
    return any(name.strip() in REASON_COLUMNS for name in file.table.header)
