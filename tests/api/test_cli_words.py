"""Every word of the command line is in the table, and brings only what it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer

import api
from api.cli_words import ADDED_BY, Commands, added_by

MODULES = sorted(
    path.stem
    for path in Path(api.__path__[0]).glob("cli_*.py")
    if "def add_to(" in path.read_text()
)
HEAVY = {"ledger.book", "api.bootstrap", "fastapi"}


@pytest.mark.parametrize("module", MODULES)
def test_the_table_has_every_word_that_a_module_adds(module: str) -> None:
    adds = [*typer.main.get_group(added_by(module)).commands]
    assert sorted(adds) == sorted(word for word, by in ADDED_BY.items() if by[0] == module)


def test_every_word_has_its_command() -> None:
    assert all(command.name == word for word, command in Commands().items())


@pytest.mark.parametrize("module", ["cli_people", "cli_hearings"])
def test_what_another_module_adds_to_a_word_is_found_there(module: str) -> None:
    others = {"cli_people": {"merge", "unmerge"}, "cli_hearings": {"tell", "hear"}}
    assert module in ADDED_BY["correct"]
    assert others[module] <= {*Commands()["correct"].commands}


@pytest.mark.parametrize("asked", ["--version", "no-such-word"])
def test_what_needs_no_ledger_loads_none(asked: str) -> None:
    program = f"""
import sys
from api import console
sys.argv = ["parent-credits", {asked!r}]
try:
    console.main()
finally:
    print(sorted({HEAVY!r} & sys.modules.keys()))
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.stdout.splitlines()[-1] == "[]"
    assert run.returncode == (0 if asked == "--version" else 2), run.stderr
