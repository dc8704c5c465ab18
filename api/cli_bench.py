"""parent-credits bench: the workshop's commands, where the workshop is there: in a checkout."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import cast

import typer

COMMANDS = "bench.commands"


def is_there() -> bool:
    """An installed program has none."""
    return find_spec("bench") is not None and find_spec(COMMANDS) is not None


def add_to(app: typer.Typer) -> None:
    """Found at run time and never imported by name: the program stands without its workshop."""
    app.add_typer(cast("typer.Typer", import_module(COMMANDS).bench_app), name="bench")
