"""What others use of the processors is told apart from what is measured."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psycopg
import pytest

from bench.processors import PROC, Watch, lineage, processes, seconds_of, server_of

SPIN = "import time\nwhile time.process_time() < 0.3: pass"
pytestmark = pytest.mark.skipif(not (PROC / "stat").exists(), reason="there is no /proc")


def own_seconds() -> float:
    [own] = seconds_of({os.getpid()})
    return own


def test_what_our_children_use_is_ours_while_they_run_and_after_they_ended() -> None:
    before = own_seconds()
    with subprocess.Popen([sys.executable, "-c", SPIN]) as child:
        while own_seconds() - before < 0.1:
            assert child.poll() is None
            time.sleep(0.01)
    assert own_seconds() - before >= 0.3


def test_what_a_stranger_uses_is_others() -> None:
    """A process that we started and that left us: it is nobody's child of ours any more."""
    watch, began = Watch(), time.monotonic()
    busy = f"import os, time\nos.fork() and os._exit(0)\n{SPIN}"
    subprocess.run([sys.executable, "-c", busy], check=True, capture_output=True)  # to its end
    others, took = watch.others(), time.monotonic() - began
    assert others is not None
    assert others * took * (os.cpu_count() or 1) >= 0.2


def test_too_short_a_time_cannot_be_judged() -> None:
    assert Watch().others() is None


def test_the_server_is_found_by_its_backend(server: str) -> None:
    with psycopg.connect(server) as connection:
        first = server_of(connection)
        assert first is not None
        found = dict(processes())
        assert first in lineage(connection.info.backend_pid, found)
        assert found[first].name == "postgres"
