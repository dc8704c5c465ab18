"""The keeper: within a second of its recording an event is under a published checkpoint."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from psycopg.errors import ReadOnlySqlTransaction

from ledger.log.beginning import LogIsKept, begin_again
from ledger.log.keeping import Keeping, LogKeeper
from ledger.log.logs import Logs
from ledger.log.policy import Policy
from tests.acting import SCHOOL, Pilot, envelope
from tests.ledger.log.conftest import ORIGIN, LogDesk, signer_of
from tests.ledger_evening import hold


def keeper_of(desk: LogDesk) -> LogKeeper:
    database = desk.database
    return LogKeeper(
        Keeping(database.log, database.names, ORIGIN, signer_of, desk.folder, desk.logs, Policy())
    )


def until(true: Callable[[], bool], seconds: float = 20) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)
    return time.monotonic() - began


def size_of(desk: LogDesk) -> int:
    logs = desk.logs.rows("SELECT coalesce(max(size), 0) FROM {0}.log_checkpoint")
    return int(logs[0][0])


def test_a_recorded_event_is_published_soon_and_a_second_keeper_stands_by(
    desk: LogDesk, pilot: Pilot
) -> None:
    first, second = keeper_of(desk), keeper_of(desk)
    first.start()
    try:
        until(lambda: size_of(desk) == pilot.book.ledger.position())
        second.start()
        hold(pilot, pilot.learners)
        until(lambda: size_of(desk) == pilot.book.ledger.position())
        with pytest.raises(LogIsKept):
            begin_again(desk.database.log, desk.database.names, signer_of, desk.folder)
    finally:
        first.stop()
    try:
        pilot.book.registry.open_classes(SCHOOL, 2026, [("三年级", "3班")], envelope())
        until(lambda: size_of(desk) == pilot.book.ledger.position())
    finally:
        second.stop()
    assert desk.logs.alarms() == []


def fall_behind(desk: LogDesk) -> None:
    """A checkpoint was published, and nothing of it is there any more."""
    desk.step()
    for table in ("log_checkpoint", "log_head", "log_tile"):
        desk.tamper(table, f"DELETE FROM ledger.{table}")
    desk.tamper("ledger_events", "DELETE FROM ledger.ledger_events")


@pytest.mark.usefixtures("pilot")
def test_an_alarm_that_cannot_be_kept_is_raised_again(
    desk: LogDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fall_behind(desk)
    alarm, failed = Logs.alarm, list[str]()

    def failing_at_first(logs: Logs, code: str, **facts: object) -> None:
        if not failed:
            failed.append(code)
            raise ReadOnlySqlTransaction
        alarm(logs, code, **facts)

    monkeypatch.setattr(Logs, "alarm", failing_at_first)
    keeper = keeper_of(desk)
    keeper.start()
    try:
        until(lambda: bool(desk.logs.alarms()))
    finally:
        keeper.stop()
    assert failed == ["log_rolled_back"]


@pytest.mark.usefixtures("pilot")
def test_a_log_behind_its_checkpoint_raises_one_alarm_and_signs_nothing(desk: LogDesk) -> None:
    fall_behind(desk)
    said = desk.folder.read(1)
    keeper = keeper_of(desk)
    keeper.start()
    try:
        until(lambda: bool(desk.logs.alarms()))
        time.sleep(1.2)  # it tries again meanwhile
    finally:
        keeper.stop()
    assert [code for _, code, _ in desk.logs.alarms()] == ["log_rolled_back"]
    assert desk.folder.read(1) == said
