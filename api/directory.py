"""The directory of the house: a request finds its route by the first and last words of its path.

The framework asks one route after the other. Of six hundred that took longer than a whole check-in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.csrf import SAFE_METHODS
from ledger.look import begin_look, no_look
from projections.sight import begin_sight

WORDS: Final = 3  # of a path: /api/v1/sessions, /staff/schools
Key = tuple[str, ...]
Guard = Callable[[Request], Awaitable[None]]


class Directory:
    """Takes a router's place before its routes; what fits none is the router's to answer.

    The guard is asked before everything.
    """

    def __init__(self, router: APIRouter, guard: Guard) -> None:
        self._router = router
        self._guard = guard
        self._otherwise: ASGIApp = router.middleware_stack
        self._shelves: dict[Key, Shelf] = {}
        router.middleware_stack = self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            begin_sight()
            if scope["method"] in SAFE_METHODS:
                begin_look()
            else:
                no_look()
            must_be_text(scope)
            await self._guard(Request(scope))
            for route in candidates(self._shelved(), scope["path"]):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.update(found)
                    scope["route_path"] = getattr(route, "path_format", "")
                    await route.handle(scope, receive, send)
                    return
        await self._otherwise(scope, receive, send)

    def _shelved(self) -> Mapping[Key, Shelf]:
        if not self._shelves:
            self._shelves = shelves(self._router.routes)
        return self._shelves


def must_be_text(scope: Scope) -> None:
    """No text that is kept holds a NUL. Raises RequestValidationError."""
    if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
        place = "path" if "\0" in scope["path"] else "query"
        raise RequestValidationError([{"type": "no_text", "loc": (place,), "msg": "a NUL"}])


class Shelf:
    """Routes that begin alike, in their order, and of these the ones that a last word may mean."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        ends = [(route, last_word_of(route)) for route in routes]
        self.routes = routes
        self._any = [route for route, word in ends if word is None]
        self._ending = {
            asked: [route for route, word in ends if word in {None, asked}]
            for _, asked in ends
            if asked is not None
        }

    def ending(self, word: str) -> Sequence[BaseRoute]:
        return self._ending.get(word, self._any)


def candidates(shelved: Mapping[Key, Shelf], path: str) -> Sequence[BaseRoute]:
    """The routes that a path may mean, in their order."""
    words, last = words_of(path), path[path.rfind("/") + 1 :]
    for length in range(len(words), 0, -1):
        if (found := shelved.get(words[:length])) is not None:
            return found.ending(last)
    return shelved[()].ending(last)


def words_of(path: str) -> Key:
    return tuple(path.split("/", WORDS + 1)[1 : WORDS + 1])


def shelves(routes: Sequence[BaseRoute]) -> dict[Key, Shelf]:
    """For every beginning that some route names, all routes that a path like it could mean."""
    begins = {begin for route in routes for begin in beginnings(route)}
    return {
        key: Shelf([route for route in routes if could_mean(route, key)]) for key in {(), *begins}
    }


def beginnings(route: BaseRoute) -> list[Key]:
    """The beginnings of a route's path that are plain words."""
    words = words_of(getattr(route, "path", ""))
    plain = next((at for at, word in enumerate(words) if "{" in word), len(words))
    return [words[:length] for length in range(1, plain + 1)]


def could_mean(route: BaseRoute, key: Key) -> bool:
    """Whether a path that begins with these words may fit the route; when in doubt, it may."""
    path = getattr(route, "path", None)
    if path is None or ":path}" in path:
        return True
    words = words_of(path)
    return len(words) >= len(key) and all(
        "{" in word or word == asked for word, asked in zip(words, key, strict=False)
    )


def last_word_of(route: BaseRoute) -> str | None:
    """The plain word that a route's path ends with; None where another may stand there."""
    path = getattr(route, "path", None)
    last = path[path.rfind("/") + 1 :] if path else "{"
    return None if "{" in last or "}" in last else last
