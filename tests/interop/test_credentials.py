"""Our credentials and the verifiers of others: one list of good and bad, one answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from certificates import bitstring, linked_data, vc_jwt
from certificates.cose import ES256
from certificates.credential_verifying import CredentialVerdict, Issuer, verify_credential
from certificates.encodings import ED25519, Document, base58, base64url
from certificates.verifying import Reason, State
from tests.certificates.test_credential import changed, data_of
from tests.interop.foreign import Disagreed, Foreign
from tools.npm import FOLDER
from tools.vectors import badges, credentials
from tools.vectors.badges import signed, unsigned
from tools.vectors.credentials import Badge
from tools.vectors.issuer import ACTIVE, AT, DID, FOREIGN, TOKENS, KnownKey, public_keys

BADGES = credentials.made()
PUBLISHED = badges.files()
_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_{}_schema.json"
NETWORK: dict[str, Any] = {
    **{name: linked_data.context(name) for name in linked_data._PINNED},
    **{
        _SCHEMA.format(name): json.loads(
            (FOLDER / "schemas" / f"ob_v3p0_{name}_schema.json").read_text(encoding="utf-8")
        )
        for name in ("achievementcredential", "profile")
    },
}
Accepts = Callable[[Foreign, Document, datetime], bool]


def ours(content: Document | str, badge: Badge) -> CredentialVerdict:
    encoded = PUBLISHED[badges.LIST]["credentialSubject"]["encodedList"]

    def taken_back(address: str, index: int) -> bool | None:
        listed = badge.list and address == badges.LIST
        return bitstring.is_set(encoded, index) if listed else None

    presented = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return verify_credential(
        presented.encode(), Issuer.of(DID, public_keys()), taken_back, badge.at
    )


@pytest.fixture(scope="module")
def informed(foreign: Foreign) -> Foreign:
    """The foreign programs, able to load what the issuer and the standards publish."""
    foreign.ask("network", "published", files=NETWORK | PUBLISHED)
    return foreign


def digitalbazaar(foreign: Foreign, content: Document, at: datetime) -> bool:
    told = foreign.ask("credentials", "digitalbazaar", credential=content, now=at.timestamp())
    # `verified` without the bit means nothing: the library leaves that to whoever asks.
    return bool(told["verified"] and not told["revoked"])


def dcc(foreign: Foreign, content: Document, at: datetime) -> bool:
    told = foreign.ask("credentials", "dcc", credential=content, now=at.timestamp())
    steps = told["steps"]
    wanted = ("valid_signature", "revocation_status", "expiration")
    return not told["errors"] and all(steps.get(step) is True for step in wanted)


def jose(foreign: Foreign, content: str, at: datetime) -> bool:
    try:
        said = foreign.ask("credentials", "jose", token=content, now=at.timestamp())
    except Disagreed:
        return False
    # jose knows tokens, not credentials: it leaves the list to whoever asks.
    _, index = bitstring.index_of(said)
    return index != badges.TAKEN_BACK.index


def test_we_judge_every_credential_as_it_says() -> None:
    told = {badge.name: ours(badge.content, badge) for badge in BADGES}
    judged = {name: (verdict.state.value, verdict.reason) for name, verdict in told.items()}
    assert judged == {badge.name: (badge.state, badge.reason) for badge in BADGES}
    assert len(judged) == len(BADGES)


@pytest.mark.npm
@pytest.mark.parametrize("accepts", [digitalbazaar, dcc])
def test_others_judge_every_credential_as_it_says(informed: Foreign, accepts: Accepts) -> None:
    told = {
        badge.name: accepts(informed, badge.content, badge.at)
        for badge in BADGES
        if isinstance(badge.content, dict) and badge.list
    }
    assert told == {badge.name: badge.others for badge in BADGES if badge.name in told}
    assert sum(told.values()) > len(badges.KINDS)


@pytest.mark.npm
def test_jose_judges_every_token_as_it_says(informed: Foreign) -> None:
    told = {
        badge.name: jose(informed, badge.content, badge.at)
        for badge in BADGES
        if isinstance(badge.content, str)
    }
    assert told == {badge.name: badge.others for badge in BADGES if badge.name in told}
    assert sum(told.values()) > len(badges.KINDS)


@pytest.mark.npm
@pytest.mark.parametrize(
    ("kind", "accepts"), [("star level", digitalbazaar), ("statement of hours", dcc)]
)
def test_no_change_of_any_field_is_accepted_by_others(
    informed: Foreign, kind: str, accepts: Accepts
) -> None:
    good = signed(unsigned(kind))
    tried = 0
    for other in changed(good):
        if data_of(other) == data_of(good):
            continue
        if set(other.get("type", ())) == set(good["type"]) and other["type"] != good["type"]:
            continue  # JSON-LD has no order of types, we do
        assert not accepts(informed, other, AT), other
        tried += 1
    assert tried > 80


@pytest.mark.npm
def test_without_the_key_in_the_document_nothing_is_accepted(informed: Foreign) -> None:
    good = signed(unsigned())
    document = PUBLISHED[badges.DID_FILE]
    files = NETWORK | PUBLISHED | {badges.DID_FILE: {**document, "assertionMethod": []}}
    # The DCC's resolver remembers documents: ask one that has seen none.
    with Foreign() as fresh:
        fresh.ask("network", "published", files=files)
        assert not digitalbazaar(fresh, good, AT)
        assert not dcc(fresh, good, AT)


@pytest.mark.npm
def test_we_judge_what_a_foreign_library_signs(informed: Foreign) -> None:
    def state(key: KnownKey, document: Document) -> tuple[State, Reason | None]:
        made = informed.ask(
            "credentials", "issued", credential=document, address=ACTIVE.address,
            key=base58(ED25519 + key.public), secret=base58(b"\x80\x26" + key.secret),
            now=AT.timestamp(),
        )  # fmt: skip
        verdict = ours(made, Badge("", "", ""))
        return verdict.state, verdict.reason

    for kind in badges.KINDS:
        assert state(ACTIVE, unsigned(kind)) == (State.VALID, None)
    assert state(FOREIGN, unsigned()) == (State.FORGED, Reason.BAD_SIGNATURE)
    assert state(ACTIVE, unsigned(place=badges.TAKEN_BACK)) == (State.REVOKED, None)


@pytest.mark.npm
def test_we_judge_the_tokens_of_a_foreign_library(foreign: Foreign) -> None:
    claims = vc_jwt.take_apart(badges.token(unsigned("star level"))).payload
    header = {"alg": "ES256", "kid": TOKENS.address, "typ": "JWT"}

    def state(header: Document, key: KnownKey, claims: Document = claims) -> str:
        point = key.public
        jwk = {"kty": "EC", "crv": "P-256", "x": base64url(point[1:33]),
               "y": base64url(point[33:]), "d": base64url(key.secret)}  # fmt: skip
        made = foreign.ask("credentials", "tokenIssued", claims=claims, header=header, jwk=jwk)
        return ours(made, Badge("", "", "")).state

    assert state(header, TOKENS) is State.VALID
    assert state(header, KnownKey("another", ES256)) is State.FORGED
    assert state({**header, "typ": "vc+jwt"}, TOKENS) is State.FORGED
    assert state(header, TOKENS, {**claims, "nbf": 0}) is State.FORGED


@pytest.mark.parametrize("kind", badges.KINDS)
def test_the_official_schema_finds_nothing_wrong(kind: str) -> None:
    schema = NETWORK[_SCHEMA.format("achievementcredential")]
    Draft201909Validator.check_schema(schema)
    validator = Draft201909Validator(schema)
    good = signed(unsigned(kind))
    assert list(validator.iter_errors(good)) == []
    for term in ("issuer", "credentialSubject", "validFrom", "@context", "type", "id"):
        assert not validator.is_valid({name: each for name, each in good.items() if name != term})
