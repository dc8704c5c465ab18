"""Signing keys are kept sealed, sign only in their time, and never vanish."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import private_keys, public_keys
from certificates.cose import ES256
from certificates.keys import (
    FileKeyStore,
    KeyGivenUp,
    KeyIdTaken,
    KeysLocked,
    NoSigningKey,
    UnknownKey,
)
from certificates.public_keys import GivenUp, KeyState, page_list

SECRET = bytes(range(32))
OPENS, CLOSES = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
JULY = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "keys.json"


@pytest.fixture
def empty(path: Path) -> FileKeyStore:
    return FileKeyStore(path, SECRET)


def test_a_key_signs_after_the_file_was_closed_and_opened(path: Path, empty: FileKeyStore) -> None:
    made = empty.create("k2026a", OPENS, CLOSES)
    signer = FileKeyStore(path, SECRET).signer(JULY)
    assert (signer.key_id, signer.kid, signer.algorithm) == ("k2026a", made.kid, -8)
    assert len(signer.sign(b"anything")) == 64


def test_the_file_is_its_owners_and_holds_no_open_key(path: Path, empty: FileKeyStore) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    signer = empty.signer(JULY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert private_keys.packed(signer._private).hex() not in path.read_text()
    assert "rivate" not in repr(signer)
    assert [file.name for file in path.parent.iterdir() if file.suffix != ".lock"] == ["keys.json"]


def test_a_wrong_key_encryption_key_opens_nothing(path: Path, empty: FileKeyStore) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    with pytest.raises(KeysLocked):
        FileKeyStore(path, bytes(32)).signer(JULY)


@pytest.mark.parametrize("field", ["key_id", "signs_from", "signs_until"])
def test_a_sealed_key_under_another_name_or_window_does_not_open(
    path: Path, empty: FileKeyStore, field: str
) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    file = json.loads(path.read_text())
    changed = {
        "key_id": "k2026b",
        "signs_from": "2025-01-01T00:00:00Z",
        "signs_until": "2031-01-01T00:00:00Z",
    }
    file["entries"][0]["key"][field] = changed[field]
    path.write_text(json.dumps(file))
    with pytest.raises(KeysLocked):
        empty.signer(JULY)


def test_a_short_key_encryption_key_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        FileKeyStore(path, bytes(16))


def test_an_id_is_used_once(empty: FileKeyStore) -> None:
    assert empty.next_key_id(2026) == "k2026a"
    empty.create("k2026a", OPENS, CLOSES)
    assert empty.next_key_id(2026) == "k2026b"
    assert empty.next_key_id(2027) == "k2027a"
    with pytest.raises(KeyIdTaken):
        empty.create("k2026a", OPENS, CLOSES)


@pytest.mark.parametrize("at", [OPENS - timedelta(seconds=1), CLOSES])
def test_nothing_is_signed_outside_the_window(empty: FileKeyStore, at: datetime) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    with pytest.raises(NoSigningKey):
        empty.signer(at)


def test_of_several_active_keys_the_newest_signs(empty: FileKeyStore) -> None:
    empty.create("k2026b", JULY, CLOSES)
    empty.create("k2026a", OPENS, CLOSES)
    assert empty.signer(JULY).key_id == "k2026b"
    assert empty.signer(OPENS).key_id == "k2026a"


def test_a_retired_key_signs_no_more_and_stays_known(empty: FileKeyStore) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    retired = empty.retire("k2026a", JULY)
    assert retired.state is KeyState.RETIRED
    assert empty.public_keys() == (retired,)
    assert retired.may_have_signed_at(JULY - timedelta(seconds=1))
    assert not retired.may_have_signed_at(JULY)
    with pytest.raises(NoSigningKey):
        empty.signer(JULY - timedelta(days=1))


def test_of_two_keys_one_retires_as_the_other_begins_and_no_second_is_lost(
    empty: FileKeyStore,
) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    second = timedelta(seconds=1)
    new = empty.rotate("k2026b", JULY, CLOSES, JULY + second)
    old = empty.public_key("k2026a")
    assert (old.state, new.state) == (KeyState.RETIRED, KeyState.ACTIVE)
    assert empty.signer(JULY).key_id == "k2026b"
    assert old.may_have_signed_at(JULY)
    assert not old.may_have_signed_at(JULY + second)


@pytest.mark.parametrize("shards", [0, 4])
def test_a_stolen_key_stays_in_the_list_with_what_is_proved_of_it(
    empty: FileKeyStore, shards: int
) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    decided = GivenUp(stolen_at=OPENS, log=1, size=9, shards=shards)
    assert empty.give_up("k2026a", JULY, decided).is_compromised
    (entry,) = json.loads(public_keys.page_list(empty.public_keys(), "示例"))["keys"].values()
    assert entry["state"] == "compromised"
    assert entry.get("proved") == ({"shards": shards} if shards else None)


def test_a_stolen_key_is_never_trusted_again_and_the_theft_may_turn_out_earlier(
    empty: FileKeyStore,
) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    empty.give_up("k2026a", JULY, GivenUp(stolen_at=JULY))
    with pytest.raises(KeyGivenUp):
        empty.retire("k2026a", JULY)
    later = JULY + timedelta(days=1)
    again = empty.give_up("k2026a", later, GivenUp(stolen_at=OPENS))
    assert (again.changed_at, again.given_up) == (JULY, GivenUp(stolen_at=OPENS))


def test_a_file_of_an_earlier_version_still_opens(path: Path, empty: FileKeyStore) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    file = json.loads(path.read_text())
    del file["entries"][0]["key"]["given_up"]
    path.write_text(json.dumps(file))
    assert empty.signer(JULY).key_id == "k2026a"


def test_an_unknown_key_is_not_retired(empty: FileKeyStore) -> None:
    with pytest.raises(UnknownKey):
        empty.retire("k2026z", JULY)


def test_a_refused_change_leaves_the_file_as_it_was(path: Path, empty: FileKeyStore) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    before = path.read_bytes()
    with pytest.raises(KeyIdTaken):
        empty.create("k2026a", OPENS, CLOSES)
    assert path.read_bytes() == before


def test_keys_made_at_once_are_all_kept(path: Path) -> None:
    def create(letter: str) -> None:
        FileKeyStore(path, SECRET).create(f"k2026{letter}", OPENS, CLOSES)

    threads = [threading.Thread(target=create, args=(letter,)) for letter in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(FileKeyStore(path, SECRET).public_keys()) == 8


@given(seconds=st.integers(min_value=-2, max_value=2), edge=st.sampled_from([OPENS, CLOSES]))
def test_the_window_opens_and_closes_to_the_second(
    keys: dict[bytes, public_keys.PublicKey], seconds: int, edge: datetime
) -> None:
    (key,) = keys.values()
    at = edge + timedelta(seconds=seconds)
    assert key.may_have_signed_at(at) == (OPENS <= at < CLOSES)


def test_the_page_list_names_each_key_by_its_kid(keys: dict[bytes, public_keys.PublicKey]) -> None:
    listed = json.loads(public_keys.page_list(keys.values(), "示例教育局"))
    ((kid, key),) = keys.items()
    assert listed["issuer"] == "示例教育局"
    assert listed["keys"][kid.hex()] == {
        "id": "k2026a",
        "alg": -8,
        "x": key.public,
        "from": int(OPENS.timestamp()),
        "until": int(CLOSES.timestamp()),
        "state": "active",
    }


def test_a_key_of_either_algorithm_signs_where_it_is_asked_for(empty: FileKeyStore) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    with pytest.raises(NoSigningKey):
        empty.signer(JULY, ES256)
    made = empty.create("es2026a", OPENS, CLOSES, ES256)
    assert (made.algorithm, len(made.public_bytes)) == (ES256, 65)
    assert empty.signer(JULY).key_id == "k2026a"
    signer = empty.signer(JULY, ES256)
    assert signer.key_id == "es2026a"
    assert len(signer.sign(b"said")) == 64
    assert signer.sign(b"said") == signer.sign(b"said")


def test_the_key_list_of_the_page_holds_the_keys_of_codes_alone(empty: FileKeyStore) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    empty.create("es2026a", OPENS, CLOSES, ES256)
    listed = json.loads(page_list(empty.public_keys(), "https://credits.example"))
    assert [key["id"] for key in listed["keys"].values()] == ["k2026a"]


def test_retired_again_the_window_stays_closed(empty: FileKeyStore) -> None:
    empty.create("k2026a", OPENS, CLOSES)
    stopped = empty.retire("k2026a", JULY)
    assert empty.retire("k2026a", JULY + timedelta(days=30)) == stopped
    given_up = empty.give_up("k2026a", JULY + timedelta(days=40), GivenUp(stolen_at=JULY))
    assert given_up.changed_at == stopped.changed_at


def test_a_key_given_up_meanwhile_is_not_retired(path: Path, empty: FileKeyStore) -> None:
    empty.create("k2026a", OPENS, CLOSES)

    class Slow(FileKeyStore):
        """Another process gives the key up just before this one has the lock."""

        @contextmanager
        def _changing(self) -> Generator[dict[str, Any]]:
            empty.give_up("k2026a", JULY, GivenUp(stolen_at=JULY))
            with super()._changing() as entries:
                yield entries

    with pytest.raises(KeyGivenUp):
        Slow(path, bytes(range(32))).retire("k2026a", JULY)
    assert empty.public_key("k2026a").is_compromised


def test_a_year_has_as_many_keys_as_it_needs(empty: FileKeyStore) -> None:
    for _ in range(27):
        empty.create(empty.next_key_id(2026), OPENS, CLOSES)
    assert [key.key_id for key in empty.public_keys()][-2:] == ["k2026z", "k2026aa"]
