"""A form with a file, read with a limit: what is too large is neither kept nor spooled to disk."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.access.policy import LoginRequired, PrincipalKind
from api.asking import InPrincipal, runtime_of
from api.files.rejection import unreadable
from api.files.table import DEFAULT_LIMITS
from api.seeing import bring_into_sight

MOST: Final = DEFAULT_LIMITS.size + 64 * 1024  # the file and the fields around it
MOST_FIELDS: Final = 10


class TooLarge(Exception):
    """More came than a form may hold. Stays in this file."""


@dataclass(frozen=True, slots=True)
class Received:
    """The words of a form, and its file; `fault` is the code where no file could be had."""

    words: dict[str, str]
    content: bytes
    fault: str | None = None

    def file(self) -> bytes:
        """Raises UnreadableFile."""
        if self.fault is not None:
            raise unreadable(self.fault)
        return self.content


async def limited(request: Request) -> AsyncGenerator[bytes]:
    """The body up to the limit; the rest is heard and thrown away, so that an answer is read."""
    count = 0
    async for chunk in request.stream():
        count += len(chunk)
        if count <= MOST:
            yield chunk
    if count > MOST:
        raise TooLarge


async def received(request: Request, principal: InPrincipal) -> Received:
    """The form of a request; whatever is wrong with it is told like a file that cannot be read.

    Nobody's body is read before they have signed in. Raises LoginRequired.
    """
    if principal is None or principal.kind is PrincipalKind.DEVICE:
        raise LoginRequired
    bring_into_sight(runtime_of(request), principal)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return Received({}, b"", "file_missing")
    parser = MultiPartParser(request.headers, limited(request), max_files=1, max_fields=MOST_FIELDS)
    try:
        form = await parser.parse()
    except TooLarge:
        return Received({}, b"", "file_too_large")
    except MultiPartException:
        return Received({}, b"", "file_missing")
    words = {name: value for name, value in form.items() if isinstance(value, str)}
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return Received(words, b"", "file_missing")
    content = await file.read()
    await file.close()
    return Received(words, content)


InReceived = Annotated[Received, Depends(received)]
