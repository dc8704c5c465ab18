"""The Open Badges credential: what it says, how it is signed, what is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from certificates import bitstring, credential, data_integrity, did, linked_data, vc_jwt
from certificates.cose import ES256
from certificates.credential_verifying import Issuer, verify_credential
from certificates.encodings import Document, base64url
from certificates.keys import FileKeyStore, FileSigner
from certificates.linked_data import UndefinedTerm
from certificates.plain_json import NotLinkedData
from certificates.public_keys import GivenUp
from certificates.snapshot import Snapshot
from certificates.status import SIZE, Place
from certificates.verifying import Reason, State

from .conftest import BASE_URL, KINDS, NOW

PLACE = Place(1, 4711)
SECRET = bytes(range(16))
DID = did.did_of(BASE_URL)
LATER = NOW + timedelta(days=1)

Make = Callable[..., Snapshot]


@pytest.fixture(scope="module")
def signed(snapshot: Make, signer: FileSigner) -> Callable[..., Document]:
    def sign(form: str = "annual", **changes: Any) -> Document:
        said = snapshot(form, **changes)
        document = credential.document(said, PLACE, SECRET, BASE_URL)
        key = did.key_address(DID, signer.key_id)
        return data_integrity.sign(document, signer, key, said.issued_at)

    return sign


@pytest.fixture(scope="module")
def issuer(store: FileKeyStore) -> Issuer:
    return Issuer.of(DID, store.public_keys())


def judged(document: Document, issuer: Issuer, *, bit: bool | None = False) -> Any:
    content = json.dumps(document, ensure_ascii=False).encode()
    return verify_credential(content, issuer, lambda _list, _index: bit, LATER)


def by_pyld(document: Document) -> bytes:
    options = {"format": "application/n-quads", "documentLoader": linked_data.load}
    canonical: str = jsonld.normalize(document, {"algorithm": "URDNA2015", **options})
    return canonical.encode()


@pytest.mark.parametrize("form", KINDS)
def test_each_kind_is_valid_and_canonical_by_another_library(
    form: str, signed: Callable[..., Document], issuer: Issuer, snapshot: Make
) -> None:
    assert judged(signed(form), issuer).state is State.VALID
    document = credential.document(snapshot(form), PLACE, SECRET, BASE_URL)
    assert linked_data.canonical_by_shape(document) == by_pyld(document)
    assert linked_data.canonical(document) == by_pyld(document)


@given(
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
    hours=st.integers(min_value=800, max_value=100_000),
    title=st.text(st.sampled_from('一"\\\n\t<>{}slot-0-urn:'), min_size=1, max_size=12),
)
def test_what_is_filled_into_a_shape_is_what_another_library_reads(
    snapshot: Make, name: str, hours: int, title: str
) -> None:
    lines = [{"on": NOW.date(), "title": title, "class_hours": 100, "hours": 50}]
    said = snapshot("statement", school_name=name, hours=hours, lines=lines)
    document = credential.document(said, PLACE, SECRET, BASE_URL)
    assert linked_data.canonical_by_shape(document) == by_pyld(document)


def test_the_name_is_not_in_it_but_can_be_compared(signed: Callable[..., Document]) -> None:
    for form in KINDS:
        document = signed(form, holder_name="示例慧")
        assert "示例慧" not in json.dumps(document, ensure_ascii=False)
        [identity] = document["credentialSubject"]["identifier"]
        assert credential.identity_hash("示例慧", identity["salt"]) == identity["identityHash"]
        assert credential.identity_hash("示例惠", identity["salt"]) != identity["identityHash"]


def test_two_certificates_do_not_show_that_they_are_one_persons(
    signed: Callable[..., Document],
) -> None:
    one, other = signed(), signed(certificate_id="5f2b9c1e-7a34-5d10-8c66-0d9a4be21f38")
    for document in (one, other):
        assert document["credentialSubject"]["id"].startswith("urn:uuid:")
    assert one["credentialSubject"]["id"] != other["credentialSubject"]["id"]
    salts = {each["credentialSubject"]["identifier"][0]["salt"] for each in (one, other)}
    assert len(salts) == 2


def test_the_same_certificate_is_signed_to_the_same_bytes(
    signed: Callable[..., Document],
) -> None:
    assert signed() == signed()


def changed(document: Any) -> Iterator[Any]:
    """Every way to change one value of a document, and to leave one out."""
    match document:
        case dict():
            for key, value in document.items():
                yield {name: each for name, each in document.items() if name != key}
                for other in changed(value):
                    yield {**document, key: other}
        case list():
            for place, value in enumerate(document):
                for other in changed(value):
                    yield [*document[:place], other, *document[place + 1 :]]
            if len(document) > 1 and document != document[::-1]:
                yield document[::-1]
        case bool():
            yield not document
        case str():
            yield f"{document}x"
        case _:
            yield document + 1


# The order of types, results and the like means nothing: JSON-LD has sets there.
SETS = ("evidence", "result", "resultDescription", "allowedValue", "rubricCriterionLevel")


@pytest.mark.parametrize("form", ["star", "statement"])
def test_every_change_is_refused(
    form: str, signed: Callable[..., Document], issuer: Issuer
) -> None:
    document = signed(form)
    found = list(changed(document))
    assert len(found) > 80
    for other in found:
        if data_of(other) == data_of(document):
            continue
        assert judged(other, issuer).state is State.FORGED, other


def data_of(part: Any) -> Any:
    """A document without the order of its sets."""
    match part:
        case dict():
            return {
                key: sorted(map(json.dumps, map(data_of, value))) if key in SETS else data_of(value)
                for key, value in part.items()
            }
        case _:
            return part


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"price": "8"}, Reason.MALFORMED),
        ({"@context": [linked_data.OPEN_BADGES, linked_data.CREDENTIALS]}, Reason.MALFORMED),
        ({"@context": [linked_data.CREDENTIALS]}, Reason.MALFORMED),
        ({"proof": []}, Reason.MALFORMED),
        ({"issuer": {"id": "did:web:other.example", "type": ["Profile"]}}, Reason.FOREIGN_ISSUER),
        ({"validFrom": "tomorrow"}, Reason.BAD_SIGNATURE),
        ({"name": "_:b0"}, Reason.MALFORMED),
        ({"name": "\u0007"}, Reason.MALFORMED),
    ],
)
def test_what_is_wrong_is_said(
    change: Document, reason: Reason, signed: Callable[..., Document], issuer: Issuer
) -> None:
    verdict = judged({**signed(), **change}, issuer)
    assert (verdict.state, verdict.reason) == (State.FORGED, reason)


def test_a_term_that_no_context_defines_is_never_signed(snapshot: Make, signer: FileSigner) -> None:
    document = credential.document(snapshot(), PLACE, SECRET, BASE_URL)
    document["credentialSubject"]["childName"] = "（示例）"
    with pytest.raises(UndefinedTerm, match="childName"):
        data_integrity.sign(document, signer, "did:web:x#k", NOW)


def test_no_context_is_ever_fetched() -> None:
    document = {"@context": [linked_data.CREDENTIALS, "https://other.example/context"]}
    with pytest.raises(NotLinkedData):
        linked_data.canonical(document)
    with pytest.raises(NotLinkedData, match="not one of our contexts"):
        linked_data.load("https://other.example/context")


def test_taken_back_goes_before_expired_and_expired_before_unknown(
    signed: Callable[..., Document], issuer: Issuer
) -> None:
    lasting, ended = signed(), signed("statement", valid_until=NOW.date())
    assert judged(lasting, issuer, bit=None).state is State.STATUS_UNKNOWN
    assert judged(lasting, issuer, bit=True).state is State.REVOKED
    assert judged(ended, issuer, bit=None).state is State.EXPIRED
    assert judged(ended, issuer, bit=True).state is State.REVOKED


def test_a_key_is_believed_in_its_time_and_not_when_it_was_stolen(
    signed: Callable[..., Document], tmp_path: Path
) -> None:
    store = FileKeyStore(tmp_path / "keys.json", bytes(32))
    store.create("k1", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    signer, key = store.signer(NOW), did.key_address(DID, "k1")
    unsigned = {term: value for term, value in signed().items() if term != "proof"}
    document = data_integrity.sign(unsigned, signer, key, NOW)
    assert judged(document, Issuer.of(DID, store.public_keys())).state is State.VALID
    late = data_integrity.sign(unsigned, signer, key, datetime(2027, 2, 1, tzinfo=UTC))
    verdict = judged(late, Issuer.of(DID, store.public_keys()))
    assert verdict.reason is Reason.OUTSIDE_KEY_WINDOW
    store.retire("k1", LATER)
    assert judged(document, Issuer.of(DID, store.public_keys())).state is State.VALID
    store.give_up("k1", LATER, GivenUp(stolen_at=LATER))
    verdict = judged(document, Issuer.of(DID, store.public_keys()))
    assert verdict.reason is Reason.COMPROMISED_KEY
    assert did.document(store.public_keys(), BASE_URL)["assertionMethod"] == []


def test_a_jwt_says_the_same_and_no_change_passes(
    signed: Callable[..., Document], tmp_path: Path
) -> None:
    store = FileKeyStore(tmp_path / "keys.json", bytes(32))
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    store.create("es1", begins, begins + timedelta(days=365), ES256)
    issuer, key = Issuer.of(DID, store.public_keys()), did.key_address(DID, "es1")
    unsigned = {term: value for term, value in signed("star").items() if term != "proof"}
    token = vc_jwt.sign(unsigned, store.signer(NOW, ES256), key, NOW)
    assert token == vc_jwt.sign(unsigned, store.signer(NOW, ES256), key, NOW)

    def state_of(text: str) -> State:
        return verify_credential(text.encode(), issuer, lambda *_: False, LATER).state

    assert state_of(token) is State.VALID
    for place in range(0, len(token), 29):
        other = "A" if token[place] != "A" else "B"
        assert state_of(f"{token[:place]}{other}{token[place + 1 :]}") is State.FORGED
    header, payload, signature = token.split(".")
    none = base64url(b'{"alg":"none","kid":"%s","typ":"JWT"}' % key.encode())
    assert state_of(f"{none}.{payload}.") is State.FORGED
    assert state_of(f"{header}.{payload}.{signature}=") is State.FORGED


def test_the_did_document_names_each_key_and_spells_none(
    store: FileKeyStore, signer: FileSigner
) -> None:
    document = did.document(store.public_keys(), BASE_URL)
    assert document["id"] == "did:web:127.0.0.1%3A8000"
    [method] = document["verificationMethod"]
    assert document["assertionMethod"] == [f"{document['id']}#{signer.key_id}"] == [method["id"]]
    assert method["controller"] == document["id"]
    assert method["publicKeyMultibase"].startswith("z6Mk")


@given(st.sets(st.integers(min_value=0, max_value=SIZE - 1), max_size=30))
def test_a_bitstring_says_what_was_set(indexes: set[int]) -> None:
    encoded = bitstring.encode(indexes)
    for index in indexes | {0, SIZE - 1}:
        assert bitstring.is_set(encoded, index) is (index in indexes)


def test_the_signed_list_is_a_credential_for_seven_days(
    store: FileKeyStore, signer: FileSigner
) -> None:
    listed = bitstring.sign_list(1, [4711], BASE_URL, signer, NOW)
    proof = data_integrity.proof_of(listed)
    [key] = store.public_keys()
    assert proof.is_signed_by(key.public_bytes)
    assert listed["validUntil"] == "2026-07-17T04:00:00Z"
    assert listed["credentialSubject"]["ttl"] == 300_000
    copied = copy.deepcopy(listed)
    copied["credentialSubject"]["encodedList"] = bitstring.encode([])
    assert not data_integrity.proof_of(copied).is_signed_by(key.public_bytes)
