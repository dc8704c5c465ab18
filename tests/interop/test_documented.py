"""The scripts of docs/audit.md, as they stand there, tell what is honest from what was touched."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from api.bootstrap import Runtime
from api.staffing import Newcomer, open_staff
from domain.envelope import Role
from tests import held
from tests.acting import SCHOOL, Pilot, envelope
from tests.api.log.test_log_files import step
from tests.api.test_cli import Command
from tests.architecture.source import ROOT
from tests.database import TestDatabase
from tests.interop.conftest import Evening

OF_AN_EXPORT, OF_AN_ARCHIVE = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs" / "audit.md").read_text(encoding="utf-8"), re.DOTALL
)


def said(script: str, *arguments: str) -> tuple[bool, str]:
    program = [sys.executable, "-c", script, *arguments]
    told = subprocess.run(program, capture_output=True, text=True, check=False)
    return told.returncode == 0, told.stdout + told.stderr


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
    good, told = said(OF_AN_EXPORT, str(tmp_path), str(tmp_path / "kept"))
    assert says in told
    assert good is says.startswith("as it was")


@pytest.fixture
def unpacked(runtime: Runtime, database: TestDatabase, tmp_path: Path) -> Path:
    pilot = Pilot(runtime.book).set_up()
    held.hold(pilot, "亲子共读", 300, pilot.learners)
    who = Newcomer("desk", "示例老师", (Role.COORDINATOR,), SCHOOL, date(2099, 8, 31))
    open_staff(runtime, who, "a-long-password-2026", envelope())
    step(runtime.log_keeping)
    pack = tmp_path / "pack.zip"
    command = Command(database, runtime.settings.var)
    command("archive", SCHOOL, "2026-1", "--as", "desk", "--file", str(pack))
    with ZipFile(pack) as archive:
        archive.extractall(tmp_path)
    [folder] = tmp_path.glob("*/08校验清单")
    return folder


def test_the_script_for_an_archive_runs(unpacked: Path) -> None:
    good, told = said(OF_AN_ARCHIVE, str(unpacked))
    assert (good, told.startswith("in the log: ")) == (True, True), told
    key = (unpacked / "keys.txt").read_text().strip()
    assert said(OF_AN_ARCHIVE, str(unpacked), key) == (True, told)

    leaves = unpacked / "leaves.txt"
    leaves.write_bytes(leaves.read_bytes().replace(b"session.", b"session:", 1))
    good, told = said(OF_AN_ARCHIVE, str(unpacked))
    assert not good
    assert "not in the log" in told
