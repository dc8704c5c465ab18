"""Open Badges credentials: signing by shape beside PyLD's whole path, and reading one strictly."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from pyld import jsonld

from bench.ground import Ground
from bench.measuring import Figure, Question, Scale, interleaved, timed
from certificates import credential, data_integrity, linked_data
from certificates.credential_verifying import Issuer, verify_credential
from certificates.did import did_of, key_address
from certificates.encodings import Document, base58, json_bytes
from certificates.keys import FileKeyStore, FileSigner
from certificates.snapshot import Snapshot
from certificates.status import Place
from certificates.verifying import State
from domain.certificate import CertificateKind

AT = datetime(2026, 7, 10, 4, tzinfo=UTC)
URL = "https://credits.example"
DID = did_of(URL)
PYLD = {"algorithm": "URDNA2015", "format": "application/n-quads"}
SIGN = Question(
    "credentials", "credentials made and signed, eddsa-rdfc-2022",
    "credentials/s", "the same document canonicalised and signed by PyLD's path",
    reach=10,
)  # fmt: skip
VERIFY = Question(
    "credentials", "credentials verified strictly, undefined terms refused",
    "credentials/s", "PyLD's path without that guard",
)  # fmt: skip


def run(_: Ground, scale: Scale) -> list[Figure]:
    count, rounds = scale.pick(5, 100, 400), scale.pick(1, 3, 7)
    with TemporaryDirectory() as folder:
        store = FileKeyStore(Path(folder) / "keys.json", bytes(32))
        store.create("k2026a", AT - timedelta(days=1), AT + timedelta(days=365))
        signer, issuer = store.signer(AT), Issuer.of(DID, store.public_keys())
    snapshots = [snapshot(ordinal) for ordinal in range(count)]
    slow = snapshots[: max(count // 10, 1)]
    files = [json_bytes(signed(each, signer)) for each in slow]
    assert all(judged(file, issuer) is State.VALID for file in files)
    return [
        SIGN.answer(
            *interleaved(
                rounds,
                lambda _: timed(count, lambda: [signed(each, signer) for each in snapshots]),
                lambda _: timed(len(slow), lambda: [by_pyld(each, signer) for each in slow]),
            )
        ),
        VERIFY.answer(
            *interleaved(
                rounds,
                lambda _: timed(len(files), lambda: [judged(file, issuer) for file in files]),
                lambda _: timed(len(slow), lambda: [by_pyld(each, signer) for each in slow]),
            )
        ),
    ]


def snapshot(ordinal: int) -> Snapshot:
    return Snapshot(
        certificate_id=uuid4(),
        number="440104-2026-0000123-7",
        kind=CertificateKind.ANNUAL_COMPLETION,
        holder_name=f"（示例）{ordinal}",
        school_name="示例小学",
        district_code="440104",
        period="2025学年",
        period_begins=date(2025, 9, 1),
        period_ends=date(2026, 7, 10),
        hours=800 + 25 * ordinal,
        awarded_on=AT.date(),
        issued_at=AT,
        rulebook_version="2026.1",
        wording_version="2026.1",
        renderer_version="2026.1",
        host="credits.example",
    )


def document_of(said: Snapshot) -> Document:
    return credential.document(said, Place(1, 4711), bytes(16), URL)


def signed(said: Snapshot, signer: FileSigner) -> Document:
    key = key_address(DID, signer.key_id)
    return data_integrity.sign(document_of(said), signer, key, said.issued_at)


def by_pyld(said: Snapshot, signer: FileSigner) -> Document:
    """What a user of the library would write."""
    document, options = document_of(said), {**PYLD, "documentLoader": linked_data.load}
    proof = {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022",
        "created": data_integrity.moment(said.issued_at), "proofPurpose": "assertionMethod",
        "verificationMethod": key_address(DID, signer.key_id),
    }  # fmt: skip
    parts = ({"@context": document["@context"], **proof}, document)
    hashes = [hashlib.sha256(jsonld.normalize(each, options).encode()) for each in parts]
    value = base58(signer.sign(b"".join(each.digest() for each in hashes)))
    return {**document, "proof": {**proof, "proofValue": value}}


def judged(file: bytes, issuer: Issuer) -> State:
    return verify_credential(file, issuer, lambda *_: False, AT).state
