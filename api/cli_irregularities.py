"""parent-credits irregularities, sample: what waits to be looked into; a sample drawn again.

Exit codes: 0 listed, or drawn; 5 refused.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.access.actions import Action
from api.cli_corrections import As, AsJson, asking_as
from api.cli_runtime import tell_each
from api.v1.irregularities import IrregularityState
from domain.drawing import digest, draw, population_sha256
from projections.parts import part_by_part


def add_to(app: typer.Typer) -> None:
    app.command("irregularities")(irregularities)
    app.command("sample")(sample)


def irregularities(school: str, user: As, as_json: AsJson = False) -> None:
    """What waits at a school to be looked into, the strongest evidence first."""
    with asking_as(user) as asking:
        asking.may(Action.IRREGULARITY_READ, school)
        board = asking.runtime.models.irregularities
        found = part_by_part(
            partial(board.waiting, school_code=school), lambda each: each.irregularity_id
        )
        if as_json:
            states = map(IrregularityState.model_validate, found)
            return tell_each(each.model_dump(mode="json") for each in states)
        for each in found:
            typer.echo(f"{each.score:3}  {each.rule}  {each.stands}  {each.irregularity_id}")
    return None


def sample(
    population: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="One session id a line.")
    ],
    seed: Annotated[str, typer.Option(help="The whole text, as in pailie5:2026-11-27:48213.")],
    size: Annotated[int, typer.Option(min=1, help="How many sessions are drawn.")],
    as_json: AsJson = False,
) -> None:
    """Draw a published sample again from its files alone: without ledger, login or network."""
    known = [UUID(line) for line in population.read_text(encoding="utf-8").split()]
    drawn = draw(seed, known, size)
    sha256 = population_sha256(known)
    if as_json:
        told = {"population_sha256": sha256, "session_ids": [str(each) for each in drawn]}
        typer.echo(json.dumps(told))
        return
    typer.echo(f"population sha256 {sha256}")
    for each in drawn:
        typer.echo(f"{each}  {digest(seed, each)}")
