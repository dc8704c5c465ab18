"""Coverage-guided fuzzing of the readers: `make fuzz`, for as many seconds each as are asked for.

What it finds goes to var/fuzz, under the name of the target; the corpus stays there too.
"""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["certificates"]):
    from tests.fuzzing.targets import TARGETS

FOUND = Path("var/fuzz")


def fuzz(name: str, seconds: str) -> None:
    """Never returns: libFuzzer ends the process."""
    target = TARGETS[name]
    corpus = FOUND / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (corpus / sha256(seed).hexdigest()).write_bytes(seed)
    limits = ["-timeout=20", "-rss_limit_mb=4096", "-max_len=40000"]
    options = [f"-max_total_time={seconds}", f"-artifact_prefix={FOUND}/{name}-", *limits]
    atheris.Setup([sys.argv[0], str(corpus), *options], target.holds)
    atheris.Fuzz()


def main() -> int:
    """Each target in a process of its own; 1 where one fell over."""
    seconds, *names = sys.argv[1:]
    if len(names) == 1:
        fuzz(names[0], seconds)
    failed = [name for name in names or TARGETS if not stands(name, seconds)]
    sys.stdout.write(f"Fell over: {', '.join(failed) or 'none'}\n")
    return 1 if failed else 0


def stands(name: str, seconds: str) -> bool:
    sys.stdout.write(f"--- {name}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "tests.fuzzing", seconds, name]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
