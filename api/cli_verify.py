"""Checking certificates on the command line: a file, a photograph, a text or a number.

Exit codes: 0 valid; 1 not valid (expired, taken back, forged, not found); 3 the signature is good,
but whether it was taken back is not known; 5 refused: nothing that can be read. Of several
certificates the worst counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from api.bootstrap import Runtime
from api.certificate_checks import Checked, found, judged, verify
from api.cli_passbook import recompute as recompute_passbook
from api.cli_runtime import opened
from api.credential_checks import verify_document
from certificates import presented
from certificates.claims import Claims
from certificates.credential_verifying import CredentialVerdict
from certificates.encodings import Document
from certificates.offline import Saved
from certificates.presented import Code, Credential, NothingToVerify, Number, Presented
from certificates.states import WORDS
from certificates.verifying import State, Verdict
from certificates.wording import hours_text
from domain.certificate_refusals import UnknownCertificate
from domain.refusals import Refused

NOT_VALID, NOT_KNOWN = 1, 3
_EXITS = {State.VALID: 0, State.STATUS_UNKNOWN: NOT_KNOWN}
_ENDING = re.compile(r"\.[A-Za-z]{3,4}$")

Told = dict[str, object]

_WHAT = (
    "A file (credential, PDF, picture, photograph, text), a number, the text of a QR code or its"
    " digits."
)
Shown = Annotated[str, typer.Argument(help=_WHAT, show_default=False)]
CheckCode = Annotated[str | None, typer.Option(help="Checked too where it is given.")]
Offline = Annotated[
    bool, typer.Option("--offline", help="By --keys and --list alone: no database, no network.")
]
Keys = Annotated[
    list[Path] | None,
    typer.Option(help="Offline: the issuer's saved keys.json (codes) or did.json (both)."),
]
Lists = Annotated[
    list[Path] | None,
    typer.Option("--list", help="Offline: a saved status list, of either form."),
]
At = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%dT%H:%M:%SZ"], help="Offline: judge as of this time (UTC)."),
]
Recompute = Annotated[
    Path | None, typer.Option(help="A passbook instead: derive all its figures, offline.")
]
LogKey = Annotated[
    str | None,
    typer.Option(help="The log's key from elsewhere, or a file of keys (its own, witnesses')."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print a line of JSON for each.")]


class NumberNeedsRegister(Refused):
    """A number says nothing by itself: only the issuer's register knows it."""

    code: ClassVar[str] = "certificate_number_needs_register"


def add_to(app: typer.Typer) -> None:
    app.command(name="verify")(check)


def check(
    certificate: Shown = "",
    check_code: CheckCode = None,
    offline: Offline = False,
    keys: Keys = None,
    lists: Lists = None,
    at: At = None,
    recompute: Recompute = None,
    log_key: LogKey = None,
    as_json: AsJson = False,
) -> None:
    """Say what a certificate or a passbook is worth; exits with 0 only when all of it holds.

    1: not valid. 3: genuine, but whether it was taken back is not known. 5: nothing to read.
    """
    if recompute is not None:
        recompute_passbook(recompute, log_key, as_json=as_json)
        return
    shown = shown_in(certificate)
    if offline:
        saved = Saved.read(map(read_file, keys or []), map(read_file, lists or []))
        now = (at or datetime.now(UTC)).replace(tzinfo=UTC)
        told = [told_offline(saved, each, now) for each in shown]
    else:
        with opened() as runtime:
            runtime.projector.catch_up()
            told = [told_of(runtime, each, check_code) for each in shown]
    for each in told:
        tell(each, as_json=as_json)
    raise typer.Exit(exit_of(State(str(each["state"])) for each in told))


def shown_in(certificate: str) -> list[Presented]:
    """Refuses NothingToVerify, InvalidNumber."""
    if is_file(certificate):
        return presented.of_file(read_file(Path(certificate)))
    return [presented.of_text(certificate)]


