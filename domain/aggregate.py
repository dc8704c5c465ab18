"""The base of every aggregate: pydantic events, each with a topic for ever and an envelope."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from eventsourcing.domain import BaseAggregate, CanInitAggregate, CanMutateAggregate
from pydantic import BaseModel, ConfigDict, Field

from domain.envelope import Envelope

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class LedgerEvent(BaseModel, CanMutateAggregate[UUID]):
    """A fact. Its time is `envelope.occurred_at`; the library's own clock is never asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    class_version: ClassVar[int] = 1
    TOPIC: ClassVar[str]

    originator_id: UUID
    originator_version: int
    timestamp: datetime = Field(default=_NO_TIME, exclude=True)  # the library's; never stored
    envelope: Envelope

    @staticmethod
    def create_timestamp() -> datetime:
        return _NO_TIME

    def apply(self, aggregate: Any) -> None:
        aggregate.latest_at = max(aggregate.latest_at, self.envelope.at)

    def _as_dict(self) -> dict[str, Any]:
        return vars(self)


class LedgerCreated(LedgerEvent, CanInitAggregate[UUID]):
    """The first fact of a stream."""

    originator_topic: str


class LedgerAggregate(BaseAggregate[UUID]):
    """An aggregate whose first event has a domain name, not the library's `Created`.

    Ids are always given: nothing random is made inside a rule.
    """

    class Event(LedgerEvent):
        pass

    latest_at = _NO_TIME  # the latest moment that a fact of the stream is dated

    @staticmethod
    def create_id(*_: Any, **__: Any) -> UUID:
        raise NotImplementedError
