"""Credentials and what each is to be judged: by us, and by any verifier of the standards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from certificates import data_integrity
from certificates.cose import ES256
from certificates.encodings import Document, base64url, json_bytes, json_object, unbase64url
from certificates.linked_data import CREDENTIALS, OPEN_BADGES
from tools.vectors import badges
from tools.vectors.badges import TAKEN_BACK, signed, token, unsigned
from tools.vectors.issuer import ACTIVE, AT, FOREIGN, RETIRED, STOLEN, TOKENS, KnownKey

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Badge:
    """A credential as JSON or as token, when it is judged, and the answer.

    `others` says whether a verifier that knows the standards alone accepts it: it does not know
    when a key might sign, nor that we write one form where the standards allow several.
    """

    name: str
    content: Document | str
    state: str
    reason: str | None = None
    others: bool = False
    at: datetime = AT
    list: bool = True


def vectors() -> dict[str, object]:
    return {
        "files": badges.files(),
        "credentials": [
            {
                "name": badge.name, "at": data_integrity.moment(badge.at), "list": badge.list,
                "state": badge.state, "reason": badge.reason, "others": badge.others,
                "content": badge.content,
            }
            for badge in made()
        ],
    }  # fmt: skip


def made() -> list[Badge]:
    return [*_good(), *_states(), *_touched(), *_other_keys(), *_bad_tokens()]


def _good() -> Iterator[Badge]:
    for kind in badges.KINDS:
        yield Badge(kind, signed(unsigned(kind)), "valid", others=True)
        yield Badge(f"{kind}, as a token", token(unsigned(kind)), "valid", others=True)


def _states() -> Iterator[Badge]:
    forms: dict[str, Callable[[Document], Document | str]] = {
        "": signed, ", as a token": token,
    }  # fmt: skip
    for form, sign in forms.items():
        taken_back = sign(unsigned(place=TAKEN_BACK))
        last = unsigned("statement of hours", valid_until=date(2026, 7, 10))
        ends = datetime.fromisoformat(last["validUntil"])
        yield Badge(f"taken back{form}", taken_back, "revoked")
        yield Badge(f"no list{form}", sign(unsigned()), "status_unknown", list=False, others=True)
        before = ends - timedelta(seconds=1)
        yield Badge(f"before its end{form}", sign(last), "valid", at=before, others=True)
        yield Badge(f"expired{form}", sign(last), "expired", at=ends + _DAY)
        early = unsigned(issued_at=AT + _DAY)
        yield Badge(f"not begun{form}", sign(early), "forged", "not_yet_valid")


def _touched() -> Iterator[Badge]:
    good = signed(unsigned())
    for name, change in _other_values(good).items():
        yield Badge(name, {**good, **change}, "forged", "bad_signature")
    for name, change in _other_forms(good["proof"]).items():
        yield Badge(name, {**good, **change}, "forged", "malformed")
    for name, content, others in _other_ways():
        yield Badge(name, content, "forged", "malformed", others=others)
    issuer = {"issuer": {**good["issuer"], "id": "did:web:other.example"}}
    yield Badge("a foreign issuer", {**good, **issuer}, "forged", "foreign_issuer")
    by = {"proof": {**good["proof"], "verificationMethod": FOREIGN.address}}
    yield Badge("a key that is not there", {**good, **by}, "forged", "unknown_key")


def _other_values(good: Document) -> dict[str, Document]:
    proof, place = good["proof"], {"statusListIndex": "1", "id": f"{badges.LIST}#1"}
    return {
        "more hours": {"credentialSubject": {**good["credentialSubject"], "creditsEarned": 125}},
        "another place in the list": {"credentialStatus": {**good["credentialStatus"], **place}},
        "a later end": {"validUntil": "2099-01-01T00:00:00Z"},
        "a proof of another time": {"proof": {**proof, "created": "2026-07-10T04:00:01Z"}},
        "a touched proof": {"proof": {**proof, "proofValue": f"{proof['proofValue'][:-2]}11"}},
    }


def _other_forms(proof: Document) -> dict[str, Document]:
    return {
        "a term that no context defines": {"price": "8"},
        "contexts in another order": {"@context": [OPEN_BADGES, CREDENTIALS]},
        "a context too few": {"@context": [CREDENTIALS]},
        "a proof for another purpose": {"proof": {**proof, "proofPurpose": "authentication"}},
        "a proof of another suite": {"proof": {**proof, "cryptosuite": "eddsa-jcs-2022"}},
        "no proof": {"proof": []},
    }


def _other_ways() -> Iterator[tuple[str, Document, bool]]:
    """The graph that was signed, written so that something else is shown."""
    good, last = signed(unsigned()), signed(unsigned("statement of hours"))
    real = {term: value for term, value in good.items() if term not in ("@context", "proof")}
    subject = {**good["credentialSubject"], "id": ":", "creditsEarned": 999}
    shown = {**good, "id": ":", "credentialSubject": subject, "@included": [real]}
    yield "the signed one hidden behind another", shown, False
    lasting = {term: value for term, value in last.items() if term != "validUntil"}
    end = {term: last[term] for term in ("id", "type", "validUntil")}
    yield "the end moved out of sight", {**lasting, "@included": [end]}, True


def _other_keys() -> Iterator[Badge]:
    def by(key: KnownKey, address: str, at: datetime = AT) -> Document:
        return data_integrity.sign(unsigned(), key, address, at)

    yield Badge("a foreign key under our address", by(FOREIGN, ACTIVE.address),
                "forged", "bad_signature")  # fmt: skip
    yield Badge("a foreign key under its own address", by(FOREIGN, "did:web:other.example#key"),
                "forged", "unknown_key")  # fmt: skip
    then = AT - 700 * _DAY
    stolen = by(STOLEN, STOLEN.address, then)
    yield Badge("a stolen key", stolen, "forged", "compromised_key")
    yield Badge("a retired key, after it retired", by(RETIRED, RETIRED.address),
                "forged", "outside_key_window", others=True)  # fmt: skip
    yield Badge("before the key began to sign", by(ACTIVE, ACTIVE.address, AT - 365 * _DAY),
                "forged", "outside_key_window", others=True)  # fmt: skip


def _bad_tokens() -> Iterator[Badge]:
    header, payload, signature = token(unsigned()).split(".")
    usual, said = (json_object(unbase64url(part)) for part in (header, payload))
    none = base64url(json_bytes({**usual, "alg": "none"}))
    malformed = {
        "of algorithm none": f"{none}.{payload}.",
        "of another algorithm": _signed_token({**usual, "alg": "ES384"}, said),
        "with a second spelling of its signature": f"{header}.{payload}.{signature}=",
    }
    contradicting = {
        "that brings its key": _signed_token({**usual, "jwk": {"kty": "EC"}}, said),
        "whose issuer is not the credential's": _signed_token(usual, {**said, "iss": "did:web:x"}),
        "that ends at another time": _signed_token(usual, {**said, "exp": 4_000_000_000}),
    }
    for others, tokens in ((False, malformed), (True, contradicting)):
        for name, text in tokens.items():
            yield Badge(f"a token {name}", text, "forged", "malformed", others=others)
    more = {**said, "credentialSubject": {**said["credentialSubject"], "creditsEarned": 125}}
    text = f"{header}.{base64url(json_bytes(more))}.{signature}"
    yield Badge("a token with more hours", text, "forged", "bad_signature")
    foreign = token(unsigned(), KnownKey("another-es256", ES256))
    yield Badge("a token of a foreign key", foreign, "forged", "unknown_key")


def _signed_token(header: Document, claims: Document) -> str:
    """Sign properly whatever it says."""
    to_sign = f"{base64url(json_bytes(header))}.{base64url(json_bytes(claims))}"
    return f"{to_sign}.{base64url(TOKENS.sign(to_sign.encode()))}"
