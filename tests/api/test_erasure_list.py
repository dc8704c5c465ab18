"""The list of erasures: whole lines alone, each person once, and nothing done of a damaged one."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from api.bootstrap import Runtime
from api.erasure_list import Carried, ErasureList, UnreadableErasures
from domain.erasure import Scope
from tests.acting import ENDS, Pilot
from tests.api.test_cli import Command
from tests.database import TestDatabase


@pytest.fixture
def noted(tmp_path: Path) -> ErasureList:
    return ErasureList(tmp_path / "erasures.jsonl")


def one() -> Carried:
    person = uuid4()
    scope = Scope(records=(person,), subjects=(person,))
    return Carried(learner_id=person, request_id=uuid4(), at=ENDS, scope=scope)


def test_each_is_noted_once_and_comes_back_as_it_was(noted: ErasureList) -> None:
    first, second = one(), one()
    for each in (first, second, first):
        noted.note(each)
    assert list(noted.read()) == [first, second]
    assert noted.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kept", [0, 1])
def test_a_line_that_a_crash_cut_short_is_written_again(noted: ErasureList, kept: int) -> None:
    whole = [one() for _ in range(kept)]
    for each in whole:
        noted.note(each)
    cut = one()
    with noted.path.open("a") as file:
        file.write(cut.model_dump_json()[:-10])
    noted.note(cut)
    assert list(noted.read()) == [*whole, cut]


def test_of_a_damaged_list_nothing_is_carried_out(
    runtime: Runtime, database: TestDatabase, noted: ErasureList
) -> None:
    [person, *_] = Pilot(runtime.book).set_up().learners
    scope = Scope(records=(person,), subjects=(person,))
    noted.note(Carried(learner_id=person, request_id=uuid4(), at=ENDS, scope=scope))
    with noted.path.open("a") as file:
        file.write("{}\n")
    command = Command(database, runtime.settings.var)
    with pytest.raises(UnreadableErasures, match="line 2"):
        command("erasures", "replay", str(noted.path))
    assert runtime.book.vault.open([person]) != {}


def test_a_list_that_is_not_there_is_told(runtime: Runtime, database: TestDatabase) -> None:
    command = Command(database, runtime.settings.var)
    assert command("erasures", "replay").exit_code == 2
    assert command("erasures", "search", typed="\n").exit_code == 2
