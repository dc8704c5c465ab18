"""A registration that broke off before its first fact leaves no name behind for good."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from api.bootstrap import Runtime
from api.housekeeping import Housekeeping
from api.staffing import Newcomer, open_staff
from domain.envelope import Role
from tests.acting import SCHOOL, STARTS, Pilot, envelope

PASSWORD = "a-long-password-2026"
CHEN = Newcomer("chen.jing", "（示例）陈静", (Role.COORDINATOR,), SCHOOL, date(2027, 7, 31))


def cut(runtime: Runtime, monkeypatch: pytest.MonkeyPatch, owner: type, step: str) -> UUID:
    """A registration that the power ended before a step; whom its user name is kept for."""

    def power_goes(*_: object) -> None:
        raise KeyboardInterrupt

    Pilot(runtime.book).set_up()
    with monkeypatch.context() as without:
        without.setattr(owner, step, power_goes)
        with pytest.raises(KeyboardInterrupt):
            open_staff(runtime, CHEN, PASSWORD, envelope(STARTS))
    return runtime.accounts.reserve(CHEN.user, STARTS)


def names(runtime: Runtime, staff_id: UUID) -> list[str]:
    return [each.name for each in runtime.book.vault.open([staff_id]).values()]


def test_the_worker_drops_the_name_a_day_later_and_the_command_brings_it_again(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff_id = cut(runtime, monkeypatch, type(runtime.book.registry), "take_on")
    worker = Housekeeping(runtime)
    worker.once(STARTS + timedelta(hours=23))
    assert names(runtime, staff_id) == [CHEN.full_name]

    worker.once(STARTS + timedelta(hours=25))

    assert names(runtime, staff_id) == []
    assert open_staff(runtime, CHEN, PASSWORD, envelope(STARTS))[0] == staff_id
    worker.once(STARTS + timedelta(days=9))
    assert names(runtime, staff_id) == [CHEN.full_name]


def test_who_is_recorded_keeps_the_name_though_no_account_was_opened(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff_id = cut(runtime, monkeypatch, type(runtime.accounts), "open_account")

    Housekeeping(runtime).once(STARTS + timedelta(days=9))

    assert names(runtime, staff_id) == [CHEN.full_name]
