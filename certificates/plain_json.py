"""What JSON must look like before it is read as linked data: each graph is written in one way.

A signature covers the graph, not the text. Whoever may write one graph in two ways hides what was
signed, and shows what was not: nodes behind `@included`, links that are dropped, a node said twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from certificates.encodings import Json

_IRI = re.compile(r"(?:urn|did|https?):[^\s<>\"{}|\\^`]+")
# Canonical forms before RDFC-1.0 did not escape these: two libraries would sign two texts.
_STRANGE = re.compile(r"^_:|[\x00-\x08\x0b-\x1f\x7f]")
_LISTS = frozenset(
    {
        "@context", "type", "identifier", "result", "resultDescription", "allowedValue",
        "rubricCriterionLevel", "evidence",
    }
)  # fmt: skip
_ADDRESSES = frozenset({"id", "verificationMethod", "statusListCredential"})
_LARGEST = 1 << 53
_MOST_OBJECTS = 500
_MOST_NAMELESS = 8  # canonicalising takes as long as there are orders of those that look alike
_DEEPEST = 12


class NotLinkedData(ValueError):
    """No JSON-LD that we read: another context, a second way of writing it, too large."""


def is_iri(text: str) -> bool:
    return _IRI.fullmatch(text) is not None


def is_strange(text: str) -> bool:
    """Whether a text has a character that is spelled in two ways, or names a blank node."""
    return _STRANGE.search(text) is not None


def require_plain(document: dict[str, Any]) -> None:
    """Raises NotLinkedData. The contexts themselves are judged by whoever reads them."""
    seen = _Seen()
    seen.look({key: value for key, value in document.items() if key != "@context"}, "", 0)


@dataclass
class _Seen:
    ids: set[str] = field(default_factory=set[str])
    objects: int = 0
    nameless: int = 0

    def look(self, part: Json, term: str, depth: int) -> None:
        match part:
            case _ if depth > _DEEPEST:
                raise NotLinkedData("too deep")
            case dict():
                self._look_inside(part, depth)
            case list() if term in _LISTS and not any(isinstance(each, list) for each in part):
                for each in part:
                    self.look(each, term, depth + 1)
            case str() if is_strange(part):
                raise NotLinkedData("a named blank node, or a control character")
            case str() if term in _ADDRESSES and not is_iri(part):
                raise NotLinkedData(f"no address: {term}")
            case str() | bool():
                pass
            case int() | float() if abs(part) < _LARGEST:
                pass
            case _:
                raise NotLinkedData(f"a value that may be written otherwise: {term[:80]}")

    def _look_inside(self, part: dict[str, Json], depth: int) -> None:
        self.objects += 1
        name = part.get("id")
        if isinstance(name, str):
            if name in self.ids:
                raise NotLinkedData("one thing in two places")
            self.ids.add(name)
        else:
            self.nameless += 1
        if self.objects > _MOST_OBJECTS or self.nameless > _MOST_NAMELESS:
            raise NotLinkedData("too many objects")
        for term, value in part.items():
            if term.startswith("@"):
                raise NotLinkedData("a keyword inside")
            self.look(value, term, depth + 1)
