"""Exams in Chromium: the sheet on a small phone, the time that runs out, the pages of the staff."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.access.cookies import CookieKind
from tests.acting import SCHOOL
from tests.api.desk import ASKERS, Desk
from tests.online_exams import STARTED, fill_bank, parent, publish_online

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def exam(desk: Desk) -> UUID:
    exam_id = publish_online(desk.runtime.book)
    desk.clock.move_to(STARTED)
    desk.catch_up(desk.runtime.book.ledger.position())
    return exam_id


def context_of(browser: Browser, desk: Desk, asker: str, address: str) -> BrowserContext:
    logins, names = desk.runtime.logins, desk.runtime.cookies
    if asker == "parent":
        login = logins.begin_device(desk.pilot.learners[0], desk.clock.at, confirmed=True)
        name = names.name(CookieKind.DEVICE)
    else:
        role = ASKERS[asker]
        assert role is not None
        login = logins.begin_staff(desk.person(asker, *role, None), desk.clock.at)
        name = names.name(CookieKind.STAFF)
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]  # a plain dict
    context.add_cookies([{"name": name, "value": login.token, "url": address}])
    return context


def test_a_sheet_is_taken_on_a_phone_and_hands_itself_in_at_the_end(
    desk: Desk, exam: UUID, chromium: Browser, address: str
) -> None:
    page = context_of(chromium, desk, "parent", address).new_page()
    page.goto(f"{address}/me/exams/{exam}")
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_role("timer")).to_contain_text("还剩 29:")
    page.locator("fieldset").first.locator("label").first.click()
    page.get_by_role("button", name="先保存").click()
    expect(page.get_by_text("已保存 1 题。")).to_be_visible()
    page.locator("fieldset").nth(1).locator("label").first.click()
    look_away(page)
    expect(page.get_by_text("已自动保存")).to_be_visible()
    page.goto(f"{address}/me/exams/{exam}")
    expect(page.locator("input:checked")).to_have_count(2)

    desk.clock.move_to(STARTED + timedelta(minutes=29, seconds=55))
    page.goto(f"{address}/me/exams/{exam}")

    expect(page.get_by_role("heading", name="逐题解析")).to_be_visible()


def look_away(page: Page) -> None:
    """What a phone says when its screen goes dark or another page comes before this one."""
    page.evaluate(
        """() => {
            Object.defineProperty(document, 'hidden', { value: true, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )


@pytest.mark.parametrize(
    ("asker", "path"),
    [
        ("parent", "/me"), ("parent", "/me/exams"), ("parent", "/me/exams/{exam}"),
        ("coordinator", "/staff/exams/{school}"), ("coordinator", "/staff/exams/of/{exam}"),
        ("class_teacher", "/staff/exams/of/{exam}"),
        ("coordinator", "/staff/exams/of/{exam}/attempts/{attempt}/correction"),
        ("coordinator", "/staff/question-banks/{school}"),
        ("coordinator", "/staff/question-banks/of/{bank}"),
    ],
)  # fmt: skip
def test_no_exam_page_is_wider_than_a_phone_and_no_script_fails(
    desk: Desk, exam: UUID, chromium: Browser, address: str, asker: str, path: str
) -> None:
    book, learner = desk.runtime.book, desk.pilot.learners[0]
    attempt = book.online_exams.start(exam, learner, parent(learner))
    if "{attempt}" in path:
        book.online_exams.submit(attempt, learner, {}, parent(learner))
    desk.catch_up(book.ledger.position())
    page = context_of(chromium, desk, asker, address).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    things = {"exam": exam, "school": SCHOOL, "attempt": attempt, "bank": fill_bank(book)}

    page.goto(f"{address}{path.format(**things)}")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert said == []
