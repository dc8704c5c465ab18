"""Every fact of a passbook is proved under one checkpoint of the log; nothing else passes."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from api.passbook.file import Passbook
from api.passbook.proving import keys_in, proofs
from ledger.log.checkpoint import Checkpoint, Proof
from ledger.log.note import (
    COSIGNATURE,
    BadKey,
    Key,
    Note,
    NoteSigner,
    Signature,
    cosigned,
)
from ledger.recomputing.figures import Because, Verdict, worst
from tests.api.passbooks.touching import Change, Touched
from tests.api.test_cli import Command

AT = 1_790_000_000
STRANGER = NoteSigner.of("log.example/log", b"s" * 32)


def verdict_of(touched: Touched, *trusted: Key) -> Verdict:
    return worst(proofs(touched.book, trusted))


def reasons(touched: Touched, *trusted: Key) -> set[Because]:
    return {figure.because for figure in proofs(touched.book, trusted)}


def signed_anew(touched: Touched) -> None:
    """Somebody who holds no key of the log signs its checkpoint, and gives their own key along."""
    own = Checkpoint.parsed(Note.parsed(touched.data["log"]["checkpoint"].encode()).text)
    other = Checkpoint(STRANGER.key.name, own.size, own.root)
    touched.data["log"] = {"key": str(STRANGER.key), "checkpoint": str(other.signed(STRANGER))}


def cosignature(letter: bytes, text: str) -> tuple[Key, Signature]:
    """A witness's key, and what it signs of a checkpoint."""
    private = Ed25519PrivateKey.from_private_bytes(letter * 32)
    public = private.public_key().public_bytes_raw()
    key = Key(f"witness.example/{letter.decode()}", COSIGNATURE, public)
    signed = AT.to_bytes(8) + private.sign(cosigned(text, AT))
    return key, Signature(key.name, key.identity, signed)


def test_every_fact_is_under_the_checkpoint(book: Passbook) -> None:
    assert book.log is not None
    figures = list(proofs(book, [Key.parsed(book.log.key)]))

    assert len(figures) == len(book.facts)
    assert worst(figures) is Verdict.SAME
    assert worst(proofs(book, ())) is Verdict.SAME  # by the key in the file


def test_a_fact_becomes_the_proof_that_any_tool_reads(touched: Touched) -> None:
    """By docs/passbook.md: C2SP tlog-proof, of a leaf of seven lines."""
    fact, log = touched.facts[0], touched.data["log"]
    hashes = "".join(f"{each}\n" for each in fact["proof"])
    proof = f"c2sp.org/tlog-proof@v1\nindex {fact['leaf']}\n{hashes}\n{log['checkpoint']}"
    digest = b64encode(hashlib.sha256(fact["state"].encode()).digest()).decode()
    lines = (
        "parent-credit-ledger/event/v1", fact["position"], fact["stream"], fact["version"],
        fact["topic"], fact["recorded_at"], digest,
    )  # fmt: skip
    leaf = "".join(f"{line}\n" for line in lines).encode()

    assert Proof.parsed(proof.encode()).check(leaf, [Key.parsed(log["key"])]).size


@settings(max_examples=60)
@given(data=st.data())
def test_whatever_is_changed_in_a_fact_is_not_in_the_log(year: bytes, data: Any) -> None:
    touched = Touched(year)
    fact = data.draw(st.sampled_from(touched.facts))
    what = data.draw(st.sampled_from(["state", "topic", "version", "position", "recorded_at"]))
    match what:
        case "state" | "topic":
            at = data.draw(st.integers(0, len(fact[what]) - 1))
            sign = "x" if fact[what][at] != "x" else "y"
            fact[what] = f"{fact[what][:at]}{sign}{fact[what][at + 1 :]}"
        case "version" | "position":
            fact[what] += data.draw(st.integers(1, 1000))
        case _:
            fact[what] = "2026-01-01T00:00:00.000001Z"

    assert verdict_of(touched) is Verdict.DIFFERS


