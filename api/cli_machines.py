"""parent-credits api-keys: keys of programs that use the interface, each with scopes and an end."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer

from api.access.machine_keys import KeptKey
from api.access.scopes import Scope, scopes_named
from api.bootstrap import Runtime, midnight
from api.cli_register import operator
from api.cli_runtime import opened
from api.machines import end_key, make_key

api_keys_app = typer.Typer(
    help="Keys of programs: each for some scopes, one organisation, until a day.",
    no_args_is_help=True,
)
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
DAY = ["%Y-%m-%d"]


def add_to(app: typer.Typer) -> None:
    app.add_typer(api_keys_app, name="api-keys")


@api_keys_app.command()
def create(
    name: Annotated[str, typer.Argument(help="The program's name, as in school-office.")],
    organisation: Annotated[str, typer.Option(help="School code, district code or 440100.")],
    scope: Annotated[list[str], typer.Option(help=f"One or several: {', '.join(Scope)}.")],
    until: Annotated[datetime, typer.Option(formats=DAY, help="Its last day, within a year.")],
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once. A second one for the same name is for exchanging them."""
    ends = midnight(until.date() + timedelta(days=1))
    with opened() as runtime:
        key = make_key(runtime, name, organisation, scopes_named(scope), ends, operator(runtime))
    told = {"key_id": str(key.key_id), "key": key.text, "ends_at": ends.isoformat()}
    typer.echo(json.dumps(told) if as_json else key.text)


@api_keys_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """Every key that is live: whose, what for, until when, when it was last used. No secrets."""
    with opened() as runtime:
        lines = [line for kept in runtime.machine_keys.all() if (line := line_of(runtime, kept))]
    if as_json:
        typer.echo(json.dumps(lines))
        return
    for line in lines:
        typer.echo("\t".join(str(each) for each in line.values()))


@api_keys_app.command()
def revoke(
    key_id: Annotated[UUID, typer.Argument(help="As in the list; the middle part of the key.")],
) -> None:
    """End a key at once."""
    with opened() as runtime:
        end_key(runtime, key_id, operator(runtime))
    typer.echo("✓")


def line_of(runtime: Runtime, kept: KeptKey) -> dict[str, str | None] | None:
    """One key that is live; None of one that has ended."""
    machine = runtime.book.machines.machine(kept.machine_id)
    key = machine.live(runtime.now()).get(kept.key_id)
    if key is None:
        return None
    return {
        "key_id": str(kept.key_id),
        "name": machine.name,
        "organisation": machine.organisation,
        "scopes": " ".join(key.scopes),
        "made_at": kept.made_at.isoformat(),
        "ends_at": key.ends.isoformat(),
        "last_used_at": kept.last_used_at.isoformat() if kept.last_used_at else None,
    }
