"""What is written in one turn of the event loop goes out as one write."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import cast

import uvicorn
import uvloop
from starlette.responses import PlainTextResponse
from uvicorn.server import ServerState

from api.gathered import MOST_HELD, Gathered
from api.patience import PatientProtocol


class Wire(asyncio.Transport):
    """Keeps what was sent, write by write, and whether it was closed."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def on_a_wire(act: Callable[[Gathered, Wire], Awaitable[None]]) -> Wire:
    async def run() -> Wire:
        wire = Wire()
        await act(Gathered(wire, asyncio.get_running_loop()), wire)
        await asyncio.sleep(0)
        return wire

    return asyncio.run(run())


def test_head_and_body_are_one_write_and_the_next_answer_another() -> None:
    async def answer_twice(gathered: Gathered, wire: Wire) -> None:
        for number in (b"1", b"2"):
            gathered.write(b"head ")
            gathered.write(b"body " + number)
            assert len(wire.sent) < int(number)
            await asyncio.sleep(0)

    assert on_a_wire(answer_twice).sent == [b"head body 1", b"head body 2"]


def test_what_is_much_goes_out_at_once_so_that_the_writer_hears_of_a_slow_reader() -> None:
    async def stream(gathered: Gathered, wire: Wire) -> None:
        for _ in range(3):
            gathered.write(b"x" * MOST_HELD)
            gathered.write(b"y")
        assert wire.sent == [b"x" * MOST_HELD + b"y"] * 3

    assert len(on_a_wire(stream).sent) == 3


def test_what_was_written_before_the_close_is_sent_and_nothing_after_it() -> None:
    async def close(gathered: Gathered, wire: Wire) -> None:
        gathered.write(b"last words")
        gathered.close()
        assert gathered.is_closing()
        assert wire.sent == [b"last words"]
        gathered.write(b"too late")

    assert on_a_wire(close).sent == [b"last words"]


def test_a_transport_that_the_other_side_closed_is_not_written_to() -> None:
    async def vanish(gathered: Gathered, wire: Wire) -> None:
        gathered.write(b"to nobody")
        wire.closed = True

    assert on_a_wire(vanish).sent == []


def test_it_is_the_transport_in_everything_else() -> None:
    async def look(gathered: Gathered, _: Wire) -> None:
        as_transport = cast("asyncio.Transport", gathered)
        assert as_transport.get_extra_info("peername") == ("127.0.0.1", 1)

    on_a_wire(look)


def test_who_has_said_all_and_listens_is_answered() -> None:
    """The end of what they say is read in the turn in which they are answered."""

    async def answer(call: Callable[[], asyncio.Protocol]) -> bytes:
        loop = asyncio.get_running_loop()
        theirs, ours = socket.socketpair()
        with theirs:
            theirs.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            theirs.shutdown(socket.SHUT_WR)
            theirs.setblocking(False)
            await loop.connect_accepted_socket(call, ours)
            return await loop.sock_recv(theirs, 1 << 16)

    config = uvicorn.Config(PlainTextResponse("here"), lifespan="off", log_level="error")
    config.load()
    heard = uvloop.run(answer(lambda: PatientProtocol(config, ServerState(), {})))
    assert heard.startswith(b"HTTP/1.1 200")
    assert heard.endswith(b"here")
