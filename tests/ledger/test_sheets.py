"""Paper counts like the phone: a sheet is printed once, typed by one person, checked by another."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.attendance import Attendance, OnPaper
from domain.envelope import Channel, Role
from domain.identity import attendance_id
from domain.session_refusals import NotInvited, SessionState
from domain.sheet import LISTED_ROWS, MOST_SCANS, ListedRow, PaperRow, Sheet
from domain.sheet_refusals import (
    ChecksOwnSheet,
    SheetChecked,
    SheetDiffers,
    SheetNotEntered,
    SheetWaits,
    TooManyScans,
    UnknownSheet,
)
from domain.staff import OwnCase
from ledger.roster import Roster
from ledger.sheets import Picture, SessionNotOver
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, entry, envelope
from tests.ledger.evenings import attest, open_session, wish
from tests.ledger.merging import merge_of, signed_by_two
from tests.paper import (
    CHECKER,
    NEXT_DAY,
    TYPIST,
    checking,
    hold_and_close,
    print_sheets,
    signed,
    typing,
)


@pytest.fixture
def sheet(pilot: Pilot) -> Sheet:
    """The sheet of an evening that is over, with three families on it."""
    [sheet] = print_sheets(pilot, pilot.learners)
    hold_and_close(pilot)
    return sheet


def attendance(pilot: Pilot, learner: UUID) -> Attendance | None:
    return pilot.book.ledger.find(Attendance, attendance_id(pilot.session_id, learner))


def hours(pilot: Pilot, learner: UUID) -> int:
    account = pilot.book.ledger.find(Account, Account.create_id(learner))
    return sum(credit.hours for credit in account.credits.values()) if account else 0


def test_a_reprint_gives_the_same_sheets_and_new_families_a_new_one(pilot: Pilot) -> None:
    first = print_sheets(pilot, pilot.learners[:2])
    position = pilot.book.ledger.position()
    again = print_sheets(pilot, list(reversed(pilot.learners[:2])))
    assert [each.listed for each in again] == [each.listed for each in first]
    assert pilot.book.ledger.position() == position

    more = print_sheets(pilot, pilot.learners)
    assert [each.number for each in more] == [1, 2]
    assert [row.learner_id for row in more[1].listed] == pilot.learners[2:]


def test_a_hall_of_families_fills_numbered_sheets(pilot: Pilot) -> None:
    everybody = [uuid4() for _ in range(33 * LISTED_ROWS + 1)]
    rows = [ListedRow(learner_id=each, child_id=each) for each in everybody]
    pilot.book.sheets.print(pilot.session_id, [rows], envelope(STARTS))
    sheets = pilot.book.sheets.of_session(pilot.session_id)
    assert [each.number for each in sheets] == list(range(1, 35))
    assert [row.learner_id for each in sheets for row in each.listed] == everybody


def test_only_what_a_second_person_read_the_same_is_an_attendance(
    pilot: Pilot, sheet: Sheet
) -> None:
    """P2.2, P4.4: who typed and who checked stand in the attendance, and the sheet's id."""
    sheets, learner = pilot.book.sheets, pilot.learners[0]
    sheets.enter(sheet.id, signed(sheet, 1, 2), typing())
    assert attendance(pilot, learner) is None

    sheets.check(sheet.id, signed(sheet, 2, 1), checking())

    found = attendance(pilot, learner)
    assert found is not None
    assert (found.checked_in_at, found.checked_out_at) == (STARTS, ENDS)
    assert attendance(pilot, pilot.learners[2]) is None
    [event, out] = pilot.book.ledger.events.get(found.id)
    assert isinstance(event, Attendance.CheckedIn)
    assert isinstance(out, Attendance.CheckedOut)
    assert event.envelope.channel is Channel.PAPER_IMPORT
    assert out.envelope.channel is Channel.PAPER_IMPORT
    assert event.on_paper == OnPaper(sheet_id=sheet.id, row=1, typed_by=TYPIST, checked_by=CHECKER)


