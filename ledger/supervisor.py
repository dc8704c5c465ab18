"""The process that owns an embedded server: keeps it alive while it has users, then stops it.

It is started by the first user (see `ledger.embedded`), belongs to none, and needs nothing but the
standard library, so that it stays small.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from types import FrameType

from ledger.embedded_cluster import PORT, Cluster, socket_folder
from ledger.embedded_home import erase, take
from ledger.embedded_order import Order

WHILE_STARTING, WHILE_SERVING = 0.02, 0.1
MOST_FAILURES = 8


class Supervisor:
    def __init__(self, order: Order) -> None:
        self._order = order
        self._home = order.home
        self._users = order.home.open_lock("users.lock")
        self._cluster = Cluster(order, socket_folder(order))
        self._announced = False
        self._asked = False
        self._alone_since: float | None = None

    def run(self) -> None:
        """Serve until nobody is left or somebody asks; raise when PostgreSQL cannot be kept up."""
        signal.signal(signal.SIGTERM, self._be_asked)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._cluster.make()
        failures = 0
        while failures <= MOST_FAILURES:
            postmaster = self._cluster.launch()
            was_ready = self._watch(postmaster)
            if was_ready is None:
                return
            failures = 1 if was_ready else failures + 1
            self._say(f"the postmaster ended with {postmaster.returncode}")
            if not self._announced and postmaster.returncode > 0:
                break  # a setting, a right, a disk: it says so itself, and will say it again
            time.sleep(0.3 * failures)  # it was killed: crash recovery does the rest
        sys.exit("the server cannot be kept up")

    def _watch(self, postmaster: subprocess.Popen[bytes]) -> bool | None:
        """Return whether the postmaster was ready before it ended, or None when we stopped it."""
        ready = False
        while postmaster.poll() is None:
            if not ready and self._cluster.answers():
                ready = True
                self._announce()
            if self._unwanted():
                self._stop(postmaster)
                return None
            time.sleep(WHILE_SERVING if ready else WHILE_STARTING)
        return ready

    def _announce(self) -> None:
        words = {
            "host": str(self._cluster.sockets),
            "port": str(PORT),
            "major": str(self._order.major),
            "run": self._order.run,
        }
        self._home.write("endpoint.json", json.dumps(words))
        self._announced = True

    def _unwanted(self) -> bool:
        if self._asked or self._home.read("stop") == self._order.run:
            return True
        if not take(self._users, fcntl.LOCK_EX):
            self._alone_since = None
            return False
        now = time.monotonic()
        self._alone_since = self._alone_since or now
        if now - self._alone_since >= self._order.linger:
            return True  # with the lock held: a new user waits until we are gone
        fcntl.flock(self._users, fcntl.LOCK_UN)
        return False

    def _stop(self, postmaster: subprocess.Popen[bytes]) -> None:
        self._home.drop("endpoint.json")
        postmaster.send_signal(signal.SIGINT)
        postmaster.wait()
        shutil.rmtree(self._cluster.sockets, ignore_errors=True)
        self._home.drop("socket-folder")
        if self._order.temporary and take(self._users, fcntl.LOCK_EX):
            erase(self._order.state)

    def _be_asked(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True

    def _say(self, text: str) -> None:
        sys.stderr.write(f"supervisor: {text}\n")
        sys.stderr.flush()


def main() -> None:
    order = Order.of(sys.argv[1:])
    os.umask(0o077)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # whatever the launching thread had blocked
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # The launching user waits for this first process only: nobody's child, the server outlives it.
    if os.fork() == 0:
        Supervisor(order).run()
