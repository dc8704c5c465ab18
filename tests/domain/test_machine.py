"""Keys of machines: two at most, each with an end that is near, ended at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from domain.machine import LONGEST_KEY, KeyHasEnded, KeyTooLong, Machine, TooManyKeys
from tests.domain.given import EVENING, by

ONE, TWO, THREE = (UUID(int=n) for n in (1, 2, 3))
READS = ("sessions:read",)
MONTH = timedelta(days=30)
MICROSECOND = timedelta(microseconds=1)


def program() -> Machine:
    made = Machine(name="school-office", organisation="4401040001", envelope=by())
    made.make_key(ONE, READS, EVENING + MONTH, by())
    made.collect_events()
    return made


def test_a_machine_has_two_keys_while_they_are_exchanged_and_no_third() -> None:
    machine = program()
    machine.make_key(TWO, READS, EVENING + 2 * MONTH, by())
    assert set(machine.live(EVENING)) == {ONE, TWO}

    with pytest.raises(TooManyKeys):
        machine.make_key(THREE, READS, EVENING + MONTH, by())
    machine.end_key(ONE, "revoked", by())
    machine.make_key(THREE, READS, EVENING + MONTH, by())
    assert set(machine.live(EVENING)) == {TWO, THREE}


def test_a_key_that_is_over_makes_room() -> None:
    machine = program()
    machine.make_key(TWO, READS, EVENING + 2 * MONTH, by())
    later = EVENING + MONTH
    machine.make_key(THREE, READS, later + MONTH, by(at=later))
    assert set(machine.live(later)) == {TWO, THREE}
    assert set(machine.live(later - MICROSECOND)) == {ONE, TWO}


def test_the_same_key_again_and_the_end_of_none_are_no_news() -> None:
    machine = program()
    machine.make_key(ONE, READS, EVENING + MONTH, by())
    machine.end_key(TWO, "revoked", by())
    assert machine.collect_events() == []


def test_a_key_that_was_ended_is_not_made_again_and_one_may_be_ended_before_it_is_made() -> None:
    machine = program()
    machine.end_key(ONE, "revoked", by())
    machine.withdraw_key(TWO, "revoked", by())
    assert len(machine.collect_events()) == 2
    machine.withdraw_key(ONE, "revoked", by())
    machine.withdraw_key(TWO, "revoked", by())
    for ended in (ONE, TWO):
        with pytest.raises(KeyHasEnded):
            machine.make_key(ended, READS, EVENING + MONTH, by())
    assert machine.collect_events() == []
    assert machine.live(EVENING) == {}


@pytest.mark.parametrize("ends", [timedelta(0), -MONTH, LONGEST_KEY + MICROSECOND])
def test_a_key_ends_after_now_and_within_a_year(ends: timedelta) -> None:
    machine = program()
    with pytest.raises(KeyTooLong):
        machine.make_key(TWO, READS, EVENING + ends, by())
    assert machine.collect_events() == []
    machine.make_key(TWO, READS, EVENING + LONGEST_KEY, by())
    assert len(machine.collect_events()) == 1
