"""Sheets from a file: typed by one person, then brought again by another who checks them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from api.files.sign_in_sheet import SignedRow, read_sign_in_sheet
from api.files.table import Source, Table
from api.imports.order import Order, Progress
from api.imports.report import ImportReport, report_of
from domain.calendar import CITY_ZONE
from domain.identity import derived
from domain.refusals import Refused
from domain.session import Session
from domain.sheet import PaperRow, Sheet
from domain.sheet_refusals import SheetDiffers, SheetRowWrong
from ledger.book import Book
from ledger.paper_persons import PaperPerson, PaperPersons
from ledger.plans import RowOutcome, RowResult

CITY = ZoneInfo(CITY_ZONE)
Results = list[RowResult]


@dataclass(frozen=True, slots=True)
class OneSheet:
    """A sheet of the school, the evening it is of, and its rows in the file."""

    sheet: Sheet
    session: Session
    rows: Sequence[SignedRow]


def take_sheets(
    book: Book, order: Order, source: Source, progress: Progress
) -> tuple[ImportReport, Table]:
    """Each sheet for itself. Raises UnreadableFile, UnknownSchool."""
    file = read_sign_in_sheet(source)
    known = book.sheets.coded({row.code for row in file.rows})
    results: Results = []
    for code in dict.fromkeys(row.code for row in file.rows):
        mine = [row for row in file.rows if row.code == code]
        results += taken(book, order, known.get(code), mine, is_whole=not file.rejections)
        progress(len(results), len(file.rows))
    return report_of(file.table, results, file.rejections, dry_run=order.dry_run), file.table


def taken(
    book: Book, order: Order, sheet_id: UUID | None, rows: Sequence[SignedRow], *, is_whole: bool
) -> Results:
    """What became of the rows of one sheet; another school's sheet is unknown.

    What is typed may come in parts; it is checked by a file that was read without a fault.
    """
    sheet = book.sheets.get(sheet_id) if sheet_id else None
    if sheet is None or sheet.school_code != order.school_code:
        return doubtful(rows, "sheet_unknown")
    one = OneSheet(sheet, book.sessions.get(sheet.session_id), rows)
    if one.session.closed_at is None:
        return doubtful(rows, "sheet_session_not_over")
    return judged(book, order, one, is_whole=is_whole)


def judged(book: Book, order: Order, one: OneSheet, *, is_whole: bool) -> Results:
    read, doubts = sorted_out(one, people_of(book, one))
    told = {each.row for each in doubts}
    others = [row for row in one.rows if row.row not in told]
    if order.checking and (doubts or not is_whole):
        return [*doubts, *doubtful(others, "sheet_waits_for_rows")]
    try:
        is_news = recorded(book, order, one, read)
    except (SheetDiffers, SheetRowWrong) as refusal:
        return [*doubts, *pointed_at(one, read, refusal)]
    except Refused as refusal:
        return doubtful(one.rows, refusal.code)
    outcome = RowOutcome.NEW if is_news else RowOutcome.SAME
    return [*doubts, *(RowResult(row.row, outcome) for row in others)]


def people_of(book: Book, one: OneSheet) -> Mapping[int, UUID | str]:
    """Row of the file -> the learner of the roster who is named in it, or the code of the doubt."""
    plan = one.session.plan
    classes = book.registry.school(plan.school_code).classes_of(plan.school_year)
    persons = [
        PaperPerson(
            row=row.row,
            grades=(row.grade,) if row.grade else tuple(
                sorted(grade for grade, group in classes if group == row.class_group)
            ),
            class_group=row.class_group,
            child_name=row.child_name,
            name=row.name,
            relation_code=row.relation_code,
        )
        for row in one.rows
    ]  # fmt: skip
    found = PaperPersons(book.ledger, book.vault, plan.school_code, plan.school_year).find(persons)
    listed = {each.learner_id for each in one.sheet.listed}
    now = book.learners.survivors_of(
        listed | {each for each in found.values() if isinstance(each, UUID)}
    )
    return {
        row.row: who if isinstance(who := found[row.row], str) else as_printed(one, row, who, now)
        for row in one.rows
    }


def as_printed(one: OneSheet, row: SignedRow, who: UUID, now: Mapping[UUID, UUID]) -> UUID:
    """The record that the row was printed for if it is the same person's, else who speaks now."""
    printed = one.sheet.learner_of(row.number) if row.number <= one.sheet.last_row else None
    return printed if printed and now[printed] == now[who] else now[who]


def sorted_out(
    one: OneSheet, people: Mapping[int, UUID | str]
) -> tuple[dict[int, PaperRow | None], Results]:
    """What the rows say, by their number, None for an absence; and those that are not certain."""
    read: dict[int, PaperRow | None] = {}
    doubts: Results = []
    for row in one.rows:
        who = people[row.row]
        if isinstance(who, str):
            doubts.append(RowResult(row.row, RowOutcome.DOUBTFUL, None, who))
        elif row.number > one.sheet.last_row or one.sheet.learner_of(row.number) not in {None, who}:
            doubts.append(RowResult(row.row, RowOutcome.DOUBTFUL, who, "sheet_row_wrong"))
        else:
            read[row.number] = paper_row(one.session, row, who) if row.came else None
    return read, doubts


def paper_row(session: Session, row: SignedRow, learner_id: UUID) -> PaperRow:
    """Without a time: here from the beginning, here to the end."""
    plan, opened, closed = session.plan, session.opened_at, session.closed_at
    assert opened is not None
    assert closed is not None
    day = plan.begins_at.astimezone(CITY).date()
    came = datetime.combine(day, row.came_at, tzinfo=CITY) if row.came_at else None
    left = datetime.combine(day, row.left_at, tzinfo=CITY) if row.left_at else None
    begins, ends = min(max(plan.begins_at, opened), closed), min(plan.ends_at, closed)
    return PaperRow(
        row=row.number,
        learner_id=learner_id,
        came_at=came or begins,
        left_at=left or (ends if row.left else None),
    )


def recorded(book: Book, order: Order, one: OneSheet, read: Mapping[int, PaperRow | None]) -> bool:
    """Whether it was news. Raises what the ledger refuses."""
    by = order.envelope.model_copy(
        update={"command_id": derived(order.by.command_id, one.sheet.id)}
    )
    sheet, rows = one.sheet, [said for said in read.values() if said]
    if not order.checking:
        own = sheet.rows if sheet.entered_by == by.actor.id and not sheet.checked_by else ()
        # The failed rows come back in a file of their own: they are added to what waits.
        rows += (each for each in own if each.row not in read)
        book.sheets.enter(sheet.id, rows, by, dry_run=order.dry_run)
        return frozenset(rows) != sheet.rows or sheet.entered_by is None
    if order.dry_run:
        book.sheets.foresee_check(sheet.id, rows, by)
    else:
        book.sheets.check(sheet.id, rows, by)
    return sheet.checked_by is None


def doubtful(rows: Sequence[SignedRow], code: str) -> Results:
    return [RowResult(row.row, RowOutcome.DOUBTFUL, None, code) for row in rows]


def pointed_at(one: OneSheet, read: Mapping[int, PaperRow | None], refusal: Refused) -> Results:
    """Nothing of the sheet was recorded: the rows that are why, and the others that wait."""
    rows = refusal.facts.get("rows") or (refusal.facts["row"],)
    numbers = cast("Collection[int]", rows)
    return [
        RowResult(
            row.row,
            RowOutcome.DOUBTFUL,
            None,
            refusal.code if row.number in numbers else "sheet_waits_for_rows",
        )
        for row in one.rows
        if read.get(row.number) or row.number in numbers
    ]
