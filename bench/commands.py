"""The workshop's commands: what is made to be measured. `python -m bench make-district`."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.settings import Settings

FOLDER = Path("var/bench")
REFUSED = 5
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)

bench_app = typer.Typer(help="Make what is measured.", no_args_is_help=True)


@bench_app.callback()
def bench() -> None:
    """Only in a checkout: this is not installed with the program."""


Ledger = Annotated[
    str, typer.Option(help="A ledger of its own: an empty one, never this installation's.")
]
Seed = Annotated[int, typer.Option(help="The same seed makes the same events.")]
Jobs = Annotated[int, typer.Option(min=0, help="Processes that decide; 0: one for each core.")]
Vault = Annotated[int, typer.Option(min=0, help="Of so many institutions the names, too.")]
Resume = Annotated[bool, typer.Option(help="Go on with a run of the same that was cut.")]
Folder = Annotated[Path, typer.Option(help="Where the data are kept.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@bench_app.command("make-district")
def make_district(
    ledger: Ledger = "district",
    institutions: Annotated[int, typer.Option(min=1, max=999)] = 350,
    families: Annotated[int, typer.Option(min=1, help="Of each institution.")] = 150,
    seed: Seed = 1,
    vault: Vault = 0,
    jobs: Jobs = 0,
    resume: Resume = False,
    in_json: Json = False,
) -> None:
    """An invented pilot district: a school year with every kind of fact, reproducible by a seed."""
    # The command line of the program names these commands: what they need is read when they run.
    from bench.district import PILOT  # noqa: PLC0415 - when it is run
    from bench.making import district  # noqa: PLC0415 - when it is run
    from bench.making_run import How, run  # noqa: PLC0415 - when it is run

    size = replace(PILOT, institutions=institutions, families=families, seed=seed)
    run(own(ledger), "district", district(size), How(vault, jobs, resume), in_json=in_json)


@bench_app.command("make-city")
def make_city(
    ledger: Ledger = "city",
    institutions: Annotated[int, typer.Option(min=1, max=10_989)] = 3_334,
    families: Annotated[int, typer.Option(min=1, help="Of each institution.")] = 300,
    seed: Seed = 1,
    vault: Vault = 0,
    jobs: Jobs = 0,
    resume: Annotated[
        bool, typer.Option(help="Go on with a run of the same that was cut.")
    ] = False,
    in_json: Json = False,
) -> None:
    """An invented city: a million learners in eleven districts, twenty million events.

    One institution in sixteen is decided by the domain; the fifteen after it live the same year
    under their own ids. For sizes and times, never for distributions.
    """
    from bench.city import CITY, city  # noqa: PLC0415 - when it is run
    from bench.making_run import How, run  # noqa: PLC0415 - when it is run

    size = replace(CITY, institutions=institutions, families=families, seed=seed)
    run(own(ledger), "city", city(size), How(vault, jobs, resume), in_json=in_json)


@bench_app.command("make-data")
def make_data(
    only: Annotated[str, typer.Option(help="Of small,district,city.")] = "small,district,city",
    one_in: Annotated[int, typer.Option(min=1, help="So many times smaller.")] = 1,
    folder: Folder = FOLDER,
    jobs: Jobs = 0,
) -> None:
    """What the large rows of the benchmarks are measured on, made once and kept."""
    from bench import data  # noqa: PLC0415 - when it is run
    from bench.kept import Kept  # noqa: PLC0415 - when it is run

    plans, asked = data.sets(one_in), only.split(",")
    if strange := set(asked) - plans.keys():
        raise typer.BadParameter(f"{', '.join(sorted(strange))}?", param_hint="--only")
    try:
        data.make_data(Kept(folder), {name: plans[name] for name in asked}, jobs)
    except data.OtherSize as other:
        typer.echo(f"{other}: of another size, or another seed; drop-data removes all.", err=True)
        raise typer.Exit(REFUSED) from None
    typer.echo(Kept(folder).note.read_text(encoding="utf-8"))


@bench_app.command("drop-data")
def drop_data(folder: Folder = FOLDER) -> None:
    """Remove the kept data with their server."""
    from bench.kept import Kept  # noqa: PLC0415 - when it is run

    Kept(folder).erase()


def own(ledger: str) -> Settings:
    """The installation's settings for another ledger. Raises BadParameter for its own."""
    settings = Settings.read()
    if ledger == settings.ledger or not NAME.fullmatch(ledger):
        raise typer.BadParameter("a ledger of its own: small letters, digits, _", param_hint=ledger)
    return settings.model_copy(update={"ledger": ledger})
