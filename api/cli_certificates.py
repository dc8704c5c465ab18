"""Commands of certificates: issuing what is due, checking one.

Exit codes: 0 done, or valid; 1 something could not be issued, or not valid; 5 refused.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api.access.actions import Action
from api.bootstrap import Runtime
from api.certificate_checks import Checked, found, judged, verify
from api.certificate_documents import check_code_of
from api.certificates import Outcome, authorise
from api.cli_passbook import recompute as recompute_passbook
from api.cli_runtime import busy, opened
from api.imports.acting import envelope_of, staff_called
from api.language.catalogue import Language
from api.problems import text_of
from certificates import number as numbers
from certificates.states import WORDS
from certificates.verifying import State
from domain.certificate import UnknownCertificate
from domain.envelope import Channel

NOT_DONE = 1
LONGEST_NUMBER = 60

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    app.command()(issue)
    app.command(name="verify")(check)


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


def check(
    certificate: Annotated[
        str, typer.Argument(help="A number, or the text of a QR code.", show_default=False)
    ] = "",
    check_code: Annotated[str | None, typer.Option(help="Checked too where it is given.")] = None,
    recompute: Annotated[
        Path | None, typer.Option(help="A passbook instead: derive all its figures, offline.")
    ] = None,
    log_key: Annotated[
        str | None,
        typer.Option(help="The log's key from elsewhere, or a file of keys (its own, witnesses')."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a certificate or a passbook is worth; exits with 0 only when all of it holds."""
    if recompute is not None:
        recompute_passbook(recompute, log_key, as_json=as_json)
        return
    with opened() as runtime:
        runtime.projector.catch_up()
        told = told_of(runtime, certificate, check_code)
    state = State(str(told["state"]))
    words = WORDS[state]
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"{words.heading} · {words.heading_in_english}")
        typer.echo("\n".join(f"{name}\t{value}" for name, value in told.items() if value))
    if state is not State.VALID:
        raise typer.Exit(NOT_DONE)


def told_of(runtime: Runtime, text: str, typed_code: str | None) -> dict[str, object]:
    """What is known of a scanned text or a typed number. Refuses InvalidNumber."""
    if "#" in text or len(text) > LONGEST_NUMBER:
        verdict = verify(runtime, text)
        claims = verdict.claims
        return {
            "state": verdict.state.value,
            "number": claims.number if claims else None,
            "holder": claims.masked_holder if claims else None,
            "key_id": verdict.key_id,
            "reason": verdict.reason.value if verdict.reason else None,
            "key_given_up_at": told_at(verdict.key_given_up_at),
        }
    checked = by_number(runtime, numbers.read(text), typed_code)
    claims = checked.claims
    return {
        "state": checked.state.value,
        "number": checked.number,
        "holder": claims.masked_holder if claims else None,
        "key_id": checked.certificate.key_id if checked.certificate else None,
        "successor": checked.certificate.successor_number if checked.certificate else None,
        "reason": checked.reason.value if checked.reason else None,
    }


def told_at(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def by_number(runtime: Runtime, number: str, typed_code: str | None) -> Checked:
    """Whoever has the shell may ask without the code."""
    try:
        if typed_code is not None:
            return found(runtime, number, typed_code)
    except UnknownCertificate:
        return Checked(State.NOT_FOUND, runtime.now(), number)
    certificate = runtime.models.certificates.by_number(number)
    if certificate is None:
        return Checked(State.NOT_FOUND, runtime.now(), number)
    return judged(runtime, certificate)
