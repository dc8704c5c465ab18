"""The attributes of the cookies, as a browser gets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.responses import Response

from api.access.cookies import CookieKind, Cookies

HTTPS = Cookies("https://credits.example.test")
PLAIN = Cookies("http://127.0.0.1:8000")


def header(cookies: Cookies) -> str:
    response = Response()
    cookies.put(response, CookieKind.STAFF, "value", timedelta(hours=12))
    return response.headers["set-cookie"]


def test_over_https_a_cookie_is_bound_to_the_host() -> None:
    parts = header(HTTPS).split("; ")
    assert parts[0] == "__Host-pc_staff=value"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax", "Max-Age=43200"} <= set(parts)
    assert not any(part.lower().startswith("domain") for part in parts)


def test_on_plain_localhost_a_cookie_works_without_secure() -> None:
    parts = header(PLAIN).split("; ")
    assert parts[0] == "pc_staff=value"
    assert "Secure" not in parts
    assert {"HttpOnly", "SameSite=lax"} <= set(parts)


@pytest.mark.parametrize("cookies", [HTTPS, PLAIN])
def test_a_cookie_is_read_back_under_its_own_name_only(cookies: Cookies) -> None:
    sent = {cookies.name(CookieKind.DEVICE): "value"}
    assert cookies.read(sent, CookieKind.DEVICE) == "value"
    assert cookies.read(sent, CookieKind.STAFF) is None


def test_over_https_a_cookie_without_the_prefix_is_not_read() -> None:
    assert HTTPS.read({"pc_staff": "planted over http"}, CookieKind.STAFF) is None


def test_clearing_keeps_the_attributes_a_browser_asks_for() -> None:
    response = Response()
    HTTPS.clear(response, CookieKind.DEVICE)
    parts = response.headers["set-cookie"].split("; ")
    assert parts[0] == '__Host-pc_device=""'
    assert {"Secure", "Path=/", "Max-Age=0"} <= set(parts)
