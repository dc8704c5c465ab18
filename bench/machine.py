"""What the figures were measured on: without it no figure means anything."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, LiteralString

import psycopg

from bench.measuring import timed
from bench.processors import PROC, server_of

ROOT = Path(__file__).parents[1]
FLUSHES = 30


@dataclass(frozen=True)
class Machine:
    measured_at: str
    cpu: str
    cores: int
    load_average: str
    program: str
    python: str
    postgresql: str
    eventsourcing: str
    psycopg: str
    uvicorn: str
    fsync: str
    synchronous_commit: str
    shared_buffers: str
    data_on: str
    flush_ms: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def look(server: str) -> Machine:
    """Look at the machine and at the server that is measured; the load is that of the beginning."""
    with psycopg.connect(server, autocommit=True) as connection:
        names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        version, fsync, commit, buffers = (shown(connection, name) for name in names)
        data_on, flush = filesystem(server_of(connection)), flush_ms(connection)
    return Machine(
        measured_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        cpu=cpu_model(),
        cores=len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 0,
        load_average=load_average(),
        program=program(),
        python=platform.python_version(),
        postgresql=version,
        eventsourcing=importlib.metadata.version("eventsourcing"),
        psycopg=importlib.metadata.version("psycopg"),
        uvicorn=importlib.metadata.version("uvicorn"),
        fsync=fsync,
        synchronous_commit=commit,
        shared_buffers=buffers,
        data_on=data_on,
        flush_ms=flush,
    )


def flush_ms(connection: psycopg.Connection) -> float:
    """How long a commit takes that writes next to nothing, less a query that writes nothing."""
    pairs = [
        [timed(1, partial(connection.execute, one)).seconds for one in (_FLUSH, _NOTHING)]
        for _ in range(FLUSHES)
    ]
    return longer_ms(pairs)


def longer_ms(pairs: Sequence[Sequence[float]]) -> float:
    """By how much the first of two took longer, in the middle; 0 where the noise was more."""
    return max(0.0, round(median(first - second for first, second in pairs) * 1000, 3))


_FLUSH: LiteralString = "SELECT pg_logical_emit_message(true, 'bench', 'flushed')"
_NOTHING: LiteralString = "SELECT 1"


def filesystem(pid: int | None) -> str:
    """What kind a server's data lie on: on tmpfs a flush costs nothing, and a figure says little.

    A server stands in the folder of its data; that of another machine or account is unknown.
    """
    try:
        folder = (PROC / f"{pid}" / "cwd").readlink()
        mounts = (PROC / "mounts").read_text()
    except OSError:
        return "unknown"
    found = (line.split()[1:3] for line in mounts.splitlines())
    above = [(place, kind) for place, kind in found if folder.is_relative_to(place)]
    return max(above, key=lambda each: len(each[0]), default=("", "unknown"))[1]


def shown(connection: psycopg.Connection, setting: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
    assert row is not None
    return str(row[0])


def program() -> str:
    """Our version, and the commit where this is a checkout; + when files differ from it."""
    version = importlib.metadata.version("parent-credits")
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return version
    return f"{version} {told.stdout.strip()}"


def cpu_model() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())


def load_average() -> str:
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


@dataclass(frozen=True)
class Memory:
    """What of a process is in memory, now and at its highest, in megabytes."""

    resident: float
    peak: float


def memory_of(pid: int) -> Memory | None:
    """As the kernel counts it; None where there is no /proc, and of a process that is ending."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    fields = (line.partition(":") for line in status.read_text().splitlines())
    kilobytes = {name: int(text.split()[0]) for name, _, text in fields if name in _MEMORY}
    if not kilobytes:
        return None
    resident, peak = (kilobytes[name] / 1024 for name in _MEMORY)
    return Memory(resident, peak)


_MEMORY = ("VmRSS", "VmHWM")
