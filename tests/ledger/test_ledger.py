"""Deciding and recording as one step: who meets on a stream, and what is sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent

from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.learner import Learner, UnknownLearner
from domain.number_series import NumberSeries
from domain.school import School, UnknownSchool
from ledger.ledger import Contended, Ledger
from tests.acting import envelope
from tests.database import TestDatabase


@pytest.fixture
def ledger(database: TestDatabase) -> Iterator[Ledger]:
    opened = Ledger(database.app, database.schema)
    yield opened
    opened.close()


def series(ledger: Ledger, name: str, by: Envelope) -> NumberSeries:
    found = ledger.find(NumberSeries, NumberSeries.create_id(name))
    return found or NumberSeries(series=name, envelope=by)


def draw(ledger: Ledger, name: str, by: Envelope) -> int:
    def decide() -> list[LedgerAggregate]:
        numbers = series(ledger, name, by)
        numbers.draw(1, by)
        return [numbers]

    return ledger.commit(by.command_id, decide)


def test_commands_that_meet_decide_again_from_fresh_history(ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as threads:
        positions = list(threads.map(lambda _: draw(ledger, "meeting", envelope()), range(4)))

    assert len(set(positions)) == 4
    assert series(ledger, "meeting", envelope()).next == 5


def test_a_command_that_records_nothing_gives_the_position_of_the_feed(ledger: Ledger) -> None:
    position = draw(ledger, "one", envelope())

    assert ledger.commit(uuid4(), list) == position == ledger.position()


def test_an_empty_ledger_stands_at_zero(ledger: Ledger) -> None:
    assert ledger.position() == 0


def test_a_command_that_loses_every_time_is_told_so(ledger: Ledger) -> None:
    def loses() -> list[LedgerAggregate]:
        numbers = series(ledger, "busy", envelope())
        draw(ledger, "busy", envelope())
        numbers.draw(1, envelope())
        return [numbers]

    with pytest.raises(Contended):
        ledger.commit(uuid4(), loses)


def test_the_same_command_sent_twice_at_once_is_recorded_once(ledger: Ledger) -> None:
    by = envelope()
    first: list[int] = []

    def overtaken() -> list[LedgerAggregate]:
        numbers = series(ledger, "twice", by)
        numbers.draw(1, by)
        if not first:
            first.append(draw(ledger, "twice", by))
        return [numbers]

    assert ledger.commit(by.command_id, overtaken) == first[0]
    assert series(ledger, "twice", by).next == 2


def test_a_run_asked_again_is_not_taken_for_its_first_asking(ledger: Ledger) -> None:
    by = envelope()
    draw(ledger, "again", by)
    met: list[int] = []

    def overtaken() -> list[LedgerAggregate]:
        numbers = series(ledger, "again", by)
        numbers.draw(1, by)
        if not met:
            met.append(draw(ledger, "again", envelope()))
        return [numbers]

    ledger.commit(by.command_id, overtaken)

    assert series(ledger, "again", by).next == 4


def test_a_stream_of_another_kind_is_none(ledger: Ledger) -> None:
    by = envelope()
    draw(ledger, "kind", by)
    key = NumberSeries.create_id("kind")

    assert ledger.find(School, key) is None
    with pytest.raises(UnknownSchool):
        ledger.get(School, key, UnknownSchool)
    with pytest.raises(UnknownLearner):
        ledger.get(Learner, uuid4(), UnknownLearner)


def test_a_row_that_does_not_load_says_which_it_is(ledger: Ledger) -> None:
    key: UUID = uuid4()
    ledger.store.insert_events([StoredEvent(key, 1, NumberSeries.Opened.TOPIC, b'{"x":1}')])

    with pytest.raises(MapperDeserialisationError, match=f"number_series.opened of {key}"):
        ledger.load([key])
