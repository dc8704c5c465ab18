"""What the figures were measured on: without it no figure means anything."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg


@dataclass(frozen=True)
class Machine:
    measured_at: str
    cpu: str
    cores: int
    load_average: str
    python: str
    postgresql: str
    fsync: str
    synchronous_commit: str
    shared_buffers: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def look(server: str) -> Machine:
    """Look at the machine and at the server that is measured; the load is that of the beginning."""
    with psycopg.connect(server) as connection:
        names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        version, fsync, commit, buffers = (shown(connection, name) for name in names)
    return Machine(
        measured_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        cpu=cpu_model(),
        cores=len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 0,
        load_average=load_average(),
        python=platform.python_version(),
        postgresql=version,
        fsync=fsync,
        synchronous_commit=commit,
        shared_buffers=buffers,
    )


def shown(connection: psycopg.Connection, setting: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
    assert row is not None
    return str(row[0])


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
    """As the kernel counts it; None where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    fields = (line.partition(":") for line in status.read_text().splitlines())
    kilobytes = {name: int(text.split()[0]) for name, _, text in fields if name in _MEMORY}
    resident, peak = (kilobytes[name] / 1024 for name in _MEMORY)
    return Memory(resident, peak)


_MEMORY = ("VmRSS", "VmHWM")


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processors so far; 0 where there is no /proc."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
