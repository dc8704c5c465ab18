"""What of a process is in memory, as a soak samples it."""

from __future__ import annotations

import os
import subprocess
import sys

from bench.machine import memory_of


def test_a_process_that_is_ending_has_no_memory_any_more() -> None:
    """A soak that stopped sampling at such a one started nobody again."""
    own = memory_of(os.getpid())
    assert own is not None
    assert 0 < own.resident <= own.peak
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it ended; nobody took note
    assert memory_of(child.pid) is None
    child.wait()
    assert memory_of(child.pid) is None
