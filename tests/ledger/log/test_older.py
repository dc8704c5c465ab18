"""What the log proves to be older than a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.school import School
from ledger.log.older import Cut, beginnings_under, cut_before
from ledger.log.policy import Policy
from tests.acting import SCHOOL, Pilot, envelope
from tests.ledger.log.conftest import LogDesk
from tests.ledger.log.test_witnesses import cosign, policy_of
from tests.ledger.log.witness import TestWitness, listening
from tests.ledger_evening import hold

THE_SCHOOL = School.create_id(SCHOOL)
NOBODY = Policy()


@pytest.fixture
def witness() -> Iterator[TestWitness]:
    with listening(TestWitness("witness.example/one")) as made:
        yield made


def newest_at(desk: LogDesk) -> datetime:
    return desk.logs.newest(desk.logs.current()).published_at


def later_school(pilot: Pilot) -> UUID:
    """Something that was recorded after what is published."""
    staff_id = UUID(int=7)
    pilot.book.registry.register_staff(staff_id, envelope())
    return staff_id


def test_before_the_first_checkpoint_nothing_is_older(desk: LogDesk, pilot: Pilot) -> None:
    assert cut_before(desk.logs, NOBODY, datetime.now(UTC)) is None
    desk.step()
    assert cut_before(desk.logs, NOBODY, newest_at(desk)) is None


def test_what_was_published_before_is_older_and_what_came_after_is_not(
    desk: LogDesk, pilot: Pilot
) -> None:
    desk.step()
    size = pilot.book.ledger.position()
    later = later_school(pilot)
    moment = datetime.now(UTC)
    desk.step()

    cut = cut_before(desk.logs, NOBODY, moment)
    assert cut == Cut(1, size)
    assert list(beginnings_under(desk.logs, cut, [THE_SCHOOL, later])) == [THE_SCHOOL]
    whole = cut_before(desk.logs, NOBODY, newest_at(desk) + timedelta(seconds=1))
    assert whole is not None
    assert set(beginnings_under(desk.logs, whole, [THE_SCHOOL, later])) == {THE_SCHOOL, later}


def test_an_event_that_was_rewritten_since_is_not_proved(desk: LogDesk, pilot: Pilot) -> None:
    desk.step()
    cut = cut_before(desk.logs, NOBODY, newest_at(desk) + timedelta(seconds=1))
    assert cut is not None
    desk.tamper(
        "ledger_events",
        "UPDATE ledger.ledger_events SET state = state || ' '::bytea"
        f" WHERE originator_id = '{THE_SCHOOL}' AND originator_version = 1",
    )
    assert beginnings_under(desk.logs, cut, [THE_SCHOOL]) == {}


def test_where_there_are_witnesses_their_word_counts_and_its_time(
    desk: LogDesk, pilot: Pilot, witness: TestWitness
) -> None:
    policy = policy_of(witness)
    witness.at = int(datetime.now(UTC).timestamp()) - 10
    desk.step()
    size = pilot.book.ledger.position()
    cosign(desk, policy)
    hold(pilot, pilot.learners)
    desk.step()  # nobody saw this one

    now = newest_at(desk) + timedelta(seconds=1)
    assert cut_before(desk.logs, policy, now) == Cut(1, size)
    witness.at += 3600  # cosigned after the theft: it proves nothing
    cosign(desk, policy)
    assert cut_before(desk.logs, policy, now) == Cut(1, size)
    others = policy_of(TestWitness("witness.example/two"))
    assert cut_before(desk.logs, others, now) is None
