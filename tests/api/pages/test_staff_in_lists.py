"""Lists that are handed out name who acted, by no raw id: in full at the school, masked above."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from api.files.teacher_hours import read_teacher_hours
from tests.acting import SCHOOL, envelope
from tests.api.desk import Desk
from tests.api.pages.test_exam_workbooks import rows
from tests.api.pages.test_long_lists import CORRECTIONS
from tests.api.pages.test_staff_teachers import ENTRY, li, send

__all__ = ["li"]  # the fixture

LISTED, WAITING = f"/staff/corrections/{SCHOOL}/list.xlsx", "/staff/corrections.xlsx"
PURPOSE = "staff_in_lists"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A correction that the coordinator proposed and the head decided; both have names."""
    for asker, name in (("coordinator", "示例王老师"), ("head", "示例刘主任")):
        desk.browser(asker)
        desk.runtime.book.vault.put(desk.people[asker], "staff", {"name": name})
    with desk.runtime.views.transaction() as tx:
        tx.execute(CORRECTIONS, {"school": SCHOOL, "many": 1, "stands": "applied"})
        both = desk.people["coordinator"], desk.people["head"]
        tx.execute("UPDATE correction SET proposed_by = %s, decided_by = %s", both)
    return desk


def said(found: Iterable[dict[str, object]], *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row[column] for column in columns) for row in found]


def test_corrections_say_who_proposed_and_who_decided(desk: Desk) -> None:
    who = "提出人", "决定人"
    assert said(rows(desk.browser("head"), LISTED), *who) == [("示例王老师", "示例刘主任")]
    assert desk.readings(PURPOSE) == 1
    for asker in ("auditor", "district_officer"):
        assert said(rows(desk.browser(asker), LISTED), *who) == [("示***师", "示***任")], asker
    desk.runtime.book.vault.drop("staff", [desk.people["coordinator"]])
    assert said(rows(desk.browser("head"), LISTED), *who) == [(None, "示例刘主任")]


def test_corrections_that_wait_say_who_proposed(desk: Desk) -> None:
    with desk.runtime.views.transaction() as tx:
        tx.execute("UPDATE correction SET state = 'waiting', decided_by = NULL")
    for asker, name in (("head", "示例王老师"), ("district_officer", "示***师")):
        found = rows(desk.browser(asker), WAITING)
        assert said(found, "提出人", "决定人") == [(name, None)], asker


def test_hours_of_teachers_say_who_recognised_them(desk: Desk, li: str) -> None:
    assert send(desk, "head", f"{li}/hours", **ENTRY) == 303
    desk.catch_up(desk.runtime.book.ledger.position())
    for asker, name in (("coordinator", "示例刘主任"), ("auditor", "示***任")):
        assert said(rows(desk.browser(asker), f"{li}/hours.xlsx"), "认定人") == [(name,)], asker

    [row] = read_teacher_hours(desk.browser("head").get(f"{li}/hours.xlsx").content, SCHOOL).rows
    assert row.details["recognised_by"] == "示例刘主任"


def test_one_s_own_hours_name_nobody_else(desk: Desk, li: str) -> None:
    host, teachers = desk.browser("host"), desk.runtime.book.teachers
    teachers.link(UUID(li.rsplit("/", 1)[1]), desk.people["host"], envelope())
    assert send(desk, "head", f"{li}/hours", **ENTRY) == 303
    desk.catch_up(desk.runtime.book.ledger.position())

    assert said(rows(host, "/staff/my-hours.xlsx"), "培训项目", "认定人") == [("示例研修", None)]
    assert desk.readings(PURPOSE) == 0


def test_the_archive_says_who_attested_a_session(desk: Desk) -> None:
    desk.attested()
    desk.runtime.book.vault.put(desk.people["host"], "staff", {"name": "示例赵老师"})
    answer = desk.browser("head").get(f"/staff/schools/{SCHOOL}/terms/2026-1/archive.zip")

    with ZipFile(BytesIO(answer.content)) as archive:
        [name] = (each for each in archive.namelist() if each.endswith("活动记录.xlsx"))
        sheet = load_workbook(BytesIO(archive.read(name))).worksheets[0]

    [row] = sheet.iter_rows(min_row=4, values_only=True)
    assert row[13:15] == ("示例赵老师", "示例王老师")
