"""Sheets from a file: whose row it is, and that two persons have to say the same of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.bootstrap import Runtime
from api.files.template import Kind
from domain.attendance import Attendance
from domain.envelope import Channel, Role
from domain.identity import attendance_id
from domain.sheet import ListedRow, Sheet, code_of
from ledger.plans import Filing
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope, planned
from tests.api.imports.conftest import Bring
from tests.api.imports.given import GRANDMOTHER, families, recorded, sheet
from tests.clock import TestClock
from tests.ledger.merging import merge_of, signed_by_two

FATHERS = families(2)
ABSENT = dict.fromkeys(("签到时间", "家长签名", "签退时间", "签退签名"), "")
Outcomes = Callable[..., list[Any]]


@pytest.fixture
def printed(bring: Bring, runtime: Runtime, clock: TestClock) -> Sheet:
    """The sheet of an evening that is over, two fathers on it; a grandmother is on the roster."""
    book = runtime.book
    bring(Kind.ROSTER, sheet(Kind.ROSTER, *FATHERS, {**FATHERS[0], **GRANDMOTHER}))
    [result] = book.plans.file(Filing(SCHOOL, 2026, 1), [planned()], envelope(), dry_run=False)
    assert result.id is not None
    runtime.projector.catch_up()
    learners = runtime.models.roster.class_list(SCHOOL, 2026, "三年级", "2班")
    rows = [
        ListedRow(learner_id=each.learner_id, child_id=each.child_id)
        for each in learners
        if each.relation_code == "51"
    ]
    book.sheets.print(result.id, [rows], envelope(STARTS))
    book.sessions.open(result.id, envelope(STARTS - timedelta(minutes=5), Role.HOST))
    book.sessions.close(result.id, envelope(ENDS, Role.HOST))
    clock.move_to(ENDS + timedelta(days=1))
    [found] = book.sheets.of_session(result.id)
    return found


@pytest.fixture
def outcomes(bring: Bring, runtime: Runtime, printed: Sheet) -> Outcomes:
    """Bring the fathers' rows, as they stand on the sheet, with changes to each."""
    rows = {each.learner_id: n for n, each in enumerate(printed.listed, start=1)}
    number = {each.name: str(rows[key]) for key, each in runtime.book.vault.open(rows).items()}
    base = [
        {**father, "签到表编号": code_of(printed.id), "序号": number[father["家长姓名"]]}
        for father in FATHERS
    ]

    def take(*changes: dict[str, str], checking: bool = False, dry_run: bool = False) -> list[Any]:
        rows = [{**base[n % 2], **change} for n, change in enumerate(changes)]
        content = sheet(Kind.SIGN_IN_SHEET, *rows)
        report = bring(Kind.SIGN_IN_SHEET, content, checking=checking, dry_run=dry_run).report
        assert not report.rejections
        return [row.code or row.outcome for row in report.rows]

    return take


def attendances(runtime: Runtime, printed: Sheet) -> list[Attendance]:
    people = runtime.models.roster.learners_of(SCHOOL, 2026)
    keys = (attendance_id(printed.session_id, each) for each in people)
    found = runtime.book.ledger.load(keys).values()
    return [each for each in found if isinstance(each, Attendance)]


def test_two_files_that_say_the_same_make_attendances(
    outcomes: Outcomes, runtime: Runtime, printed: Sheet
) -> None:
    """P4.4: typed by the coordinator, checked by the class teacher; again is no news."""
    before = recorded(runtime)
    assert outcomes({}, {}, dry_run=True) == ["new", "new"]
    assert recorded(runtime) == before
    assert outcomes({}, {}) == ["new", "new"]
    assert outcomes({}, {}) == ["same", "same"]
    assert attendances(runtime, printed) == []
    assert outcomes({}, {}, checking=True, dry_run=True) == ["new", "new"]
    assert outcomes({}, {}, checking=True) == ["new", "new"]

    found = attendances(runtime, printed)
    assert {each.checked_in_at for each in found} == {STARTS}
    event = next(iter(runtime.book.ledger.events.get(found[0].id)))
    assert isinstance(event, Attendance.CheckedIn)
    assert event.envelope.channel is Channel.PAPER_IMPORT
    position = runtime.book.ledger.position()
    assert outcomes({}, {}) == outcomes({}, {}, checking=True) == ["same", "same"]
    assert runtime.book.ledger.position() == position