def is_file(text: str) -> bool:
    """Whether a file is meant, there or not: a text of ours has no such ending."""
    try:
        return Path(text).is_file() or bool(_ENDING.search(text))
    except (OSError, ValueError):
        return False  # too long for a name


def read_file(path: Path) -> bytes:
    """Never more than can be a certificate. Refuses NothingToVerify."""
    try:
        with path.open("rb") as file:
            return file.read(presented.LARGEST + 1)
    except OSError as error:
        raise NothingToVerify from error


def told_of(runtime: Runtime, shown: Presented, typed_code: str | None) -> Told:
    """Judge by this installation's keys and register."""
    match shown:
        case Code(text):
            return of_verdict(verify(runtime, text))
        case Credential(content):
            return of_credential(verify_document(runtime, content))
        case Number(number):
            return of_checked(by_number(runtime, number, typed_code))


def told_offline(saved: Saved, shown: Presented, now: datetime) -> Told:
    """Judge by saved files. Refuses NumberNeedsRegister."""
    match shown:
        case Code(text):
            return of_verdict(saved.judge_code(text, now))
        case Credential(content):
            return of_credential(saved.judge_credential(content, now))
        case Number():
            raise NumberNeedsRegister


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


def of_verdict(verdict: Verdict) -> Told:
    return of_signed(verdict, "code", facts_of(verdict.claims) if verdict.claims else {})


def of_credential(verdict: CredentialVerdict) -> Told:
    said = said_by(verdict.credential) if verdict.credential else {}
    return of_signed(verdict, "credential", said)


def of_signed(verdict: Verdict | CredentialVerdict, shown: str, said: Told) -> Told:
    return {
        "state": verdict.state.value,
        "shown": shown,
        "number": None,
        **said,
        "key_id": verdict.key_id,
        "reason": verdict.reason and verdict.reason.value,
        "key_given_up_at": verdict.key_given_up_at and verdict.key_given_up_at.isoformat(),
    }


def said_by(credential: Document) -> Told:
    """What a credential of ours says; of another shape, though signed by us, nothing."""
    match credential:
        case {
            "issuer": {"name": school},
            "validFrom": issued,
            "credentialSubject": {
                "licenseNumber": number,
                "creditsEarned": int() | float() as hours,
                "achievement": {"name": achievement, "version": rulebook},
                **subject,
            },
            **rest,
        }:
            return {
                "number": number,
                "achievement": achievement,
                "school": school,
                "period": subject.get("term"),
                "hours": hours_text(round(100 * hours)),
                "rulebook": rulebook,
                "issued": issued,
                "expires": rest.get("validUntil"),
            }
        case _:
            return {}


def of_checked(checked: Checked) -> Told:
    certificate = checked.certificate
    return {
        "state": checked.state.value,
        "shown": "number",
        **(facts_of(checked.claims) if checked.claims else {}),
        "number": checked.number,
        "key_id": certificate and certificate.key_id,
        "successor": certificate and certificate.successor_number,
        "reason": checked.reason and checked.reason.value,
    }


def facts_of(claims: Claims) -> Told:
    """What is printed, as far as it is signed."""
    return {
        "number": claims.number,
        "holder": claims.masked_holder,
        "achievement": claims.kind.value,
        "stage": claims.stage and claims.stage.value,
        "level": claims.level,
        "school": claims.school_name,
        "period": claims.period,
        "hours": hours_text(claims.hours),
        "rulebook": claims.rulebook_version,
        "issued": claims.issued_at.isoformat(),
        "expires": claims.expires_at and claims.expires_at.isoformat(),
    }


def tell(told: Told, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    words = WORDS[State(str(told["state"]))]
    typer.echo(f"{words.heading} · {words.heading_in_english}")
    typer.echo("".join(f"{name}\t{value}\n" for name, value in told.items() if value))


def exit_of(states: Iterable[State]) -> int:
    """Of several the worst: what is not valid before what is not known."""
    codes = {_EXITS.get(state, NOT_VALID) for state in states}
    return next(code for code in (NOT_VALID, NOT_KNOWN, 0) if code in codes)
