"""A sealed file opens whole or tells where it is broken; nobody reads it without the passphrase."""

from __future__ import annotations

from hashlib import scrypt
from io import BytesIO

import pytest

from api.sealed_files import COST, HEAD, PIECE, PREFIX, SALT, TAG, BackupError, Seal, derive

SEAL = Seal(HEAD + b"s" * SALT + b"n" * PREFIX, b"k" * 32)
BEGINS = len(SEAL.head)
SEALED_PIECE = PIECE + TAG


def closed(content: bytes) -> bytes:
    target = BytesIO()
    SEAL.close(BytesIO(content), target)
    return target.getvalue()


def opened(sealed: bytes) -> bytes:
    return b"".join(SEAL.open(BytesIO(sealed[BEGINS:])))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7])
def test_what_was_sealed_is_opened(size: int) -> None:
    content = bytes(each % 251 for each in range(size))
    sealed = closed(content)
    assert opened(sealed) == content
    assert size < 16 or content[:16] not in sealed


@pytest.mark.parametrize("kept", [2 * SEALED_PIECE, SEALED_PIECE, SEALED_PIECE + 20])
def test_a_file_without_its_end_is_noticed(kept: int) -> None:
    sealed = closed(b"x" * (2 * PIECE + 100))
    with pytest.raises(BackupError):
        opened(sealed[: BEGINS + kept])


def test_pieces_that_changed_places_are_noticed() -> None:
    sealed = closed(b"x" * (3 * PIECE + 1))
    at = [BEGINS + number * SEALED_PIECE for number in range(4)]
    moved = sealed[: at[1]] + sealed[at[2] : at[3]] + sealed[at[1] : at[2]] + sealed[at[3] :]
    with pytest.raises(BackupError, match="backup_damaged: piece 1"):
        opened(moved)


def test_something_behind_the_end_is_noticed() -> None:
    with pytest.raises(BackupError):
        opened(closed(b"x" * 10) + b"y")


@pytest.mark.parametrize("at", [0, SALT, BEGINS, BEGINS + 5, -1])
def test_a_touched_byte_is_noticed(at: int) -> None:
    sealed = bytearray(closed(b"x" * (PIECE + 1)))
    sealed[at] ^= 1
    with pytest.raises(BackupError):
        list(Seal(bytes(sealed[:BEGINS]), SEAL.key).open(BytesIO(bytes(sealed[BEGINS:]))))


def test_the_passphrase_opens_it_and_another_one_does_not() -> None:
    seal, target = Seal.new("zhang-pu-jiang-1987"), BytesIO()
    seal.close(BytesIO(b"facts"), target)
    for passphrase, expected in (("zhang-pu-jiang-1987", b"facts"), ("zhang-pu-jiang-1988", None)):
        target.seek(0)
        found = Seal.of(target, passphrase)
        if expected is None:
            with pytest.raises(BackupError, match="passphrase_wrong"):
                list(found.open(target))
        else:
            assert list(found.open(target)) == [expected]


def test_another_file_is_none_of_these() -> None:
    with pytest.raises(BackupError, match="backup_damaged"):
        Seal.of(BytesIO(b"PGDMP and so on"), "zhang-pu-jiang-1987")


def test_a_passphrase_costs_whoever_guesses_it_what_the_format_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.sealed_files.COST", COST)
    key = derive("correct-horse-battery", b"s" * SALT)
    assert key == scrypt(
        b"correct-horse-battery", salt=b"s" * SALT, n=1 << 17, r=8, p=1, maxmem=1 << 28, dklen=32
    )