def test_a_difference_names_its_row_and_keeps_the_sheet_waiting(
    outcomes: Outcomes, runtime: Runtime, printed: Sheet
) -> None:
    outcomes({}, {})
    other = {"签到时间": "19:20"}
    assert sorted(outcomes(other, {}, checking=True)) == ["sheet_differs", "sheet_waits_for_rows"]
    assert attendances(runtime, printed) == []


def test_rows_that_failed_are_added_to_what_waits(
    outcomes: Outcomes, runtime: Runtime, printed: Sheet
) -> None:
    unknown = {"家长姓名": "（示例）陈不在"}
    assert sorted(outcomes({}, unknown)) == ["learner_not_found", "new"]
    checked = outcomes({}, unknown, checking=True)
    assert sorted(checked) == ["learner_not_found", "sheet_waits_for_rows"]
    assert outcomes({}, {}) == ["new", "new"]
    assert outcomes({}, {}, checking=True) == ["new", "new"]
    assert len(attendances(runtime, printed)) == 2


def test_who_is_marked_absent_did_not_come(
    outcomes: Outcomes, runtime: Runtime, printed: Sheet
) -> None:
    absent = {**ABSENT, "家长签名": "请假", "签退签名": "/"}
    for checking in (False, True):
        assert outcomes({}, absent, checking=checking) == ["new", "new"]
    assert len(attendances(runtime, printed)) == 1


def test_a_row_that_is_brought_again_unsigned_is_taken_back(
    outcomes: Outcomes, runtime: Runtime, printed: Sheet
) -> None:
    outcomes({}, {})
    assert outcomes({}, ABSENT) == ["new", "new"]
    assert outcomes({}, ABSENT) == ["same", "same"]
    assert len(runtime.book.sheets.get(printed.id).rows) == 1
    assert outcomes({}, ABSENT, checking=True) == ["new", "new"]
    assert len(attendances(runtime, printed)) == 1


def test_a_guest_stands_on_a_blank_row_and_who_did_not_sign_was_not_there(
    outcomes: Outcomes, runtime: Runtime, printed: Sheet
) -> None:
    guest = {**GRANDMOTHER, "序号": "3", "签到时间": "", "签退时间": ""}
    for checking in (False, True):
        assert outcomes(guest, ABSENT, checking=checking) == ["new", "new"]
    [found] = attendances(runtime, printed)
    assert (found.checked_in_at, found.checked_out_at) == (STARTS, ENDS)


def test_who_was_merged_since_the_sheet_was_printed_stands_on_their_row(
    outcomes: Outcomes, runtime: Runtime, printed: Sheet
) -> None:
    """Brought under the name of the record that speaks for them now."""
    people = runtime.models.roster.class_list(SCHOOL, 2026, "三年级", "2班")
    [speaks] = [each for each in people if each.relation_code != "51"]
    [gave_way] = [each.learner_id for each in printed.listed if each.child_id == speaks.child_id]
    signed_by_two(Pilot(runtime.book), merge_of(speaks.learner_id, gave_way))
    name = {key: GRANDMOTHER[key] for key in ("家长姓名", "与学生关系")}

    for checking in (False, True):
        assert outcomes(name, ABSENT, checking=checking) == ["new", "new"]

    [row] = runtime.book.sheets.get(printed.id).rows
    assert row.learner_id == gave_way
    [found] = attendances(runtime, printed)
    assert found.learner_id == speaks.learner_id


def test_a_row_of_another_person_or_sheet_is_left_to_look_at(outcomes: Outcomes) -> None:
    assert outcomes({"序号": "3"}) == ["sheet_row_wrong"]
    assert outcomes({"签到表编号": "AAAAAAAA"}) == ["sheet_unknown"]
    assert outcomes({}, checking=True) == ["sheet_not_entered"]


def test_what_cannot_be_read_is_rejected_by_cell(bring: Bring) -> None:
    wrong = {
        "签到表编号": "A1", "序号": "31", "代签说明": "儿子代签", "签到时间": "", "家长签名": "",
    }  # fmt: skip
    report = bring(Kind.SIGN_IN_SHEET, sheet(Kind.SIGN_IN_SHEET, wrong)).report
    assert sorted((each.column, each.code) for each in report.rejections) == sorted(
        [
            ("代签说明", "signed_for_another"),
            ("签到表编号", "sheet_code_unreadable"),
            ("序号", "row_not_on_sheet"),
            ("签到时间", "left_only"),
        ]
    )
