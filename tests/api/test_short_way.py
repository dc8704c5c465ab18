"""What is plain goes past the layers; all else goes through them as it came."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.app import site
from api.bare import FAILED, MOST_BYTES, BareRoute
from api.read_your_writes import begin_unseen, missed
from api.short_way import ShortWay, short_ways
from api.whole_bodies import BodyTooLarge
from domain.refusals import Refused
from projections.sight import sight

PATH = f"/things/{UUID(int=7)}/check-ins"


class Shut(Refused):
    code = "shut"


async def thing(request: Request, number: UUID, body: list[int]) -> Response:
    assert not sight().everything, "whoever asks sees nothing yet"
    if not body:
        raise Shut
    missed(body[0])
    if body[0] < 0:
        raise Shut
    return Response(f"{number.int} {body} {request.method}", 201)


class Layers:
    """What comes by the long way, read whole."""

    def __init__(self) -> None:
        self.came: list[tuple[object, bytes]] = []
        self.unseen: list[int] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        self.came.append((scope.get(FAILED), message["body"]))
        self.unseen = begin_unseen(scope)
        await Response(status_code=202)(scope, receive, send)


class Seen:
    """The figures of answers."""

    def __init__(self) -> None:
        self.statuses: list[tuple[str, int]] = []

    def answered(self, scope: Scope, status: int, begun: float) -> None:
        assert begun > 0
        self.statuses.append((scope["route_path"], status))


class House:
    def __init__(self, *, secure: bool = True) -> None:
        app = FastAPI()
        app.router.add_api_route(
            "/things/{number}/check-ins", thing, methods=["POST"], route_class_override=BareRoute
        )
        self.layers, self.seen, self.shut = Layers(), Seen(), False
        self.way = ShortWay(
            self.layers, short_ways(app.routes), self._guard, self.seen,  # type: ignore[arg-type]  # of Metrics it asks `answered` alone
            lambda there: there.append((b"x-ours", b"1")), secure=secure,
        )  # fmt: skip

    def _guard(self, _: Scope) -> None:
        if self.shut:
            raise Shut

    def post(
        self, body: bytes = b"[1, 2]", first: Message | None = None, **scope: Any
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        asked: Scope = {
            "type": "http", "method": "POST", "path": PATH, "query_string": b"",
            "headers": list(headers_of(body).items()), **scope,
        }  # fmt: skip
        return asyncio.run(self._asked(asked, first or {"type": "http.request", "body": body}))

    async def _asked(self, scope: Scope, first: Message) -> tuple[int, dict[bytes, bytes], bytes]:
        said: list[Message] = []

        async def receive() -> Message:
            return first

        async def send(message: Message) -> None:
            said.append(message)

        await self.way(scope, receive, send)
        if not said:
            return 0, {}, b""
        return said[0]["status"], dict(said[0]["headers"]), said[1]["body"]


def headers_of(body: bytes, **other: bytes) -> dict[bytes, bytes]:
    """Those of a plain request."""
    plain = {b"content-type": b"application/json", b"content-length": b"%d" % len(body)}
    return plain | {name.replace("_", "-").encode(): value for name, value in other.items()}


def told_otherwise(**other: bytes) -> dict[str, Any]:
    return {"headers": list(headers_of(b"[1, 2]", **other).items())}


@pytest.fixture
def house() -> House:
    return House()


def test_a_plain_request_is_answered_with_all_that_the_layers_add(house: House) -> None:
    status, headers, body = house.post(b"[41, 2]")
    assert (status, body) == (201, b"7 [41, 2] POST")
    assert headers[b"x-ours"] == b"1"
    assert headers[b"set-cookie"].startswith(b"pc_behind=41; ")
    assert headers[b"set-cookie"].endswith(b"Secure")
    assert house.seen.statuses == [("/things/{number}/check-ins", 201)]
    assert not house.layers.came


def test_the_cookie_is_for_any_connection_where_the_site_has_no_https() -> None:
    assert b"Secure" not in House(secure=False).post()[1][b"set-cookie"]


@pytest.mark.parametrize(
    "other",
    [
        {"method": "GET"},
        {"type": "websocket"},
        {"path": PATH.replace("things", "thing")},
        {"path": f"{PATH}/"},
        {"path": PATH.replace("things/", "things/\0")},
        {"query_string": b"a=%00"},
        {"root_path": "/things"},
        told_otherwise(content_type=b"application/json; charset=utf-8"),
        told_otherwise(content_length=b"%d" % (MOST_BYTES + 1)),
        told_otherwise(content_length=b"9" * 5_000),
        told_otherwise(content_length="٣".encode()),
        told_otherwise(transfer_encoding=b"chunked"),
        told_otherwise(idempotency_key=b"k"),
    ],
)
def test_what_is_not_plain_goes_through_the_layers_as_it_came(
    house: House, other: dict[str, Any]
) -> None:
    assert house.post(**other)[0] == 202
    assert house.layers.came == [(None, b"[1, 2]")]
    assert not house.seen.statuses


def test_so_does_what_says_a_thing_twice(house: House) -> None:
    twice = [*headers_of(b"[1, 2]").items(), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    assert house.post(headers=twice)[0] == 202


def test_a_body_that_is_no_text_goes_there_whole(house: House) -> None:
    for body in (b'["\\u0000"]', b"[\x00]", b"[1, \xed\xa0\x80]"):
        assert house.post(body)[0] == 202
        assert house.layers.came[-1] == (None, body)


def test_what_is_refused_or_fails_is_told_by_the_layers(house: House) -> None:
    assert house.post(b"[]")[0] == 202
    failed, body = house.layers.came[-1]
    assert isinstance(failed, Shut)
    assert body == b"[]"
    house.post(b"{")
    assert type(house.layers.came[-1][0]).__name__ == "RequestValidationError"
    house.shut = True
    house.post()
    assert isinstance(house.layers.came[-1][0], Shut)
    assert not house.seen.statuses


def test_whoever_hangs_up_is_answered_nothing(house: House) -> None:
    assert house.post(first={"type": "http.disconnect"})[0] == 0
    assert not house.layers.came


def test_what_was_recorded_before_a_failure_is_remembered_for_the_layers(house: House) -> None:
    assert house.post(b"[-1]")[0] == 202
    assert house.layers.unseen == [-1]


def test_a_longer_body_than_was_told_is_the_layers_to_refuse(house: House) -> None:
    assert house.post(b"[1]" * MOST_BYTES, headers=list(headers_of(b"[1]").items()))[0] == 202
    assert isinstance(house.layers.came[-1][0], BodyTooLarge)


def test_a_bare_route_of_another_method_has_no_short_way() -> None:
    app = FastAPI()
    app.router.add_api_route(
        "/things/{number}", thing, methods=["PUT"], route_class_override=BareRoute
    )
    assert not short_ways(app.routes)


def test_every_bare_route_of_the_site_has_its_short_way() -> None:
    bare = [route for route in site() if isinstance(route, BareRoute)]
    assert len(bare) == len(short_ways(site())) > 0
