"""The vectors of QR codes: ours, the page and a foreign COSE library judge each as it says."""

from __future__ import annotations

import base64

import pytest

from certificates import claims, cose, qr
from certificates.offline import ListUnreadable, ProofMissing, Saved
from certificates.public_keys import PublicKey, by_kid, page_list
from certificates.verifying import State
from tests.interop.foreign import Disagreed, Foreign
from tools.vectors import codes, issuer, lists, proofs
from tools.vectors.codes import Code

CODES = codes.made()
LISTS = {name: data for name, (_, data) in lists.made().items()}
PROOFS = {name: data for name, (_, data) in proofs.made().items()}
KEYS_FILE = page_list(issuer.public_keys(), "示例")
KEYS = dict(by_kid(issuer.public_keys()))


def is_readable(content: bytes) -> bool:
    try:
        Saved.read([KEYS_FILE], [content])
    except ListUnreadable:
        return False
    return True


def ours(code: Code) -> tuple[str, str | None, claims.Claims | None]:
    named = [LISTS.get(code.list or ""), PROOFS.get(code.proof or "")]
    saved = Saved.read([KEYS_FILE], [each for each in named if each and is_readable(each)])
    try:
        verdict = saved.judge_code(code.text, code.at)
    except ProofMissing:
        return "cannot_check", None, None
    return verdict.state.value, verdict.reason and verdict.reason.value, verdict.claims


def test_we_judge_every_code_as_it_says() -> None:
    wanted = {code.name: (code.state, code.reason, code.claims) for code in CODES}
    assert {code.name: ours(code) for code in CODES} == wanted
    assert len(wanted) == len(CODES)
    assert {state for state, _, _ in wanted.values()} == {*State, "cannot_check"}


@pytest.mark.npm
def test_the_page_judges_every_code_as_it_says(foreign: Foreign) -> None:
    def judged(code: Code) -> tuple[str, str | None]:
        files = {"/c/keys.json": KEYS_FILE}
        if code.list is not None:
            files["/status/1"] = LISTS[code.list]
        if code.proof is not None:
            files[proofs.path()] = PROOFS[code.proof]
        try:
            told = foreign.ask(
                "page", "judged", text=code.text.partition("#")[2] or code.text,
                files={path: base64.b64encode(content).decode() for path, content in files.items()},
                now=code.at.timestamp(),
            )  # fmt: skip
        except Disagreed:
            return "cannot_check", None
        return told["state"], told["reason"]

    wanted = {code.name: (code.state, code.reason) for code in CODES}
    assert {code.name: judged(code) for code in CODES} == wanted


def auth0_verifies(foreign: Foreign, data: bytes, key: PublicKey) -> bytes | None:
    try:
        return bytes.fromhex(foreign.ask("cose", "verified", data=data.hex(), key=key.public))
    except Disagreed:
        return None


@pytest.mark.npm
def test_a_foreign_library_verifies_what_we_sign_and_nothing_else(foreign: Foreign) -> None:
    for code in CODES:
        data = qr.data_of(code.text) or b""
        try:
            key = KEYS[cose.take_apart(data).kid]
        except (cose.MalformedCose, KeyError):
            continue
        payload = auth0_verifies(foreign, data, key)
        if code.claims is not None:
            assert payload == code.claims.encode(), code.name
        elif code.reason == "bad_signature":
            assert payload is None, code.name


@pytest.mark.npm
def test_a_foreign_library_verifies_our_status_list(foreign: Foreign) -> None:
    [active, *_] = issuer.public_keys()
    payload = cose.take_apart(LISTS["fresh"]).payload
    assert auth0_verifies(foreign, LISTS["fresh"], active) == payload
    assert auth0_verifies(foreign, LISTS["touched"], active) is None
    assert auth0_verifies(foreign, LISTS["foreign"], active) is None


@pytest.mark.npm
def test_we_verify_what_a_foreign_library_signs(foreign: Foreign) -> None:
    key, other = issuer.ACTIVE, issuer.FOREIGN

    def state(by: issuer.KnownKey) -> str:
        signed = foreign.ask(
            "cose", "signed", payload=issuer.claims(9).encode().hex(),
            kid=key.kid.hex(), key=by.public.hex(), secret=by.secret.hex(),
        )  # fmt: skip
        judged = Code("", qr.link(issuer.URL, bytes.fromhex(signed)), "")
        return ours(judged)[0]

    assert state(key) == "valid"
    assert state(other) == "forged"
