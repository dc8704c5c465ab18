"""parent-credits: the command line. Each command parses, calls one thing, and prints."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from api import (
    cli_archive,
    cli_audit,
    cli_bench,
    cli_calendar,
    cli_certificates,
    cli_compliance,
    cli_corrections,
    cli_data,
    cli_drill,
    cli_erasures,
    cli_exams,
    cli_explaining,
    cli_hearings,
    cli_irregularities,
    cli_keys,
    cli_machines,
    cli_passbook,
    cli_people,
    cli_plan,
    cli_reading,
    cli_rebuild,
    cli_register,
    cli_rules,
    cli_serving,
    cli_teacher_reports,
    cli_verify,
)
from api.cli_earning import earning_app
from api.cli_import import import_app
from api.cli_log import log_app
from api.cli_runtime import Failed
from api.version import VERSION
from domain.refusals import Refused

app = typer.Typer(
    help="家长学时账本 · the ledger of parents' learning hours and certificates.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
cli_serving.add_to(app)
cli_data.add_to(app)
cli_drill.add_to(app)
cli_rebuild.add_to(app)
cli_reading.add_to(app)
cli_explaining.add_to(app)
cli_certificates.add_to(app)
cli_verify.add_to(app)
cli_keys.add_to(app)
cli_erasures.add_to(app)
cli_machines.add_to(app)
cli_passbook.add_to(app)
cli_corrections.add_to(app)
cli_hearings.add_to(app)
cli_compliance.add_to(app)
cli_archive.add_to(app)
cli_audit.add_to(app)
cli_rules.add_to(app)
cli_exams.add_to(app)
cli_people.add_to(app)
cli_irregularities.add_to(app)
cli_plan.add_to(app)
cli_calendar.add_to(app)
cli_teacher_reports.add_to(app)
cli_bench.add_to(app)
app.add_typer(import_app, name="import")
app.add_typer(cli_register.register_app, name="register")
app.add_typer(earning_app, name="earn")
app.add_typer(log_app, name="log")


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
