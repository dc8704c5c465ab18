"""Answering a push: a right answer is a fact, a wrong one is nothing but a pause."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from api.access.rate_limit import Limit
from api.bootstrap import Runtime
from domain.envelope import Envelope

# Trying all choices one after the other shall take longer than reading.
PAUSE: Final = Limit("push_answer", 1, timedelta(minutes=2))


def answer(runtime: Runtime, item_id: UUID, learner_id: UUID, choice: int, by: Envelope) -> int:
    """Raises TooManyTries during the pause, AnswerNotRight, and what the ledger refuses."""
    subject = f"{learner_id} {item_id}"
    with runtime.limits.counting_failures((PAUSE, subject), at=by.at):
        position = runtime.book.pushes.answer(item_id, learner_id, choice, by)
    return runtime.settle(position)
