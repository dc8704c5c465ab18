"""A write that a foreign page set off is refused: by Sec-Fetch-Site, else by Origin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from domain.refusals import Refused

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_TELLING: Final = frozenset({b"sec-fetch-site", b"origin", b"cookie"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class CrossSite(Refused):
    code = "cross_site"


def same_site_guard(
    public_url_of: Callable[[Request], str],
) -> Callable[[Request], Awaitable[None]]:
    """Make the dependency of the whole application. Refuses CrossSite on unsafe methods.

    Pages need a Referrer-Policy other than no-referrer: under that, browsers send `Origin: null`
    even to their own site.
    """

    async def refuse_cross_site(request: Request) -> None:
        if request.method not in SAFE_METHODS and not _is_ours(
            request, _origin(public_url_of(request))
        ):
            raise CrossSite

    return refuse_cross_site


def _is_ours(request: Request, public: str | None) -> bool:
    told = [each for each in request.scope["headers"] if each[0] in _TELLING]
    fetch_sites = [value for name, value in told if name == b"sec-fetch-site"]
    origins = [value for name, value in told if name == b"origin"]
    if len(fetch_sites) > 1 or len(origins) > 1:
        return False
    if fetch_sites:  # a page's script cannot forge this one
        return fetch_sites[0] in {b"same-origin", b"none"}
    if origins:
        origin = _origin(origins[0].decode("latin-1"))
        return origin is not None and (origin == public or origin == _origin(_asked(request)))
    # No browser of today is silent on both; a program that brings no cookie acts for nobody else.
    return not told


def _asked(request: Request) -> str:
    """Give the address as the browser knows it when it came directly, without a proxy."""
    return f"{request.scope['scheme']}://{request.headers.get('host', '')}"


@lru_cache(maxsize=64)
def _origin(url: str) -> str | None:
    """Give scheme, host and port in one spelling, or None where that is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname else None
