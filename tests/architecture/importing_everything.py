"""Run by a test in a process of its own: import every module and print what it did to the world."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
DEEDS = {
    "os.chmod", "os.fork", "os.kill", "os.mkdir", "os.putenv", "os.remove", "os.rename",
    "os.rmdir", "os.symlink", "os.system", "os.unsetenv", "shutil.copyfile", "signal.pthread_kill",
    "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.sendto", "sqlite3.connect",
    "subprocess.Popen", "tempfile.mkdtemp", "tempfile.mkstemp",
}  # fmt: skip


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    is_writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES
    if event in DEEDS or is_writing:
        sys.stdout.write(f"did {event} {arguments[:1]}\n")


def main() -> None:
    import urllib3.util.connection  # noqa: F401, PLC0415 - PyLD's: it tries at once whether IPv6 is there

    from tools.inventory import import_all  # noqa: PLC0415 - before the watch begins

    sys.addaudithook(watch)
    import_all()
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            sys.stdout.write(f"did start the thread {thread.name}\n")


if __name__ == "__main__":
    main()
