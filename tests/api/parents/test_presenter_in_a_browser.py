"""Screen and phone in Chromium: the code is read from the picture, one tap, the count rises."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.acting import SET_UP, STARTS
from tests.api.parents.conftest import Evening
from tests.api.parents.hall import RunningClock, opened, read, shown
from tests.browsing import swallow_the_first_post
from tests.clock import TestClock

pytestmark = [pytest.mark.browser, pytest.mark.zbar]


@pytest.fixture
def clock() -> TestClock:
    return RunningClock(SET_UP)


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1024, 768)])
def test_from_the_screen_to_the_tick_and_the_count_rises(
    hall: tuple[Evening, str], chromium: Browser, tmp_path: Path, width: int, height: int
) -> None:
    evening, address = hall
    screen = opened(chromium, address, evening.host_screen(), width, height).new_page()
    screen.goto(f"/staff/sessions/{evening.session_id}/present")
    shown(screen)
    expect(screen.locator("#checked-in")).to_have_text("0")
    link = read(screen, tmp_path / "screen.png")
    assert link.startswith("HTTP://127.0.0.1:8000/IN/")

    phone = opened(chromium, address, evening.enrolled_phone(), 390, 844).new_page()
    phone.goto(address + urlsplit(link).path)
    expect(phone.locator(".name")).to_have_text("（示例）陈建2")
    phone.get_by_role("button", name="确认签到").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已签到")
    expect(screen.locator("#checked-in")).to_have_text("1")
    assert evening.attended() == 1
    assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_tap_that_meets_no_network_is_sent_again_and_counts_once(
    hall: tuple[Evening, str], chromium: Browser
) -> None:
    evening, address = hall
    context = opened(chromium, address, evening.enrolled_phone(), 390, 844)
    phone = context.new_page()
    phone.goto(f"/in/{evening.session_text}/{evening.token()}")
    context.set_offline(True)
    phone.get_by_role("button", name="确认签到").click()
    expect(phone.get_by_role("status")).to_contain_text("正在重试")
    context.set_offline(False)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已签到", timeout=15_000)
    assert evening.attended() == 1


def test_a_tap_that_a_network_swallows_is_sent_again_and_counts_once(
    hall: tuple[Evening, str], chromium: Browser
) -> None:
    evening, address = hall
    context = opened(chromium, address, evening.enrolled_phone(), 390, 844)
    phone = context.new_page()
    phone.clock.install()
    phone.goto(f"/in/{evening.session_text}/{evening.token()}")
    swallowed = swallow_the_first_post(phone)
    phone.get_by_role("button", name="确认签到").click()
    expect(phone.get_by_role("status")).to_contain_text("正在签到")
    phone.clock.fast_forward(13_000)
    expect(phone.get_by_role("status")).to_contain_text("正在重试")
    phone.clock.fast_forward(2_000)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已签到")
    assert swallowed
    assert evening.attended() == 1


def test_without_script_the_tap_is_an_ordinary_form(
    hall: tuple[Evening, str], chromium: Browser
) -> None:
    evening, address = hall
    signed_in = evening.enrolled_phone()
    context = chromium.new_context(java_script_enabled=False, base_url=address, locale="zh-CN")
    for name, value in signed_in.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    phone = context.new_page()
    phone.goto(f"/in/{evening.session_text}/{evening.token()}")
    phone.get_by_role("button", name="确认签到").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已签到")


def test_the_screen_waits_until_the_session_is_opened(
    closed_hall: tuple[Evening, str], chromium: Browser
) -> None:
    evening, address = closed_hall
    evening.clock.move_to(STARTS - timedelta(minutes=11))
    screen = opened(chromium, address, evening.host_screen(), 1280, 800).new_page()
    screen.goto(f"/staff/sessions/{evening.session_id}/present")
    expect(screen.locator(".over.waiting")).to_be_visible()
    evening.open_session()
    expect(screen.locator(".over.waiting")).to_be_hidden(timeout=10_000)
    shown(screen)
