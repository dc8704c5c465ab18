"""The door over HTTP: a repeated write runs once and hears the same answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from threading import Event

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from httpx import Response

from api.access.idempotency import Idempotency, command_id_of
from api.access.idempotent_writes import IdempotentWrites
from api.access.web_tables import WebTables
from domain.refusals import Refused

KEY = {"idempotency-key": "key-1", "x-person": "chen"}
Ask = Callable[..., Response]
AtOnce = Callable[[int, Callable[[], object]], list[object]]


class Works:
    """A small application that counts how often it ran."""

    def __init__(self, tables: WebTables, at: datetime) -> None:
        self.runs: list[str] = []
        self.status = 201
        self.entered, self.may_leave = Event(), Event()
        self.may_leave.set()
        self.app = FastAPI()
        self.app.add_api_route("/things", self.make, methods=["POST", "GET", "DELETE"])
        self.app.add_api_route("/cookie", self.cookie, methods=["POST"])
        self.app.add_api_route("/page", self.page, methods=["POST"])
        self.app.add_api_route("/broken", self.broken, methods=["POST"])
        self.app.add_middleware(
            IdempotentWrites,
            idempotency=Idempotency(tables, b"k" * 32),
            asker_of=lambda request: request.headers.get("x-person"),
            refuse=refuse,
            now=lambda: at,
            most_bytes=1000,
        )

    async def make(self, request: Request) -> JSONResponse:
        body = (await request.body()).decode()
        self.runs.append(body)
        command = getattr(request.state, "command_id", None)
        answer = {"run": len(self.runs), "heard": body, "command": str(command)}
        return JSONResponse(answer, self.status)

    def cookie(self) -> JSONResponse:
        self.runs.append("cookie")
        answer = JSONResponse({"run": len(self.runs)})
        answer.set_cookie("pc_staff", "secret")
        return answer

    def page(self) -> RedirectResponse:
        self.runs.append("page")
        self.entered.set()
        self.may_leave.wait(10)
        return RedirectResponse("/things/7", 303)

    def broken(self) -> None:
        self.runs.append("broken")
        raise LookupError


def refuse(_: Request, refused: Refused) -> JSONResponse:
    return JSONResponse({"code": refused.code}, 409)


@pytest.fixture
def works(tables: WebTables, at: datetime) -> Works:
    return Works(tables, at)


def test_a_repeated_write_runs_once_and_hears_the_same(works: Works, ask: Ask) -> None:
    first = ask(works.app, "POST", "/things", headers=KEY, content="{}")
    again = ask(works.app, "POST", "/things", headers=KEY, content="{}")
    assert works.runs == ["{}"]
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["content-type"] == "application/json"
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json()["command"] == str(command_id_of("chen", "key-1"))


def test_a_redirect_keeps_where_it_leads(works: Works, ask: Ask) -> None:
    for _ in range(2):
        answer = ask(works.app, "POST", "/page", headers=KEY)
        assert (answer.status_code, answer.headers["location"]) == (303, "/things/7")
    assert works.runs == ["page"]


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [("POST", "/things", "{ }"), ("DELETE", "/things", "{}"), ("POST", "/things?a=1", "{}")],
)
def test_another_request_under_the_same_key_is_refused(
    works: Works, ask: Ask, method: str, url: str, body: str
) -> None:
    ask(works.app, "POST", "/things", headers=KEY, content="{}")
    answer = ask(works.app, method, url, headers=KEY, content=body)
    assert (answer.status_code, answer.json()) == (409, {"code": "idempotency_mismatch"})
    assert len(works.runs) == 1


@pytest.mark.parametrize("headers", [{}, {"x-person": "chen"}, {"idempotency-key": "key-1"}])
def test_without_a_key_or_a_person_every_write_runs(
    works: Works, ask: Ask, headers: dict[str, str]
) -> None:
    for _ in range(2):
        answer = ask(works.app, "POST", "/things", headers=headers, content="{}")
    assert len(works.runs) == 2
    assert answer.json()["command"] == "None"


def test_reading_takes_no_notice_of_a_key(works: Works, ask: Ask) -> None:
    for _ in range(2):
        ask(works.app, "GET", "/things", headers=KEY)
    assert len(works.runs) == 2


@pytest.mark.parametrize("path", ["/broken", "/things"])
def test_a_failed_request_runs_again(works: Works, ask: Ask, path: str) -> None:
    works.status = 503
    for _ in range(2):
        assert ask(works.app, "POST", path, headers=KEY).status_code >= 500
    assert len(works.runs) == 2


def test_an_answer_with_a_cookie_is_not_kept(works: Works, ask: Ask, tables: WebTables) -> None:
    for _ in range(2):
        ask(works.app, "POST", "/cookie", headers=KEY)
    assert len(works.runs) == 2
    assert tables.rows("select * from {web}.kept_answer", {}) == []


def test_a_second_request_meanwhile_hears_that_the_first_is_in_flight(
    works: Works, ask: Ask, at_once: AtOnce
) -> None:
    works.may_leave.clear()
    statuses: list[int] = []

    def one() -> None:
        answer = ask(works.app, "POST", "/page", headers=KEY)
        statuses.append(answer.status_code)
        works.may_leave.set()  # the refused one comes back first and lets the other finish

    at_once(2, one)
    assert sorted(statuses) == [303, 409]
    assert works.runs == ["page"]


def test_a_malformed_or_doubled_key_is_refused(works: Works, ask: Ask) -> None:
    for keys in (["a b"], [""], ["k", "k"], ["x" * 256]):
        headers = [("x-person", "chen"), *(("idempotency-key", key) for key in keys)]
        answer = ask(works.app, "POST", "/things", headers=headers)
        assert answer.json() == {"code": "idempotency_key_malformed"}
    assert works.runs == []


@pytest.mark.parametrize(("size", "runs"), [(1000, 1), (1001, 0)])
def test_a_body_with_a_key_has_a_bound(works: Works, ask: Ask, size: int, runs: int) -> None:
    answer = ask(works.app, "POST", "/things", headers=KEY, content="x" * size)
    assert len(works.runs) == runs
    assert (answer.json().get("code") == "body_too_large") is (runs == 0)


async def pieces() -> AsyncIterator[bytes]:
    for piece in (b"ab", b"cd", b"", b"ef"):
        yield piece


def test_a_body_in_pieces_arrives_whole(works: Works, ask: Ask) -> None:
    ask(works.app, "POST", "/things", headers=KEY, content=pieces())
    assert works.runs == ["abcdef"]
