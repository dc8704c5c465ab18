"""Home visits: a class teacher ticks whom they visited; the school sees how many are left."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from api.access.cookies import CookieKind
from api.language.catalogue import Language
from api.problems import text_of
from domain.envelope import Role
from domain.home_visit import HomeVisitBeforeGrant
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, entry, envelope
from tests.api.desk import Desk
from tests.browsing import PHONE

VISITS = f"/staff/home-visits/{SCHOOL}"
CLASS = {"grade": "三年级", "group": "2班"}
TODAY = date(2026, 9, 19)


@pytest.fixture(autouse=True)
def the_day_after(desk: Desk) -> None:
    desk.clock.move_to(ENDS + timedelta(days=1))


@pytest.fixture
def teacher(desk: Desk) -> TestClient:
    return desk.browser("class_teacher")


def page(browser: TestClient) -> str:
    answer = browser.get(VISITS, params=CLASS)
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


def children(text: str) -> list[str]:
    """Who can be ticked, as the page shows them."""
    return re.findall(r'name="child" value="([0-9a-f-]+)"', text)


def record(browser: TestClient, *child: str, on: date = TODAY, **more: Any) -> Response:
    sent = {
        **CLASS,
        "year": "2026",
        "form": "on_site",
        "way": "single",
        "on": on.isoformat(),
        **more,
    }
    return browser.post(VISITS, data={**sent, "child": list(child)})


def rows(browser: TestClient, address: str) -> list[tuple[Any, ...]]:
    answer = browser.get(address, params=CLASS)
    assert answer.status_code == 200, answer.text[:300]
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    return list(sheet.iter_rows(min_row=4, values_only=True))


@pytest.mark.browser
def test_a_visit_is_recorded_in_four_taps_without_a_word(
    desk: Desk, address: str, chromium: Browser
) -> None:
    """P3.6, on a phone and without scripts: the day and the form are there already."""
    cookie = desk.runtime.cookies.name(CookieKind.STAFF)
    token = desk.browser("class_teacher").cookies[cookie]
    phone = chromium.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False)
    phone.add_cookies([{"name": cookie, "value": token, "url": address}])
    tab = phone.new_page()
    tab.goto(f"{address}/staff")
    tab.get_by_role("link", name="家访登记").click()
    tab.get_by_role("link", name="三年级2班").click()
    expect(tab.get_by_label("日期")).to_have_value("2026-09-19")
    assert tab.locator("main input[type=text], main textarea").count() == 0
    tab.get_by_label("（示例）陈小2").check()
    button = tab.get_by_role("button", name="登记家访")
    expect(button).to_be_in_viewport()
    button.click()
    expect(tab.get_by_text("已家访 1/3 名学生")).to_be_visible()
    expect(tab.get_by_text("2026-09-19 · 实地 · 个体").first).to_be_visible()
    phone.close()


def test_a_group_visit_leaves_those_who_were_not_there(teacher: TestClient) -> None:
    first, second, left = children(page(teacher))
    assert record(teacher, first, second, way="group", form="online").status_code == 303
    assert record(teacher, first, second, way="group", form="online").status_code == 303
    text = page(teacher)
    assert "已家访 2/3 名学生" in text
    assert text.count("2026-09-19 · 网络 · 分组</span>") == 2, "sent twice, recorded once"
    assert children(text) == [left, first, second], "who is left comes first"
    found = rows(teacher, f"{VISITS}/visits.xlsx")
    assert [row[3:8] for row in found] == [
        (f"（示例）陈小{n}", found[0][4], "网络", "分组", "班主任") for n in (2, 3)
    ]


def test_a_wrong_entry_is_taken_back_by_a_colleague(desk: Desk, teacher: TestClient) -> None:
    first, *_ = children(page(teacher))
    record(teacher, first)
    coordinator = desk.browser("coordinator")
    [withdrawal] = re.findall(r'action="(/staff/home-visits/of/[^"]+)"', page(coordinator))
    answer = coordinator.post(withdrawal, data=CLASS)
    assert answer.status_code == 303
    assert "已家访 0/3 名学生" in coordinator.get(answer.headers["location"]).text
    assert rows(teacher, f"{VISITS}/visits.xlsx") == []
    history = coordinator.get(f"/staff/facts/{withdrawal.split('/')[-2]}").text
    for fact in ("家访登记", "家访登记撤回"):
        assert f"<span>{fact}</span>" in history


def test_a_refused_form_keeps_what_was_ticked_and_names_the_field(teacher: TestClient) -> None:
    first, *_ = children(page(teacher))
    for on, said in (
        (TODAY + timedelta(days=1), "家访日期还没有到"),
        (date(2026, 7, 31), "家访日期不在所选学年"),
    ):
        answer = record(teacher, first, on=on, form="online", way="group")
        assert answer.status_code == 422
        assert said in answer.text
        assert 'aria-invalid="true" aria-describedby="wrong"' in answer.text
        assert f'value="{on}"' in answer.text
        for kept in (first, "online", "group"):
            assert f'value="{kept}" checked' in answer.text
    nobody = record(teacher)
    assert nobody.status_code == 422
    assert "请至少勾选一名学生。" in nobody.text
    assert "aria-invalid" not in nobody.text
    assert "已家访 0/3 名学生" in page(teacher)


def test_a_child_that_has_left_since_the_page_was_shown_is_refused(
    desk: Desk, teacher: TestClient
) -> None:
    there, *_ = children(page(teacher))
    answer = record(teacher, there, str(uuid4()))
    assert answer.status_code == 409
    assert "该学生目前不在本校。" in answer.text
    assert "已家访 0/3 名学生" in page(teacher)


def test_an_own_child_is_a_colleague_s_to_record(desk: Desk) -> None:
    father = desk.browser("class_teacher", learner_id=desk.pilot.learners[0])
    text = page(father)
    assert len(children(text)) == 2
    assert "由同事登记" in text
    [own] = set(children(page(desk.browser("coordinator")))) - set(children(text))
    assert record(father, own).status_code == 403


def test_who_has_moved_to_another_class_since_is_visited_under_either(
    desk: Desk, teacher: TestClient
) -> None:
    [place] = desk.runtime.models.roster.places_of(desk.pilot.learners[0])
    book, moved = desk.runtime.book, replace(entry(2), class_group="3班")
    book.rosters.take(Roster(SCHOOL, 2026), [moved], envelope(desk.clock.at), dry_run=False)
    desk.catch_up(book.ledger.position())
    text = page(teacher)
    assert "已家访 0/2 名学生" in text
    assert children(text)[-1] == str(place.child_id)
    assert "本学年曾在本班" in text
    assert record(teacher, str(place.child_id), on=date(2026, 9, 10)).status_code == 303
    params = {"grade": "三年级", "group": "3班"}
    assert "已家访 1/1 名学生" in teacher.get(VISITS, params=params).text


def test_a_visit_of_last_year_is_entered_by_who_might_have_entered_it_then(desk: Desk) -> None:
    desk.until = date(2028, 8, 31)
    teacher = desk.browser("class_teacher")
    first, *_ = children(page(teacher))
    desk.clock.move_to(datetime(2027, 9, 3, 2, tzinfo=UTC))
    newcomer = desk.browser("coordinator")
    registry, person = desk.runtime.book.registry, desk.people["coordinator"]
    registry.end_authority(
        person, Role.COORDINATOR, SCHOOL, date(2026, 9, 1), "left", envelope(desk.clock.at)
    )
    desk.catch_up(
        registry.authorise(
            person, Role.COORDINATOR, SCHOOL, date(2027, 9, 1), desk.until, envelope(desk.clock.at)
        )
    )

    assert "?year=2026" in newcomer.get(VISITS).text
    teacher = desk.browser("class_teacher")
    late = record(newcomer, first)
    assert late.status_code == 403
    assert text_of(HomeVisitBeforeGrant.code, Language.CHINESE) in late.text
    done = record(teacher, first)
    assert done.headers["location"].endswith("year=2026")
    assert "已家访 1/3 名学生" in teacher.get(done.headers["location"]).text
    content = teacher.get(f"{VISITS}/visits.xlsx", params={**CLASS, "year": 2026}).content
    [row] = load_workbook(BytesIO(content)).worksheets[0].iter_rows(min_row=4, values_only=True)
    assert str(row[4]).startswith(str(TODAY))
    for address in (VISITS, f"{VISITS}/visits.xlsx"):
        assert teacher.get(address, params={**CLASS, "year": 2024}).status_code == 422


def test_the_school_reads_how_many_of_each_class_and_no_order_of_merit(desk: Desk) -> None:
    teacher, head = desk.browser("class_teacher"), desk.browser("head")
    record(teacher, children(page(teacher))[0])
    text = head.get(f"{VISITS}/classes").text
    assert re.search(r'三年级2班</td><td class="num">1</td><td class="num">3</td>', text)
    assert "%" not in text.partition("<main")[2]
    [row] = rows(head, f"{VISITS}/classes.xlsx")
    assert row[1:5] == ("三年级", "2班", 1, 3)
    assert head.get(VISITS, params=CLASS).status_code == 403
    assert teacher.get(f"{VISITS}/classes").status_code == 403
    assert "家访情况" in desk.browser("coordinator").get("/staff").text
    assert "家访情况" not in teacher.get("/staff").text


def test_the_year_before_is_read_from_the_first_of_september_as_well(desk: Desk) -> None:
    desk.until = date(2028, 8, 31)
    teacher = desk.browser("class_teacher")
    record(teacher, children(page(teacher))[0])
    desk.clock.move_to(datetime(2027, 9, 1, 2, tzinfo=UTC))
    leader = desk.browser("coordinator")

    assert "?year=2026" in leader.get(f"{VISITS}/classes").text
    before = leader.get(f"{VISITS}/classes?year=2026").text
    assert f"{VISITS}/classes.xlsx?year=2026" in before
    content = leader.get(f"{VISITS}/classes.xlsx?year=2026").content
    [row] = load_workbook(BytesIO(content)).worksheets[0].iter_rows(min_row=4, values_only=True)
    assert row[1:4] == ("三年级", "2班", 1)
