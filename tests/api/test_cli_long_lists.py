"""Lists of the command line that are longer than a part: every row is told, part by part."""

from __future__ import annotations

import json
from typing import Any, LiteralString

import pytest

from api.bootstrap import Runtime
from api.staffing import Newcomer, open_staff
from domain.envelope import Role
from projections.database import Statement, Views
from tests.acting import SCHOOL, SET_UP, Pilot, envelope
from tests.api.pages.test_long_lists import CASES, CORRECTIONS, IRREGULARITIES, MANY
from tests.api.test_cli import Command
from tests.api.test_cli_register import PASSWORD, UNTIL
from tests.database import TestDatabase


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    """A school whose coordinator has a login."""
    Pilot(runtime.book).set_up()
    newcomer = Newcomer("coordinator", "示例老师", (Role.COORDINATOR,), SCHOOL, UNTIL)
    open_staff(runtime, newcomer, PASSWORD, envelope(SET_UP))
    runtime.projector.catch_up()
    return Command(database, runtime.settings.var)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows the database gives at once, question by question; a part is a hundred."""
    monkeypatch.setattr("projections.parts.AT_ONCE", 100)
    found, rows = list[int](), Views.rows

    def counted(self: Views, kind: type[Any], asked: Statement, **values: object) -> list[Any]:
        given = rows(self, kind, asked, **values)
        found.append(len(given))
        return given

    monkeypatch.setattr(Views, "rows", counted)
    return found


@pytest.mark.parametrize(
    ("words", "statement", "stands"),
    [
        (("correct", "list", SCHOOL, "--as", "coordinator"), CORRECTIONS, "waiting"),
        (("irregularities", SCHOOL, "--as", "coordinator"), IRREGULARITIES, "flagged"),
        (("cases", "list", SCHOOL), CASES, "lodged"),
    ],
)
def test_a_long_list_is_read_part_by_part_and_told_whole(
    runtime: Runtime,
    command: Command,
    counts: list[int],
    words: tuple[str, ...],
    statement: LiteralString,
    stands: str,
) -> None:
    assert json.loads(command(*words, "--json").stdout) == []
    with runtime.views.transaction() as tx:
        tx.execute(statement, {"school": SCHOOL, "many": MANY, "stands": stands})

    told, lines = json.loads(command(*words, "--json").stdout), command(*words).stdout.split("\n")

    ids = [next(each[key] for key in each if key.endswith("_id")) for each in told]
    assert len(set(ids)) == MANY
    assert [each for each in ids if not any(each in line for line in lines)] == []
    assert max(counts) == 100


def test_no_case_is_passed_by_while_one_before_it_begins_to_wait_longer(
    runtime: Runtime, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.parts.AT_ONCE", 100)
    with runtime.views.transaction() as tx:
        tx.execute(CASES, {"school": SCHOOL, "many": MANY, "stands": "lodged"})
    rows = Views.rows

    def read(self: Views, kind: type[Any], asked: Statement, **values: object) -> list[Any]:
        found = rows(self, kind, asked, **values)
        if values.get("limit") == 100 and values.get("after") is None:
            with runtime.views.transaction() as tx:
                longer: LiteralString = "UPDATE case_file SET due = due + 30 WHERE case_id = %s"
                tx.execute(longer, (found[-1].case_id,))
        return found

    monkeypatch.setattr(Views, "rows", read)
    told = json.loads(command("cases", "list", SCHOOL, "--json").stdout)
    assert len({each["case_id"] for each in told}) == MANY
