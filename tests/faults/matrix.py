"""Check-ins under one fault after another; what was acknowledged is written down beside."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
from msgspec.structs import replace

from domain.attendance import Attendance
from domain.envelope import Actor, Channel, Role
from ledger.book import Book
from ledger.check_in import CheckedIn, CheckIn
from tests.acting import STARTS
from tests.faults.cutting import Cut, CuttingProxy
from tests.ledger.evenings import HOST
from tests.soak.ground import PASSING

FACT = b"attendance.checked_in"
END_BACKENDS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename LIKE '%app'
"""
TRIES = 20


@dataclass
class Matrix:
    """A book behind a wire, the owner who may end what the server runs, and what was told."""

    book: Book
    wire: CuttingProxy
    owner: psycopg.Connection
    session_id: UUID
    chance: random.Random
    tried: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[UUID, tuple[CheckIn, CheckedIn]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> dict[str, Callable[[CheckIn], CheckedIn]]:
        return {
            "request lost": lambda wish: self._cut(wish, Cut.REQUEST, 1),
            "answer lost": lambda wish: self._cut(wish, Cut.ANSWER, 1),
            "answer lost three times": lambda wish: self._cut(wish, Cut.ANSWER, 3),
            "history not read": lambda wish: self._cut(wish, Cut.ANSWER, 1, wish.learner_id.bytes),
            "connections cut": self._all_cut,
            "backends ended": self._ended,
            "sent twice at once": self._twice,
            "delivered again late": self._late,
            "clock five minutes ahead": lambda wish: self._skewed(wish, 5),
            "clock five minutes back": lambda wish: self._skewed(wish, -5),
        }

    def run(self, learners: list[UUID]) -> None:
        """One fault a learner, every kind as often."""
        kinds = list(self.kinds.items())
        for number, learner_id in enumerate(learners):
            name, act = kinds[number % len(kinds)]
            wish = self._wish(learner_id)
            self.acknowledged[learner_id] = wish, act(wish)
            self.tried[name] += 1

    def _wish(self, learner_id: UUID) -> CheckIn:
        at = STARTS + timedelta(seconds=self.chance.randrange(60))
        return CheckIn(
            session_id=self.session_id, learner_id=learner_id, scan_id=uuid4(),
            channel=Channel.STAFF_ENTRY, actor=Actor(id=HOST, role=Role.HOST), at=at, now=at,
        )  # fmt: skip

    def _insisted(self, wish: CheckIn) -> CheckedIn:
        """The same again until somebody answers, as a phone does."""
        for _ in range(TRIES):
            try:
                return self.book.attendances.check_in(wish)
            except PASSING:
                continue
        raise AssertionError(f"no answer in {TRIES} tries")

    def _cut(self, wish: CheckIn, where: Cut, times: int, marker: bytes = FACT) -> CheckedIn:
        cuts = self.wire.cuts
        self.wire.cut_next(marker, where, times)
        told = self._insisted(wish)
        if self.wire.cuts == cuts:
            self.wrong.append(f"the wire was not cut at {marker!r}")
        return told

    def _all_cut(self, wish: CheckIn) -> CheckedIn:
        self.wire.cut_all()
        return self._insisted(wish)

    def _ended(self, wish: CheckIn) -> CheckedIn:
        self.owner.execute(END_BACKENDS)
        return self._insisted(wish)

    def _twice(self, wish: CheckIn) -> CheckedIn:
        with ThreadPoolExecutor(2) as both:
            first, second = both.map(self._insisted, (wish, wish))
        self._same(first, second)
        return first

    def _late(self, wish: CheckIn) -> CheckedIn:
        """The same message comes again half an hour later."""
        first = self._insisted(wish)
        self._same(first, self._insisted(replace(wish, now=wish.now + timedelta(minutes=30))))
        return first

    def _skewed(self, wish: CheckIn, minutes: int) -> CheckedIn:
        """The machine's clock has stepped, and is right again when the same is sent once more."""
        by = timedelta(minutes=minutes)
        first = self._insisted(replace(wish, at=wish.at + by, now=wish.now + by))
        self._same(first, self._insisted(replace(wish, at=wish.at + by)))
        return first

    def _same(self, first: CheckedIn, second: CheckedIn) -> None:
        if (first.position, first.checked_in_at) != (second.position, second.checked_in_at):
            self.wrong.append(f"{first} and then {second}")

    def lost(self, recorded: dict[UUID, tuple[int, Attendance.CheckedIn]]) -> list[str]:
        """What was acknowledged and is not there once, as it was said."""
        faults = list(self.wrong)
        for learner_id, (wish, told) in self.acknowledged.items():
            position, event = recorded.get(
                Attendance.create_id(self.session_id, learner_id), (0, None)
            )
            if event is None or event.scan_id != wish.scan_id:
                faults.append(f"lost: {wish}")
            elif (told.position, told.checked_in_at) != (position, event.envelope.occurred_at):
                faults.append(f"told otherwise: {told}, at {position}")
        if len(recorded) != len(self.acknowledged):
            faults.append(f"{len(recorded)} facts, {len(self.acknowledged)} acknowledged")
        return faults
