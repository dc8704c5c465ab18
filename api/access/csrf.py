"""A write that a foreign page set off is refused: by Sec-Fetch-Site, else by Origin."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from starlette.types import Scope

from api.whole_bodies import header_of
from domain.refusals import Refused

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_TELLING: Final = frozenset({b"sec-fetch-site", b"origin", b"cookie"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class CrossSite(Refused):
    code = "cross_site"


class SameSite:
    """The guard of the whole application, asked with the scope of every request.

    Pages need a Referrer-Policy other than no-referrer: under that, browsers send `Origin: null`
    even to their own site.
    """

    def __init__(self, public_url: str) -> None:
        self._public = _origin(public_url)

    def __call__(self, scope: Scope) -> None:
        """Raises CrossSite on unsafe methods."""
        if scope["method"] not in SAFE_METHODS and not _is_ours(scope, self._public):
            raise CrossSite


def _is_ours(scope: Scope, public: str | None) -> bool:
    told = [each for each in scope["headers"] if each[0] in _TELLING]
    fetch_sites = [value for name, value in told if name == b"sec-fetch-site"]
    origins = [value for name, value in told if name == b"origin"]
    if len(fetch_sites) > 1 or len(origins) > 1:
        return False
    if fetch_sites:  # a page's script cannot forge this one
        return fetch_sites[0] in {b"same-origin", b"none"}
    if origins:
        origin = _origin(origins[0].decode("latin-1"))
        return origin is not None and (origin == public or origin == _origin(_asked(scope)))
    # No browser of today is silent on both; a program that brings no cookie acts for nobody else.
    return not told


def _asked(scope: Scope) -> str:
    """Give the address as the browser knows it when it came directly, without a proxy."""
    return f"{scope['scheme']}://{header_of(scope, b'host') or ''}"


@lru_cache(maxsize=64)
def _origin(url: str) -> str | None:
    """Give scheme, host and port in one spelling, or None where that is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname else None
