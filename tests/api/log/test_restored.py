"""After a restore the log signs nothing before somebody says what was published last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.backup import Kept, back_up, restore
from api.bootstrap import Runtime, build
from domain.refusals import Refused
from ledger.log.checkpoint import RolledBack
from ledger.log.note import Note
from ledger.log.sequencer import LogRestored
from tests.acting import Pilot
from tests.api.log.test_log_files import step
from tests.api.test_backup import PASSPHRASE, elsewhere, empty
from tests.api.test_cli import Command
from tests.clock import TestClock
from tests.database import TestDatabase
from tests.ledger_evening import hold

__all__ = ["empty"]


@pytest.fixture
def last_word(runtime: Runtime, tmp_path: Path) -> Note:
    """A backup in the afternoon, an evening after it: the last checkpoint is of the evening."""
    pilot = Pilot(runtime.book).set_up()
    step(runtime.log_keeping)
    connections = runtime.connections
    back_up(connections.owner, connections.names, Kept(runtime.secrets), tmp_path / "b", PASSPHRASE)
    hold(pilot, pilot.learners)
    step(runtime.log_keeping)
    return runtime.logs.newest(runtime.logs.current()).note


@pytest.fixture
def restored(
    runtime: Runtime, last_word: Note, empty: str, tmp_path: Path, clock: TestClock
) -> Iterator[Runtime]:
    settings = elsewhere(tmp_path, empty)
    restore(empty, runtime.connections.names, tmp_path / "b", PASSPHRASE, settings)
    again = build(settings, now=clock)
    yield again
    again.close()


def test_nothing_is_signed_before_the_last_word_is_known(restored: Runtime) -> None:
    with pytest.raises(LogRestored):
        step(restored.log_keeping)
    assert not list(restored.settings.checkpoints.glob("checkpoint*"))


def test_with_the_last_word_at_hand_the_old_backup_is_refused(
    restored: Runtime, last_word: Note
) -> None:
    command = command_of(restored)
    file = restored.settings.var / "kept"
    file.write_text(str(last_word))

    command("log", "resume", str(file))

    with pytest.raises(RolledBack):
        step(restored.log_keeping)
    command("log", "begin-again", "--yes")
    step(restored.log_keeping)
    assert restored.logs.current().continues == last_word.text


def test_where_nothing_was_published_since_the_log_goes_on(restored: Runtime) -> None:
    command_of(restored)("log", "resume", "--as-restored")
    step(restored.log_keeping)
    assert restored.logs.newest(restored.logs.current()).size == restored.book.ledger.position()


def test_a_checkpoint_of_another_log_is_no_last_word(restored: Runtime, last_word: Note) -> None:
    file = restored.settings.var / "kept"
    file.write_text(str(last_word).replace("/log", "/lag"))
    with pytest.raises(Refused) as refused:
        command_of(restored)("log", "resume", str(file))
    assert refused.value.code == "log_origin_foreign"


def command_of(restored: Runtime) -> Command:
    connections = restored.connections
    at = TestDatabase(connections.owner, connections.app, connections.vault, connections.log)
    return Command(at, restored.settings.var)
