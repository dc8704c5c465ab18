"""A script: another process of the installation, which uses the server until its input closes."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

from ledger.embedded import EmbeddedServer

if __name__ == "__main__":
    with EmbeddedServer(Path(sys.argv[1]), major=int(sys.argv[2])) as endpoint:
        sys.stdout.write(json.dumps(dataclasses.asdict(endpoint)) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
