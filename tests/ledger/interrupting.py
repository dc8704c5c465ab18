"""A ledger of which one decision is interrupted: something else is recorded in the meantime."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from domain.aggregate import LedgerAggregate
from ledger.ledger import Decision, Ledger
from ledger.unmoved import Unmoved
from tests.database import TestDatabase


class InterruptedLedger(Ledger):
    """Its n-th decision is made, and something else is recorded before it is saved."""

    name = "ledger"

    def interrupt(self, number: int, act: Callable[[], object]) -> None:
        self._to_come, self._act = number, act

    def commit(self, command_id: UUID, decide: Decision, unmoved: Unmoved | None = None) -> int:
        def interrupted() -> Sequence[LedgerAggregate]:
            decided = decide()
            self._to_come -= 1
            if self._to_come == 0:
                self._act()
            return decided

        return super().commit(command_id, interrupted, unmoved)


@contextmanager
def interrupted(
    database: TestDatabase, act: Callable[[], object], number: int = 1
) -> Iterator[Ledger]:
    """Another process on the same ledger, whose n-th decision is interrupted."""
    ledger = InterruptedLedger(database.app, database.names.ledger)
    ledger.interrupt(number, act)
    try:
        yield ledger
    finally:
        ledger.close()
