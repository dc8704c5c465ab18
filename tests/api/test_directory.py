"""A request finds the route that the framework would have found, asking one after the other."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Match
from starlette.types import Message, Receive, Scope, Send

from api.app import shelved, site
from api.directory import Directory, candidates, shelves
from domain.refusals import Refused
from ledger.look import is_looking


def path_of(template: str) -> str:
    """An address that fits a route's path."""
    return re.sub(r"\{[^}]*\}", str(UUID(int=7)), template)


def test_every_route_is_found_where_the_framework_finds_it() -> None:
    routes = site()
    for route in routes:
        path = path_of(getattr(route, "path_format", ""))
        for method in getattr(route, "methods", None) or ():
            scope: Scope = {"type": "http", "path": path, "method": method}
            assert first(candidates(shelved(), path), scope) is first(routes, scope), (method, path)


def first(routes: Sequence[BaseRoute], scope: Scope) -> BaseRoute:
    return next(route for route in routes if route.matches(dict(scope))[0] is Match.FULL)


def test_no_request_asks_a_hundred_routes() -> None:
    longest = max(
        len(held.routes) for key, held in shelved().items() if len(key) > 1 and key != ("api", "v1")
    )
    assert longest < 60


class Shut(Refused):
    code = "shut"


@pytest.fixture
def house() -> TestClient:
    router = APIRouter()

    @router.get("/rooms/{number}")
    def room(number: int) -> int:
        return number

    @router.post("/rooms/first")
    def first() -> str:
        return "first"

    @router.get("/files/{name:path}")
    def file(name: str) -> str:
        return name

    def guard(scope: Scope) -> None:
        if b"shut" in scope["query_string"]:
            raise Shut

    app = FastAPI(routes=router.routes)
    Directory(app.router, shelves(app.routes), guard)
    return TestClient(app, raise_server_exceptions=True)


def test_only_who_looks_has_a_look_also_where_requests_follow_in_one_task() -> None:
    looks: list[bool] = []

    async def note(scope: Scope, receive: Receive, send: Send) -> None:
        looks.append(is_looking())

    async def receive() -> Message:
        return {}

    async def send(_: Message) -> None: ...

    router = APIRouter()
    router.middleware_stack = note

    def welcome(_: Scope) -> None: ...

    async def one_after_the_other() -> None:
        for method in ("GET", "POST", "HEAD"):
            scope: Scope = {"type": "http", "path": "/", "method": method, "headers": []}
            await directory(scope, receive, send)

    directory = Directory(router, shelves(router.routes), welcome)
    asyncio.run(one_after_the_other())
    assert looks == [True, False, True]


def test_words_and_parameters_share_a_beginning(house: TestClient) -> None:
    assert house.get("/rooms/12").json() == 12
    assert house.post("/rooms/first").json() == "first"
    assert house.get("/files/a/b/c/d").json() == "a/b/c/d"


def test_what_fits_no_route_is_answered_as_ever(house: TestClient) -> None:
    assert house.get("/elsewhere").status_code == 404
    assert house.post("/rooms/12").status_code == 405
    assert house.get("/rooms/12/", follow_redirects=False).status_code == 307
    assert house.get("/").status_code == 404


@pytest.mark.parametrize("path", ["/rooms/12", "/elsewhere", "/rooms/12/"])
def test_the_guard_stands_before_everything(house: TestClient, path: str) -> None:
    with pytest.raises(Shut):
        house.get(f"{path}?shut=1")


def test_an_address_under_a_root_has_its_guard_too() -> None:
    app, asked = FastAPI(), list[str]()

    @app.get("/elsewhere")
    def elsewhere() -> str:
        return "elsewhere"

    def guard(scope: Scope) -> None:
        asked.append(scope["path"])

    Directory(app.router, shelves(app.routes), guard)
    assert TestClient(app, root_path="/rooms").get("/elsewhere").json() == "elsewhere"
    assert len(asked) == 1
