"""wrk, told to send each prepared request once and to stop after the last answer.

It corrects its percentiles for answers that held a connection up (coordinated omission): they are
on the careful side.
"""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

SCRIPT = Path(__file__).with_name("send_once.lua")
LONGEST = 120  # seconds: it stops long before, when it has all answers
ALL_IN, FIGURES, WRONG = "all in: ", "figures: ", "wrong: "


@dataclass(frozen=True)
class Answers:
    """Every request was answered 201: in how many seconds, and what the generator used."""

    seconds: float
    p50_ms: float
    p99_ms: float
    generator_seconds: float


def program() -> str | None:
    return shutil.which("wrk")


def send(
    program: str, host: str, port: int, requests: Sequence[bytes], connections: int
) -> Answers:
    """One thread, so that it takes no more than one core. Raises on any answer but 201."""
    with TemporaryDirectory(prefix="parent-credits-bench-") as folder:
        file = Path(folder) / "requests"
        file.write_bytes(b"\0".join(requests))
        command = [
            program, "--threads", "1", "--connections", f"{connections}",
            "--duration", f"{LONGEST}s", "--timeout", f"{LONGEST}s", "--script", f"{SCRIPT}",
            f"http://{host}:{port}/", "--", f"{file}",
        ]  # fmt: skip
        before = used_by_children()
        said = told(command)
        used = used_by_children() - before
    if WRONG in said or ALL_IN not in said:
        raise AssertionError(said)
    p50, p99 = (float(microseconds) / 1000 for microseconds in said[FIGURES].split())
    return Answers(float(said[ALL_IN]), p50, p99, used)


def told(command: Sequence[str]) -> dict[str, str]:
    """What the script says, by its first words. wrk sleeps out its time unless it is woken."""
    said: dict[str, str] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            for word in (ALL_IN, FIGURES, WRONG):
                if line.startswith(word):
                    said[word] = line.removeprefix(word)
                    if word != FIGURES:
                        running.send_signal(signal.SIGINT)
    return said


def used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
