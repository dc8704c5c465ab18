"""A key is stolen: what the log proves stays, the rest is reissued, and everybody can tell."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest

from api import cli_runtime
from api.bootstrap import build
from api.certificate_checks import verify
from api.certificate_documents import credential_of, sheet_of, signed_of
from api.credential_checks import verify_document
from api.given_up import KeyNotGivenUp
from api.signing import key_store
from certificates import cbor, cose
from certificates.public_keys import by_kid
from certificates.verifying import Reason, State
from domain.refusals import Refused
from projections.certificate_register import RegisteredCertificate
from tests import browsing
from tests.api.certificates.answering import answered_by
from tests.api.certificates.conftest import Office
from tests.api.certificates.erasing import erase
from tests.api.certificates.test_commands import Command
from tests.api.log.test_log_files import step
from tests.database import TestDatabase

STOLEN = "k2027a"
HANDBOOK = Path(__file__).parents[3] / "docs" / "operations.md"


def certificate_of(office: Office, number: str) -> RegisteredCertificate:
    found = office.runtime.models.certificates.by_number(number)
    assert found is not None
    return found


def scanned(office: Office, certificate: RegisteredCertificate) -> tuple[State, Reason | None]:
    signed = signed_of(office.runtime, certificate)
    assert signed is not None
    verdict = verify(office.runtime, signed)
    return verdict.state, verdict.reason


@pytest.fixture
def command(office: Office, database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Commands that live in the office's time."""
    monkeypatch.setattr(cli_runtime, "build", partial(build, now=office.clock))
    return Command(office, database)


@pytest.fixture
def robbed(office: Office) -> tuple[RegisteredCertificate, RegisteredCertificate, datetime]:
    """One certificate issued and published, then the theft, then another one."""
    older = office.issued()
    step(office.runtime.log_keeping)
    stolen_at = datetime.now(UTC)
    office.complete(office.pilot.learners[1])
    assert office.authorise().status_code == 303
    step(office.runtime.log_keeping)
    register = office.runtime.models.certificates
    newer = next(
        each
        for each in register.certificates_of_learner(office.pilot.learners[1])
        if each.kind == older.kind
    )
    return older, newer, stolen_at


def give_up(command: Command, stolen_at: datetime, *more: str) -> dict[str, bool]:
    words = ("keys", "give-up", STOLEN, "--stolen-at", f"{stolen_at:%Y-%m-%dT%H:%M:%S.%f%z}")
    result = command(*words, "--json", *more)
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.output.splitlines()]
    return {row["number"]: row["proved"] for row in rows}


def test_what_the_log_proves_stays_and_the_rest_is_reissued_once(
    office: Office,
    robbed: tuple[RegisteredCertificate, RegisteredCertificate, datetime],
    command: Command,
) -> None:
    older, newer, stolen_at = robbed
    rehearsed = give_up(command, stolen_at, "--dry-run")
    assert scanned(office, newer) == (State.VALID, None)
    assert give_up(command, stolen_at) == rehearsed
    assert (rehearsed[older.number], rehearsed[newer.number]) == (True, False)
    assert sorted(rehearsed.values()) == [False, False, True, True]
    assert scanned(office, older) == (State.VALID, None)
    assert scanned(office, newer) == (State.FORGED, Reason.COMPROMISED_KEY)
    assert office.verified(older.number) == "证书有效"

    office.clock.move(timedelta(seconds=2))
    first = command("keys", "reissue", STOLEN, "--json")
    rows = [json.loads(line) for line in first.output.splitlines()]
    assert (first.exit_code, len(rows)) == (0, 2)
    assert command("keys", "reissue", STOLEN).output == ""
    office.settle()
    replaced = certificate_of(office, newer.number)
    assert replaced.state_reason == "key_compromised"
    assert office.verified(newer.number) == "证书已换发"
    assert replaced.successor_number is not None
    new = certificate_of(office, replaced.successor_number)
    assert scanned(office, new) == (State.VALID, None)
    assert new.key_id != STOLEN
    phone = office.phone_of(newer.learner_id)
    assert "签发密钥作废，重新签名" in phone.get("/me/changes").text


