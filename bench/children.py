"""Processes of the program as children of a benchmark: started, waited for, ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[1]
READY_WITHIN = 60.0
BETWEEN_LOOKS = 0.05
END_WITHIN = 20.0


@contextmanager
def child(
    command: Sequence[str], environment: Mapping[str, str]
) -> Generator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=dict(environment), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def program(*arguments: str) -> list[str]:
    """The console script beside this interpreter."""
    return [str(Path(sys.executable).with_name("parent-credits")), *arguments]


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    """Until /livez answers. Raises when the process ends instead."""
    deadline = time.monotonic() + READY_WITHIN
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the web process does not answer: {process.returncode}")
        time.sleep(BETWEEN_LOOKS)


def answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
