"""Paper in Chromium: made, typed and checked, on a desk and on a phone; what is printed is A4."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from api.access.cookies import CookieKind
from tests.api.desk import ASKERS, Desk

pytestmark = pytest.mark.browser

DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)


def page_of(browser: Browser, desk: Desk, asker: str, address: str, size: ViewportSize) -> Page:
    role = ASKERS[asker]
    assert role is not None
    login = desk.runtime.logins.begin_staff(desk.person(asker, *role, None), desk.clock.at)
    name = desk.runtime.cookies.name(CookieKind.STAFF)
    context = browser.new_context(viewport=size, locale="zh-CN")
    context.add_cookies([{"name": name, "value": login.token, "url": address}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def tick(page: Page, *rows: int) -> None:
    for row in rows:
        page.locator(f"#r-{row}").get_by_label("到", exact=True).check()
        page.locator(f"#r-{row}").get_by_label("退", exact=True).check()


def typed(page: Page, sheets: str) -> None:
    page.goto(sheets)
    page.get_by_role("link", name="第 1 张").click()
    page.get_by_role("link", name="录入").click()
    tick(page, 1, 2)
    page.get_by_role("button", name="保存录入").click()
    expect(page.get_by_text("您已录入 2 人")).to_be_visible()


def test_a_sheet_goes_from_the_printer_to_the_register(
    desk: Desk, chromium: Browser, address: str
) -> None:
    desk.at_the_door()
    typist = page_of(chromium, desk, "coordinator", address, DESK)
    typist.goto(f"{address}{desk.session}/sheets")
    typist.get_by_role("button", name="生成签到表").click()
    typist.get_by_role("link", name="打印签到表").click()
    sheet = typist.locator(".a4")
    assert sheet.evaluate("each => each.scrollHeight <= each.clientHeight + 1")
    assert len(sheet.locator(".row-code").all()) == 25
    desk.open()
    desk.close()

    typist = page_of(chromium, desk, "coordinator", address, DESK)
    typed(typist, f"{address}{desk.session}/sheets")
    checker = page_of(chromium, desk, "class_teacher", address, PHONE)
    checker.goto(typist.url)
    with checker.expect_navigation():
        checker.get_by_role("link", name="复核").click()
    assert checker.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    tick(checker, 1)
    checker.get_by_role("button", name="复核").click()
    expect(checker.locator("#r-2").get_by_role("alert")).to_be_visible()
    tick(checker, 2)
    checker.get_by_role("button", name="复核").click()
    expect(checker.get_by_text("已复核，2 人的考勤已登记")).to_be_visible()
