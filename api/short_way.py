"""The short way to a bare route: what is plain goes past the layers, all else through them.

Fourteen layers around a route, of which each hands the answer on to the next, cost as much as a
check-in's decision. Here the same things are done to the answer once, by the same functions. What
is refused or fails is told by the layers, as ever: they are handed what was sent, and the failure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.idempotent_writes import HEADER as IDEMPOTENCY_KEY
from api.bare import FAILED, JSON, MOST_BYTES, BareRoute
from api.bodies import is_no_text
from api.directory import Guard, last_word_of
from api.metrics import BEGUN, Metrics
from api.read_your_writes import begin_unseen, set_cookie
from api.whole_bodies import replayed, whole_body
from ledger.look import no_look
from projections.sight import begin_sight

_KIND: Final = JSON.encode()
_DIGITS: Final = len(str(MOST_BYTES))


@dataclass(frozen=True, slots=True)
class ShortWay:
    """Stands before the layers, which answer `otherwise`."""

    otherwise: ASGIApp
    routes: Mapping[str, BareRoute]
    guard: Guard
    metrics: Metrics
    add_headers: Callable[[list[tuple[bytes, bytes]]], None]
    secure: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (route := self._route_of(scope)) is None:
            await self.otherwise(scope, receive, send)
            return
        scope[BEGUN], body, response = time.perf_counter(), b"", None
        try:
            body = await whole_body(receive, MOST_BYTES)
            if not is_no_text(body, JSON):
                response = await self._answer(route, scope, body)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the layers know what to say
            scope[FAILED] = error
        if response is None:
            await self.otherwise(scope, replayed(body, receive), send)
            return
        self.metrics.answered(scope, response.status_code, scope[BEGUN])
        await response(scope, receive, send)

    async def _answer(self, route: BareRoute, scope: Scope, body: bytes) -> Response:
        """With all that the layers would add. Raises whatever the guard or the route does."""
        begin_sight()
        no_look()
        unseen = begin_unseen(scope)
        self.guard(scope)
        scope["route_path"] = route.path_format
        response = await route.answer(Request(scope), body)
        if unseen:
            response.raw_headers.append(set_cookie(unseen, secure=self.secure))
        self.add_headers(response.raw_headers)
        return response

    def _route_of(self, scope: Scope) -> BareRoute | None:
        """Where a plain request goes: short JSON of a told length, to a path as it was declared."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope.get("root_path"):
            return None
        path: str = scope["path"]
        route = self.routes.get(path[path.rfind("/") + 1 :])
        found = route.path_regex.match(path) if route else None
        if route is None or found is None or not is_plain(scope):
            return None
        scope["path_params"] = found.groupdict()
        return route


def is_plain(scope: Scope) -> bool:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    named = dict(headers)
    length = named.get(b"content-length", b"")
    return (
        len(named) == len(headers)  # none of them twice
        and named.get(b"content-type") == _KIND
        and length.isdigit()
        and len(length) <= _DIGITS
        and int(length) <= MOST_BYTES
        and b"transfer-encoding" not in named
        and IDEMPOTENCY_KEY not in named
        and "\0" not in scope["path"]
        and b"%00" not in scope["query_string"]
    )


def short_ways(routes: Iterable[BaseRoute]) -> dict[str, BareRoute]:
    """Bare routes that take a POST, by the last word of their paths, which is another for each."""
    bare = [
        route
        for route in routes
        if isinstance(route, BareRoute) and route.methods and "POST" in route.methods
    ]
    found = {word: route for route in bare if (word := last_word_of(route))}
    assert len(found) == len(bare)
    return found