def test_what_the_log_proves_is_reissued_where_others_are_to_believe_it(
    office: Office,
    robbed: tuple[RegisteredCertificate, RegisteredCertificate, datetime],
    command: Command,
) -> None:
    older, newer, stolen_at = robbed
    give_up(command, stolen_at)
    office.clock.move(timedelta(seconds=2))
    rows = command("keys", "reissue", STOLEN, "--all", "--json").output.splitlines()
    assert {older.number, newer.number} <= {json.loads(row)["number"] for row in rows}
    assert command("keys", "reissue", STOLEN, "--all").output == ""


def brought(office: Office, content: bytes) -> tuple[State, Reason | None]:
    verdict = verify_document(office.runtime, content)
    assert (verdict.key_given_up_at is not None) <= (verdict.state is State.VALID)
    return verdict.state, verdict.reason


def test_a_credential_is_believed_as_its_code_is(
    office: Office,
    robbed: tuple[RegisteredCertificate, RegisteredCertificate, datetime],
    command: Command,
) -> None:
    older, newer, stolen_at = robbed
    first, second = (credential_of(office.runtime, each) for each in (older, newer))
    assert first is not None
    assert second is not None
    assert brought(office, second) == (State.VALID, None)
    give_up(command, stolen_at)
    assert brought(office, first) == (State.VALID, None)
    assert brought(office, json.dumps(json.loads(first), indent=2).encode()) == (State.VALID, None)
    assert brought(office, second) == (State.FORGED, Reason.COMPROMISED_KEY)
    touched = json.loads(first)
    touched["credentialSubject"]["creditsEarned"] += 1
    assert brought(office, json.dumps(touched).encode()) == (State.FORGED, Reason.COMPROMISED_KEY)
    named = {**json.loads(second), "id": json.loads(first)["id"]}
    assert brought(office, json.dumps(named).encode()) == (State.FORGED, Reason.COMPROMISED_KEY)


def test_anybody_reads_what_is_proved_in_a_signed_list(
    office: Office,
    robbed: tuple[RegisteredCertificate, RegisteredCertificate, datetime],
    command: Command,
) -> None:
    older, _, stolen_at = robbed
    give_up(command, stolen_at)
    anybody = office.browser()
    known = anybody.get("/c/keys.json").json()["keys"]
    [(kid, entry)] = [(kid, each) for kid, each in known.items() if each["id"] == STOLEN]
    assert (entry["state"], entry["proved"]) == ("compromised", {"shards": 1})
    answer = anybody.get(f"/c/proved/{kid}/0")
    assert answer.headers["content-type"] == "application/cose"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers
    signed = cose.take_apart(answer.content)
    key = by_kid(key_store(office.runtime).public_keys())[signed.kid]
    assert not key.is_compromised
    assert signed.is_signed_by(key.public_bytes, key.algorithm)
    held = cbor.decode(signed.payload)[-65538]
    content = signed_of(office.runtime, older)
    assert content is not None
    assert hashlib.sha256(content).digest()[:16] in [held[i : i + 16] for i in (0, 16)]
    again = {"If-None-Match": answer.headers["etag"]}
    office.clock.move(timedelta(minutes=1))
    assert anybody.get(f"/c/proved/{kid}/0", headers=again).status_code == 304
    for path in (f"/c/proved/{kid}/1", f"/c/proved/{kid}/-1", "/c/proved/00/0"):
        assert anybody.get(path).status_code == 404


def test_a_page_says_why_a_certificate_of_a_stolen_key_still_stands(
    office: Office,
    robbed: tuple[RegisteredCertificate, RegisteredCertificate, datetime],
    command: Command,
) -> None:
    older, _, stolen_at = robbed
    give_up(command, stolen_at)
    asked = {"number": older.number, "code": office.code(older.number)}
    assert "公开日志证明本证书签发在先" in office.browser().get("/verify", params=asked).text
    told = office.browser().get(f"/api/v1/certificates/{older.number}", params=asked).json()
    assert (told["state"], told["key_given_up_at"][:10]) == ("valid", "2027-01-20")


