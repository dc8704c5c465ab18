"""What can be typed after parent-credits: whoever types a word imports what it needs, no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from functools import cache
from importlib import import_module
from typing import Any, Final, cast

import typer
from typer.core import TyperGroup

from api import cli_bench

# In the order of the help. The first module has the word; the others add commands to it.
ADDED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "run": ("cli_serving",),
    "serve": ("cli_serving",),
    "work": ("cli_serving",),
    "demo": ("cli_serving",),
    "reset": ("cli_serving",),
    "setup": ("cli_data",),
    "backup": ("cli_data",),
    "restore": ("cli_data",),
    "guard": ("cli_data",),
    "partition": ("cli_data",),
    "drill": ("cli_drill",),
    "rebuild": ("cli_rebuild",),
    "status": ("cli_reading",),
    "doctor": ("cli_reading",),
    "history": ("cli_reading",),
    "explain": ("cli_explaining",),
    "issue": ("cli_certificates",),
    "verify": ("cli_verify",),
    "passbook": ("cli_passbook",),
    "archive": ("cli_archive",),
    "audit": ("cli_audit",),
    "irregularities": ("cli_irregularities",),
    "sample": ("cli_irregularities",),
    "plan-check": ("cli_plan",),
    "keys": ("cli_keys",),
    "erasures": ("cli_erasures",),
    "vault": ("cli_erasures",),
    "api-keys": ("cli_machines",),
    "correct": ("cli_corrections", "cli_people", "cli_hearings"),
    "compliance": ("cli_compliance",),
    "rules": ("cli_rules",),
    "exams": ("cli_exams",),
    "people": ("cli_people",),
    "calendar": ("cli_calendar",),
    "cases": ("cli_calendar",),
    "teachers": ("cli_teacher_reports",),
    "import": ("cli_import",),
    "register": ("cli_register",),
    "earn": ("cli_earning",),
    "log": ("cli_log",),
    **({"bench": ("cli_bench",)} if cli_bench.is_there() else {}),
}


class Words(TyperGroup):
    """A group that imports a command when it is looked up."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = cast("MutableMapping[str, Any]", Commands())


class Commands(Mapping[str, Any]):
    """Each word with its command; only whoever asks for all (the help) imports all."""

    def __getitem__(self, word: str) -> Any:
        own, *_ = [added_by(module) for module in ADDED_BY[word]]
        return typer.main.get_group(own).commands[word]

    def __iter__(self) -> Iterator[str]:
        return iter(ADDED_BY)

    def __len__(self) -> int:
        return len(ADDED_BY)


@cache
def added_by(module: str) -> typer.Typer:
    """What a module adds, alone."""
    alone = typer.Typer()
    import_module(f"api.{module}").add_to(alone)
    return alone
