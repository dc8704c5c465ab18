"""Makes what is invented: years of institutions, decided, encoded and appended in batches."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from uuid import UUID

from eventsourcing.persistence import IntegrityError

from bench.district import PILOT, Institution, Size, institutions, set_up, was_set_up
from bench.evening import Evening
from bench.exam_day import exam_day
from bench.in_memory import Unit
from bench.institution import Step, Year
from bench.people import families
from bench.yardstick import Yardstick
from domain.school import School
from ledger.batch import Batch
from ledger.book import Book
from ledger.saving import Saving

EVENTS_AT_ONCE = 2_000
Progress = Callable[[int, int], None]  # institutions done, events so far
Block = Sequence[Institution]


class LedgerHasEvents(Exception):
    """What is made goes into an empty ledger of its own, never beside what somebody recorded."""


@dataclass(frozen=True)
class Plan:
    """What is made, a block of institutions after another, and how a block comes about."""

    size: Size
    places: Callable[[int], Iterator[Institution]]
    in_a_block: int
    decide: Callable[[Block, Size], list[Unit]]

    def institutions(self, count: int | None = None) -> Iterator[Institution]:
        """All of them, or the first ones."""
        known = self.size.institutions
        return self.places(known if count is None else min(count, known))

    def blocks(self) -> list[Block]:
        every = self.institutions()
        return list(iter(lambda: list(islice(every, self.in_a_block)), []))


def district(size: Size = PILOT) -> Plan:
    """Every institution decided by itself."""
    return Plan(size, institutions, 1, decided)


@dataclass
class Writer:
    """Appends through the ledger's own batch door, a few thousand events at a time."""

    book: Book
    yardstick: Yardstick | None = None
    events: int = 0
    waited: float = 0.0  # seconds in which nothing was decided
    _ahead: tuple[list[Unit], Saving] | None = None
    _waiting: list[Unit] = field(default_factory=list[Unit])
    _size: int = 0

    def put(self, units: list[Unit]) -> None:
        """Raises LedgerHasEvents where something else is recorded than what would be."""
        for unit in units:
            self._waiting.append(unit)
            self._size += len(unit)
            if self._size >= EVENTS_AT_ONCE:
                self._flush()

    def close(self) -> None:
        """Wait until all is in. Raises LedgerHasEvents."""
        self._flush()
        self._settle()

    def _flush(self) -> None:
        batch = Batch(self._waiting)
        self._settle()
        began = time.perf_counter()
        self._ahead = self._waiting, self.book.ledger.store.begin(batch)
        self.waited += time.perf_counter() - began
        self._waiting, self._size = [], 0

    def _settle(self) -> None:
        if self._ahead is None:
            return
        (units, saving), self._ahead = self._ahead, None
        began = time.perf_counter()
        for unit, outcome in zip(units, saving.outcomes(), strict=True):
            if isinstance(outcome, IntegrityError):
                self._must_be_the_same(unit)
        self.waited += time.perf_counter() - began
        self.events += sum(map(len, units))
        if self.yardstick is not None:
            self.yardstick.copy(units)

    def _must_be_the_same(self, unit: Unit) -> None:
        """A run that was cut had recorded it."""
        ids = [event.originator_id for event in unit if isinstance(event.originator_id, UUID)]
        streams = self.book.ledger.store.select_streams(ids).values()
        if not {event for stream in streams for event in stream}.issuperset(unit):
            raise LedgerHasEvents


def steps(place: Institution, size: Size) -> Iterator[Step]:
    """A year of one institution in the order of its days."""
    year = Year(place, size)
    yield from year.begun()
    for session_id in year.session_ids:
        yield from Evening(year, session_id).steps()
    yield from exam_day(year)


def decided(block: Block, size: Size) -> list[Unit]:
    """Whole institutions, decided and encoded: nothing of it needs a database."""
    return [unit for place in block for step in steps(place, size) for unit in step.units]


def in_order(plan: Plan, blocks: Iterable[Block], jobs: int) -> Iterator[list[Unit]]:
    """Blocks decided by so many processes, a few ahead, and handed on one after another."""
    if jobs == 1:
        yield from (plan.decide(block, plan.size) for block in blocks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        ahead: deque[Future[list[Unit]]] = deque()
        for block in blocks:
            ahead.append(pool.submit(plan.decide, block, plan.size))
            if len(ahead) > jobs:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def admit(book: Book, plan: Plan, count: int | None = None) -> None:
    """The names of the first institutions' families, or of all, into the vault."""
    for place in plan.institutions(count):
        known = families(plan.size.seed, place, plan.size.families)
        book.vault.admit(entry for each in known for entry in each.entries)


def make(
    book: Book,
    plan: Plan,
    *,
    in_vault: int = 0,
    jobs: int = 1,
    resume: bool = False,
    yardstick: Yardstick | None = None,
    progress: Progress = lambda _done, _events: None,
) -> Writer:
    """Make it, or go on with what was cut; of the first `in_vault` institutions the names, too.

    The events and their order are the same, however many processes decide and however often it
    was cut. Raises LedgerHasEvents.
    """
    blocks, seed = plan.blocks(), plan.size.seed
    begun = begun_in(book, blocks) if resume else 0
    if book.ledger.position() and not (begun and was_set_up(book, seed)):
        raise LedgerHasEvents
    if not begun:
        set_up(book.rulebooks, book.registry, seed)
    admit(book, plan, in_vault)
    writer = Writer(book, yardstick)
    left = blocks[max(begun - 1, 0) :]  # the last one that was begun may not be whole
    done = sum(map(len, blocks)) - sum(map(len, left))
    for block, units in zip(left, in_order(plan, left, jobs), strict=True):
        writer.put(units)
        progress(done := done + len(block), writer.events)
    writer.close()
    return writer


def begun_in(book: Book, blocks: Sequence[Block]) -> int:
    """How many blocks were begun."""
    firsts = [School.create_id(block[0].school_code) for block in blocks]
    found = book.ledger.store.select_streams(firsts)
    return sum(1 for key in firsts if found[key])
