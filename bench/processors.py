"""Who used the processors, what is measured or others: read from /proc, where there is one."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg

PROC = Path("/proc")
SHORTEST = 0.2  # seconds: the kernel counts in hundredths, less than this cannot be judged
_servers: set[int] = set()


class Used(NamedTuple):
    """A process: whose child it is, and its seconds of a processor, ended children included."""

    parent: int
    name: str
    seconds: float


def count_in(pid: int) -> None:
    """A server that is no child of ours is part of what is measured."""
    _servers.add(pid)


def seconds_of(*families: Collection[int]) -> list[float]:
    """What some processes, and all that descend from them, used so far: of each family the sum."""
    found = dict(processes())
    lines = {pid: lineage(pid, found) for pid in found}
    return [
        sum(used.seconds for pid, used in found.items() if not lines[pid].isdisjoint(family))
        for family in families
    ]


def lineage(pid: int, found: dict[int, Used]) -> set[int]:
    line: set[int] = set()
    while pid in found:
        line.add(pid)
        pid = found[pid].parent
    return line


def processes() -> Iterator[tuple[int, Used]]:
    for folder in PROC.glob("[0-9]*"):
        if used := process(int(folder.name)):
            yield int(folder.name), used


def process(pid: int) -> Used | None:
    """One process, unless it has ended and nobody asks for it any more."""
    try:
        text = (PROC / f"{pid}" / "stat").read_text()
    except OSError:
        return None
    head, _, tail = text.rpartition(")")
    fields = tail.split()
    ticks = sum(map(int, fields[11:15]))
    return Used(int(fields[1]), head.partition("(")[2], ticks / os.sysconf("SC_CLK_TCK"))


def server_of(connection: psycopg.Connection) -> int | None:
    """The first process of a server on this machine; None for one elsewhere."""
    backend = process(connection.info.backend_pid)
    return backend.parent if backend and backend.name == "postgres" else None


def busy_seconds() -> float:
    """What everybody used of all processors, and what the machine below took away."""
    first = (PROC / "stat").read_text().split("\n", 1)[0].split()
    user, nice, system, steal = (int(first[place]) for place in (1, 2, 3, 8))
    return (user + nice + system + steal) / os.sysconf("SC_CLK_TCK")


class Watch:
    """Looks, from now on, what share of all processors others use while we measure."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._foreign = foreign_seconds()

    def others(self) -> float | None:
        """Between 0 and 1; None after too short a time, or where nobody counts."""
        took = time.monotonic() - self._began
        if self._foreign is None or took < SHORTEST:
            return None
        used = (foreign_seconds() or 0.0) - self._foreign
        return max(0.0, used / took / (os.cpu_count() or 1))


def foreign_seconds() -> float | None:
    if not (PROC / "stat").exists():
        return None
    [own] = seconds_of({os.getpid(), *_servers})
    return busy_seconds() - own
