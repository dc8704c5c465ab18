"""A process of its own that rebuilds read models: `python -m bench.large.rebuilding [NAME …]`."""

from __future__ import annotations

import json
import os
import sys
import time

from api import logs
from api.bootstrap import build
from api.settings import Settings
from bench.machine import memory_of
from projections.rebuild import Rebuild


def main() -> None:
    """Rebuild the named ones, or all; print what it took."""
    logs.configure("warning")
    runtime = build(Settings())
    began = time.perf_counter()
    for projection in runtime.models.projections:
        if not sys.argv[1:] or projection.name in sys.argv[1:]:
            report = Rebuild(runtime.views, projection).run()
            assert not report.differing, report
    memory = memory_of(os.getpid())
    told = {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time(),
        "memory_peak_mb": memory.peak if memory else 0.0,
    }
    runtime.close()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
