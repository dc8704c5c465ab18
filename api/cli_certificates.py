"""Commands of certificates: issuing what is due.

Exit codes: 0 done; 1 something could not be issued; 5 refused.
"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from api.access.actions import Action
from api.bootstrap import Runtime
from api.certificate_documents import check_code_of
from api.certificates import Outcome, authorise
from api.cli_runtime import busy, opened
from api.imports.acting import envelope_of, staff_called
from api.language.catalogue import Language
from api.problems import text_of
from domain.envelope import Channel

NOT_DONE = 1

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    app.command()(issue)


def issue(
    school: Annotated[str, typer.Argument(help="School code.")],
    user: Annotated[str, typer.Option("--as", help="User name of the head who authorises.")],
    as_json: AsJson = False,
) -> None:
    """Authorise every certificate that is due in a school; exits with 1 when one was not issued."""
    with opened() as runtime:
        principal = staff_called(runtime, user)
        by = envelope_of(runtime, principal, Action.CERTIFICATE_AUTHORISE, school, dry_run=False)
        by = by.model_copy(update={"channel": Channel.SYSTEM})
        runtime.projector.catch_up()
        with busy(school):
            outcomes = authorise(runtime, school, None, by)
        rows = [row_of(runtime, outcome) for outcome in outcomes]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            typer.echo("\t".join(value for value in row.values() if value))
    if any(outcome.number is None for outcome in outcomes):
        raise typer.Exit(NOT_DONE)


def row_of(runtime: Runtime, outcome: Outcome) -> dict[str, str | None]:
    refusal = outcome.refusal
    return {
        "certificate_id": str(outcome.certificate_id),
        "kind": outcome.kind,
        "number": outcome.number,
        "check_code": check_code_of(runtime, outcome.number) if outcome.number else None,
        "code": refusal.code if refusal else None,
        "text": text_of(refusal.code, Language.CHINESE) if refusal else None,
    }
