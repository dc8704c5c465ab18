"""The one bound on what is sent: so many bytes, and no character that no text may hold.

A file that is brought in has a limit of its own, where it is received.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.whole_bodies import BodyTooLarge, header_of, replayed, whole_body
from domain.refusals import Refused

MOST_BYTES: Final = 1024 * 1024
# Routes that read a file through `api.imports.receiving`, which counts as it reads.
UPLOADS: Final = re.compile(
    r"/api/v1/(schools/[^/]+/imports/[^/]+|sheets/[^/]+/scans)"
    r"|/staff/(imports/[^/]+/[^/]+|sheets/[^/]+/scans)"
)
# A workbook among the fields of a form: bounded like one, but its bytes are no text.
WORKBOOK: Final = "/staff/calendar/import"
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_ESCAPE: Final = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_HALF_IN_BYTES: Final = re.compile(rb"\xed[\xa0-\xbf]")


class TextMalformed(Refused):
    """A NUL, or half of a character: nobody typed that, and no text can keep it."""

    code = "text_malformed"


@dataclass(frozen=True, slots=True)
class BoundedBodies:
    """Middleware: reads what is no file as a whole, and hands it on. `refuse` makes the answer."""

    app: ASGIApp
    refuse: Callable[[Request, Refused], Response]
    most_bytes: int = MOST_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            receive = await self._checked(scope, receive)
        except Refused as refused:
            await self.refuse(Request(scope), refused)(scope, receive, send)
            return
        except ClientDisconnect:
            return
        await self.app(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        """Raises BodyTooLarge, TextMalformed."""
        path: str = scope["path"]
        if "\x00" in path or b"%00" in scope["query_string"]:
            raise TextMalformed
        if scope["method"] not in _WITH_BODY or UPLOADS.fullmatch(path):
            return receive
        told = header_of(scope, b"content-length") or ""
        if told.isdecimal() and int(told) > self.most_bytes:
            raise BodyTooLarge(most=self.most_bytes)
        body = await whole_body(receive, self.most_bytes)
        if path != WORKBOOK and is_no_text(body, header_of(scope, b"content-type") or ""):
            raise TextMalformed
        return replayed(body, receive)


def is_no_text(body: bytes, kind: str) -> bool:
    """Whether a body holds a NUL or half of a character, as its kind would write one."""
    kind = kind.strip().lower()
    if kind.startswith("application/x-www-form-urlencoded"):
        return b"%00" in body or b"\x00" in body
    if b"\x00" in body:  # of JSON also: in UTF-16 or UTF-32, where escapes would pass unseen
        return True
    if kind.startswith("multipart/"):
        return False
    return _HALF_IN_BYTES.search(body) is not None or _is_escaped(body)


def _is_escaped(body: bytes) -> bool:
    """Of JSON: what stands there as an escape. `json` takes both, and the ledger would keep it."""
    if b"\\u" not in body:
        return False
    half_ends: int | None = None
    for found in _ESCAPE.finditer(body):
        value = int(found[1], 16) if found[1] else 1
        is_second = 0xDC00 <= value < 0xE000  # noqa: PLR2004 - the second halves of UTF-16
        waits = half_ends is not None
        if value == 0 or is_second is not waits or (waits and half_ends != found.start()):
            return True
        half_ends = found.end() if 0xD800 <= value < 0xDC00 else None  # noqa: PLR2004 - the first halves
    return half_ends is not None
