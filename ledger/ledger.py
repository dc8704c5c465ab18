"""The ledger: decide and record as one step, and the many-stream reads behind every command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
)

from domain.aggregate import LedgerAggregate
from domain.refusals import Refused
from ledger import pooling
from ledger.look import end_look, told
from ledger.mapper import LedgerMapper
from ledger.store import LedgerRecorder
from ledger.unmoved import Unmoved

ATTEMPTS = 8
CONNECTIONS = 8
EVENTS_TABLE = "ledger_events"  # the library's name: application name + "_events"

A = TypeVar("A", bound=LedgerAggregate)
Decision = Callable[[], Sequence[LedgerAggregate]]


class Contended(Refused):
    """Too many commands met on the same record. Sending this one again is safe."""

    code = "contended"


class OutcomeUnknown(Refused):
    """The database did not confirm. Nobody knows yet; sending the same command again tells."""

    code = "outcome_unknown"


class Ledger(Application[UUID]):
    name = "ledger"

    def __init__(self, conninfo: str, schema: str) -> None:
        super().__init__(
            env={
                "PERSISTENCE_MODULE": "ledger.store",
                "MAPPER_TOPIC": "ledger.mapper:LedgerMapper",
                "POSTGRES_CONNINFO": conninfo,
                "POSTGRES_SCHEMA": schema,
                "POSTGRES_POOL_SIZE": str(pooling.LEAST),
                "POSTGRES_MAX_OVERFLOW": str(CONNECTIONS - pooling.LEAST),
                "POSTGRES_PRE_PING": "n",
                "CREATE_TABLE": "n",
            }
        )

    @property
    def store(self) -> LedgerRecorder:
        return cast("LedgerRecorder", self.recorder)

    @property
    def events_mapper(self) -> LedgerMapper:
        return cast("LedgerMapper", self.mapper)

    def position(self) -> int:
        """The last position of the feed; 0 when nothing is recorded."""
        [position] = told((self, "position"), lambda: [self.store.max_notification_id() or 0])
        return position

    def commit(self, command_id: UUID, decide: Decision, unmoved: Unmoved | None = None) -> int:
        """Decide and record as one step; decide again from fresh history if another won.

        Returns the position. Where something moved that is to be `unmoved`, it is decided again.
        A conflict with our own command (its acknowledgement was lost) is success. Raises Contended,
        OutcomeUnknown, and whatever the decision refuses.
        """
        end_look()
        for _ in range(ATTEMPTS):
            watched = unmoved and replace(unmoved, since=self.position())
            aggregates = self._decided(decide)
            news = {a.id: p[-1].originator_version for a in aggregates if (p := a.pending_events)}
            try:
                recorded = self.save(*aggregates, unmoved=watched)
            except IntegrityError:
                self._confirm()
                position = self.store.position_of(command_id, news)
                if position is not None:
                    return position
            except (InterfaceError, OperationalError) as doubt:
                raise OutcomeUnknown from doubt
            else:
                return recorded[-1].notification.id if recorded else self.position()
        raise Contended

    def _decided(self, decide: Decision) -> Sequence[LedgerAggregate]:
        """What is answered from reading alone is read again once the standby has all of it."""
        try:
            aggregates = decide()
        except Refused:
            if self._confirm():
                return decide()
            raise
        is_news = any(each.pending_events for each in aggregates)
        return aggregates if is_news or not self._confirm() else decide()

    def _confirm(self) -> bool:
        """Raises OutcomeUnknown."""
        try:
            waited: bool = self.store.confirm()
        except (InterfaceError, OperationalError) as doubt:
            raise OutcomeUnknown from doubt
        return waited

    def load(self, ids: Iterable[UUID]) -> dict[UUID, LedgerAggregate]:
        """Fold many streams read in one query; an id without a stream is left out."""
        return self.folded(self.store.select_streams(ids))

    def folded(self, streams: Mapping[UUID, Iterable[StoredEvent]]) -> dict[UUID, LedgerAggregate]:
        """What the rows of some streams make."""
        found: dict[UUID, LedgerAggregate] = {}
        for key, rows in streams.items():
            aggregate: LedgerAggregate | None = None
            for row in rows:
                aggregate = self.events_mapper.to_domain_event(row).mutate(aggregate)
            if aggregate is not None:
                found[key] = aggregate
        return found

    def find(self, kind: type[A], key: UUID) -> A | None:
        """One aggregate as it stands, or None. A stream of another kind is none."""
        found = self.load([key]).get(key)
        return found if isinstance(found, kind) else None

    def get(self, kind: type[A], key: UUID, unknown: type[Refused]) -> A:
        """One aggregate as it stands. Raises `unknown` where there is none."""
        found = self.find(kind, key)
        if found is None:
            raise unknown(id=key)
        return found
