"""parent-credits: the command line. Each command parses, calls one thing, and prints."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from api.cli_failed import Failed
from api.cli_words import Words
from api.version import VERSION
from domain.refusals import Refused

app = typer.Typer(
    cls=Words,
    help="家长学时账本 · the ledger of parents' learning hours and certificates.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"parent-credits {VERSION}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_tell_version, is_eager=True),
    ] = False,
) -> None:
    """Settings come from the environment: see docs/settings.md."""


def main() -> None:
    """Run a command; a refusal prints its code and text and exits with 5."""
    try:
        app()
    except Refused as refusal:
        Failed.of(refusal).tell()
        sys.exit(Failed.EXIT)