def test_a_register_that_was_made_to_lie_proves_nothing(
    office: Office,
    robbed: tuple[RegisteredCertificate, RegisteredCertificate, datetime],
    command: Command,
) -> None:
    """Whoever has the key and the read models still has not the log."""
    older, newer, stolen_at = robbed
    give_up(command, stolen_at)
    with psycopg.connect(office.runtime.connections.owner) as connection:
        connection.execute(
            "UPDATE ledger_views.certificate SET signed_sha256 = %s WHERE number = %s",
            (newer.signed_sha256, older.number),
        )
    assert scanned(office, newer) == (State.FORGED, Reason.COMPROMISED_KEY)


def test_one_that_cannot_be_reissued_stops_nobody_else(
    office: Office,
    robbed: tuple[RegisteredCertificate, RegisteredCertificate, datetime],
    command: Command,
) -> None:
    older, newer, stolen_at = robbed
    give_up(command, stolen_at - timedelta(days=1))  # older than the log: nothing is proved
    assert scanned(office, older) == (State.FORGED, Reason.COMPROMISED_KEY)
    erase(office.runtime, newer.learner_id)
    office.clock.move(timedelta(seconds=2))
    result = command("keys", "reissue", STOLEN, "--json")
    rows = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert sorted(str(row["code"]) for row in rows) == ["None", "None", *2 * ["holder_erased"]]


def test_a_trusted_key_is_not_reissued_from(office: Office, command: Command) -> None:
    office.issued()
    with pytest.raises(KeyNotGivenUp):
        command("keys", "reissue", STOLEN)
    with pytest.raises(Refused, match="key_unknown"):
        command("keys", "signed", "k-nobody")
    assert len(command("keys", "signed", STOLEN).output.splitlines()) == 2
    future = command("keys", "give-up", STOLEN, "--stolen-at", "2099-01-01")
    assert future.exit_code == 2


def test_what_the_operators_handbook_says_can_be_done(
    office: Office,
    robbed: tuple[RegisteredCertificate, RegisteredCertificate, datetime],
    command: Command,
) -> None:
    older, newer, stolen_at = robbed
    steps = re.findall(r"^parent-credits (keys .+)$", HANDBOOK.read_text(), re.MULTILINE)
    assert len(steps) == 5
    office.clock.move(timedelta(seconds=2))
    for line in steps:
        words = [word if "T" not in word else stolen_at.isoformat() for word in line.split()]
        result = command(*words)
        assert result.exit_code == 0, (line, result.output)
    office.settle()
    states = [certificate_of(office, each.number).state for each in (older, newer)]
    assert states == ["valid", "replaced"]


def test_after_a_rotation_the_new_key_signs_and_the_old_one_is_believed(
    office: Office, command: Command
) -> None:
    old = office.issued()
    assert command("keys", "rotate").output.startswith("k2027b\tactive")
    office.complete(office.pilot.learners[1])
    assert office.authorise().status_code == 303
    register = office.runtime.models.certificates
    new = register.certificates_of_learner(office.pilot.learners[1])[0]
    assert (old.key_id, new.key_id) == (STOLEN, "k2027b")
    assert [scanned(office, each)[0] for each in (old, new)] == [State.VALID, State.VALID]


@pytest.mark.browser
def test_the_page_believes_what_the_log_proves_and_nothing_else(
    office: Office,
    robbed: tuple[RegisteredCertificate, RegisteredCertificate, datetime],
    command: Command,
) -> None:
    older, newer, stolen_at = robbed
    give_up(command, stolen_at)
    with browsing.chromium() as browser:
        context = browser.new_context(service_workers="block")
        page = answered_by(office.browser(), context).new_page()
        page.clock.set_fixed_time(office.clock.at)
        for certificate, word in ((older, "valid"), (newer, "forged")):
            page.goto("about:blank")
            page.goto(sheet_of(office.runtime, certificate).qr_text)
            page.wait_for_selector(f"html[data-verdict={word}]", state="attached")
