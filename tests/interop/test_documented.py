"""The script of docs/audit.md, as it stands there, tells an honest export from a touched one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.interop.conftest import Evening


def script() -> str:
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    [found] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return str(found)


@pytest.mark.parametrize(
    ("touch", "says"),
    [
        (lambda leaves: leaves, "as it was, up to 21"),
        (lambda leaves: leaves.replace(b"-", b"+", 1), "changed"),
        (lambda leaves: leaves[:1000] + b"\n\n", "rolled back"),
    ],
)
def test_the_script_of_the_page_runs(
    evening: Evening, tmp_path: Path, touch: object, says: str
) -> None:
    assert callable(touch)
    (tmp_path / "keys").write_text(f"{evening.key}\n")
    (tmp_path / "leaves.txt").write_bytes(touch(evening.leaves(evening.after.size)))
    (tmp_path / "kept").write_text(str(evening.before.whole))
    program = [sys.executable, "-c", script(), str(tmp_path), str(tmp_path / "kept")]
    told = subprocess.run(program, capture_output=True, text=True, check=False)
    assert says in told.stdout + told.stderr
    assert (told.returncode == 0) is says.startswith("as it was")
