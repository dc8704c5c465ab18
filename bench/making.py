"""Makes an invented district: years of institutions, decided, encoded and appended in batches."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

from eventsourcing.persistence import IntegrityError

from bench.district import Institution, Size, institutions, set_up
from bench.evening import Evening
from bench.exam_day import exam_day
from bench.in_memory import Unit
from bench.institution import Step, Year
from bench.people import families
from bench.yardstick import Yardstick
from ledger.book import Book

EVENTS_AT_ONCE = 2_000
P = TypeVar("P")
Progress = Callable[[int, int], None]  # institutions done, events so far


class LedgerHasEvents(Exception):
    """A district is made in an empty ledger of its own, never beside what somebody recorded."""


@dataclass
class Writer:
    """Appends through the ledger's own batch door, a few thousand events at a time."""

    book: Book
    yardstick: Yardstick | None = None
    events: int = 0
    seconds: float = 0.0
    _waiting: list[Unit] = field(default_factory=list[Unit])
    _size: int = 0

    def put(self, units: list[Unit]) -> None:
        for unit in units:
            self._waiting.append(unit)
            self._size += len(unit)
            if self._size >= EVENTS_AT_ONCE:
                self.flush()

    def flush(self) -> None:
        """Raises IntegrityError where something is recorded already: the ledger is not empty."""
        began = time.perf_counter()
        outcomes = self.book.ledger.store.insert_units(self._waiting)
        for unit, outcome in zip(self._waiting, outcomes, strict=True):
            if isinstance(outcome, IntegrityError):
                self.conflicts(unit, outcome)
        self.seconds += time.perf_counter() - began
        self.events += self._size
        if self.yardstick is not None:
            self.yardstick.copy(self._waiting)
        self._waiting, self._size = [], 0

    def conflicts(self, unit: Unit, conflict: IntegrityError) -> None:
        """What is recorded already was not made by this run."""
        raise conflict


def steps(place: Institution, size: Size) -> Iterator[Step]:
    """A year of one institution in the order of its days."""
    year = Year(place, size)
    yield from year.begun()
    for session_id in year.session_ids:
        yield from Evening(year, session_id).steps()
    yield from exam_day(year)


def decided(place: Institution, size: Size) -> list[Unit]:
    """A whole institution, decided and encoded: nothing of it needs a database."""
    return [unit for step in steps(place, size) for unit in step.units]


def in_order(
    work: Callable[[P, Size], list[Unit]], parts: Iterable[P], size: Size, jobs: int
) -> Iterator[list[Unit]]:
    """What so many processes decide, a few parts ahead, handed on one after another."""
    if jobs == 1:
        yield from (work(part, size) for part in parts)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        ahead: deque[Future[list[Unit]]] = deque()
        for part in parts:
            ahead.append(pool.submit(work, part, size))
            if len(ahead) > jobs:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def admit(book: Book, places: Iterable[Institution], size: Size) -> None:
    """The names of these institutions' families, into the vault."""
    for place in places:
        known = families(size.seed, place, size.families)
        book.vault.admit(entry for each in known for entry in each.entries)


def make(
    book: Book,
    *,
    size: Size,
    in_vault: int = 0,
    jobs: int = 1,
    yardstick: Yardstick | None = None,
    progress: Progress = lambda _done, _events: None,
) -> Writer:
    """Make a district; of the first `in_vault` institutions the names go into the vault.

    The order of the events is the same, however many processes decide. Raises LedgerHasEvents.
    """
    if book.ledger.position():
        raise LedgerHasEvents
    set_up(book.rulebooks, book.registry, size.seed)
    admit(book, islice(institutions(size.institutions), in_vault), size)
    writer = Writer(book, yardstick)
    for done, units in enumerate(in_order(decided, institutions(size.institutions), size, jobs), 1):
        writer.put(units)
        progress(done, writer.events)
    writer.flush()
    return writer
