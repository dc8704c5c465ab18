"""An invented city: one institution in sixteen is decided by the domain, the others are stamped.

What is stamped is no copy of rows: see bench/stamping. But sixteen institutions share one course
of events, which no city does: measure sizes and times on it, never a distribution.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

from eventsourcing.persistence import IntegrityError

from bench.district import KINDS, Institution, Size, set_up, was_set_up
from bench.in_memory import Unit
from bench.making import LedgerHasEvents, Progress, Writer, admit, in_order, steps
from bench.stamping import Stamp, names_kept
from bench.yardstick import Yardstick
from domain.school import School
from ledger.book import Book

DISTRICTS = (
    "440103", "440104", "440105", "440106", "440111", "440112",
    "440113", "440114", "440115", "440117", "440118",
)  # fmt: skip
IN_A_BLOCK = 16
CITY = Size(institutions=3_334, families=300, evenings=4, comes=0.35)  # a million learners
Block = Sequence[Institution]


def city_institutions(count: int) -> Iterator[Institution]:
    """Neighbours in the order lie in different districts; those of a block are of one kind."""
    for number in range(count):
        kind = KINDS[number // IN_A_BLOCK % len(KINDS)]
        yield Institution(number // len(DISTRICTS), kind, DISTRICTS[number % len(DISTRICTS)])


def blocks(count: int) -> Iterator[Block]:
    every = city_institutions(count)
    while block := list(islice(every, IN_A_BLOCK)):
        yield block


def decided_and_stamped(block: Block, size: Size) -> list[Unit]:
    """A block's year, step by step, in each step one institution after another."""
    with names_kept() as names:
        original = [step.units for step in steps(block[0], size)]
    stamp = Stamp(block[0], size, original, names)
    years = [original, *(stamp.copied(place) for place in block[1:])]
    return [unit for step in zip(*years, strict=True) for units in step for unit in units]


def make_city(
    book: Book,
    *,
    size: Size,
    in_vault: int = 0,
    jobs: int = 1,
    resume: bool = False,
    yardstick: Yardstick | None = None,
    progress: Progress = lambda _done, _events: None,
) -> Writer:
    """Make a city, or go on with one of the same size and seed that was cut.

    The events and their order are the same, however many processes decide and however often it
    was cut. Raises LedgerHasEvents.
    """
    every = list(blocks(size.institutions))
    begun = begun_in(book, every)
    if book.ledger.position() and not (resume and begun and was_set_up(book, size.seed)):
        raise LedgerHasEvents
    if not begun:
        set_up(book.rulebooks, book.registry, size.seed)
    admit(book, islice(city_institutions(size.institutions), in_vault), size)
    writer = ResumingWriter(book, yardstick)
    left = every[max(begun - 1, 0) :]  # the last one that was begun may not be whole
    done = size.institutions - sum(map(len, left))
    for block, units in zip(left, in_order(decided_and_stamped, left, size, jobs), strict=True):
        writer.put(units)
        done += len(block)
        progress(done, writer.events)
    writer.flush()
    return writer


def begun_in(book: Book, every: Sequence[Block]) -> int:
    """How many blocks a run has begun."""
    firsts = [School.create_id(block[0].school_code) for block in every]
    found = book.ledger.store.select_streams(firsts)
    return sum(1 for key in firsts if found[key])


class ResumingWriter(Writer):
    """What is recorded already must be just what would be written."""

    def conflicts(self, unit: Unit, conflict: IntegrityError) -> None:
        """Raises LedgerHasEvents where it is something else."""
        ids = [event.originator_id for event in unit if isinstance(event.originator_id, UUID)]
        known = self.book.ledger.store.select_streams(ids)
        recorded = {each for stream in known.values() for each in stream}
        if not recorded.issuperset(unit):
            raise LedgerHasEvents from conflict
