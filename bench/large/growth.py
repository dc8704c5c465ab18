"""Appending to the table of a city beside an empty one. What is appended is taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import psycopg

from bench.append import check_ins, encoded
from bench.ground import Ground, fresh
from bench.kept import Kept
from bench.measuring import Figure, Question, Sample, Scale, interleaved, timed
from domain.identity import derived
from ledger.batch import Batch
from ledger.events_table import append_statement
from ledger.ledger import EVENTS_TABLE
from ledger.rows import Row

Units = Sequence[Sequence[Row]]
Made = Callable[[Ground, int, int], Units]
YARDSTICK = "the same into an empty table"


def run(kept: Kept, on: str, scale: Scale) -> list[Figure]:
    size, batches = scale.pick(50, 1_000, 1_000), scale.pick(1, 5, 20)
    with kept.ground(on, "city") as city, fresh(on) as empty:
        events = city.runtime.book.ledger.position()
        figures: list[Figure] = []
        for name, made in KINDS.items():
            what = f"{name} appended to {events:,} events, taken back"
            question = Question("large", what, "events/s", YARDSTICK)
            sides = [partial(appended, each, made, size, batches) for each in (city, empty)]
            figures.append(question.answer(*interleaved(scale.rounds, *sides)))
        return figures


def appended(ground: Ground, made: Made, size: int, batches: int, number: int) -> Sample:
    """In one transaction that is rolled back: what is kept stays as it was made."""
    parts = [made(ground, number * batches + batch, size) for batch in range(batches)]
    append = append_statement(ground.settings.ledger, EVENTS_TABLE, "positions")

    def work() -> None:
        with psycopg.connect(ground.runtime.connections.app) as connection:
            for units in parts:
                arguments = Batch(units).arguments(is_retry=False)
                connection.execute(append, arguments, prepare=True, binary=True)
            connection.rollback()

    return timed(size * batches, work)


def of_an_evening(ground: Ground, number: int, size: int) -> Units:
    """Check-ins: their keys lie together, at the end of the index."""
    return encoded(ground.runtime.book.ledger.events_mapper, check_ins(number, size))


def of_many_streams(ground: Ground, number: int, size: int) -> Units:
    """As large, but each key somewhere else, like the credits of an award run."""
    units = of_an_evening(ground, number, size)
    return [
        [Row(derived("growth", number, place), 1, event.topic, event.state)]
        for place, [event] in enumerate(units)
    ]


KINDS: dict[str, Made] = {
    "check-ins": of_an_evening,
    "events of streams by chance": of_many_streams,
}
