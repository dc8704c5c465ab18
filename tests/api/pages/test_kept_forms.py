"""A login that ends while somebody types: nothing typed is lost, and nobody else finds it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape, unescape
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from api.access.cookies import CookieKind
from api.access.logins import DEVICE_IDLE, STAFF_IDLE
from tests.acting import SCHOOL
from tests.api.desk import Desk

TITLE = "期中考核（示例）"
EXAMS = f"/staff/exams/{SCHOOL}"
EXAM = {"title": TITLE, "held_on": "2026-09-25", "notes": "第一行\r\n第二行 <b>"}


def login_again(desk: Desk, browser: TestClient, asker: str) -> None:
    person = desk.people[asker]
    login = desk.runtime.logins.begin_staff(person, desk.clock.at)
    browser.cookies.set(desk.runtime.cookies.name(CookieKind.STAFF), login.token)


def too_late(desk: Desk) -> TestClient:
    """A coordinator's browser that sent its form half an hour after the last page."""
    browser = desk.browser("coordinator")
    desk.clock.move(STAFF_IDLE + timedelta(seconds=1))
    answer = browser.post(EXAMS, data=EXAM)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/login?next=/kept")
    assert TITLE not in str(answer.headers)
    return browser


def fields(page: str) -> dict[str, str]:
    found = re.findall(r'<textarea name="(\w+)" hidden>\r?\n(.*?)</textarea>', page, re.DOTALL)
    return {name: unescape(value) for name, value in found}


def test_what_was_typed_is_offered_after_the_login_and_sent_as_it_was(desk: Desk) -> None:
    browser = too_late(desk)
    assert "已保留三十分钟" in browser.get("/staff/login?next=/kept").text
    login_again(desk, browser, "coordinator")

    page = browser.get("/kept")

    assert f'action="{EXAMS}"' in page.text
    assert fields(page.text) == EXAM
    assert browser.post(EXAMS, data=fields(page.text)).status_code == 303
    desk.catch_up(desk.runtime.book.ledger.position())
    assert [each.title for each in desk.runtime.models.exams.exams_of(SCHOOL)] == [TITLE]


def test_somebody_else_who_logs_in_there_finds_nothing(desk: Desk) -> None:
    browser = too_late(desk)
    desk.browser("host")
    login_again(desk, browser, "host")

    answer = browser.get("/kept")

    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 303)])
def test_it_is_kept_for_half_an_hour(desk: Desk, minutes: int, status: int) -> None:
    browser = too_late(desk)
    desk.clock.move(timedelta(minutes=minutes))
    login_again(desk, browser, "coordinator")
    desk.runtime.tables.forget_what_ended(desk.clock.at)

    assert browser.get("/kept").status_code == status


def test_housekeeping_does_not_make_a_form_a_stranger_s(desk: Desk) -> None:
    browser = desk.browser("coordinator")
    desk.clock.move(timedelta(hours=20))
    desk.runtime.tables.forget_what_ended(desk.clock.at)

    assert browser.post(EXAMS, data=EXAM).headers["location"] == "/staff/login?next=/kept"


def test_nothing_of_it_can_be_read_in_the_table(desk: Desk) -> None:
    too_late(desk)

    [row] = desk.runtime.tables.rows("select sealed from {web}.kept_form", {})

    assert TITLE.encode() not in bytes(row[0])
    assert b"title" not in bytes(row[0])


def test_a_password_is_kept_for_nobody(desk: Desk) -> None:
    browser = desk.browser("coordinator")
    desk.clock.move(STAFF_IDLE + timedelta(seconds=1))

    typed = dict.fromkeys(("old", "new", "repeated"), "a-long-password-2026")
    answer = browser.post("/staff/password", data=typed)

    assert answer.headers["location"] == "/staff/login?next=/staff"
    assert desk.runtime.tables.rows("select sealed from {web}.kept_form", {}) == []


def test_a_parent_s_form_waits_for_the_same_parent(desk: Desk) -> None:
    phone = desk.browser("parent")
    desk.clock.move(DEVICE_IDLE + timedelta(seconds=1))
    appeal = {"kind": "attendance", "id": str(uuid4()), "words": "我到场了（示例）"}

    answer = phone.post("/me/appeals", data=appeal)
    assert answer.headers["location"] == "/enrol?next=/kept"
    for learner, offered in ((desk.pilot.learners[1], False), (desk.pilot.learners[0], True)):
        login = desk.runtime.logins.begin_device(learner, desk.clock.at, confirmed=True)
        phone.cookies.set(desk.runtime.cookies.name(CookieKind.DEVICE), login.token)
        assert (fields(phone.get("/kept").text) == appeal) is offered


def test_a_page_is_found_again_behind_the_door_as_it_was_asked_for(desk: Desk) -> None:
    asked = f"{EXAMS}?grade=%E4%B8%89&group=2"

    answer = desk.browser("nobody").get(asked)

    there = urlsplit(answer.headers["location"])
    assert (there.path, parse_qs(there.query)) == ("/staff/login", {"next": [asked]})
    page = desk.browser("nobody").get(answer.headers["location"])
    assert f'name="next" value="{escape(asked)}"' in page.text


def test_who_never_was_signed_in_goes_to_the_door_with_nothing(desk: Desk) -> None:
    answer = desk.browser("nobody").post(EXAMS, data=EXAM)

    assert answer.headers["location"] == "/staff/login?next=/staff"
    assert desk.runtime.tables.rows("select * from {web}.kept_form", {}) == []


def test_a_form_too_large_to_be_kept_and_a_forged_cookie_are_no_errors(desk: Desk) -> None:
    browser = desk.browser("coordinator")
    browser.cookies.set(desk.runtime.cookies.name(CookieKind.KEPT_FORM), "not-a-form")
    assert browser.get("/kept").headers["location"] == "/staff"
    desk.clock.move(STAFF_IDLE + timedelta(seconds=1))

    answer = browser.post(EXAMS, data={**EXAM, "notes": "长" * 100_000})

    assert answer.headers["location"] == "/staff/login?next=/staff"
