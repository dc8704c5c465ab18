"""Check-ins that wait to be written, whose records they are about, and what each is told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from domain.refusals import Refused
from ledger.check_in import CheckedIn, CheckIn, merged_into
from ledger.ledger import OutcomeUnknown

SECONDS_TO_COME_BACK: Final = 5


class Overloaded(Refused):
    """Too many check-ins wait, or the database takes none: come again in `retry_after` seconds."""

    code = "overloaded"

    def __init__(self) -> None:
        super().__init__(retry_after=SECONDS_TO_COME_BACK)


@dataclass
class Waiting:
    """A wish, the answer it waits for, and how often it was decided.

    Whoever goes away cancels their `answer` alone: the wish is open until it is answered. It
    `may_be_recorded` once it was sent to be, or was read as known and nothing confirmed that yet.
    """

    wish: CheckIn
    answer: asyncio.Future[CheckedIn]
    attempts: int = 0
    is_open: bool = True
    may_be_recorded: bool = False

    @property
    def unheard(self) -> Refused:
        """What it is told where the database does not answer."""
        return OutcomeUnknown() if self.may_be_recorded else Overloaded()

    def settle(self, outcome: CheckedIn) -> None:
        self.is_open = False
        if not self.answer.done():
            self.answer.set_result(outcome)

    def fail(self, error: Exception) -> None:
        self.is_open = False
        if not self.answer.done():
            self.answer.set_exception(error)
            self.answer.exception()  # a phone that went away is no error to be logged


def streams_of(batch: Sequence[Waiting]) -> set[UUID]:
    return {key for waiting in batch for key in waiting.wish.streams}


def of_the_living(batch: Sequence[Waiting], loaded: Mapping[UUID, object]) -> list[Waiting]:
    """Those whose wish is now that of another record, which speaks for theirs."""
    moved = [(each, into) for each in batch if (into := merged_into(each.wish, loaded))]
    for waiting, survivor in moved:
        waiting.wish = waiting.wish.of(survivor)
    return [waiting for waiting, _ in moved]
