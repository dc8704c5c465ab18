"""A worker whose own server is gone for good: it makes no other one, and ends when it is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.embedded import EmbeddedServer
from tests.faults.processes import CONSOLE
from tests.journeys.site import until

SOON = 15.0


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """An installation with its own server, set up."""
    folder = tmp_path / "var"
    subprocess.run([CONSOLE, "setup"], env=environment(folder), check=True, capture_output=True)
    yield folder
    EmbeddedServer(folder).erase()


def environment(var: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PARENT_CREDITS_VAR": str(var),
        "PARENT_CREDITS_LOG_FORMAT": "json",
    }


def test_a_worker_whose_folder_was_deleted_makes_no_other_and_ends_when_told(
    var: Path, tmp_path: Path
) -> None:
    said = tmp_path / "said.log"
    with said.open("wb") as output:
        worker = subprocess.Popen([CONSOLE, "work"], env=environment(var), stderr=output)
    aside = var.with_name("aside")
    try:
        until(lambda: "projecting" in said.read_text() or worker.poll() is not None)
        shutil.move(var, aside)
        until(lambda: "database_not_reached" in said.read_text() or worker.poll() is not None)

        worker.send_signal(signal.SIGTERM)

        assert worker.wait(SOON) == 0
        assert not (var / "pg").exists()
    finally:
        worker.kill()
        worker.wait()
        shutil.rmtree(var, ignore_errors=True)
        shutil.move(aside, var)
