"""A trace that may be written down: where it broke and of what kind, never with whose data.

What a library says of an error quotes what it was given: a name, a phone, a token.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError

LONGEST: Final = 300
QUOTED: Final = re.compile(r"""'[^']*'|"[^"]*"|\([^()]*\)\s*=\s*\([^()]*\)|[\u3400-\u9fff]+""")
LONG_WORD: Final = re.compile(r"\b(?=\w*\d)[\w+/=.-]{7,}|[\w+/=-]{24,}")


def trace_of(error: BaseException) -> str:
    """The stack, and of every error in the chain its kind and what may be said of it."""
    return "\n".join(_parts(error, set()))


def said_of(error: BaseException) -> str:
    """The message, without what may be somebody's: quoted words, numbers, anything Chinese."""
    if isinstance(error, ValidationError):
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        return "; ".join(f"{_place(each['loc'])} {each['type']}" for each in faults)
    return sayable(str(error))


def sayable(text: str) -> str:
    """The first line of what a library says, without what may be somebody's."""
    [message, *_] = text.splitlines() or [""]
    return LONG_WORD.sub("…", QUOTED.sub("…", message))[:LONGEST]


def _place(loc: tuple[int | str, ...]) -> str:
    """Fields by their names; the keys of somebody's mapping may be anything."""
    words = (str(part) if re.fullmatch(r"[a-z_]{1,40}", str(part)) else "…" for part in loc)
    return ".".join(words)


def _parts(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _parts(before, seen)
        yield "then"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    yield f"{type(error).__module__}.{type(error).__qualname__}: {said_of(error)}"
