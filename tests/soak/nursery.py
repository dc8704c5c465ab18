"""A process that has the program loaded and forks it on request: a restart costs no import.

Reads lines of JSON: words, environment, log; answers each with the new process's id.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import api.serving  # noqa: F401 - loaded here, once
from api.cli import main


def born(wanted: dict[str, Any]) -> int:
    """The id of the new process; in that process the program runs, and never comes back."""
    pid = os.fork()
    if pid:
        return pid
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, end in enumerate((nothing, log, log)):
        os.dup2(end, number)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    sys.argv = ["parent-credits", *wanted["words"]]
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = int(bool(ended.code))
    except BaseException:  # noqa: BLE001 - as the interpreter would
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is killed is gone at once
    for line in sys.stdin:
        sys.stdout.write(f"{born(json.loads(line))}\n")
        sys.stdout.flush()
