"""The hall of an evening, served to real browsers: its screen, its phones, its clock."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from starlette.testclient import TestClient

from api.app import create_app
from api.bootstrap import Runtime
from tests.clock import TestClock

if TYPE_CHECKING:
    from tests.api.parents.conftest import Evening


class RunningClock(TestClock):
    """A clock that begins when it is told and then runs as clocks do."""

    def __init__(self, at: datetime) -> None:
        self.move_to(at)

    def __call__(self) -> datetime:
        return self.at + timedelta(seconds=monotonic() - self._set_at)

    def move_to(self, at: datetime) -> None:
        self.at, self._set_at = at, monotonic()


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


def opened(
    browser: Browser, address: str, like: TestClient, width: int, height: int
) -> BrowserContext:
    """A browser of that size with the cookies of a client that is signed in."""
    size = ViewportSize(width=width, height=height)
    context = browser.new_context(viewport=size, base_url=address, locale="zh-CN")
    for name, value in like.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    return context


def read(page: Page, picture: Path) -> str:
    """What a phone reads from the screen."""
    page.screenshot(path=str(picture))
    command = ["zbarimg", "--quiet", "--raw", str(picture)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def presented(browser: Browser, address: str, evening: Evening, before: str = "") -> Page:
    """The host's screen with its code; `before` is run in it before the page's own script."""
    context = opened(browser, address, evening.host_screen(), 1280, 800)
    context.add_init_script(before)
    screen = context.new_page()
    screen.goto(f"/staff/sessions/{evening.session_id}/present")
    shown(screen)
    return screen


def arrive(browser: Browser, address: str, evening: Evening) -> None:
    """A parent scans and taps, on a phone that is on the network."""
    phone = opened(browser, address, evening.enrolled_phone(), 390, 844).request
    phone.get(f"/in/{evening.session_text}/{evening.token()}")
    assert phone.post("/in", headers={"Origin": address}).ok


def shown(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", "showing")
