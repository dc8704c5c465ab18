"""parent-credits: the command line. Each command parses, calls one thing, and prints."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from api import (
    cli_certificates,
    cli_corrections,
    cli_data,
    cli_explaining,
    cli_reading,
    cli_register,
    cli_serving,
)
from api.cli_import import import_app
from api.cli_runtime import Failed
from domain.refusals import Refused

app = typer.Typer(
    help="家长学时账本 · the ledger of parents' learning hours and certificates.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
cli_serving.add_to(app)
cli_data.add_to(app)
cli_reading.add_to(app)
cli_explaining.add_to(app)
cli_certificates.add_to(app)
cli_corrections.add_to(app)
app.add_typer(import_app, name="import")
app.add_typer(cli_register.register_app, name="register")


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Settings come from the environment: see docs/settings.md."""
    if version:
        typer.echo("parent-credits 0.1.0")
        raise typer.Exit


def main() -> None:
    """Run a command; a refusal prints its code and text and exits with 5."""
    try:
        app()
    except Refused as refusal:
        Failed.of(refusal).tell()
        sys.exit(Failed.EXIT)
