"""Importing any module changes nothing: no file, no socket, no process, no thread, no variable."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.source import ROOT


def test_importing_every_module_has_no_effect() -> None:
    command = [sys.executable, "-B", "-m", "tests.architecture.importing_everything"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == ""
    assert done.returncode == 0
