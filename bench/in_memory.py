"""A ledger in memory, for the program's own commands: nothing is stored, and what was said is kept.

Commands ask it for aggregates as they ask the real one, so that what is made here is decided by the
program itself, at the speed of memory. It has one user and no conflicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any, TypeVar, cast
from uuid import UUID

from eventsourcing.persistence import JSONTranscoder, StoredEvent

from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.refusals import Refused
from domain.rulebook_edition import RulebookEdition
from ledger.ledger import Decision, Ledger
from ledger.mapper import LedgerMapper
from ledger.unmoved import Unmoved

A = TypeVar("A", bound=LedgerAggregate)
Unit = list[StoredEvent]
MAPPER = LedgerMapper(JSONTranscoder())


class InMemory:
    def __init__(self) -> None:
        self.store = Store()
        self._known: dict[UUID, LedgerAggregate] = {}
        self._said: list[Unit] = []
        self._editions = 0

    @property
    def ledger(self) -> Ledger:
        """For commands: they need `load`, `find`, `get`, `commit`, `position` and no more."""
        return cast("Ledger", self)

    def position(self) -> int:
        """Moves with the rulebooks alone: they are read again when it has moved."""
        return self._editions

    def commit(self, command_id: UUID, decide: Decision, unmoved: Unmoved | None = None) -> int:
        """Decide, and keep what was said as one save: nothing moves meanwhile."""
        unit: Unit = []
        for aggregate in decide():
            self._known[aggregate.id] = aggregate
            unit += [MAPPER.to_stored_event(event) for event in aggregate.collect_events()]
            self._editions += isinstance(aggregate, RulebookEdition)
            if isinstance(aggregate, Attendance):
                self.store.attended(aggregate)
        if unit:
            self._said.append(unit)
        return self.position()

    def load(self, ids: Iterable[UUID]) -> dict[UUID, LedgerAggregate]:
        return {key: self._known[key] for key in ids if key in self._known}

    def find(self, kind: type[A], key: UUID) -> A | None:
        found = self._known.get(key)
        return found if isinstance(found, kind) else None

    def get(self, kind: type[A], key: UUID, unknown: type[Refused]) -> A:
        found = self.find(kind, key)
        if found is None:
            raise unknown(id=key)
        return found

    def taken(self) -> list[Unit]:
        """What was said since this was asked last."""
        said, self._said = self._said, []
        return said


class Store:
    """The one question that commands put to the table itself: which records came to a session."""

    def __init__(self) -> None:
        self.datastore = SimpleNamespace(schema="memory")
        self._attended: dict[str, dict[UUID, UUID]] = {}

    def attended(self, attendance: Attendance) -> None:
        of_session = self._attended.setdefault(str(attendance.session_id), {})
        of_session[attendance.id] = attendance.learner_id

    def rows(self, _query: object, arguments: Sequence[Any]) -> list[tuple[UUID, UUID]]:
        return list(self._attended.get(arguments[-1], {}).items())
