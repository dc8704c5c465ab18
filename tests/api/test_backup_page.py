"""Every command of the chapter on backups runs, in its order, as it is printed."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from api.bootstrap import build
from api.settings import Settings
from ledger.embedded import EmbeddedServer
from tests.acting import STARTS, Pilot, envelope
from tests.api.log.test_log_files import step
from tests.api.test_base_backup import archived, command, place

__all__ = ["place"]

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
MOMENT = "2027-01-20T08:00:00+0800"


def documented(text: str) -> list[list[str]]:
    """The words of each command in the blocks of the chapter."""
    chapter = text.split("## Backup and restore\n")[1].split("\n## ", maxsplit=1)[0]
    blocks = re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line.split()[1:] for line in lines if line.startswith("parent-credits ")]


class Place:
    """An installation whose archive is kept, and an empty place to restore into."""

    def __init__(self, folder: Path) -> None:
        self.var, self.elsewhere, self._folder = folder / "var", folder / "elsewhere", folder
        (folder / "backup").mkdir()
        self.runtime = build(Settings(var=self.var, archive=folder / "archive"))
        self.pilot = Pilot(self.runtime.book).set_up()
        step(self.runtime.log_keeping)

    def run(self, words: list[str], moment: str) -> None:
        is_restore = words[0] == "restore"
        here = [f"{self._folder}{word}" if word[0] == "/" else word for word in words]
        there = self.elsewhere if is_restore else self.var
        code, said = command(there, *(moment if word == MOMENT else word for word in here))
        assert code == 0, (here, said)
        if is_restore:
            EmbeddedServer(there).erase()
            shutil.rmtree(there)

    def moment(self) -> str:
        """A time that the archive reaches, after which something was recorded."""
        server, book = self.runtime.connections.server, self.runtime.book
        assert server is not None
        at = archived(server.superuser().conninfo()).astimezone(UTC)
        book.learners.consent(self.pilot.learners[0], "records", "1", envelope(STARTS))
        archived(server.superuser().conninfo())
        return (at + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S+0000")


@pytest.mark.slow
def test_the_commands_of_the_chapter_run(place: Path) -> None:
    commands, there, moment = documented(PAGE.read_text(encoding="utf-8")), Place(place), ""
    assert [words[0] for words in commands] == ["backup", "drill", "restore"] * 2
    assert MOMENT in commands[-1]
    try:
        for words in commands:
            there.run(words, moment)
            if "--base" in words:
                moment = there.moment()
    finally:
        there.runtime.close()
