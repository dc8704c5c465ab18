"""parent-credits correct tell, hear: the chance to be heard of whom a proposal accuses.

The words come from standard input: a command line is read by others. Exit codes: 0 recorded;
5 refused, nothing recorded.
"""

from __future__ import annotations

import sys
from typing import Annotated
from uuid import UUID

import typer

from api.cli_corrections import As, asking_as, correct_app
from api.hearing_reaching import matter_for
from domain.hearing import ToldBy
from domain.irregularity_finding import HeardBy

Matter = Annotated[
    UUID,
    typer.Argument(help="A correction's, a teacher's correction's, or a certificate's id."),
]


def add_to(_: typer.Typer) -> None:
    """Beside the other commands of a correction."""
    correct_app.command()(tell)
    correct_app.command()(hear)


def tell(matter: Matter, user: As, how: Annotated[ToldBy, typer.Option()]) -> None:
    """Say that the person was told today: their days to answer begin."""
    with asking_as(user) as asking:
        _, by = matter_for(asking, matter)
        asking.runtime.book.hearings.tell(matter, how, by)
    typer.echo("told")


def hear(matter: Matter, user: As, heard_by: Annotated[HeardBy, typer.Option()]) -> None:
    """Take down what the person says, from standard input."""
    words = sys.stdin.read()
    with asking_as(user) as asking:
        _, by = matter_for(asking, matter)
        asking.runtime.book.hearings.hear(matter, heard_by, words, by)
    typer.echo("heard")
