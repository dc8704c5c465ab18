"""How long the web process waits for a request, and how much of a head it reads.

A proxy in front does the same and more; without one, a few machines that never finish a
request would hold every connection, and a head without an end all the memory.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.gathered import Gathered

MOST_HEAD_BYTES: Final = 64 * 1024
MOST_HEADERS: Final = 100
TOO_SLOW: Final = b"408 Request Timeout"
TOO_LARGE: Final = b"431 Request Header Fields Too Large"


class PatientProtocol(HttpToolsProtocol):
    """The server's own, with an end to its patience; a request that is answered is never cut."""

    head_seconds: ClassVar[float] = 20.0  # from the first byte, and from the connection
    body_silence_seconds: ClassVar[float] = 30.0

    _has_begun = False  # a cycle is there
    _is_head = True
    _head_bytes = 0
    _bytes_since_body = 0  # of a chunked request: what is neither its head nor its body
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the library's
        self._gathered = Gathered(transport, self.loop)
        super().connection_made(cast("asyncio.Transport", self._gathered))
        self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Whoever has said all may still listen: what is answered goes out before the end."""
        self._gathered.flush()

    def data_received(self, data: bytes) -> None:
        if self._is_head:
            self._head_bytes += len(data)
        else:
            self._bytes_since_body += len(data)
        super().data_received(data)
        if max(self._head_bytes, self._bytes_since_body) > MOST_HEAD_BYTES:
            self._refuse(TOO_LARGE)
        elif not self.transport.is_closing():
            self._wait_for_the_rest()

    def on_header(self, name: bytes, value: bytes) -> None:
        """What follows a body is no header: the head was judged by then."""
        if self._is_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if len(self.headers) > MOST_HEADERS or size > MOST_HEAD_BYTES:
            self._refuse(TOO_LARGE)
            return
        self._is_head, self._head_bytes, self._bytes_since_body = False, 0, 0
        super().on_headers_complete()
        self._has_begun = True

    def on_body(self, body: bytes) -> None:
        self._bytes_since_body = 0
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        if self.transport.is_closing():
            return
        self._is_head, self._bytes_since_body = True, 0
        self._wait_no_more()
        super().on_message_complete()

    def _wait_for_the_rest(self) -> None:
        """Of a request that came whole nothing is waited for: most do."""
        if not self._is_head:
            self._wait(self.body_silence_seconds)
        elif self._head_bytes and self._deadline is None:
            self._wait(self.head_seconds)

    def _wait(self, seconds: float) -> None:
        self._wait_no_more()
        self._deadline = self.loop.call_later(seconds, self._refuse, TOO_SLOW)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, status: bytes) -> None:
        """Say so where nothing was said yet, and hang up: whoever reads the body hears of it."""
        self._wait_no_more()
        if self.transport.is_closing():
            return
        if not self._is_head and self.flow.read_paused:  # it is we who do not read on
            self._wait(self.body_silence_seconds)
            return
        if not self._has_begun or not self.cycle.response_started or self.cycle.response_complete:
            self.transport.write(
                b"HTTP/1.1 %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % status
            )
        self.transport.close()
