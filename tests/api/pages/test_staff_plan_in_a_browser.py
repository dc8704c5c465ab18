"""A coordinator at the desk, in Chromium: copies a plan, hears what lacks, adds it, is done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from api.access.cookies import CookieKind
from domain.calendar import Term
from domain.envelope import Role
from tests import held
from tests.acting import SCHOOL, STARTS, envelope
from tests.api.desk import Desk

pytestmark = pytest.mark.browser

TERM = Term(school_year=2027, term_no=1, begins=date(2027, 9, 1), ends=date(2028, 2, 20))
PLAN = f"/staff/plans/{SCHOOL}/2027-1"


@pytest.fixture
def before(desk: Desk) -> Desk:
    """Last year's plan: four evenings of two hours, of one family; a new year is announced."""
    for week in range(1, 4):
        title, begins_at = f"第{week}讲（示例）", STARTS + timedelta(weeks=week)
        held.plan(desk.pilot, title, 200, begins_at, family="life_education", grades=())
    held.plan(desk.pilot, "第4讲（示例）", 200, STARTS + timedelta(weeks=9), grades=(),
              family="life_education")  # fmt: skip
    book = desk.runtime.book
    book.registry.open_term(TERM, envelope())
    book.sessions.cancel(desk.pilot.session_id, "school_affairs", envelope())
    book.exams.publish(SCHOOL, "学年考核（示例）", date(2027, 11, 1), envelope())
    desk.authorised_until(date(2028, 8, 31))
    desk.catch_up(book.ledger.position())
    return desk


def at_the_desk(browser: Browser, desk: Desk, address: str) -> Page:
    person = desk.person("coordinator", Role.COORDINATOR, SCHOOL, None)
    login = desk.runtime.logins.begin_staff(person, desk.clock.at)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    name = desk.runtime.cookies.name(CookieKind.STAFF)
    context.add_cookies([{"name": name, "value": login.token, "url": address}])
    return context.new_page()


def test_last_years_plan_is_copied_checked_completed_and_suffices(
    before: Desk, chromium: Browser, address: str
) -> None:
    page = at_the_desk(chromium, before, address)

    page.goto(f"{address}{PLAN}")
    page.get_by_role("link", name="复制以前的计划").click()
    expect(page.locator("input[name=take]:checked")).to_have_count(4)
    page.get_by_role("button", name="把勾选的排入计划").click()
    expect(page.locator("table.plan tbody tr")).to_have_count(4)

    page.get_by_role("link", name="计划检查").click()
    expect(page.get_by_text("缺心理健康指导课程；课程类别还差 1 类")).to_be_visible()

    page.get_by_role("link", name="回到教学计划").click()
    page.get_by_role("link", name="新增活动").click()
    page.fill("[name=topic]", "读懂情绪（示例）")
    page.fill("[name=day]", "2027-12-03")
    page.fill("[name=place]", "报告厅")
    page.select_option("[name=family]", "mental_health")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("table.plan tbody tr")).to_have_count(5)

    page.get_by_role("link", name="计划检查").click()
    expect(page.get_by_text("各年级都能结业")).to_be_visible()
    expect(page.get_by_text("学年结业还缺")).to_have_count(0)
