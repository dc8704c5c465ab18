"""Signed notes, keys, checkpoints, proofs and receipts: read strictly, or refused by their code."""

from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.refusals import Refused
from ledger.log.checkpoint import (
    BadCheckpoint,
    BadProof,
    Checkpoint,
    ForeignOrigin,
    Forked,
    NotIncluded,
    Proof,
    RolledBack,
)
from ledger.log.merkle import EMPTY_ROOT, leaf_hash
from ledger.log.note import (
    BadKey,
    BadNote,
    Key,
    Note,
    NoteSigner,
    NotSigned,
    WrongSignature,
)
from ledger.log.receipts import BadReceipt, Receipt

SIGNER = NoteSigner.of("log.example/log", b"s" * 32)
OTHER = NoteSigner.of("log.example/log", b"o" * 32)
ROOT = b64encode(b"r" * 32).decode()
TEXT = f"log.example/log\n7\n{ROOT}\n"
# The example of the Go package golang.org/x/mod/sumdb/note: key, text and signature are its own.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb"
    "6KE6RyyBwJnAM=\n"
)


def test_a_note_that_another_program_signed_is_read() -> None:
    note = Note.parsed(GO_NOTE.encode())
    assert list(note.signed_by([Key.parsed(PETER)])) == [Key.parsed(PETER)]
    assert str(note) == GO_NOTE
    assert str(Key.parsed(PETER)) == PETER


@pytest.mark.parametrize("number", range(20))
def test_both_libraries_sign_alike(number: int) -> None:
    seed, text = bytes([number] * 32), f"{number}\n" * number
    [signed] = NoteSigner.of("log.example/log", seed).sign(text).signatures
    assert signed.content == Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"", b"text\n", b"text\n\n", b"text\n\n\n", b"\xff\n\n- a b\n",
        f"{TEXT}\n- log.example/log AAAAAGZvbw==\n".encode(),
        f"{TEXT}\n— log.example/log AAAA\n".encode(),
        f"{TEXT}\n— log example AAAAAGZvbw==\n".encode(),
        f"{TEXT}\n— log.example/log AAAAAGZvbw==".encode(),
        f"{TEXT}\n— log.example/log !AAAAGZvbw==\n".encode(),
        f"{TEXT}\t\n— log.example/log AAAAAGZvbw==\n".encode(),
        f"{TEXT}\n".encode() + "— log.example/log AAAAAGZvbw==\n".encode() * 65,
        b"x" * 70_000 + b"\n\n",
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(content: bytes) -> None:
    with pytest.raises(BadNote):
        Note.parsed(content)


@pytest.mark.parametrize(
    "text",
    ["", "name", "name+00000000+AAAA", f"{PETER}x", PETER.replace("c74f", "c74e"),
     PETER.replace("Peter", "Pieter"), "a b+00000000+" + "A" * 44],
)  # fmt: skip
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        Key.parsed(text)


def test_a_foreign_or_wrong_signature_is_told_apart() -> None:
    note = Note.parsed(str(SIGNER.sign(TEXT)).encode())
    with pytest.raises(NotSigned):
        note.signed_by([OTHER.key])
    with pytest.raises(WrongSignature):
        Note(note.text.replace("7", "8"), note.signatures).signed_by([SIGNER.key])


@pytest.mark.parametrize(
    "text",
    [
        "", "log.example/log\n7\n", f"log.example/log\n07\n{ROOT}\n",
        f"log.example/log\n-7\n{ROOT}\n",
        f"log.example/log\n7\n{ROOT[:-4]}\n", "log.example/log\n7\n!\n", f"\n7\n{ROOT}\n",
        f"log.example/log\n7\n{ROOT}", f"log.example/log\n{10**20}\n{ROOT}\n",
        f"log.example/log\n7\n{ROOT}\n\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadCheckpoint):
        Checkpoint.parsed(text)


def test_a_checkpoint_of_another_origin_is_refused() -> None:
    foreign = NoteSigner.of("other.example/log", b"s" * 32)
    with pytest.raises(ForeignOrigin):
        Checkpoint.opened(SIGNER.sign(TEXT), [SIGNER.key], "other.example/log")
    with pytest.raises(ForeignOrigin):  # signed by a key that we know, in another's name
        Checkpoint.opened(foreign.sign(TEXT), [foreign.key])


def test_a_smaller_or_another_tree_does_not_follow() -> None:
    older = Checkpoint.parsed(TEXT)
    for newer, refusal in (
        (Checkpoint("log.example/log", 6, b"r" * 32), RolledBack),
        (Checkpoint("log.example/log", 7, b"q" * 32), Forked),
        (Checkpoint("log.example/log", 9, b"r" * 32), Forked),
        (Checkpoint("other.example/log", 9, b"r" * 32), ForeignOrigin),
    ):
        with pytest.raises(refusal):
            newer.follows(older, [])
    older.follows(Checkpoint("log.example/log", 0, EMPTY_ROOT), [])


def proof_of(leaf: bytes) -> Proof:
    """A log of one leaf: its hash is the root."""
    own = Checkpoint("log.example/log", 1, leaf_hash(leaf))
    return Proof(0, (), own.signed(SIGNER))


def test_a_proof_is_read_as_it_was_written() -> None:
    text = str(proof_of(b"leaf"))
    proof = Proof.parsed(text.encode())
    assert proof.check(b"leaf", [SIGNER.key]).size == 1
    with pytest.raises(NotIncluded):
        proof.check(b"other", [SIGNER.key])
    with_extra = text.replace("index 0", f"extra {b64encode(b'x').decode()}\nindex 0")
    assert Proof.parsed(with_extra.encode()) == proof


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"), ("index 0", "index 00"),
        ("index 0", "index -1"), ("index 0", "place 0"), ("index 0", "index 0\nAAAA"),
        ("index 0", "index 0\n" + "\n".join([ROOT] * 64)), ("index 0", "index 0\n!"),
        ("index 0", "índex 0"),
    ],
)  # fmt: skip
def test_what_is_no_proof_is_refused(old: str, new: str) -> None:
    with pytest.raises(BadProof):
        Proof.parsed(str(proof_of(b"leaf")).replace(old, new).encode())


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (TEXT, BadReceipt),
        ("parent-credit-ledger/receipt/v1\nx\nid 1\n5\n2026\nAAAA\n", BadReceipt),
    ],
)
def test_what_is_no_receipt_is_refused(text: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        Receipt.opened(SIGNER.sign(text), SIGNER.key)
