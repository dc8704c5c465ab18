"""Makes an invented district: years of institutions, decided, encoded and appended in batches."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context

from eventsourcing.persistence import IntegrityError, JSONTranscoder, StoredEvent

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
from ledger.mapper import LedgerMapper

EVENTS_AT_ONCE = 2_000
SET_UP = datetime(SCHOOL_YEAR, 8, 18, 1, 0, tzinfo=UTC)
MAPPER = LedgerMapper(JSONTranscoder())
Units = list[list[StoredEvent]]
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
    """Appends through the ledger's own batch door, a few thousand events at a time."""

    book: Book
    yardstick: Yardstick | None = None
    events: int = 0
    seconds: float = 0.0
    _waiting: Units = field(default_factory=list[list[StoredEvent]])
    _size: int = 0

    def put(self, units: Units) -> None:
        for unit in units:
            self._waiting.append(unit)
            self._size += len(unit)
            if self._size >= EVENTS_AT_ONCE:
                self.flush()

    def flush(self) -> None:
        """Raises IntegrityError where something is recorded already: the ledger is not empty."""
        began = time.perf_counter()
        for outcome in self.book.ledger.store.insert_units(self._waiting):
            if isinstance(outcome, IntegrityError):
                raise outcome
        self.seconds += time.perf_counter() - began
        self.events += self._size
        if self.yardstick is not None:
            self.yardstick.copy(self._waiting)
        self._waiting, self._size = [], 0


def steps(place: Institution, size: Size, rules: Rulebook) -> Iterator[Step]:
    """A year of one institution in the order of its days."""
    year = Year(place, size.seed, size.families, rules)
    yield from year.set_up()
    for session in year.sessions:
        evening = Evening(year, session)
        yield from evening.held()
        yield from judged(evening)
    yield from sat(year)


def encoded(step: Step) -> Units:
    """A step's new facts as they are stored: every aggregate's are a save of their own."""
    units = ([MAPPER.to_stored_event(e) for e in each.collect_events()] for each in step.aggregates)
    return [unit for unit in units if unit]


def decided(place: Institution, size: Size) -> Units:
    """A whole institution, decided and encoded: nothing of it needs a database."""
    found = steps(place, size, rules_of_the_district())
    return [unit for step in found for unit in encoded(step)]


def in_order(places: Iterable[Institution], size: Size, jobs: int) -> Iterator[Units]:
    """Institutions decided by so many processes, a few ahead, and handed on one after another."""
    if jobs == 1:
        yield from (decided(place, size) for place in places)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        ahead: deque[Future[Units]] = deque()
        for place in places:
            ahead.append(pool.submit(decided, place, size))
            if len(ahead) > jobs:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


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
    jobs: int = 1,
    yardstick: Yardstick | None = None,
    progress: Progress = lambda _done, _events: None,
) -> Writer:
    """Make a district; of the first `in_vault` institutions the names go into the vault.

    The order of the events is the same, however many processes decide. Raises LedgerHasEvents.
    """
    set_up(book, size.seed)
    for place in institutions(min(in_vault, size.institutions)):
        known = families(size.seed, place, size.families)
        book.vault.admit(entry for each in known for entry in each.entries)
    writer = Writer(book, yardstick)
    for done, units in enumerate(in_order(institutions(size.institutions), size, jobs), 1):
        writer.put(units)
        progress(done, writer.events)
    writer.flush()
    return writer
