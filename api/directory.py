"""The directory of the house: a request finds its route by the first and last words of its path.

The framework asks one route after the other. Of six hundred that took longer than a whole check-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.csrf import SAFE_METHODS
from ledger.look import begin_look, no_look
from projections.sight import begin_sight

WORDS: Final = 3  # of a path: /api/v1/sessions, /staff/schools
Key = tuple[str, ...]
Guard = Callable[[Scope], None]


class Directory:
    """Takes a router's place before its routes; what fits none is the router's to answer.

    The guard is asked before everything.
    """

    def __init__(self, router: APIRouter, shelved: Mapping[Key, Shelf], guard: Guard) -> None:
        self._shelved = shelved
        self._guard = guard
        self._otherwise: ASGIApp = router.middleware_stack
        router.middleware_stack = self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            begin_sight()
            if scope["method"] in SAFE_METHODS:
                begin_look()
            else:
                no_look()
            must_be_text(scope)
            self._guard(scope)
            for route in candidates(self._shelved, scope["path"]):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.update(found)
                    scope["route_path"] = getattr(route, "path_format", "")
                    await route.handle(scope, receive, send)
                    return
        await self._otherwise(scope, receive, send)


def must_be_text(scope: Scope) -> None:
    """No text that is kept holds a NUL. Raises RequestValidationError."""
    if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
        place = "path" if "\0" in scope["path"] else "query"
        raise RequestValidationError([{"type": "no_text", "loc": (place,), "msg": "a NUL"}])


class Shelf:
    """Routes that begin alike, in their order, and of these the ones that a last word may mean."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self.routes = routes
        self._ends = [(route, last_word_of(route)) for route in routes]
        self._plain = {word for _, word in self._ends}
        self._ending: dict[str | None, Sequence[BaseRoute]] = {}

    def ending(self, word: str) -> Sequence[BaseRoute]:
        """Looked up when the word is first asked for; one that no route names is like any other."""
        asked = word if word in self._plain else None
        if asked not in self._ending:
            self._ending[asked] = [route for route, end in self._ends if end in {None, asked}]
        return self._ending[asked]


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
    fitting: dict[Key, list[tuple[BaseRoute, Key | None]]] = {
        (): [(route, named_words(route)) for route in routes]
    }
    begins = {begin for route in routes for begin in beginnings(route)}
    for key in sorted(begins, key=len):  # what fits a longer beginning fits the shorter one
        fitting[key] = [each for each in fitting[key[:-1]] if could_mean(each[1], key)]
    return {key: Shelf([route for route, _ in fits]) for key, fits in fitting.items()}


def beginnings(route: BaseRoute) -> list[Key]:
    """The beginnings of a route's path that are plain words."""
    words = words_of(getattr(route, "path", ""))
    plain = next((at for at, word in enumerate(words) if "{" in word), len(words))
    return [words[:length] for length in range(1, plain + 1)]


def named_words(route: BaseRoute) -> Key | None:
    """The first words of a route's path; None where it may mean any path."""
    path = getattr(route, "path", None)
    return None if path is None or ":path}" in path else words_of(path)


def could_mean(words: Key | None, key: Key) -> bool:
    """Whether a path that begins with `key` may fit a route by the last word of that beginning."""
    if words is None:
        return True
    at = len(key) - 1
    return len(words) > at and (words[at] == key[at] or "{" in words[at])


def last_word_of(route: BaseRoute) -> str | None:
    """The plain word that a route's path ends with; None where another may stand there."""
    path = getattr(route, "path", None)
    last = path[path.rfind("/") + 1 :] if path else "{"
    return None if "{" in last or "}" in last else last
