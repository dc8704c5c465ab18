"""parent-credits bench: the workshop's commands, where the workshop is there: in a checkout."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import cast

import typer

COMMANDS = "bench.commands"


def add_to(app: typer.Typer) -> None:
    """Name them, if they can be found; an installed program has none."""
    # Found at run time and never imported by name: the program stands without its workshop.
    if find_spec("bench") is not None and find_spec(COMMANDS) is not None:
        app.add_typer(cast("typer.Typer", import_module(COMMANDS).bench_app), name="bench")
