"""The sequencer: what is recorded comes into the tree once, in order, whatever kills it."""

from __future__ import annotations

import os
from typing import LiteralString

import psycopg
import pytest

from domain.refusals import Refused
from ledger.log.checkpoint import Checkpoint, Forked, RolledBack
from ledger.log.leaf import LoggedEvent
from ledger.log.merkle import leaf_hash
from ledger.log.sequencer import Sequencer
from ledger.log.tiles import TileBroken
from tests.acting import Pilot
from tests.ledger.log.conftest import LogDesk
from tests.ledger_evening import hold


def test_every_event_has_a_leaf_under_a_signed_checkpoint(desk: LogDesk, pilot: Pilot) -> None:
    desk.step()

    log = desk.logs.current()
    newest = desk.logs.newest(log)
    checkpoint = Checkpoint.opened(newest.note, [log.key], log.origin)
    assert checkpoint.size == pilot.book.ledger.position() > 10
    assert desk.folder.read(1) == newest.note
    for index in range(checkpoint.size):
        event = desk.logs.event_at(index + 1)
        assert event is not None
        proof = desk.logs.prove(log, desk.logs.index_of(log, event.position), newest)
        assert proof.index == index
        assert proof.check(event.leaf, [log.key]) == checkpoint


def test_a_log_goes_on_where_it_was(desk: LogDesk, pilot: Pilot) -> None:
    desk.step()
    first = desk.logs.newest(desk.logs.current())
    hold(pilot, pilot.learners)
    desk.step()

    log = desk.logs.current()
    second = desk.logs.newest(log)
    assert second.size == pilot.book.ledger.position() > first.size
    proof = desk.logs.tree(log, second.size).consistency(first.size, second.size)
    second.checkpoint.follows(first.checkpoint, proof)


def test_nothing_new_is_signed_again(desk: LogDesk, pilot: Pilot) -> None:
    desk.step()
    with desk.opened() as sequencer:
        assert sequencer.step().published is None


def test_one_process_keeps_the_log(desk: LogDesk, pilot: Pilot) -> None:
    with desk.opened(), pytest.raises(AssertionError):
        desk.opened(patience=0)
    desk.step()


STEPS: list[str] = ["_read", "_extend", "_write_tiles", "_sign", "_publish", "_record"]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_log_stays_consistent(
    desk: LogDesk, pilot: Pilot, step: str, after: bool
) -> None:
    desk.step()
    before = desk.logs.newest(desk.logs.current())
    hold(pilot, pilot.learners)

    child = os.fork()
    if child == 0:  # a process of its own, gone without a word
        kill_at(step, after)
        desk.step()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -9

    desk.step()
    log = desk.logs.current()
    newest = desk.logs.newest(log)
    assert newest.size == pilot.book.ledger.position()
    tree = desk.logs.tree(log, newest.size)
    newest.checkpoint.follows(before.checkpoint, tree.consistency(before.size, newest.size))
    for index in range(newest.size):
        event = desk.logs.event_at(index + 1)
        assert isinstance(event, LoggedEvent)
        assert tree.leaf(index) == leaf_hash(event.leaf)


def kill_at(step: str, after: bool) -> None:
    do = getattr(Sequencer, step)

    def killed(*arguments: object) -> object:
        found = do(*arguments) if after else None
        os.kill(os.getpid(), 9)
        return found

    setattr(Sequencer, step, killed)


def test_behind_a_published_checkpoint_nothing_is_signed(desk: LogDesk, pilot: Pilot) -> None:
    """An old backup came back: the folder remembers what was said."""
    hold(pilot, pilot.learners)
    desk.step()
    size = desk.logs.newest(desk.logs.current()).size
    for table in ("log_checkpoint", "log_head", "log_tile"):
        desk.tamper(table, f"DELETE FROM ledger.{table}")
    desk.tamper("ledger_events", "DELETE FROM ledger.ledger_events WHERE notification_id > 10")
    published = desk.folder.read(1)

    with pytest.raises(RolledBack) as refused:
        desk.opened()

    assert refused.value.facts == {"published": size, "size": 0}
    assert desk.folder.read(1) == published


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("UPDATE ledger.log_tile SET hashes = set_byte(hashes, 3, 0) WHERE level = 0", TileBroken),
        ("UPDATE ledger.log_tile SET hashes = substr(hashes, 1, 32) WHERE level = 0", TileBroken),
    ],
    ids=["touched", "cut"],
)
def test_a_touched_tile_is_noticed_before_anything_is_signed(
    desk: LogDesk, pilot: Pilot, change: str, refusal: type[Refused]
) -> None:
    desk.step()
    desk.tamper("log_tile", change)
    with pytest.raises(refusal):
        desk.opened()


def test_another_tree_of_the_same_size_is_a_fork(desk: LogDesk, pilot: Pilot) -> None:
    """All tables rewritten to fit each other: what was published says otherwise."""
    desk.step()
    for table in ("log_checkpoint", "log_head", "log_tile"):
        desk.tamper(table, f"DELETE FROM ledger.{table}")
    desk.tamper(
        "ledger_events", "UPDATE ledger.ledger_events SET topic = 'x' WHERE notification_id = 3"
    )
    published = desk.folder.read(1)
    desk.folder.file(1).unlink()
    desk.step()
    assert published is not None
    desk.folder.write(1, published)
    with pytest.raises(Forked):
        desk.opened()


ATTEMPTS: list[LiteralString] = [
    "UPDATE ledger.log_tile SET hashes = '\\x00'",
    "UPDATE ledger.log_checkpoint SET note = ''",
    "DELETE FROM ledger.log_checkpoint",
    "TRUNCATE ledger.log_head CASCADE",
    "DELETE FROM ledger.log_tile",
]


@pytest.mark.parametrize("role", ["log", "app", "owner"])
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_role_rewrites_the_log(
    desk: LogDesk, pilot: Pilot, attempt: LiteralString, role: str
) -> None:
    desk.step()
    with (
        psycopg.connect(getattr(desk.database, role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(attempt)
