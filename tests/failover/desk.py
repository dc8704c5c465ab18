"""A clerk who records consents one after the other: what was acknowledged, and since when."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from domain.learner import Learner
from ledger.book import Book
from tests.acting import envelope
from tests.soak.ground import PASSING

CONSENT = Learner.ConsentGiven.TOPIC
PAGE = 5_000


@dataclass
class Clerk:
    """Each consent is a command of its own, and asked again under its id until it is answered."""

    book: Book
    learners: list[UUID]
    acknowledged: dict[UUID, float] = field(default_factory=dict)
    asked_again: set[UUID] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            self.record(number)

    def record(self, number: int) -> None:
        by = envelope(datetime.now(UTC))
        learner_id = self.learners[number % len(self.learners)]
        while True:
            try:
                self.book.learners.consent(learner_id, "records", str(number), by)
            except PASSING:
                self.asked_again.add(by.command_id)
                time.sleep(0.05)
            else:
                self.acknowledged[by.command_id] = time.monotonic()
                return


def recorded(book: Book, topics: Iterable[str] = (CONSENT,)) -> Counter[UUID]:
    """How often the feed holds a fact of these topics, by the command that made it."""
    found: Counter[UUID] = Counter()
    after, store, wanted = 0, book.ledger.store, list(topics)
    while page := store.select_notifications(after, PAGE, topics=wanted, inclusive_of_start=False):
        found.update(UUID(json.loads(row.state)["envelope"]["command_id"]) for row in page)
        after = page[-1].id
    return found
