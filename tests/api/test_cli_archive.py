"""The archive pack on the command line: the same file, and what is missing by code."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from api.access.policy import Forbidden
from api.bootstrap import Runtime
from api.staffing import Newcomer, open_staff
from domain.envelope import Role
from tests import held
from tests.acting import SCHOOL, Pilot, envelope
from tests.api.test_cli import Command
from tests.database import TestDatabase


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    pilot = Pilot(runtime.book).set_up()
    held.hold(pilot, "亲子共读", 300, pilot.learners)
    for user, role in (("desk", Role.COORDINATOR), ("door", Role.HOST)):
        who = Newcomer(user, "示例老师", (role,), SCHOOL, date(2099, 8, 31))
        open_staff(runtime, who, "a-long-password-2026", envelope())
    return Command(database, runtime.settings.var)


def test_the_pack_is_written_and_what_is_missing_is_told(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"

    told = command("archive", SCHOOL, "2026-1", "--as", "desk", "--file", str(file), "--json")

    assert told.exit_code == 1
    body = json.loads(told.output)
    [outcome] = [item for item in body["items"] if item["item"] == "outcome"]
    assert (outcome["there"], outcome["due"], outcome["who"]) == (1, 2, ["coordinator"])
    assert outcome["missing"][0]["address"].startswith("/staff/sessions/")
    with ZipFile(file) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("SHA256SUMS") for name in archive.namelist())
    assert not [*tmp_path.glob("*.part")]
    assert "活动开展或取消\t1/2" in command(
        "archive", SCHOOL, "2026-1", "--as", "desk", "--file", str(file)
    ).output  # fmt: skip


def test_only_who_leads_the_school_writes_it(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "pack.zip"

    with pytest.raises(Forbidden):
        command("archive", SCHOOL, "2026-1", "--as", "door", "--file", str(file))

    assert not file.exists()