def test_the_same_reading_again_is_no_news(pilot: Pilot, sheet: Sheet) -> None:
    sheets, rows = pilot.book.sheets, signed(sheet, 1)
    sheets.enter(sheet.id, rows, typing())
    position = pilot.book.ledger.position()
    assert sheets.enter(sheet.id, rows, typing()) == position
    done = sheets.check(sheet.id, rows, checking())
    assert sheets.check(sheet.id, rows, checking()) == done
    assert sheets.enter(sheet.id, rows, typing()) == done


def test_a_difference_is_named_and_nobody_is_there_by_it(pilot: Pilot, sheet: Sheet) -> None:
    sheets = pilot.book.sheets
    sheets.enter(sheet.id, signed(sheet, 1, 2), typing())
    with pytest.raises(SheetDiffers) as refusal:
        sheets.check(sheet.id, signed(sheet, 1, 3), checking())
    assert refusal.value.facts == {"rows": [2, 3]}
    assert sheets.get(sheet.id).differing == (2, 3)
    assert attendance(pilot, pilot.learners[0]) is None

    sheets.enter(sheet.id, signed(sheet, 1, 3), typing())
    sheets.check(sheet.id, signed(sheet, 1, 3), checking())
    assert attendance(pilot, pilot.learners[2]) is not None


def test_nobody_checks_what_they_typed_or_types_over_another(pilot: Pilot, sheet: Sheet) -> None:
    sheets, rows = pilot.book.sheets, signed(sheet, 1)
    with pytest.raises(SheetNotEntered):
        sheets.check(sheet.id, rows, checking())
    with pytest.raises(SheetNotEntered):
        sheets.withdraw(sheet.id, typing())
    sheets.enter(sheet.id, rows, typing())
    with pytest.raises(ChecksOwnSheet):
        sheets.check(sheet.id, rows, typing())
    with pytest.raises(SheetWaits):
        sheets.enter(sheet.id, signed(sheet, 2), checking())

    sheets.withdraw(sheet.id, checking())
    sheets.enter(sheet.id, signed(sheet, 2), checking())
    sheets.check(sheet.id, signed(sheet, 2), typing())
    for act in (sheets.enter, sheets.check):
        with pytest.raises(SheetChecked):
            act(sheet.id, rows, typing())
    with pytest.raises(SheetChecked):
        sheets.withdraw(sheet.id, typing())


def test_nobody_types_or_checks_their_own_signature(pilot: Pilot, sheet: Sheet) -> None:
    """P3.8, under whichever record the sheet was printed."""
    one, other, _ = pilot.learners
    pilot.book.registry.register_staff(TYPIST, envelope(), one)
    signed_by_two(pilot, merge_of(one, other))
    rows = signed(sheet, 2, 3)
    with pytest.raises(OwnCase):
        pilot.book.sheets.enter(sheet.id, rows, typing())
    pilot.book.sheets.enter(sheet.id, rows, checking())
    with pytest.raises(OwnCase):
        pilot.book.sheets.check(sheet.id, rows, typing())


def test_who_was_merged_since_the_sheet_was_printed_is_there_once(
    pilot: Pilot, sheet: Sheet
) -> None:
    one, other, _ = pilot.learners
    signed_by_two(pilot, merge_of(one, other))
    rows = signed(sheet, 1, 2)
    pilot.book.sheets.enter(sheet.id, rows, typing())
    pilot.book.sheets.check(sheet.id, rows, checking())
    assert attendance(pilot, one) is not None
    assert attendance(pilot, other) is None


