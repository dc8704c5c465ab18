"""The hours in a term's archive: of everybody who earned them there, and of nobody's elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from openpyxl import load_workbook

from domain.custody import CustodyReason
from domain.enrolment import Leaving
from ledger.roster import Roster
from ledger.transfers import Pupil
from tests import held
from tests.acting import SCHOOL, STARTS, entry, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.api.pages.test_staff_archive import taken, unpacked, whole

CLASS = "学时登记表-三年级2班.xlsx"
HERE, THERE = "读懂孩子的情绪", "初中生的睡眠"


def hours(folder: Path, file: str) -> list[dict[str, Any]]:
    sheet = load_workbook(folder / "03考勤登记" / file, read_only=True).worksheets[0]
    titles, *rows = list(sheet.values)[2:]
    return [dict(zip(map(str, titles), row, strict=True)) for row in rows]


def child_of(desk: Desk, learner_id: UUID) -> UUID:
    [child_id] = desk.runtime.book.learners.get(learner_id).guardianships
    return child_id


def test_whoever_left_since_keeps_their_hours_in_the_archive(desk: Desk, tmp_path: Path) -> None:
    whole(desk)
    book, (moved, parted, _) = desk.runtime.book, desk.pilot.learners
    pupil = Pupil(child_of(desk, moved), SCHOOL, 2026, [moved])
    book.transfers.leave(pupil, date(2026, 9, 19), Leaving.LEFT, envelope(desk.clock.at))
    child = child_of(desk, parted)
    book.custody.propose(parted, child, CustodyReason.CARE_ENDED, envelope(desk.clock.at))
    book.custody.confirm(parted, child, envelope(desk.clock.at))
    desk.catch_up(book.ledger.position())

    found = hours(unpacked(taken(desk), tmp_path), CLASS)

    assert [(row["学生姓名"], row["家长姓名"], row["认定学时"]) for row in found] == [
        ("（示例）陈小2", "（示例）陈建2", 2),
        ("（示例）陈小3", "（示例）陈建3", 2),
    ]
    assert [row["备注"] for row in found] == [None, "监护关系已于2026-09-19终止"]
    assert desk.readings("statement_of_hours") == 1


def test_a_parent_of_two_children_of_a_class_has_their_lines_once(
    desk: Desk, tmp_path: Path
) -> None:
    whole(desk)
    sibling = entry(2, child_name="（示例）陈小二", student_no="20230999")
    book = desk.runtime.book
    book.rosters.take(Roster(SCHOOL, 2026), [sibling], envelope(desk.clock.at), dry_run=False)
    desk.catch_up(book.ledger.position())

    found = hours(unpacked(taken(desk), tmp_path), CLASS)

    assert [row["学生姓名"] for row in found] == ["（示例）陈小2、（示例）陈小二", "（示例）陈小3"]


def test_hours_from_another_school_are_in_no_line_and_no_balance(
    desk: Desk, tmp_path: Path
) -> None:
    book, learner = desk.runtime.book, desk.pilot.learners[0]
    junior = {"grade": "七年级", "stage": "junior"}
    sister = entry(
        2, child_name="（示例）陈大2", student_no="20239999", class_group="1班", **junior
    )
    [known] = book.rosters.take(Roster(ELSEWHERE, 2026), [sister], envelope(), dry_run=False)
    assert known.id == learner
    stage = {"grades": ("七年级",), "stage": "junior"}
    held.hold(
        desk.pilot, THERE, 200, [learner], STARTS - timedelta(days=2), school=ELSEWHERE, **stage
    )
    whole(desk)
    desk.catch_up(book.ledger.position())
    assert desk.runtime.models.accounts.balance(learner) == 400

    found = hours(unpacked(taken(desk), tmp_path), CLASS)

    assert {row["活动名称"] for row in found} == {HERE}
    assert [row["累计学时"] for row in found] == [2, 2]
    page = desk.browser("coordinator").get(f"/staff/schools/{SCHOOL}/statements").text
    assert [page.count(figure) for figure in ("2.0 学时", "4.0 学时")] == [2, 0]  # as stated


def test_hours_of_nobody_s_parent_are_in_a_list_of_their_own(desk: Desk, tmp_path: Path) -> None:
    whole(desk)
    book, learner = desk.runtime.book, desk.pilot.learners[0]
    child = child_of(desk, learner)
    book.custody.propose(learner, child, CustodyReason.ENTERED_IN_ERROR, envelope(desk.clock.at))
    book.custody.confirm(learner, child, envelope(desk.clock.at))
    desk.catch_up(book.ledger.position())

    folder = unpacked(taken(desk), tmp_path)

    assert [row["家长姓名"] for row in hours(folder, CLASS)] == ["（示例）陈建3"]
    [other] = hours(folder, "学时登记表-其他.xlsx")
    assert (other["学生姓名"], other["家长姓名"], other["认定学时"]) == (None, "（示例）陈建2", 2)
