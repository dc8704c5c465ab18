"""A signature covers a graph: what is shown must be what was signed, in one way of writing it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from certificates import bitstring, credential, data_integrity, did, linked_data
from certificates.credential_verifying import Issuer, open_bitstring, verify_credential
from certificates.encodings import Document
from certificates.keys import FileKeyStore, FileSigner
from certificates.plain_json import NotLinkedData, require_plain
from certificates.snapshot import Snapshot
from certificates.status import Place
from certificates.verifying import Reason, State

from .conftest import BASE_URL, NOW

DID = did.did_of(BASE_URL)
NO_ADDRESSES = [
    ":", "a b", "urn:a b",
    "urn: 1", "@none", "@type", "", "#", "//", "http://[", "urn:<x>", "é", "_:b",
]  # fmt: skip


@pytest.fixture(scope="module")
def genuine(snapshot: Callable[..., Snapshot], signer: FileSigner) -> Document:
    said = snapshot("star")
    document = credential.document(said, Place(1, 4711), bytes(16), BASE_URL)
    return data_integrity.sign(document, signer, did.key_address(DID, signer.key_id), NOW)


@pytest.fixture(scope="module")
def issuer(store: FileKeyStore) -> Issuer:
    return Issuer.of(DID, store.public_keys())


def reason_of(document: Document, issuer: Issuer) -> Reason | None:
    content = json.dumps(document).encode()
    verdict = verify_credential(content, issuer, lambda *_: False, NOW)
    assert verdict.state is State.FORGED
    return verdict.reason


def without(document: Document, *terms: str) -> Document:
    return {term: value for term, value in document.items() if term not in terms}


def forged(genuine: Document, address: str, **hidden: Any) -> Document:
    """Nodes that are dropped show what was never signed; the genuine ones are kept out of sight."""
    subject = genuine["credentialSubject"]
    return {
        **genuine,
        "id": address,
        "credentialSubject": {
            **subject,
            "id": address,
            "creditsEarned": 999,
            "achievement": {**subject["achievement"], "id": address, "name": "五星级家长"},
        },
        "credentialStatus": {**genuine["credentialStatus"], "id": address, "statusListIndex": "77"},
        **hidden,
    }


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_nothing_is_shown_in_place_of_what_was_signed(
    genuine: Document, issuer: Issuer, address: str
) -> None:
    real = without(genuine, "@context", "proof")
    assert reason_of(forged(genuine, address, **{"@included": [real]}), issuer) is Reason.MALFORMED
    assert reason_of(forged(genuine, address, evidence=[real]), issuer) is Reason.MALFORMED


def test_a_part_is_not_moved_out_of_sight(genuine: Document, issuer: Issuer) -> None:
    named = {"id": genuine["id"], "type": genuine["type"], "validUntil": genuine["validUntil"]}
    lasting = without(genuine, "validUntil")
    assert reason_of({**lasting, "@included": [named]}, issuer) is Reason.MALFORMED
    assert reason_of({**lasting, "evidence": [named]}, issuer) is Reason.MALFORMED
    subject = genuine["credentialSubject"]
    halves = [without(subject, "achievement"), without(subject, "creditsEarned")]
    assert reason_of({**genuine, "credentialSubject": halves}, issuer) is Reason.MALFORMED


@pytest.mark.parametrize(
    "change",
    [
        {"name": ["星级家长证书"]},
        {"name": {"@value": "星级家长证书"}},
        {"name": None},
        {"@id": "urn:uuid:1"},
        {"@graph": []},
        {"description": 10**400},
        {"proof": None},
        {"type": [["VerifiableCredential"], "OpenBadgeCredential"]},
    ],
)
def test_another_way_of_writing_is_refused(
    genuine: Document, issuer: Issuer, change: Document
) -> None:
    assert reason_of({**genuine, **change}, issuer) is Reason.MALFORMED


def test_a_status_list_is_not_emptied_behind_its_signature(
    signer: FileSigner, issuer: Issuer
) -> None:
    listed = bitstring.sign_list(1, [5], BASE_URL, signer, NOW)
    assert open_bitstring(json.dumps(listed).encode(), issuer).is_taken_back(5, NOW)
    real = {term: listed[term] for term in ("id", "type", "credentialSubject")}
    empty = {**listed["credentialSubject"], "encodedList": bitstring.encode([])}
    for address in (":", "rel", "urn:x y"):
        touched = {**listed, "credentialSubject": {**empty, "id": address}, "@included": [real]}
        with pytest.raises(ValueError, match=r"keyword|address"):
            open_bitstring(json.dumps(touched).encode(), issuer)


def test_what_looks_alike_is_not_sorted_for_ever() -> None:
    alike = [{"type": ["Result"], "value": "1"} for _ in range(9)]
    contexts = [linked_data.CREDENTIALS, linked_data.OPEN_BADGES]
    with pytest.raises(NotLinkedData, match="too many objects"):
        linked_data.canonical({"@context": contexts, "result": alike})
    deep: Document = {}
    for _ in range(40):
        deep = {"result": [deep]}
    with pytest.raises(NotLinkedData, match="too deep"):
        require_plain(deep)