def test_who_came_by_phone_too_is_there_once_and_leaves_by_the_paper(pilot: Pilot) -> None:
    book, learner = pilot.book, pilot.learners[0]
    [sheet] = print_sheets(pilot, pilot.learners)
    open_session(pilot)
    book.attendances.check_in(wish(pilot, learner, minutes=4))
    book.sessions.close(pilot.session_id, envelope(ENDS, Role.HOST))
    rows = signed(sheet, 1)
    book.sheets.enter(sheet.id, rows, typing())
    book.sheets.check(sheet.id, rows, checking())
    found = attendance(pilot, learner)
    assert found is not None
    assert found.checked_in_at == STARTS + timedelta(minutes=4)
    assert found.checked_out_at == ENDS


def test_a_blank_row_takes_who_is_invited_and_nobody_else(pilot: Pilot) -> None:
    [sheet] = print_sheets(pilot, pilot.learners[:2])
    rows = [entry(77, grade="五年级", student_no="20230077", phone="10077777777")]
    pilot.book.registry.open_classes(SCHOOL, 2026, [("五年级", "2班")], envelope())
    [guest] = pilot.book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)
    hold_and_close(pilot)
    assert guest.id is not None
    blank = len(sheet.listed) + 1
    late = [PaperRow(row=blank, learner_id=pilot.learners[2], came_at=STARTS)]
    foreign = [PaperRow(row=blank, learner_id=guest.id, came_at=STARTS)]
    with pytest.raises(NotInvited):
        pilot.book.sheets.enter(sheet.id, foreign, typing())
    pilot.book.sheets.enter(sheet.id, late, typing())
    pilot.book.sheets.check(sheet.id, late, checking())
    assert attendance(pilot, pilot.learners[2]) is not None


def test_paper_earns_what_the_phone_earns_also_when_it_is_typed_after_the_award(
    pilot: Pilot, sheet: Sheet
) -> None:
    """P2.2: the sheet is posted within two days, the session was attested on the evening."""
    book, learner = pilot.book, pilot.learners[0]
    book.sessions.count_heads(pilot.session_id, 3, None, envelope(ENDS, Role.HOST))
    attest(pilot)
    book.awards.run(pilot.session_id, ENDS, uuid4())
    rows = signed(sheet, 1)
    book.sheets.enter(sheet.id, rows, typing())
    assert hours(pilot, learner) == 0
    book.sheets.check(sheet.id, rows, checking())
    [key] = last(pilot, sheet).attendance_ids
    book.awards.award_attendance(key, NEXT_DAY, uuid4())
    assert hours(pilot, learner) == 200


def last(pilot: Pilot, sheet: Sheet) -> Sheet.Checked:
    *_, event = pilot.book.ledger.events.get(sheet.id)
    assert isinstance(event, Sheet.Checked)
    return event


def test_a_sheet_is_typed_once_its_session_is_over(pilot: Pilot) -> None:
    [sheet] = print_sheets(pilot, pilot.learners)
    with pytest.raises(SessionNotOver):
        pilot.book.sheets.enter(sheet.id, signed(sheet, 1), typing())
    pilot.book.sessions.cancel(pilot.session_id, "weather", envelope())
    with pytest.raises(SessionState):
        print_sheets(pilot, pilot.learners)
    with pytest.raises(UnknownSheet):
        pilot.book.sheets.get(uuid4())


def test_the_scan_is_kept_as_it_was_brought_and_only_its_hash_is_told(
    pilot: Pilot, sheet: Sheet
) -> None:
    sheets, picture = pilot.book.sheets, Picture(b"\xff\xd8\xff" + b"0" * 400, "image/jpeg")
    position = sheets.file_scan(sheet.id, picture, typing())
    assert sheets.file_scan(sheet.id, picture, checking()) == position
    [scan] = sheets.get(sheet.id).scans.values()
    assert sheets.scan(scan.document_id) == picture.content
    for number in range(MOST_SCANS - 1):
        sheets.file_scan(sheet.id, Picture(bytes([number]), "image/png"), typing())
    with pytest.raises(TooManyScans):
        sheets.file_scan(sheet.id, Picture(b"one more", "image/png"), typing())
