"""A device at the door in Chromium: a code is typed in, a masked name is shown, nothing is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.api.desk import Desk
from tests.api.pages.test_door import code_for
from tests.browsing import PHONE

pytestmark = pytest.mark.browser


def test_a_device_is_enrolled_scans_and_keeps_scans_without_network(
    desk: Desk, chromium: Browser, address: str
) -> None:
    desk.open()
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    page, failed = context.new_page(), list[str]()
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(f"{address}/door#code={code_for(desk)}")
    page.get_by_role("button", name="登记这台设备").click()
    page.get_by_role("link", name="读懂孩子的情绪").click()
    page.wait_for_selector("#scanner[data-ready=yes]")
    codes = desk.runtime.personal_codes.of(desk.pilot.learners[:2])

    first, second = codes.values()
    page.fill("#code", first)
    page.press("#code", "Enter")
    page.locator("#told-text").get_by_text("已签到 18:50", exact=True).wait_for()
    assert "*" in page.inner_text("#told-name")
    assert page.locator("#list").is_hidden()
    assert "陈小" not in page.content()

    context.set_offline(True)
    page.fill("#code", second)
    page.press("#code", "Enter")
    page.get_by_text("待上传 1").wait_for()
    context.set_offline(False)
    page.wait_for_selector("#unsent", state="hidden")
    desk.catch_up(desk.runtime.book.ledger.position())
    assert len(desk.runtime.models.attendances.register_of(desk.pilot.session_id)) == 2
    assert failed == []


def test_a_code_that_was_scanned_is_filled_in_and_out_of_the_address(
    desk: Desk, chromium: Browser, address: str
) -> None:
    code, page = code_for(desk), chromium.new_context(viewport=PHONE).new_page()
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/door#code={code}")
    page.wait_for_url(f"{address}/door")
    assert page.input_value("#code") == code
    assert [url for url in asked if code in url.partition("#")[0]] == []
