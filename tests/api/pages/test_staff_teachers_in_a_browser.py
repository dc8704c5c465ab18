"""The teachers' pages in Chromium, on a narrow phone: nothing is wider than the screen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Browser, Page

from ledger.teacher_names import NamedTeacher
from ledger.teachers import NewTeacher, TypedHours
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.api.desk import Desk
from tests.api.pages.test_staff_in_a_browser import phone

pytestmark = pytest.mark.browser

NARROW = 360
NOVEMBER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def li(desk: Desk) -> str:
    """A teacher with two trainings, one of them beside the other; the host is this teacher."""
    desk.clock.move_to(NOVEMBER)
    commands, now, day = desk.runtime.book.teachers, envelope(NOVEMBER), date(2026, 3, 7)
    new = NewTeacher(NamedTeacher(SCHOOL, "（示例）欧阳明华", "T-001"), date(2015, 9, 1))
    teacher_id = commands.register(new, now)
    for title, hours in (("（示例）家庭教育指导师研修与实践", 600), ("（示例）家校沟通", 150)):
        typed = TypedHours(title, "（示例）教师发展中心", day, day, hours)
        commands.award(teacher_id, typed, envelope(NOVEMBER))
    desk.browser("host")
    desk.catch_up(commands.link(teacher_id, desk.people["host"], envelope(NOVEMBER)))
    return f"/staff/teachers/of/{teacher_id}"


def opened(page: Page, where: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": NARROW, "height": 800})
    page.goto(where)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert said == []


@pytest.mark.parametrize(
    ("asker", "path"),
    [
        ("coordinator", f"/staff/teachers/{SCHOOL}"),
        ("coordinator", "{li}"),
        ("host", "/staff/my-hours"),
        ("district_officer", f"/staff/teachers/regions/{DISTRICT}"),
        ("coordinator", f"/staff/imports/{SCHOOL}"),
    ],
)
def test_no_page_is_wider_than_a_narrow_phone(
    desk: Desk, li: str, chromium: Browser, address: str, asker: str, path: str
) -> None:
    opened(phone(chromium, desk, asker, address), f"{address}{path.format(li=li)}")


def test_hours_are_entered_by_the_keyboard_alone(
    desk: Desk, li: str, chromium: Browser, address: str
) -> None:
    page = phone(chromium, desk, "head", address)
    opened(page, f"{address}{li}")
    page.focus("#title")
    for typed in ("（示例）阅读", "（示例）学院"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.fill("#begins", "2026-04-01")
    page.fill("#ends", "2026-04-01")
    page.focus("#amount")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.get_by_text("（示例）阅读").wait_for()
    assert "9.5" in page.inner_text("main")
