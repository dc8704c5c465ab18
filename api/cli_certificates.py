"""Commands of certificates: the signing keys, issuing what is due.

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
from api.signing import USUAL_YEARS, create_key, key_store
from certificates.cose import EDDSA, ES256
from certificates.public_keys import PublicKey
from domain.envelope import Channel

NOT_DONE = 1

keys_app = typer.Typer(help="The keys that sign certificates.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    app.command()(issue)
    app.add_typer(keys_app, name="keys")


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


@keys_app.command("create")
def create(
    key_id: Annotated[
        str | None, typer.Option(help="Default: k and the year and a letter.")
    ] = None,
    years: Annotated[int, typer.Option(min=1, max=10, help="How long it signs.")] = USUAL_YEARS,
    for_jwt: Annotated[
        bool, typer.Option("--for-jwt", help="A P-256 key, for credentials as VC-JWT (ES256).")
    ] = False,
) -> None:
    """Make a key that signs from today on."""
    with opened() as runtime:
        algorithm = ES256 if for_jwt else EDDSA
        key = create_key(runtime, runtime.now(), years, key_id, algorithm)
    typer.echo(line_of(key))


@keys_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """Show the keys: id, state, and the time in which each may sign."""
    with opened() as runtime:
        keys = key_store(runtime).public_keys()
    if as_json:
        typer.echo(json.dumps([key.model_dump(mode="json") for key in keys], ensure_ascii=False))
    else:
        for key in keys:
            typer.echo(line_of(key))


@keys_app.command("retire")
def retire(
    key_id: str,
    compromised: Annotated[
        bool, typer.Option("--compromised", help="It was stolen: believe nothing it signed.")
    ] = False,
) -> None:
    """Stop signing with a key. What it signed stays good, unless it was compromised."""
    with opened() as runtime:
        store = key_store(runtime)
        change = store.give_up if compromised else store.retire
        key = change(key_id, runtime.now())
    typer.echo(line_of(key))


def line_of(key: PublicKey) -> str:
    window = f"{key.signs_from:%Y-%m-%d}..{key.signs_until:%Y-%m-%d}"
    return f"{key.key_id}\t{key.state.value}\t{window}\t{key.kid.hex()}"
