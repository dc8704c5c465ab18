"""Screen and phone in Chromium: the code is read from the picture, one tap, the count rises."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.testclient import TestClient

from api.app import create_app
from api.bootstrap import Runtime
from projections.runner import Runner
from tests.acting import SET_UP, STARTS, Pilot
from tests.api.parents.conftest import Evening
from tests.clock import TestClock

pytestmark = [pytest.mark.browser, pytest.mark.zbar]


class RunningClock(TestClock):
    """A clock that begins when it is told and then runs as clocks do."""

    def __init__(self, at: datetime) -> None:
        self.move_to(at)

    def __call__(self) -> datetime:
        return self.at + timedelta(seconds=monotonic() - self._set_at)

    def move_to(self, at: datetime) -> None:
        self.at, self._set_at = at, monotonic()


@pytest.fixture
def clock() -> TestClock:
    return RunningClock(SET_UP)


@contextmanager
def serving(runtime: Runtime) -> Iterator[str]:
    """The application on a free port, until the block ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(runtime), log_level="warning", timeout_graceful_shutdown=3, lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="web")
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def closed_hall(runtime: Runtime, clock: TestClock) -> Iterator[tuple[Evening, str]]:
    """The evening, served to real browsers; the session is planned."""
    pilot = Pilot(runtime.book).set_up()
    with Runner(runtime.projector), serving(runtime) as address:
        yield Evening(runtime, clock, pilot, TestClient(create_app(runtime))), address


@pytest.fixture
def hall(closed_hall: tuple[Evening, str]) -> tuple[Evening, str]:
    closed_hall[0].open_session()
    return closed_hall


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])


def opened(
    browser: Browser, address: str, like: TestClient, width: int, height: int
) -> BrowserContext:
    """A browser of that size with the cookies of a client that is signed in."""
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, base_url=address, locale="zh-CN")  # type: ignore[arg-type]  # a plain dict
    for name, value in like.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    return context


def read(page: Page, picture: Path) -> str:
    """What a phone reads from the screen."""
    page.screenshot(path=str(picture))
    command = ["zbarimg", "--quiet", "--raw", str(picture)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def shown(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", "showing")


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1024, 768)])
def test_from_the_screen_to_the_tick_and_the_count_rises(
    hall: tuple[Evening, str], browser: Browser, tmp_path: Path, width: int, height: int
) -> None:
    evening, address = hall
    screen = opened(browser, address, evening.host_screen(), width, height).new_page()
    screen.goto(f"/staff/sessions/{evening.session_id}/present")
    shown(screen)
    expect(screen.locator("#checked-in")).to_have_text("0")
    link = read(screen, tmp_path / "screen.png")
    assert link.startswith("HTTP://127.0.0.1:8000/IN/")

    phone = opened(browser, address, evening.enrolled_phone(), 390, 844).new_page()
    phone.goto(address + urlsplit(link).path)
    expect(phone.locator(".name")).to_have_text("（示例）陈建2")
    phone.get_by_role("button", name="确认签到").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已签到")
    expect(screen.locator("#checked-in")).to_have_text("1")
    assert evening.attended() == 1
    assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.slow
def test_the_code_keeps_turning_while_the_network_is_cut(
    hall: tuple[Evening, str], browser: Browser, tmp_path: Path
) -> None:
    evening, address = hall
    context = opened(browser, address, evening.host_screen(), 1280, 800)
    screen = context.new_page()
    screen.goto(f"/staff/sessions/{evening.session_id}/present")
    shown(screen)
    before = read(screen, tmp_path / "before.png")
    context.set_offline(True)
    expect(screen.locator(".net.off")).to_be_visible()
    screen.wait_for_timeout(32_000)  # a code is good for 27 seconds, whatever the clocks differ by
    after = read(screen, tmp_path / "after.png")
    assert after != before
    phone = evening.enrolled_phone()
    assert phone.get(urlsplit(before).path).status_code == 410
    assert phone.get(urlsplit(after).path).headers["location"] == "/in"
    context.set_offline(False)
    expect(screen.locator(".net.on")).to_be_visible()


def test_a_tap_that_meets_no_network_is_sent_again_and_counts_once(
    hall: tuple[Evening, str], browser: Browser
) -> None:
    evening, address = hall
    context = opened(browser, address, evening.enrolled_phone(), 390, 844)
    phone = context.new_page()
    phone.goto(f"/in/{evening.session_text}/{evening.token()}")
    context.set_offline(True)
    phone.get_by_role("button", name="确认签到").click()
    expect(phone.get_by_role("status")).to_contain_text("正在重试")
    context.set_offline(False)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已签到", timeout=15_000)
    assert evening.attended() == 1


def test_without_script_the_tap_is_an_ordinary_form(
    hall: tuple[Evening, str], browser: Browser
) -> None:
    evening, address = hall
    signed_in = evening.enrolled_phone()
    context = browser.new_context(java_script_enabled=False, base_url=address, locale="zh-CN")
    for name, value in signed_in.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    phone = context.new_page()
    phone.goto(f"/in/{evening.session_text}/{evening.token()}")
    phone.get_by_role("button", name="确认签到").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已签到")


def test_the_screen_waits_until_the_session_is_opened(
    closed_hall: tuple[Evening, str], browser: Browser
) -> None:
    evening, address = closed_hall
    evening.clock.move_to(STARTS - timedelta(minutes=11))
    screen = opened(browser, address, evening.host_screen(), 1280, 800).new_page()
    screen.goto(f"/staff/sessions/{evening.session_id}/present")
    expect(screen.locator(".over.waiting")).to_be_visible()
    evening.open_session()
    expect(screen.locator(".over.waiting")).to_be_hidden(timeout=10_000)
    shown(screen)
