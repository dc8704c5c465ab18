"""Commands of erasure: the list that outlives a restore, and the search for what may not be left.

Exit codes: 0 done; 1 something was found; 5 refused.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from api import erasing, erasure_search, erasures_noted
from api.cli_runtime import busy, opened
from api.erasure_list import ErasureList
from api.restored import erasures_are_known
from api.settings import Settings
from api.vault_key import forget_old, rotate

FOUND = 1

Listed = Annotated[Path | None, typer.Argument(help="Default: the list in the var folder.")]

Nobody = Annotated[
    bool, typer.Option("--none", help="There is no list: nobody was erased since the backup.")
]

erasures_app = typer.Typer(help="Who was erased, and what may not be left.", no_args_is_help=True)
vault_app = typer.Typer(help="The vault of personal data.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(erasures_app, name="erasures")
    app.add_typer(vault_app, name="vault")


@erasures_app.command("list")
def list_erasures() -> None:
    """Show who was erased, by ids alone: a line of JSON each."""
    for carried in ErasureList(Settings.read().erasures).read():
        typer.echo(carried.model_dump_json())


@erasures_app.command("replay")
def replay(file: Listed = None, none: Nobody = False) -> None:
    """Carry out again what a restored ledger may not know of; again is no news.

    A restored ledger is not served before.
    """
    with opened() as runtime:
        path = file or runtime.settings.erasures
        if path.exists() is none or (none and file):  # a list, or the word that there is none
            raise typer.BadParameter(str(path), param_hint="FILE")
        carried = list(ErasureList(path).read())  # damaged in one line, nothing of it is done
        known = ErasureList(runtime.settings.erasures)
        news = erasing.replay(runtime, carried)
        for each in carried:
            known.note(each)
        erasures_are_known(runtime.connections)
    typer.echo(f"{len(carried)} ✓ ({news} +)")


@erasures_app.command("note")
def note() -> None:
    """Write into the list who was erased and is not in it: no worker ran, or the list was lost."""
    with opened() as runtime:
        news = erasures_noted.note(runtime)
    typer.echo(f"{news} ✓")


@erasures_app.command("search")
def search() -> None:
    """Look for names or phones, a line each on standard input, wherever the ledger keeps anything.

    Every table of every schema, the vault unsealed, and every file of the var folder and of our
    own server. Tells the places and how often, never the text.
    """
    if sys.stdin.isatty():
        lines = [typer.prompt("name or phone", hide_input=True)]
    else:
        lines = sys.stdin.read().splitlines()
    words = [line.strip() for line in lines if line.strip()]
    if not words:
        raise typer.BadParameter("standard input")
    with opened() as runtime, busy("…"):
        found = list(erasure_search.places_of(runtime, words))
    for place in found:
        typer.echo(json.dumps({"place": place.where, "times": place.times}, ensure_ascii=False))
    if found:
        raise typer.Exit(FOUND)
    typer.echo("✓")


@vault_app.command("rotate-key")
def rotate_key() -> None:
    """Wrap every person's key with a new one and leave no dead row; stop everything else first.

    Afterwards make a backup at once: older ones open with their own secrets alone. The old key is
    kept until `vault forget-old-key`. Where the database is behind an earlier rotation (a standby
    took over, or it was restored), that one is carried out again.
    """
    with busy("…"):
        done = rotate(Settings.read())
    typer.echo(f"{done} ✓")


@vault_app.command("forget-old-key")
def forget_old_key() -> None:
    """Destroy the keys that were rotated away; refused before a backup was made since.

    Before: see that every standby has the rotation. What the old key wraps opens never again.
    """
    with busy("…"):
        done = forget_old(Settings.read())
    typer.echo(f"{done} ✓")
