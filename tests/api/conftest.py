"""Chromium, started once a module; what a test opened in it is closed after the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import browsing


@pytest.fixture(scope="module")
def running_chromium() -> Iterator[Browser]:
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture
def chromium(running_chromium: Browser) -> Iterator[Browser]:
    yield running_chromium
    for context in running_chromium.contexts:
        context.close()
