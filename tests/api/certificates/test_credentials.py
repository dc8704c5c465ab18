"""The Open Badges files of a certificate, believed by the public keys alone."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.certificate_documents import attachments_of, credential_of, sheet_of
from api.credential_checks import verify_document
from api.signing import create_key, key_store
from certificates import bitstring, data_integrity
from certificates.baking import from_png, from_svg
from certificates.cose import ES256
from certificates.credential_verifying import CredentialVerdict, Issuer, verify_credential
from certificates.encodings import unbase58
from certificates.verifying import Reason, State
from domain.envelope import Role
from ledger.log.checkpoint import Proof
from ledger.log.note import Key
from tests.acting import DISTRICT
from tests.api.certificates.conftest import Office
from tests.api.log.test_log_files import step
from tests.saying import says


def judged(office: Office, content: bytes) -> CredentialVerdict:
    """As a stranger does it: by the DID document, and the list that the credential names."""
    anybody = office.browser()
    listed = anybody.get("/.well-known/did.json").json()
    keys = key_store(office.runtime).public_keys()
    assert {method["id"] for method in listed["verificationMethod"]} == {
        f"{listed['id']}#{key.key_id}" for key in keys
    }

    def taken_back(address: str, index: int) -> bool:
        credential = anybody.get(address.removeprefix(office.runtime.settings.public_url)).json()
        proof = data_integrity.proof_of(credential)
        [method] = [each for each in listed["verificationMethod"] if each["id"] == proof.key]
        assert proof.is_signed_by(unbase58(method["publicKeyMultibase"])[2:])
        assert credential["id"] == address
        return bitstring.is_set(credential["credentialSubject"]["encodedList"], index)

    issuer = Issuer.of(listed["id"], keys)
    return verify_credential(content, issuer, taken_back, office.clock.at)


def file_of(office: Office, number: str, ending: str, browser: TestClient | None = None) -> bytes:
    answer = (browser or office.head).get(f"/certificates/{number}.{ending}")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_the_credential_says_what_the_sheet_says(office: Office) -> None:
    certificate = office.issued()
    content = file_of(office, certificate.number, "json")
    verdict = judged(office, content)
    assert verdict.state is State.VALID
    assert verdict.credential is not None
    subject = verdict.credential["credentialSubject"]
    assert verdict.credential["id"] == f"urn:uuid:{certificate.certificate_id}"
    assert subject["licenseNumber"] == certificate.number
    assert subject["creditsEarned"] == certificate.hours / 100
    assert subject["term"] == "2026学年"
    assert "陈建" not in content.decode()


def test_pictures_carry_the_same_credential(office: Office) -> None:
    number = office.issued().number
    content = file_of(office, number, "json")
    assert from_png(file_of(office, number, "png")) == content
    assert from_svg(file_of(office, number, "svg")) == content


def test_a_reissue_takes_the_old_credential_back_and_keeps_the_day(office: Office) -> None:
    number = office.issued().number
    before = file_of(office, number, "json")
    answer = office.head.post(f"/staff/certificates/{number}/reissue", data={"reason": "lost"})
    assert judged(office, before).state is State.REVOKED
    new = answer.headers["location"].split("/")[-1].partition("?")[0]
    after = file_of(office, new, "json")
    assert judged(office, after).state is State.VALID
    days = {json.loads(each)["awardedDate"] for each in (before, after)}
    assert len(days) == 1


def test_the_jwt_is_there_once_there_is_a_key_for_it(office: Office) -> None:
    number = office.issued().number
    refused = office.head.get(f"/certificates/{number}.jwt")
    assert says(refused, "signing_key_missing")
    create_key(office.runtime, office.clock.at, key_id="es2027a", algorithm=ES256)
    token = file_of(office, number, "jwt")
    keys = Issuer.of("did:web:127.0.0.1%3A8000", key_store(office.runtime).public_keys())
    verdict = verify_credential(token, keys, lambda *_: False, office.clock.at)
    assert (verdict.state, verdict.key_id) == (State.VALID, "es2027a")
    [method] = [
        each
        for each in office.browser().get("/.well-known/did.json").json()["verificationMethod"]
        if each["type"] == "JsonWebKey"
    ]
    assert method["publicKeyJwk"]["crv"] == "P-256"


def test_the_proof_of_the_log_travels_with_the_certificate(office: Office) -> None:
    certificate = office.issued()
    path = f"/certificates/{certificate.number}/log-proof.json"
    early = office.head.get(path)
    assert early.status_code == 404
    step(office.runtime.log_keeping)
    found: dict[str, Any] = office.head.get(path).json()
    proof, key = Proof.parsed(found["proof"].encode()), Key.parsed(found["key"])
    assert proof.check(found["leaf"].encode(), [key]).size > 0
    issue = json.loads(found["event"]["state"])["issue"]
    assert issue["credential_sha256"] == certificate.credential_sha256
    assert issue["signed_sha256"] == certificate.signed_sha256


@pytest.mark.poppler
def test_the_pdf_carries_code_credential_and_proof(office: Office, tmp_path: Path) -> None:
    certificate = office.issued()
    step(office.runtime.log_keeping)
    first = office.pdf(certificate.number)
    step(office.runtime.log_keeping)
    assert office.pdf(certificate.number) == first
    (tmp_path / "sheet.pdf").write_bytes(first)
    command = ["pdfdetach", "-saveall", "-o", str(tmp_path), str(tmp_path / "sheet.pdf")]
    subprocess.run(command, check=True, timeout=60)
    code = (tmp_path / "code.txt").read_text(encoding="utf-8")
    assert code == sheet_of(office.runtime, certificate).qr_text
    content = (tmp_path / "credential.json").read_bytes()
    assert content == file_of(office, certificate.number, "json")
    proof = json.loads((tmp_path / "log-proof.json").read_bytes())
    assert Proof.parsed(proof["proof"].encode()).index >= 0


def test_the_first_certificates_had_no_credential_and_still_print(office: Office) -> None:
    certificate = replace(office.issued(), credential_sha256="")
    assert (
        list(attachments_of(office.runtime, certificate, sheet_of(office.runtime, certificate)))
        == []
    )
    with office.runtime.pool.connection() as connection:
        names = office.runtime.connections.names
        connection.execute(f"UPDATE {names.views}.certificate SET credential_sha256 = ''")
    answer = office.head.get(f"/certificates/{certificate.number}.json")
    assert says(answer, "credential_missing")


@pytest.mark.parametrize("ending", [".json", ".jwt", ".svg", "/log-proof.json"])
def test_nobody_else_gets_them(office: Office, ending: str) -> None:
    certificate = office.issued()
    path = f"/certificates/{certificate.number}{ending}"
    other = office.phone_of(office.pilot.learners[1])
    assert other.get(path).status_code == 403
    assert office.screen(Role.DISTRICT_OFFICER, DISTRICT).get(path).status_code == 403
    assert office.browser().get(path).status_code == 303


def test_a_credential_of_the_address_of_that_day_is_still_ours(office: Office) -> None:
    content = credential_of(office.runtime, office.issued())
    assert content is not None
    moved = office.runtime.settings.model_copy(update={"public_url": "https://new.example"})
    runtime = replace(office.runtime, settings=moved)
    assert verify_document(runtime, content).state is State.VALID
    foreign = json.loads(content)
    foreign["issuer"]["id"] = "did:web:other.example"
    verdict = verify_document(runtime, json.dumps(foreign).encode())
    assert verdict.reason is Reason.FOREIGN_ISSUER
    assert verify_document(runtime, b"{}").state is State.FORGED
