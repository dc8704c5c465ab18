"""Answers are zipped as the library zips them, whether they pass its layer or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response as Answer
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from api.zipped import Zipped

LEAST = 1024


async def pieces() -> AsyncIterator[bytes]:
    for _ in range(3):
        yield b"piece" * 100


LONG = b"a" * 4_000
ANSWERS: dict[str, Callable[[], Response]] = {
    "short": lambda: PlainTextResponse("a" * (LEAST - 1)),
    "long": lambda: PlainTextResponse("a" * LEAST),
    "zipped": lambda: Response(LONG, headers={"content-encoding": "br"}),
    "picture": lambda: Response(LONG, media_type="image/png"),
    "part": lambda: Response(LONG, 206),
    "events": lambda: StreamingResponse(pieces(), media_type="text/event-stream"),
    "stream": lambda: StreamingResponse(pieces(), media_type="text/plain"),
    "nothing": lambda: Response(status_code=204),
}


async def answer(request: Request) -> Response:
    return ANSWERS[request.path_params["kind"]]()


def told(door: ASGIApp, path: str, accepted: str, method: str) -> tuple[int, list[str], bytes]:
    given: Answer = TestClient(door).request(method, path, headers={"accept-encoding": accepted})
    headers = [f"{name}: {value}" for name, value in given.headers.multi_items()]
    return given.status_code, sorted(headers), given.content


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("accepted", ["gzip", "deflate, gzip;q=1", "identity", ""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_answer_is_zipped_where_the_library_would(kind: str, accepted: str, method: str) -> None:
    house = Starlette(routes=[Route("/{kind}", answer)])
    ours, theirs = Zipped(house, minimum_size=LEAST), GZipMiddleware(house, minimum_size=LEAST)
    assert told(ours, f"/{kind}", accepted, method) == told(theirs, f"/{kind}", accepted, method)


def test_only_long_answers_are_zipped() -> None:
    house = Zipped(Starlette(routes=[Route("/{kind}", answer)]), minimum_size=LEAST)
    phone = TestClient(house, headers={"accept-encoding": "gzip"})
    assert phone.get("/long").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in phone.get("/short").headers
