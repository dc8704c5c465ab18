"""The way of a browser: to the provider, and back with a code."""

from __future__ import annotations

import httpx
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.cookies import CookieKind
from api.bootstrap import Runtime
from tests.api.desk import ORIGIN


def sent_away(browser: TestClient, after: str = "/staff") -> str:
    answer = browser.get("/staff/sign-on", params={"next": after})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def at_the_provider(address: str) -> str:
    """The browser at the provider: it is sent back with a code."""
    back = httpx.get(address, follow_redirects=False).headers["location"]
    assert back.startswith(f"{ORIGIN}/staff/sign-on/return?")
    return back


def signed_on(browser: TestClient) -> Response:
    return browser.get(at_the_provider(sent_away(browser)))


def is_in(house: Runtime, browser: TestClient) -> bool:
    return house.cookies.name(CookieKind.STAFF) in browser.cookies
