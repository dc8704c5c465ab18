"""A script: becomes an account, ties its life to its parent's, turns into a program.

A function between fork and exec would do the same, but Python warns of it where threads run.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def turn_into(parent: int, uid: int, gid: int, program: list[str]) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After setuid, which would clear it. SIGINT is PostgreSQL's fast shutdown.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:  # it died before we asked to be told
        sys.exit(1)
    os.execv(program[0], program)  # noqa: S606 - that is the point


if __name__ == "__main__":
    turn_into(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
