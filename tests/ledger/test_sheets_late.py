"""Late posting: the day counts on which paper was brought, not that on which it was checked."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

import pytest

from domain.envelope import Role
from domain.sheet import Sheet
from domain.sheet_refusals import SheetDiffers
from ledger.sheets import Picture, SheetTooLate
from tests.acting import ENDS, Pilot, envelope
from tests.ledger.evenings import attest, balance
from tests.ledger.test_corrections_of_closed_terms import close_the_term
from tests.paper import checking, hold_and_close, print_sheets, signed, typing

LATE = datetime.fromisoformat("2027-03-08T12:00:00+08:00")  # late posting is over


@pytest.fixture
def sheet(pilot: Pilot) -> Sheet:
    """The sheet of an evening that is over, with three families on it."""
    [sheet] = print_sheets(pilot, pilot.learners)
    hold_and_close(pilot)
    return sheet


def attested(pilot: Pilot) -> None:
    """By two persons, while nobody stands on the list."""
    pilot.book.sessions.count_heads(pilot.session_id, 0, None, envelope(ENDS, Role.HOST))
    attest(pilot)


def counted(pilot: Pilot, sheet: Sheet) -> int:
    """The hours of who stands on the first row, once the checked sheet is judged."""
    *_, event = pilot.book.ledger.events.get(sheet.id)
    assert isinstance(event, Sheet.Checked)
    [key] = event.attendance_ids
    pilot.book.awards.award_attendance(key, LATE, uuid4())
    return balance(pilot, pilot.learners[0])


@pytest.mark.parametrize(("day", "is_late"), [(date(2027, 3, 7), False), (date(2027, 3, 8), True)])
def test_late_posting_ends_two_weeks_after_the_term(
    pilot: Pilot, sheet: Sheet, day: date, *, is_late: bool
) -> None:
    at = datetime.fromisoformat(f"{day}T12:00:00+08:00")
    if is_late:
        with pytest.raises(SheetTooLate):
            pilot.book.sheets.enter(sheet.id, signed(sheet, 1), typing(at))
    else:
        pilot.book.sheets.enter(sheet.id, signed(sheet, 1), typing(at))


def test_what_was_typed_in_time_is_checked_later(pilot: Pilot, sheet: Sheet) -> None:
    """The day of the entry counts: nobody loses hours over a colleague who came late."""
    sheets, rows = pilot.book.sheets, signed(sheet, 1)
    sheets.enter(sheet.id, signed(sheet, 1, 2), typing())
    attested(pilot)
    with pytest.raises(SheetDiffers):
        sheets.check(sheet.id, rows, checking(LATE))

    sheets.enter(sheet.id, rows, typing(LATE))
    sheets.withdraw(sheet.id, typing(LATE))
    sheets.enter(sheet.id, rows, typing(LATE))
    sheets.foresee_check(sheet.id, rows, checking(LATE))
    sheets.check(sheet.id, rows, checking(LATE))

    assert counted(pilot, sheet) == 200


def test_a_sheet_whose_picture_was_brought_in_time_is_typed_later_for_its_closed_term(
    pilot: Pilot, sheet: Sheet
) -> None:
    sheets = pilot.book.sheets
    sheets.file_scan(sheet.id, Picture(b"in time", "image/png"), typing())
    attested(pilot)
    close_the_term(pilot)
    sheets.enter(sheet.id, signed(sheet, 1), typing(LATE))
    sheets.check(sheet.id, signed(sheet, 1), checking(LATE))
    assert counted(pilot, sheet) == 200


def test_a_picture_that_was_brought_too_late_opens_nothing(pilot: Pilot, sheet: Sheet) -> None:
    pilot.book.sheets.file_scan(sheet.id, Picture(b"too late", "image/png"), typing(LATE))
    with pytest.raises(SheetTooLate):
        pilot.book.sheets.enter(sheet.id, signed(sheet, 1), typing(LATE))
