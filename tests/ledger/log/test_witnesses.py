"""Witnesses: asked for cosignatures, believed only by their keys, and their memory heeded."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Iterator

import pytest

import ledger.log.keeping
from ledger.log.checkpoint import Checkpoint, Forked, RolledBack
from ledger.log.keeping import Keeping, LogKeeper, Witnesses
from ledger.log.policy import Policy, read_policy
from tests.acting import SCHOOL, Pilot, envelope
from tests.ledger.log.conftest import ORIGIN, LogDesk, signer_of
from tests.ledger.log.test_keeping import until
from tests.ledger.log.witness import Answer, TestWitness, listening
from tests.ledger_evening import hold


@pytest.fixture
def witness() -> Iterator[TestWitness]:
    with listening(TestWitness("witness.example/one")) as made:
        yield made


def policy_of(*witnesses: TestWitness, least: int = 1) -> Policy:
    lines = [f"witness w{n} {each.key} {each.url}" for n, each in enumerate(witnesses)]
    names = " ".join(f"w{n}" for n, _ in enumerate(witnesses))
    return read_policy("\n".join([*lines, f"group all {least} {names}", "quorum all", ""]))


def keeping(desk: LogDesk, policy: Policy) -> Keeping:
    database = desk.database
    return Keeping(database.log, database.names, ORIGIN, signer_of, desk.folder, desk.logs, policy)


def cosign(desk: LogDesk, policy: Policy) -> None:
    asking = Witnesses(desk.logs, policy)
    asking.cosign(keeping(desk, policy))
    asking.close()


def test_a_checkpoint_is_cosigned_and_served_with_it(
    desk: LogDesk, pilot: Pilot, witness: TestWitness
) -> None:
    policy = policy_of(witness)
    desk.step()
    cosign(desk, policy)
    cosign(desk, policy)  # nobody is asked twice for the same

    newest = desk.logs.newest(desk.logs.current())
    assert policy.is_met_by(newest.whole.signed_by([witness.key]))
    assert witness.asked == 1
    assert [each.cosigned_at for each in newest.cosignatures] == [witness.at]


def test_the_log_goes_on_from_what_the_witness_saw(
    desk: LogDesk, pilot: Pilot, witness: TestWitness
) -> None:
    policy = policy_of(witness)
    desk.step()
    cosign(desk, policy)
    hold(pilot, pilot.learners)
    desk.step()
    cosign(desk, policy)  # a new process does not know what was cosigned, and is told

    assert witness.seen is not None
    assert witness.seen.size == pilot.book.ledger.position()
    log = desk.logs.current()
    newest, earlier = desk.logs.cosigned(log)
    assert newest == desk.logs.newest(log)
    assert (len(newest.cosignatures), earlier.size < newest.size) == (1, True)


def test_two_of_three_are_needed_and_one_is_not_enough(
    desk: LogDesk, pilot: Pilot, witness: TestWitness
) -> None:
    with (
        listening(TestWitness("witness.example/two")) as second,
        listening(TestWitness("witness.example/three", says=(500, "text/plain", b""))) as third,
    ):
        policy = policy_of(witness, second, third, least=2)
        second.says = (503, "text/plain", b"")
        desk.step()
        cosign(desk, policy)
        log = desk.logs.current()
        keys = [each.key for each in policy.witnesses.values()]
        assert not policy.is_met_by(desk.logs.newest(log).whole.signed_by(keys))

        second.says = None
        cosign(desk, policy)
        assert policy.is_met_by(desk.logs.newest(log).whole.signed_by(keys))


def test_a_witness_that_saw_more_stops_the_log(
    desk: LogDesk, pilot: Pilot, witness: TestWitness
) -> None:
    """An old backup came back, and the folder with it: the witness remembers."""
    policy = policy_of(witness)
    desk.step()
    witness.seen = Checkpoint(ORIGIN, 1_000_000, b"x" * 32)
    asking = Witnesses(desk.logs, policy)
    with pytest.raises(RolledBack) as refused:
        asking.must_not_know_more(desk.logs.current())
    assert refused.value.facts["published"] == 1_000_000
    asking.close()


def test_a_witness_of_another_history_stops_the_log(
    desk: LogDesk, pilot: Pilot, witness: TestWitness
) -> None:
    desk.step()
    size = desk.logs.newest(desk.logs.current()).size
    witness.says = (409, "text/x.tlog.size", f"{size}\n".encode())
    asking = Witnesses(desk.logs, policy_of(witness))
    with pytest.raises(Forked):
        asking.must_not_know_more(desk.logs.current())
    asking.close()


def foreign_line(witness: TestWitness) -> Answer:
    return 200, "text/plain", "— other.example AAAAAGZvbw==\n".encode()


def wrong_signature(witness: TestWitness) -> Answer:
    line = f"— {witness.name} "
    return (
        200,
        "text/plain",
        f"{line}{b64encode(witness.key.identity + bytes(72)).decode()}\n".encode(),
    )


NONSENSE: list[tuple[Callable[[TestWitness], Answer], str]] = [
    (lambda _: (200, "text/plain", b""), "log_witness_nonsense"),
    (lambda _: (200, "text/html", b"<html>hello"), "log_witness_nonsense"),
    (lambda _: (200, "text/plain", b"x" * 20_000), "log_witness_nonsense"),
    (lambda _: (409, "text/plain", b"12\n"), "log_witness_nonsense"),
    (lambda _: (409, "text/x.tlog.size", b"-1\n"), "log_witness_nonsense"),
    (lambda _: (409, "text/x.tlog.size", b"9" * 40), "log_witness_nonsense"),
    (foreign_line, "log_witness_nonsense"),
    (wrong_signature, "log_witness_nonsense"),
    (lambda _: (403, "text/plain", b""), "log_witness_refused"),
    (lambda _: (404, "text/plain", b""), "log_witness_refused"),
    (lambda _: (422, "text/plain", b""), "log_witness_refused"),
]


def test_nonsense_is_an_alarm_and_no_cosignature(
    desk: LogDesk, pilot: Pilot, witness: TestWitness
) -> None:
    desk.step()
    for says, code in NONSENSE:
        witness.says = says(witness)
        cosign(desk, policy_of(witness))
        assert desk.logs.alarms(most=1)[0][1] == code, witness.says
    assert desk.logs.newest(desk.logs.current()).cosignatures == ()


def test_the_silent_are_asked_again(desk: LogDesk, pilot: Pilot, witness: TestWitness) -> None:
    desk.step()
    policy = policy_of(witness)
    gone = policy_of(TestWitness("witness.example/one", url="http://127.0.0.1:1"))
    cosign(desk, gone)
    assert desk.logs.alarms() == []
    cosign(desk, policy)
    assert desk.logs.newest(desk.logs.current()).cosignatures


def test_a_keeper_signs_no_more_once_a_witness_knows_another_history(
    desk: LogDesk, pilot: Pilot, witness: TestWitness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.log.keeping, "COSIGN_EVERY", 0.05)
    keeper = LogKeeper(keeping(desk, policy_of(witness)))
    keeper.start()
    try:
        until(lambda: witness.seen is not None)
        witness.says = (409, "text/x.tlog.size", b"1000000\n")
        hold(pilot, pilot.learners)
        until(lambda: bool(desk.logs.alarms()))
        said = desk.folder.read(1)
        pilot.book.registry.open_classes(SCHOOL, 2026, [("三年级", "3班")], envelope())
        time.sleep(1.5)
    finally:
        keeper.stop()
    assert [code for _, code, _ in desk.logs.alarms()] == ["log_rolled_back"]
    assert desk.folder.read(1) == said
