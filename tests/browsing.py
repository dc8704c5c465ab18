"""Chromium for tests of pages: the machine's own, and the screens of phones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, sync_playwright

PHONE: Final = ViewportSize(width=390, height=844)
SMALL_PHONE: Final = ViewportSize(width=375, height=812)


@contextmanager
def chromium(*flags: str) -> Generator[Browser]:
    """Where there is none the test is left out; where everything must run, that is a failure."""
    program = shutil.which("chromium")
    if program is None:
        missing = "chromium is missing: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", *flags])
        yield browser
        browser.close()


def swallow_the_first_post(page: Page) -> list[Route]:
    """It goes out, and nothing ever comes back, as in a crowded hall; what was swallowed."""
    swallowed = list[Route]()

    def answer(route: Route) -> None:
        if route.request.method == "POST" and not swallowed:
            swallowed.append(route)
        else:
            route.continue_()

    page.route("**/*", answer)
    return swallowed
