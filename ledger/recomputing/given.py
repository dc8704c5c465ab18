"""A ledger of given rows: the same rules over what a file or a reader brings, all in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import NamedTuple, TypeVar
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from domain.aggregate import LedgerAggregate, LedgerEvent
from ledger.ledger import Ledger

E = TypeVar("E", bound=LedgerEvent)


class Row(NamedTuple):
    """A recorded event as it is stored, where it stands in the feed, and since when."""

    position: int
    recorded_at: datetime
    stored: StoredEvent

    @property
    def stream(self) -> UUID:
        """The ledger's ids are all UUIDs; the library's may be anything."""
        key = self.stored.originator_id
        assert isinstance(key, UUID)
        return key


Fetch = Callable[[Collection[UUID]], Iterable[Row]]


class Given:
    """Rows by stream: what was not asked for yet is fetched, so that it ends as what was read."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._streams: dict[UUID, list[Row]] = {}

    def of(self, ids: Collection[UUID]) -> dict[UUID, list[Row]]:
        if missing := set(ids) - self._streams.keys():
            self._streams |= {key: [] for key in missing}
            for row in self._fetch(missing):
                self._streams[row.stream].append(row)
        return {key: self._streams[key] for key in ids}

    @property
    def rows(self) -> list[Row]:
        """All that was read, in the order of the feed."""
        return sorted(chain.from_iterable(self._streams.values()), key=attrgetter("position"))


class GivenLedger(Ledger):
    """The ledger as it stood before a position, for everything that reads one."""

    def __init__(self, given: Given, before: int) -> None:
        super(Ledger, self).__init__(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.popo",
                "MAPPER_TOPIC": "ledger.mapper:LedgerMapper",
            }
        )
        self._given = given
        self._before = before

    def position(self) -> int:
        return self._before - 1

    def load(self, ids: Iterable[UUID]) -> dict[UUID, LedgerAggregate]:
        found = self._given.of(list(ids))
        return self.folded({key: self._stored(rows) for key, rows in found.items()})

    def told(self, stream: UUID, kind: type[E]) -> list[E]:
        """The events of one kind in a stream, in their order."""
        stored = self._stored(self._given.of([stream])[stream])
        found = (self.events_mapper.to_domain_event(each) for each in stored)
        return [each for each in found if isinstance(each, kind)]

    def _stored(self, rows: Sequence[Row]) -> list[StoredEvent]:
        return [row.stored for row in rows if row.position < self._before]
