"""Commands of the keys that sign certificates, and of a key that was stolen.

Exit codes: 0 done; 1 something could not be reissued; 5 refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api import given_up
from api.cli_runtime import opened
from api.given_up import Replaced, Signature
from api.language.catalogue import Language
from api.problems import text_of
from api.signing import USUAL_YEARS, create_key, key_store, next_second, rotate_keys
from certificates.cose import EDDSA, ES256
from certificates.public_keys import PublicKey
from domain.calendar import CITY_ZONE

NOT_DONE = 1

keys_app = typer.Typer(help="The keys that sign certificates.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
KeyId = Annotated[str | None, typer.Option(help="Default: k and the year and a letter.")]
Years = Annotated[int, typer.Option(min=1, max=10, help="How long it signs.")]

ForJwt = Annotated[
    bool, typer.Option("--for-jwt", help="A P-256 key, for credentials as VC-JWT (ES256).")
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(keys_app, name="keys")


@keys_app.command("create")
def create(key_id: KeyId = None, years: Years = USUAL_YEARS, for_jwt: ForJwt = False) -> None:
    """Make a key that signs from today on."""
    with opened() as runtime:
        key = create_key(runtime, runtime.now(), years, key_id, ES256 if for_jwt else EDDSA)
    typer.echo(line_of(key))


@keys_app.command("rotate")
def rotate(key_id: KeyId = None, years: Years = USUAL_YEARS, for_jwt: ForJwt = False) -> None:
    """Make a key that signs from this moment on, and retire those before it, in one step."""
    with opened() as runtime:
        key = rotate_keys(runtime, runtime.now(), years, key_id, ES256 if for_jwt else EDDSA)
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
def retire(key_id: str) -> None:
    """Stop signing with a key. What it signed stays good."""
    with opened() as runtime:
        key = key_store(runtime).retire(key_id, next_second(runtime.now()))
    typer.echo(line_of(key))


@keys_app.command("signed")
def signed(key_id: str, as_json: AsJson = False) -> None:
    """List the certificates that a key signed; of a stolen key, which of them the log proves."""
    with opened() as runtime:
        runtime.projector.catch_up()
        key = key_store(runtime).public_key(key_id)
        tell(given_up.signatures(runtime, key_id, key.given_up), as_json=as_json)


@keys_app.command("give-up")
def give_up(
    key_id: str,
    stolen_at: Annotated[
        datetime,
        typer.Option(help="The earliest time at which it may have been stolen, city time."),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what follows.")] = False,
    as_json: AsJson = False,
) -> None:
    """Declare a key stolen: what the log does not prove older is believed no more.

    Lists all it signed. Where it was the key in use, a new one signs from now on. Its certificates
    that are not proved get new ones by `keys reissue`.
    """
    stolen_at = stolen_at if stolen_at.tzinfo else stolen_at.replace(tzinfo=ZoneInfo(CITY_ZONE))
    with opened() as runtime:
        if stolen_at > runtime.now():
            raise typer.BadParameter(stolen_at.isoformat(), param_hint="--stolen-at")
        runtime.projector.catch_up()
        key = key_store(runtime).public_key(key_id)
        decided = given_up.decision(runtime, key, stolen_at)
        if not dry_run:
            given_up.give_up(runtime, key, decided, runtime.now())
        tell(given_up.signatures(runtime, key_id, decided), as_json=as_json)


@keys_app.command("reissue")
def reissue(
    key_id: str,
    proved_too: Annotated[
        bool,
        typer.Option("--all", help="What the log proves as well: for verifiers of other houses."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Reissue what a stolen key signed and the log does not prove; again goes on with the rest."""
    with opened() as runtime:
        runtime.projector.catch_up()
        failed = 0
        for each in given_up.reissue_all(runtime, key_id, runtime.now(), proved_too=proved_too):
            failed += each.number is None
            typer.echo(json.dumps(row_of(each), ensure_ascii=False) if as_json else words_of(each))
    if failed:
        raise typer.Exit(NOT_DONE)


def tell(found: Iterable[Signature], *, as_json: bool) -> None:
    """A line each: a key may have signed more than one wants to hold in memory."""
    for each in found:
        row = {
            "number": each.certificate.number,
            "school_code": each.certificate.school_code,
            "issued_at": each.certificate.issued_at.isoformat(),
            "state": each.certificate.state,
            "proved": each.is_proved,
        }
        typer.echo(json.dumps(row) if as_json else "\t".join(map(str, row.values())))


def row_of(replaced: Replaced) -> dict[str, str | None]:
    refusal = replaced.refusal
    return {
        "number": replaced.certificate.number,
        "successor": replaced.number,
        "code": refusal.code if refusal else None,
        "text": text_of(refusal.code, Language.CHINESE) if refusal else None,
    }


def words_of(replaced: Replaced) -> str:
    return "\t".join(value for value in row_of(replaced).values() if value)


def line_of(key: PublicKey) -> str:
    window = f"{key.signs_from:%Y-%m-%d}..{key.signs_until:%Y-%m-%d}"
    given_up = f"\tstolen {key.given_up.stolen_at:%Y-%m-%d %H:%M:%S%z}" if key.given_up else ""
    return f"{key.key_id}\t{key.state.value}\t{window}\t{key.kid.hex()}{given_up}"
