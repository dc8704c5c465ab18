"""What a scanner may read, and what each is to be judged: a state, a reason, the claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from certificates import qr
from certificates.claims import Claims
from certificates.commitment import fold
from tools.vectors import issuer, proofs, tampering
from tools.vectors.issuer import ACTIVE, AT, GIVEN_UP, RETIRED, SALT, URL, claims
from tools.vectors.lists import UNDEFINED
from tools.vectors.tampering import sealed

_DAY = timedelta(days=1)
_STAR = issuer.each_kind()["star level"]


@dataclass(frozen=True)
class Code:
    """A scanned text, when it is judged and by which list of status-lists.json, and the answer."""

    name: str
    text: str
    state: str
    reason: str | None = None
    claims: Claims | None = None
    at: datetime = AT
    list: str | None = "fresh"
    proof: str | None = None


def vectors() -> dict[str, object]:
    return {
        "issuer": URL,
        "keys": "keys.json",
        "lists": "status-lists.json",
        "proofs": "proofs.json",
        "codes": [_as_json(code) for code in made()],
        "names": _names(),
    }


def made() -> list[Code]:
    return [*_kinds(), *_texts(), *_states(), *_lists(), *_proofs(), *_forged()]


def _kinds() -> Iterator[Code]:
    for name, facts in issuer.each_kind().items():
        yield Code(name, _link(facts), "valid", claims=facts)


def _texts() -> Iterator[Code]:
    facts = claims(9)
    link = qr.link(URL, tampering.good())
    digits = link.partition("#")[2]
    for name, text in {
        "the digits alone": digits,
        "leading zeros": f"{URL}/c#000{digits}",
        "what a chat app appends": f"{link}&appinstall=0",
        "words behind the code": f"{link}，请核验",
        "the page at another address": link.replace(URL, "https://mirror.example"),
    }.items():
        yield Code(name, text, "valid", claims=facts)
    for name, text in {
        "nothing": "",
        "no digits": f"{URL}/c",
        "a letter before the digits": f"{URL}/c#x{digits}",
        "digits of another script": f"{URL}/c#１２３",
        "more than 3000 digits": f"{URL}/c#{'9' * 3001}",
    }.items():
        yield Code(name, text, "not_found", "no_payload")
    for name, text in {"zero": f"{URL}/c#0", "a number": f"{URL}/c#12345"}.items():
        yield Code(name, text, "forged", "malformed")


def _states() -> Iterator[Code]:
    def code(name: str, state: str, facts: Claims, at: datetime = AT) -> Code:
        return Code(name, _link(facts), state, claims=facts, at=at)

    yield code("revoked", "revoked", claims(10))
    yield code("suspended", "suspended", claims(11))
    yield code("replaced", "replaced", claims(12))
    yield code("withdrawn", "withdrawn", claims(13))
    yield code("the neighbour of a revoked place", "valid", claims(14))
    yield code("revoked, at an odd place", "revoked", claims(14, status_index=14_001))
    ends = _STAR.expires_at
    assert ends is not None
    over = replace(_STAR, expires_at=AT)
    yield code("a second before its end", "valid", replace(_STAR, expires_at=AT + _DAY / 86400))
    yield code("at its end", "expired", over)
    yield code("over by the time of the list", "expired", over, AT - _DAY)
    yield code("revoked and over", "revoked", replace(over, status_index=15_000))
    early = claims(17, issued_at=AT - 200 * _DAY)
    yield Code("signed by a retired key in its time", qr.link(URL, sealed(early, RETIRED)),
               "valid", claims=early)  # fmt: skip


_UNUSABLE = ("touched", "foreign", "stolen", "before", "another", "short", "long", "two bits")


def _lists() -> Iterator[Code]:
    """The same three certificates under every list that is not to be relied on."""
    fine, taken_back = claims(9), claims(10)
    over = replace(_STAR, expires_at=AT)
    for listed in (None, *_UNUSABLE, "stale"):
        revoked = "revoked" if listed == "stale" else "status_unknown"
        for what, state, facts in (
            ("in force", "status_unknown", fine),
            ("over", "expired", over),
            ("revoked", revoked, taken_back),
        ):
            name = f"{what}, and the list is {listed or 'not there'}"
            yield Code(name, _link(facts), state, claims=facts, list=listed)
    strange = claims(16, status_index=UNDEFINED)
    name = "a status that there is not"
    yield Code(name, _link(strange), "status_unknown", claims=strange, list="undefined")
    second = claims(18, status_list=2)
    yield Code("a place in another list", _link(second), "status_unknown", claims=second)


def _proofs() -> Iterator[Code]:
    """By a key that was given up: only the log tells what it signed before."""
    older, other = proofs.proved_claims(), proofs.unproved_claims()
    listed = qr.link(URL, sealed(older, GIVEN_UP))
    yield Code("proved older than the theft", listed, "valid", claims=older, proof="fresh")
    not_listed = qr.link(URL, sealed(other, GIVEN_UP))
    yield Code("not proved older", not_listed, "forged", "compromised_key", proof="fresh")
    for proof in (None, "stale", "foreign", "self", "another"):
        name = f"a key given up, and the proof is {proof or 'not there'}"
        yield Code(name, listed, "cannot_check", proof=proof)


def _link(facts: Claims) -> str:
    return qr.link(URL, sealed(facts, ACTIVE))


def _forged() -> Iterator[Code]:
    for name, reason, data in (
        *tampering.touched(), *tampering.wrongly_signed(), *tampering.signed_nonsense()
    ):  # fmt: skip
        yield Code(name, qr.link(URL, data), "forged", reason)


def _names() -> list[dict[str, object]]:
    """What was typed, and whether it is the name that was committed to with the salt."""
    typed = {
        "示例慧": [("示例慧", True), (" 示例慧 ", True), ("示例", False), ("", False)],
        "示例古丽·买买提": [
            ("示例古丽•买买提", True), ("示例古丽 · 买买提", True), ("示例古丽买买提", False),
        ],
        "Maria-José López": [
            ("MARIA-JOSÉ  LÓPEZ", True), ("ｍａｒｉａ-josé lópez", True),
            ("Maria-Jose\u0301 Lo\u0301pez", True), ("Maria-Jose Lopez", False),
        ],
    }  # fmt: skip
    return [
        {"committed": name, "typed": text, "same": same, "folded": fold(text),
         "salt": SALT.hex(), "commitment": claims(1, name).name_commitment.hex()}
        for name, tries in typed.items()
        for text, same in tries
    ]  # fmt: skip


def _as_json(code: Code) -> dict[str, object]:
    told: dict[str, object] = {"name": code.name, "text": code.text, "at": _plain(code.at)}
    told |= {"list": code.list, "proof": code.proof, "state": code.state, "reason": code.reason}
    facts = code.claims
    told["claims"] = None if facts is None else {
        name: _plain(value) for name, value in asdict(facts).items()
    }  # fmt: skip
    return told


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case (date() as first, date() as last):
            return [first.isoformat(), last.isoformat()]
        case None | int():
            return value
        case _:
            return str(value)
