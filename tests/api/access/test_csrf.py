"""Writes set off by foreign pages, as browsers old and new would send them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from httpx import Response

from api.access.csrf import CrossSite, SameSite

PUBLIC = "https://credits.example.test"
COOKIE = {"cookie": "__Host-pc_staff=x"}
Headers = dict[str, str]
Ask = Callable[..., Response]


@pytest.fixture(scope="module")
def app() -> FastAPI:
    guard = SameSite(PUBLIC)

    async def guarded(request: Request) -> None:
        guard(request.scope)

    app = FastAPI(dependencies=[Depends(guarded)])

    @app.exception_handler(CrossSite)
    def refuse(_: Request, refused: CrossSite) -> JSONResponse:
        return JSONResponse({"code": refused.code}, 403)

    @app.api_route("/thing", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def thing() -> str:
        return "done"

    return app


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": PUBLIC},
        {"origin": PUBLIC + ":443"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://localhost:8000", "host": "localhost:8000"},
    ],
)
def test_our_own_pages_write(ask: Ask, app: FastAPI, headers: Headers) -> None:
    assert ask(app, "POST", "/thing", headers=COOKIE | headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": PUBLIC},
        {"sec-fetch-site": ""},
        {"sec-fetch-site": "Same-Origin, cross-site"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://evil.example.test"},
        {"origin": "http://credits.example.test"},
        {"origin": PUBLIC + ".evil.example"},
        {"origin": "https://evil@credits.example.test:8443"},
        {"origin": PUBLIC + ":8443"},
        {"origin": "https://127.0.0.1:8000"},
        {"origin": "http://127.0.0.1:8001"},
        {"origin": "http://localhost:8000"},
        {"origin": "http://[::1"},
        {"origin": "http://127.0.0.1:port"},
        {"origin": "file://"},
        {"origin": "http://:8000", "host": ":8000"},
        {},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_a_foreign_page_sets_off_is_refused(
    ask: Ask, app: FastAPI, method: str, headers: Headers
) -> None:
    answer = ask(app, method, "/thing", headers=COOKIE | headers)
    assert (answer.status_code, answer.json()) == (403, {"code": "cross_site"})


def test_a_program_without_cookies_writes(ask: Ask, app: FastAPI) -> None:
    assert ask(app, "POST", "/thing", headers={"authorization": "Bearer x"}).status_code == 200


def test_reading_is_free(ask: Ask, app: FastAPI) -> None:
    headers = COOKIE | {"sec-fetch-site": "cross-site", "origin": "https://evil.example.test"}
    assert ask(app, "GET", "/thing", headers=headers).status_code == 200


@pytest.mark.parametrize("name", ["sec-fetch-site", "origin"])
def test_a_header_given_twice_is_refused(ask: Ask, app: FastAPI, name: str) -> None:
    value = {"sec-fetch-site": "same-origin", "origin": PUBLIC}[name]
    headers = [(name, value), (name, value), *COOKIE.items()]
    assert ask(app, "POST", "/thing", headers=headers).status_code == 403
