"""The workshop's commands: what is made to be measured. `python -m bench make-district`."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from api.settings import Settings

NAME = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)

bench_app = typer.Typer(help="Make what is measured.", no_args_is_help=True)


@bench_app.callback()
def bench() -> None:
    """Only in a checkout: this is not installed with the program."""


@bench_app.command("make-district")
def make_district(
    ledger: Annotated[
        str, typer.Option(help="A ledger of its own: an empty one, never this installation's.")
    ] = "district",
    institutions: Annotated[int, typer.Option(min=1, max=999)] = 350,
    families: Annotated[int, typer.Option(min=1, help="Of each institution.")] = 150,
    seed: Annotated[int, typer.Option(help="The same seed makes the same events.")] = 1,
    vault: Annotated[int, typer.Option(min=0, help="Of so many institutions the names, too.")] = 0,
    jobs: Annotated[
        int, typer.Option(min=0, help="Processes that decide; 0: one for each core.")
    ] = 0,
    in_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """An invented pilot district: a school year with every kind of fact, reproducible by a seed."""
    # The command line of the program names this command: what it needs is read when it is run.
    from bench.district_run import run  # noqa: PLC0415
    from bench.making import Size  # noqa: PLC0415

    settings = Settings.read()
    if ledger == settings.ledger or not NAME.fullmatch(ledger):
        raise typer.BadParameter("a ledger of its own: small letters, digits, _", param_hint=ledger)
    own = settings.model_copy(update={"ledger": ledger})
    run(own, Size(institutions, families, seed), vault, jobs, in_json=in_json)
