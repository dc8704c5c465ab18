"""Makes an invented district: years of institutions, decided, encoded and appended in batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from eventsourcing.persistence import IntegrityError, StoredEvent

from bench.district import SCHOOL_YEAR, TERMS, Institution, institutions, rules_of_the_district
from bench.evening import Evening
from bench.institution import Step, Year
from bench.judging import judged
from bench.people import families
from bench.sitting import sat
from bench.yardstick import Yardstick
from domain.envelope import Actor, Channel, Envelope, Role
from domain.identity import derived
from domain.rulebook import Rulebook
from ledger.book import Book

EVENTS_AT_ONCE = 2_000
SET_UP = datetime(SCHOOL_YEAR, 8, 18, 1, 0, tzinfo=UTC)
Progress = Callable[[int, int], None]  # institutions done, events so far


class LedgerHasEvents(Exception):
    """A district is made in an empty ledger of its own, never beside what somebody recorded."""


@dataclass(frozen=True)
class Size:
    """How much is made: a pilot district by default. All of it hangs on the seed."""

    institutions: int = 350
    families: int = 150
    seed: int = 1


@dataclass
class Writer:
    """Encodes and appends through the ledger's own batch door, a few thousand events at a time."""

    book: Book
    yardstick: Yardstick | None = None
    events: int = 0
    seconds: float = 0.0
    _units: list[list[StoredEvent]] = field(default_factory=list[list[StoredEvent]])
    _waiting: int = 0

    def put(self, step: Step) -> None:
        """Every aggregate's new facts are a save of their own."""
        mapper = self.book.ledger.events_mapper
        for aggregate in step.aggregates:
            if unit := [mapper.to_stored_event(event) for event in aggregate.collect_events()]:
                self._units.append(unit)
                self._waiting += len(unit)
        if self._waiting >= EVENTS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Raises IntegrityError where something is recorded already: the ledger is not empty."""
        began = time.perf_counter()
        for outcome in self.book.ledger.store.insert_units(self._units):
            if isinstance(outcome, IntegrityError):
                raise outcome
        self.seconds += time.perf_counter() - began
        self.events += self._waiting
        if self.yardstick is not None:
            self.yardstick.copy(self._units)
        self._units, self._waiting = [], 0


def steps(place: Institution, size: Size, rules: Rulebook) -> Iterator[Step]:
    """A year of one institution in the order of its days."""
    year = Year(place, size.seed, size.families, rules)
    yield from year.set_up()
    for session in year.sessions:
        evening = Evening(year, session)
        yield from evening.held()
        yield from judged(evening)
    yield from sat(year)


def set_up(book: Book, seed: int) -> Rulebook:
    """Rules and terms. Raises LedgerHasEvents."""
    if book.ledger.position():
        raise LedgerHasEvents
    rules = rules_of_the_district()

    def by(*parts: str) -> Envelope:
        return Envelope(
            command_id=derived("district", seed, *parts),
            actor=Actor(id=derived("district", seed, "officer"), role=Role.DISTRICT_OFFICER),
            channel=Channel.SYSTEM,
            occurred_at=SET_UP,
        )

    book.rulebooks.publish_at_set_up(rules, by("rules"))
    for term in TERMS:
        book.registry.open_term(term, by("term", term.code))
    return rules


def make(
    book: Book,
    size: Size,
    *,
    in_vault: int = 0,
    yardstick: Yardstick | None = None,
    progress: Progress = lambda _done, _events: None,
) -> Writer:
    """Make a district; of the first `in_vault` institutions the names go into the vault.

    Raises LedgerHasEvents.
    """
    rules = set_up(book, size.seed)
    writer = Writer(book, yardstick)
    for place in institutions(size.institutions):
        if place.number < in_vault:
            known = families(size.seed, place, size.families)
            book.vault.admit(entry for each in known for entry in each.entries)
        for step in steps(place, size, rules):
            writer.put(step)
        progress(place.number + 1, writer.events)
    writer.flush()
    return writer
