"""The public files of the log, read as a stranger reads them."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.bootstrap import Runtime
from ledger.log.checkpoint import Checkpoint, Proof
from ledger.log.keeping import Keeping
from ledger.log.note import Key, Note
from ledger.log.tiles import Edge, Tile
from tests.acting import Pilot
from tests.ledger_evening import hold


def step(keeping: Keeping) -> None:
    """What the worker does within a second."""
    sequencer = keeping.opened()
    assert sequencer is not None
    with sequencer:
        sequencer.step()


@pytest.fixture
def school(runtime: Runtime) -> Pilot:
    return Pilot(runtime.book).set_up()


@pytest.fixture
def stranger(runtime: Runtime, school: Pilot) -> Iterator[TestClient]:
    step(runtime.log_keeping)
    with TestClient(create_app(runtime)) as client:
        yield client


def log_key(stranger: TestClient) -> Key:
    return Key.parsed(stranger.get("/log/keys").text.split("\n")[0])


def test_tiles_and_checkpoint_make_the_same_tree(stranger: TestClient) -> None:
    answer = stranger.get("/log/checkpoint")
    key = log_key(stranger)
    checkpoint = Checkpoint.opened(Note.parsed(answer.content), [key], key.name)

    def read(tile: Tile) -> bytes:
        found = stranger.get(f"/log/tile/{tile.path}")
        assert "immutable" in found.headers["cache-control"]
        return found.content

    assert Edge.of(checkpoint.size, read).root() == checkpoint.root
    assert checkpoint.size > 10
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_every_event_is_proved_by_its_position(stranger: TestClient, runtime: Runtime) -> None:
    key = log_key(stranger)
    for position in range(1, runtime.book.ledger.position() + 1):
        answer = stranger.get(f"/log/proof/inclusion?position={position}")
        event = runtime.logs.event_at(position)
        assert event is not None
        checkpoint = Proof.parsed(answer.content).check(event.leaf, [key], key.name)
        assert checkpoint.size == runtime.book.ledger.position()


def test_a_later_checkpoint_goes_on_from_an_earlier_one(
    stranger: TestClient, runtime: Runtime, school: Pilot
) -> None:
    key = log_key(stranger)
    before = Note.parsed(stranger.get("/log/checkpoint").content)
    older = Checkpoint.opened(before, [key])
    hold(school, school.learners)
    step(runtime.log_keeping)

    answer = stranger.get(f"/log/proof/consistency?old={older.size}")

    head, _, note = answer.content.partition(b"\n\n")
    old, *hashes = head.decode().split("\n")
    assert old == f"old {older.size}"
    newer = Checkpoint.opened(Note.parsed(note), [key])
    assert newer.size > older.size
    newer.follows(older, [b64decode(each) for each in hashes])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/log/tile/0/000.p/999", 404, "log_tile_path"),
        ("/log/tile/9/000", 404, "log_tile_path"),
        ("/log/tile/0/x000/001", 404, "log_tile_path"),
        ("/log/tile/0/1", 404, "log_tile_path"),
        ("/log/tile/checkpoint", 404, "log_tile_path"),
        ("/log/tile/0/000.p/255", 404, "log_beyond_the_tree"),
        ("/log/tile/1/000.p/1", 404, "log_beyond_the_tree"),
        ("/log/proof/inclusion?index=100000", 404, "log_beyond_the_tree"),
        ("/log/proof/inclusion?index=-1", 400, "request_malformed"),
        ("/log/proof/inclusion?index=0&size=100000", 404, "log_beyond_the_tree"),
        ("/log/proof/inclusion?index=5&size=3", 200, None),
        ("/log/proof/inclusion?position=100000", 404, "log_event_not_logged"),
        ("/log/proof/inclusion?position=9223372036854775808", 400, "request_malformed"),
        ("/log/proof/inclusion?index=x", 400, "request_malformed"),
        ("/log/proof/consistency?old=100000", 404, "log_beyond_the_tree"),
        ("/log/proof/consistency?old=-1", 400, "request_malformed"),
        ("/log/proof/consistency?old=1&size=100000", 404, "log_beyond_the_tree"),
        ("/log/proof/consistency", 400, "request_malformed"),
        ("/log/checkpoint/witnessed", 404, "log_not_begun"),
    ],
)
def test_what_is_not_there_is_refused(
    stranger: TestClient, path: str, status: int, code: str | None
) -> None:
    answer = stranger.get(path)
    assert answer.status_code == status
    if code is not None:
        assert answer.json()["code"] == code


def test_before_the_first_checkpoint_there_is_no_log(runtime: Runtime) -> None:
    with TestClient(create_app(runtime)) as early:
        assert early.get("/log/checkpoint").json()["code"] == "log_not_begun"
        assert "还没有公布检查点" in early.get("/log").text
