"""Load over HTTP: every prepared request sent once, by wrk where it is installed, else by us."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import uvloop

from bench import wrk
from bench.wrk import Answers

LONGEST = 120.0


def generator() -> str:
    """By what the requests are sent."""
    return "wrk" if wrk.program() else "bench/load.py"


def send(host: str, port: int, requests: Sequence[bytes], connections: int) -> Answers:
    """Send every request once; raise with the first answer that is not 201."""
    if program := wrk.program():
        return wrk.send(program, host, port, requests, connections)
    own, began = time.process_time(), time.perf_counter()
    tally = uvloop.run(call(host, port, requests, connections))
    took = time.perf_counter() - began
    ranked = sorted(tally.seconds)
    p50, p99 = (ranked[len(ranked) * percent // 100] * 1000 for percent in (50, 99))
    return Answers(took, p50, p99, time.process_time() - own)


@dataclass
class Tally:
    """What came back: seconds of each answer, and the answers that were not wanted."""

    wanted: bytes
    seconds: list[float] = field(default_factory=list[float])
    wrong: list[bytes] = field(default_factory=list[bytes])


class Caller(asyncio.Protocol):
    """One connection. The next request goes out when the answer to the last one is complete."""

    def __init__(self, requests: Iterator[bytes], tally: Tally, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._tally = tally
        self._done = done
        self._answer = b""
        self._began = 0.0
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is no subclass
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if is_complete(self._answer):
            self._tally.seconds.append(time.perf_counter() - self._began)
            if self._tally.wanted not in self._answer[:16]:
                self._tally.wrong.append(self._answer)
            self._answer = b""
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionResetError("closed by the server"))

    def _ask(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None)
        if request is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


def is_complete(answer: bytes) -> bool:
    """Whether an answer with a Content-Length is there to its last byte."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    _, _, length = head.lower().partition(b"\r\ncontent-length: ")
    return len(body) >= int(length.partition(b"\r\n")[0])


async def call(
    host: str, port: int, requests: Sequence[bytes], connections: int, wanted: int = 201
) -> Tally:
    """Send every request once; raise with the first answer that had another status."""
    loop = asyncio.get_running_loop()
    shared, tally = iter(requests), Tally(b" %d " % wanted)
    ends = [loop.create_future() for _ in range(connections)]
    for end in ends:
        await loop.create_connection(
            lambda end=end: Caller(shared, tally, end),  # type: ignore[misc]
            host,
            port,
        )
    async with asyncio.timeout(LONGEST):
        await asyncio.gather(*ends)
    if tally.wrong:
        raise AssertionError(tally.wrong[0].decode())
    return tally
