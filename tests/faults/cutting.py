"""A wire between a client and PostgreSQL that is cut at a chosen message, to the moment."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum

from psycopg.conninfo import conninfo_to_dict, make_conninfo

CHUNK = 1 << 16


class Cut(Enum):
    """Where the wire breaks: the server never hears the request, or nobody hears its answer."""

    REQUEST = "request"
    ANSWER = "answer"


@dataclass
class Order:
    """Cut the next `times` messages of a client that hold `marker`."""

    marker: bytes
    where: Cut
    times: int


@dataclass
class Wire:
    """One client's connection. `answer_is_lost` once the order's message has gone through."""

    client: socket.socket
    server: socket.socket
    answer_is_lost: bool = False
    is_silent: bool = False
    threads: list[threading.Thread] = field(default_factory=list)

    def end(self) -> None:
        """An end has closed: the other hears of it, but for one behind a silent wire."""
        if not self.is_silent:
            self.cut()

    def cut(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.cut()
        for thread in self.threads:
            thread.join()
        for end in (self.client, self.server):
            end.close()


@dataclass
class CuttingProxy:
    upstream: dict[str, str]
    cuts: int = 0
    _is_silent: bool = False
    _order: Order | None = None
    _wires: list[Wire] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def conninfo(self) -> str:
        port = self._listener.getsockname()[1]
        here = {"host": "127.0.0.1", "port": str(port), "sslmode": "disable"}
        return make_conninfo(**self.upstream | here)

    def cut_next(self, marker: bytes, where: Cut, times: int = 1) -> None:
        with self._lock:
            self._order = Order(marker, where, times)

    def cut_all(self) -> None:
        """Break every connection there is now."""
        with self._lock:
            self._is_silent = False
            wires = list(self._wires)
        for wire in wires:
            wire.cut()

    def fall_silent(self) -> None:
        """Let nothing through any more and close nothing, until all is cut.

        The ends still see their packets acknowledged, by us: harder than a network that is gone.
        """
        with self._lock:
            self._is_silent = True
            for wire in self._wires:
                wire.is_silent = True

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for wire in self._wires:
            wire.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            wire = Wire(client, connect(self.upstream))
            wire.threads = [
                threading.Thread(target=run, args=(wire,), daemon=True)
                for run in (self._requests, self._answers)
            ]
            with self._lock:
                wire.is_silent = self._is_silent
                self._wires.append(wire)
            for thread in wire.threads:
                thread.start()

    def _requests(self, wire: Wire) -> None:
        with suppress(OSError):
            while data := wire.client.recv(CHUNK):
                where = self._ordered(data)
                if where is Cut.REQUEST:
                    break
                wire.answer_is_lost = where is Cut.ANSWER
                if not wire.is_silent:
                    wire.server.sendall(data)
        wire.end()

    def _answers(self, wire: Wire) -> None:
        with suppress(OSError):
            while (data := wire.server.recv(CHUNK)) and not wire.answer_is_lost:
                if not wire.is_silent:
                    wire.client.sendall(data)
        wire.end()

    def _ordered(self, data: bytes) -> Cut | None:
        with self._lock:
            order = self._order
            if order is None or not order.times or order.marker not in data:
                return None
            order.times -= 1
            self.cuts += 1
            return order.where


def connect(upstream: dict[str, str]) -> socket.socket:
    host, port = upstream["host"], upstream.get("port", "5432")
    if not host.startswith("/"):
        return socket.create_connection((host, int(port)))
    end = socket.socket(socket.AF_UNIX)
    end.connect(f"{host}/.s.PGSQL.{port}")
    return end


@contextmanager
def cutting(conninfo: str) -> Iterator[CuttingProxy]:
    proxy = CuttingProxy({key: str(value) for key, value in conninfo_to_dict(conninfo).items()})
    try:
        yield proxy
    finally:
        proxy.close()
