"""A ledger that came out of a backup shows nobody before it is known who was erased since."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import doctor, serving
from api.bootstrap import Runtime, build
from api.findings import State
from api.restored import ErasuresAwaited, refuse_unheard
from api.settings import Settings
from tests.api.test_backup import PASSPHRASE, backup, elsewhere, empty
from tests.api.test_cli import Command
from tests.clock import TestClock
from tests.database import TestDatabase
from tests.domain.refusing import refused

__all__ = ["backup", "empty"]


@pytest.fixture
def settings(empty: str, tmp_path: Path) -> Settings:
    return elsewhere(tmp_path, empty)


@pytest.fixture
def command(settings: Settings, empty: str) -> Command:
    """Of the place into which it is restored."""
    made = Command(TestDatabase(empty, "", "", ""), settings.var)
    made.environment["PARENT_CREDITS_PASSPHRASE"] = PASSPHRASE
    return made


def is_served(settings: Settings, clock: TestClock) -> bool:
    runtime = build(settings, now=clock)
    try:
        refuse_unheard(runtime.connections)
    except ErasuresAwaited:
        for way in (serving.serve, serving.work):
            with refused(ErasuresAwaited):
                way(runtime)
        found = next(each for each in doctor.examine(runtime) if each.what == "erasures")
        assert found.state is State.BAD
        return False
    finally:
        runtime.close()
    return True


def test_nothing_is_served_before_the_list_or_the_word_that_there_is_none(
    backup: Path, command: Command, settings: Settings, clock: TestClock
) -> None:
    done = command("restore", str(backup))
    assert (done.exit_code, "erasures replay --none" in done.stderr) == (0, True)
    assert not is_served(settings, clock)
    assert command("erasures", "replay").exit_code == 2
    assert not is_served(settings, clock)
    assert command("erasures", "replay", "--none").exit_code == 0
    assert is_served(settings, clock)


@pytest.mark.parametrize("words", [("--none", "list"), ("list",), ("--none",)])
def test_a_list_that_lies_there_is_not_denied_and_one_that_does_not_is_no_list(
    backup: Path, command: Command, settings: Settings, clock: TestClock, words: tuple[str, ...]
) -> None:
    command("restore", str(backup))
    if words == ("--none",):
        settings.erasures.touch()
    assert command("erasures", "replay", *words).exit_code == 2
    assert not is_served(settings, clock)


def test_a_list_of_nobody_is_a_list(
    backup: Path, command: Command, settings: Settings, clock: TestClock, tmp_path: Path
) -> None:
    listed = tmp_path / "erasures.jsonl"
    listed.touch()
    done = command("restore", str(backup), "--erasures", str(listed))
    assert (done.exit_code, done.stderr) == (0, "")
    assert is_served(settings, clock)


def test_what_was_never_restored_is_served(runtime: Runtime) -> None:
    refuse_unheard(runtime.connections)