CHANGES: dict[str, Change] = {
    "the place of a leaf": lambda data: data["facts"][3].update(leaf=0),
    "a proof": lambda data: data["facts"][3].update(proof=data["facts"][4]["proof"]),
    "a proof that is no hash": lambda data: data["facts"][3].update(proof=["x"]),
    "a fact without its proof": lambda data: data["facts"][3].update(leaf=None, proof=None),
    "a fact that is given twice": lambda data: data["facts"].append(dict(data["facts"][3])),
    "the size of the tree": lambda data: data["log"].update(
        checkpoint=data["log"]["checkpoint"].replace("\n", "\n1", 1)
    ),
    "no note": lambda data: data["log"].update(checkpoint="示例"),
    "no key": lambda data: data["log"].update(key="示例"),
    "another key": lambda data: data["log"].update(key=str(STRANGER.key)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_does_not_fit_the_log_is_noticed(touched: Touched, what: str) -> None:
    CHANGES[what](touched.data)

    assert verdict_of(touched) is Verdict.DIFFERS


def test_without_a_log_nothing_is_proved(touched: Touched) -> None:
    touched.data["log"] = None

    assert reasons(touched) == {Because.NO_LOG}
    assert verdict_of(touched) is Verdict.UNDERIVED


def test_what_waits_for_the_next_checkpoint_is_said(touched: Touched) -> None:
    """Only the newest facts may wait: whatever lies before a proved one is in the tree."""
    last = max(touched.facts, key=lambda fact: int(fact["position"]))
    last.update(leaf=None, proof=None)

    assert Because.NOT_LOGGED_YET in reasons(touched)
    assert verdict_of(touched) is Verdict.UNDERIVED


def test_another_log_is_found_out_by_the_key_from_elsewhere(
    touched: Touched, offline: Command, tmp_path: Path
) -> None:
    file, keys, key = tmp_path / "passbook.json", tmp_path / "keys", touched.data["log"]["key"]
    keys.write_text(f"{key}\n{STRANGER.key}\n", encoding="utf-8")
    touched.write(file)
    assert offline("verify", "--recompute", str(file), "--log-key", key).exit_code == 0
    assert offline("verify", "--recompute", str(file), "--log-key", str(keys)).exit_code == 0

    signed_anew(touched)
    touched.write(file)

    assert offline("verify", "--recompute", str(file)).exit_code == 0  # and says why it may be
    told = offline("verify", "--recompute", str(file), "--log-key", key, "--json")
    assert told.exit_code == 1
    body = json.loads(told.output)
    assert body["key_compared"]
    assert {each["because"] for each in body["figures"]} == {"", "checkpoint"}


def test_a_witness_whose_key_is_given_must_have_cosigned(touched: Touched) -> None:
    key = Key.parsed(touched.data["log"]["key"])
    note = Note.parsed(touched.data["log"]["checkpoint"].encode())
    (one, cosigned_by_one), (two, _) = (cosignature(seed, note.text) for seed in (b"w", b"v"))
    assert verdict_of(touched, key, one) is Verdict.UNDERIVED

    touched.data["log"]["checkpoint"] = str(note.joined([cosigned_by_one]))

    assert verdict_of(touched, key, one) is Verdict.SAME
    assert reasons(touched, key, one, two) == {Because.NOTHING, Because.NOT_COSIGNED}
    touched.data["log"]["checkpoint"] = str(note.joined([cosignature(b"w", "another\n")[1]]))
    assert reasons(touched, key, one) == {Because.CHECKPOINT}


@pytest.mark.parametrize("text", ["", "示例", "log.example/log+00000000+AAAA"])
def test_a_key_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys"
    file.write_text(text, encoding="utf-8")

    for given_key in (text, str(file)):
        with pytest.raises(BadKey):
            keys_in(given_key)
