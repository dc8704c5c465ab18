"""The canonical form (RDFC-1.0) of a document whose terms are all defined. Nothing is fetched.

A shape is the document without its values: it is expanded once, and the values of the next document
of this shape are filled into its quads. That is only for documents of our own making.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import pyoxigraph
from pyld import jsonld as untyped  # pyright: ignore[reportMissingTypeStubs] - it brings none

from certificates.encodings import Document, Json
from certificates.plain_json import NotLinkedData, is_iri, is_strange, require_plain

_jsonld: Any = untyped

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
# One address had two contents once (context-3.0.3.json): the hash says which is meant.
_PINNED = {
    CREDENTIALS: (
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    OPEN_BADGES: (
        "open-badges-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
}
_UNDEFINED = "urn:undefined-term#"
_UNDEFINED_TERM = re.compile(rf'{_UNDEFINED}([^"]+)')
_RDFC = pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0
_QUADS = pyoxigraph.RdfFormat.N_QUADS
# The terms whose values differ between documents of one shape; all others make the shape.
_VALUES = frozenset(
    {
        "id", "name", "description", "narrative", "validFrom", "validUntil", "awardedDate",
        "activityStartDate", "activityEndDate", "term", "licenseNumber", "identityHash", "salt",
        "humanCode", "version", "value", "achievedLevel", "resultDescription", "statusListIndex",
        "statusListCredential", "created", "verificationMethod", "creditsEarned", "issuer",
        "encodedList",
    }
)  # fmt: skip
_SLOT = re.compile(r"(?:urn:)?slot-(\d+)-")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})


class UndefinedTerm(ValueError):
    """A term that no context defines would be left out of what is signed."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """Give the canonical N-Quads of any document. Raises UndefinedTerm, NotLinkedData."""
    _require_ours(document)
    return _canonical_quads(_quads_of(dict(document)))


def canonical_by_shape(document: Mapping[str, Any]) -> bytes:
    """Give the same for a document that we made ourselves, ten times as fast.

    Raises UndefinedTerm, NotLinkedData.
    """
    values: list[str] = []
    skeleton = json.dumps(_emptied(dict(document), values), ensure_ascii=False)
    if any(map(is_strange, values)):
        raise NotLinkedData("a control character")
    return _canonical_quads(_shape(skeleton).filled(values))


@dataclass(frozen=True)
class _Shape:
    """Quads cut at their slots: text, slot, text, slot, …, text."""

    pieces: tuple[str, ...]

    def filled(self, values: list[str]) -> str:
        parts = list(self.pieces)
        for place in range(1, len(parts), 2):
            parts[place] = values[int(parts[place])]
        return "".join(parts)


@lru_cache(maxsize=64)
def _shape(skeleton: str) -> _Shape:
    empty = json.loads(skeleton)
    _require_ours(empty)
    return _Shape(tuple(_SLOT.split(_quads_of(empty))))


def _emptied(part: Json, values: list[str], term: str = "") -> Json:
    """Copy a document with slots for its values, which are put into the list."""
    match part:
        case dict():
            return {key: _emptied(value, values, key) for key, value in part.items()}
        case list():
            return [_emptied(each, values, term) for each in part]
        case str() if term in _VALUES:
            values.append(part.translate(_ESCAPES))
            return f"{'urn:' if is_iri(part) else ''}slot-{len(values) - 1}-"
        case int() | float() if term in _VALUES:
            values.append(_number(part))
            return f"slot-{len(values) - 1}-"
        case _:
            return part


def _number(value: float) -> str:
    """Spell a number as JSON-LD does: what has a fraction in scientific form, `1.25E1`."""
    if float(value).is_integer():
        return str(int(value))
    digits, exponent = f"{value:.15E}".split("E")
    whole, fraction = digits.split(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}"


def _quads_of(document: Document) -> str:
    # Under a vocabulary of last resort the terms that would be dropped get an address, and show.
    probe = {**document, "@context": [*document["@context"], {"@vocab": _UNDEFINED}]}
    try:
        expanded = _jsonld.expand(probe, {"documentLoader": load})
        found = _UNDEFINED_TERM.search(json.dumps(expanded))
        if found is not None:
            raise UndefinedTerm(found[1])
        _require_addresses(expanded)
        quads: str = _jsonld.to_rdf(
            expanded, {"skipExpansion": True, "format": "application/n-quads"}
        )
    except untyped.JsonLdError as error:
        raise NotLinkedData(str(error)) from error
    return quads


def _require_ours(document: Mapping[str, Any]) -> None:
    """Contexts that we pin, and one way of writing. Raises NotLinkedData."""
    if document.get("@context") not in ([CREDENTIALS], [CREDENTIALS, OPEN_BADGES]):
        raise NotLinkedData("other contexts than ours, or in another order")
    require_plain(dict(document))


def _require_addresses(part: Json) -> None:
    """A link to what is no address would be dropped, unsigned. Raises NotLinkedData."""
    match part:
        case dict() if "@value" not in part:
            for named in (part.get("@id", []), part.get("@type", [])):
                for each in named if isinstance(named, list) else [named]:
                    if not isinstance(each, str) or not is_iri(each):
                        raise NotLinkedData("a link or a type that is no address")
            for value in part.values():
                _require_addresses(value)
        case list():
            for each in part:
                _require_addresses(each)
        case _:
            pass


def _canonical_quads(quads: str) -> bytes:
    try:
        dataset = pyoxigraph.Dataset(pyoxigraph.parse(quads.encode(), format=_QUADS))
    except SyntaxError as error:
        raise NotLinkedData(str(error)) from error
    dataset.canonicalize(_RDFC)
    lines = pyoxigraph.serialize(list(dataset), format=_QUADS)
    assert lines is not None
    return b"".join(sorted(lines.splitlines(keepends=True)))


def load(address: str, _options: object = None) -> dict[str, Any]:
    """Give a pinned context as a document loader of JSON-LD does. Raises NotLinkedData."""
    if address not in _PINNED:
        raise NotLinkedData(f"not one of our contexts: {address[:200]}")
    return {
        "contextUrl": None,
        "documentUrl": address,
        "document": context(address),
        "contentType": "application/ld+json",
    }


@cache
def context(address: str) -> Document:
    """Give the pinned context of an address, whatever stands there today."""
    name, sha256 = _PINNED[address]
    content = (files("certificates") / "contexts" / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise RuntimeError(f"{name} is not the context that was pinned")
    document: Document = json.loads(content)
    return document
