"""parent-credits api-keys: keys of programs that use the interface, each with scopes and an end."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer

from api.access.scopes import Scope, scopes_named
from api.bootstrap import Runtime, midnight
from api.cli_register import operator
from api.cli_runtime import opened
from api.machines import end_key, end_key_of, make_key
from domain.machine import Machine

api_keys_app = typer.Typer(
    help="Keys of programs: each for some scopes, one organisation, until a day.",
    no_args_is_help=True,
)
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Name = Annotated[str | None, typer.Option(help="Of this program, as the ledger knows its keys.")]
Organisation = Annotated[str | None, typer.Option(help="With --name: where the program is.")]
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
def list_keys(
    name: Name = None, organisation: Organisation = None, as_json: AsJson = False
) -> None:
    """Every key that is live: whose, what for, until when, when it was last used. No secrets.

    With a program's name also those whose secrets were lost.
    """
    machine_id = machine_named(name, organisation)
    with opened() as runtime:
        kept = runtime.machine_keys.all()
        used = {each.key_id: each.last_used_at for each in kept}
        whose = {each.key_id: each.machine_id for each in kept}
        if machine_id is not None:
            whose = dict.fromkeys(runtime.book.machines.machine(machine_id).keys, machine_id)
        found = (line_of(runtime, whose[key], key, used.get(key)) for key in whose)
        lines = [line for line in found if line]
    if as_json:
        typer.echo(json.dumps(lines))
        return
    for line in lines:
        typer.echo("\t".join(str(each) for each in line.values()))


@api_keys_app.command()
def revoke(
    key_id: Annotated[UUID, typer.Argument(help="As in the list; the middle part of the key.")],
    name: Name = None,
    organisation: Organisation = None,
) -> None:
    """End a key at once. One whose secret was lost is found by its program's name."""
    machine_id = machine_named(name, organisation)
    with opened() as runtime:
        if machine_id is None:
            end_key(runtime, key_id, operator(runtime))
        else:
            end_key_of(runtime, machine_id, key_id, operator(runtime))
    typer.echo("✓")


def machine_named(name: str | None, organisation: str | None) -> UUID | None:
    """The program that is asked about; None: any. Raises BadParameter where half is named."""
    if name is None and organisation is None:
        return None
    if name is None or organisation is None:
        raise typer.BadParameter("--name NAME --organisation CODE")
    return Machine.create_id(name, organisation)


def line_of(
    runtime: Runtime, machine_id: UUID, key_id: UUID, last_used_at: datetime | None
) -> dict[str, str | None] | None:
    """One key that is live; None of one that has ended."""
    machine = runtime.book.machines.machine(machine_id)
    key = machine.live(runtime.now()).get(key_id)
    if key is None:
        return None
    return {
        "key_id": str(key_id),
        "name": machine.name,
        "organisation": machine.organisation,
        "scopes": " ".join(key.scopes),
        "made_at": key.begins.isoformat(),
        "ends_at": key.ends.isoformat(),
        "last_used_at": last_used_at.isoformat() if last_used_at else None,
    }
