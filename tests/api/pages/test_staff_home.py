"""The start page of staff: what each role finds there."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from api.pages.staff_above import WAYS
from domain.envelope import Role
from tests.acting import DISTRICT, SCHOOL, STARTS, envelope
from tests.api.desk import Desk

TILES = {
    "classes": f"/staff/classes/{SCHOOL}",
    "exams": f"/staff/exams/{SCHOOL}",
    "certificates": "/staff/certificates",
    "imports": "/staff/imports",
}


@pytest.mark.parametrize(
    ("asker", "tiles"),
    [
        ("host", set[str]()),
        ("class_teacher", {"classes", "exams"}),
        ("coordinator", {"classes", "exams", "certificates", "imports"}),
        ("head", {"classes", "exams", "certificates"}),
    ],
)
def test_each_role_in_a_school_finds_its_own_work(desk: Desk, asker: str, tiles: set[str]) -> None:
    desk.at_the_door()

    page = desk.browser(asker).get("/staff").text

    assert "示例小学" in page
    assert {name for name, address in TILES.items() if f'href="{address}"' in page} == tiles


@pytest.mark.parametrize(
    ("asker", "offers"),
    [("host", "开启签到"), ("coordinator", "开启签到"), ("class_teacher", None), ("head", None)],
)
def test_only_those_on_duty_are_offered_the_opening(
    desk: Desk, asker: str, offers: str | None
) -> None:
    desk.at_the_door()

    page = desk.browser(asker).get("/staff").text

    assert ("开启签到" in page) is (offers is not None)


def test_a_session_of_another_day_waits_below_todays(desk: Desk) -> None:
    desk.clock.move_to(STARTS - timedelta(days=3))

    page = desk.browser("host").get("/staff").text

    assert page.index("今天没有活动") < page.index("接下来的活动") < page.index("读懂孩子的情绪")


def test_yesterdays_unfinished_session_is_still_there_to_be_finished(desk: Desk) -> None:
    desk.open()
    desk.close()
    desk.clock.move(timedelta(days=1))

    page = desk.browser("host").get("/staff").text

    assert page.index("待完成的活动") < page.index("清点人数")


@pytest.mark.parametrize("asker", ["district_officer", "auditor", "city_administrator"])
def test_those_above_a_school_choose_it_from_a_list_and_only_read(desk: Desk, asker: str) -> None:
    desk.open()
    browser = desk.browser(asker)

    assert f"/staff/schools/{SCHOOL}" in browser.get("/staff").text
    page = browser.get(f"/staff/schools/{SCHOOL}").text

    assert "读懂孩子的情绪" in page
    assert re.findall(r'<form method="post" action="(/staff[^"]*)"', page) == []


def test_a_district_officer_sees_counts_and_no_name_and_no_button(desk: Desk) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])

    page = desk.browser("district_officer").get(desk.session).text

    assert "（示例）陈建" not in page
    assert f'action="{desk.session}' not in page


IN_DISTRICT = {
    f"/staff/districts/{DISTRICT}/compliance", f"/staff/districts/{DISTRICT}/cases",
    f"/staff/districts/{DISTRICT}/irregularities", f"/staff/samples/{DISTRICT}",
    f"/staff/teachers/regions/{DISTRICT}", "/staff/corrections",
}  # fmt: skip
EVERYBODYS = {"/staff/rules", "/staff/calendar", "/staff/password"}


@pytest.mark.parametrize(
    ("asker", "tiles"),
    [
        ("district_officer", IN_DISTRICT | {"/staff/revocations"}),
        ("auditor", IN_DISTRICT | {"/staff/status"}),
        ("data_protection_officer", {"/staff/erasures", "/staff/access-log"}),
        ("operator", {"/staff/status"}),
    ],
)
def test_those_above_find_what_waits_then_one_grid_then_the_schools(
    desk: Desk, asker: str, tiles: set[str]
) -> None:
    page = desk.browser(asker).get("/staff").text

    before, grid = page.split('<nav class="tiles"')
    grid, after = grid.split("</nav>", 1)
    assert set(re.findall(r'href="(/[^"]+)"', grid)) == tiles | EVERYBODYS
    assert ("现在没有要办的" in before) is (asker == "district_officer")
    assert ("学校名单" in after) is (tiles >= IN_DISTRICT)
    assert re.findall(r'href="(/staff/(?!schools)[^"]*)"', after) == []


def test_who_looks_after_several_districts_tells_them_apart_by_name(desk: Desk) -> None:
    officer = desk.browser("district_officer")
    days = date(2026, 8, 1), date(2027, 8, 31)
    position = desk.runtime.book.registry.authorise(
        desk.people["district_officer"], Role.DISTRICT_OFFICER, "440105", *days, envelope()
    )
    desk.catch_up(position)

    page = officer.get("/staff").text

    assert page.count("广州市海珠区") == page.count("广州市越秀区") == len(WAYS)


def test_an_officer_of_another_district_finds_no_school(desk: Desk) -> None:
    page = desk.browser("district_officer_elsewhere").get("/staff").text

    assert DISTRICT not in page
    assert "学校名单" not in page
    assert "没有有效的授权" not in page


def test_rights_that_ended_leave_an_empty_desk(desk: Desk) -> None:
    desk.browser("host")
    desk.clock.move_to(STARTS.replace(year=2027))

    page = desk.browser("host").get("/staff").text

    assert "没有有效的授权" in page


def test_the_page_is_there_in_english(desk: Desk) -> None:
    desk.at_the_door()

    page = desk.browser("coordinator").get("/staff?lang=en").text

    assert "Open check-in" in page
    assert "工作台" not in page
