"""The base of every aggregate: pydantic events, each with a topic for ever and an envelope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID

from eventsourcing.domain import (
    BaseAggregate,
    CanInitAggregate,
    CanMutateAggregate,
    DecoratedFuncCaller,
    decorated_funcs,
    filter_kwargs_for_method_params,
)
from eventsourcing.utils import get_topic, resolve_topic
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
        aggregate.latest_at = max(aggregate.latest_at, self.envelope.occurred_at)

    def _as_dict(self) -> dict[str, Any]:
        return vars(self)


class LedgerCreated(LedgerEvent, CanInitAggregate[UUID]):
    """The first fact of a stream."""

    originator_topic: str

    def mutate(self, aggregate: Any) -> Any:
        """What the library does, which asks at every event anew what `__init__` takes."""
        assert aggregate is None
        kind = resolve_topic(self.originator_topic)
        made = kind.__new__(kind)
        made.__base_init__(self.originator_id, self.originator_version, self.timestamp)
        begin, names, takes_id = beginning(kind, type(self))
        values = vars(self)
        taken = {name: values[name] for name in names}
        if takes_id:
            taken["id"] = self.originator_id
        begin(made, **taken)
        self.apply(made)
        return made


@cache
def beginning(
    kind: type[BaseAggregate[UUID]], fact: type[LedgerCreated]
) -> tuple[Callable[..., None], tuple[str, ...], bool]:
    """How an aggregate begins, which fields of its first fact that takes, and whether the id."""
    begin: Callable[..., None] = kind.__init__
    takes_id = bool(filter_kwargs_for_method_params({"id": None}, begin))
    return begin, fields_for(begin, fact), takes_id


def fields_for(method: Callable[..., None], fact: type[LedgerEvent]) -> tuple[str, ...]:
    return tuple(filter_kwargs_for_method_params(dict.fromkeys(fact.model_fields), method))


def applied_by(method: Callable[..., None], fact: type[LedgerEvent]) -> Callable[[Any, Any], None]:
    """The library's `apply` of a fact whose `@event` method is known, as is what it takes."""
    names = fields_for(method, fact)
    afterwards: Callable[[Any, Any], None] = super(DecoratedFuncCaller, fact).apply  # type: ignore[misc] # the library joins both classes

    def apply(self: Any, aggregate: Any) -> None:
        values = self.__dict__
        method(aggregate, **{name: values[name] for name in names})
        afterwards(self, aggregate)

    return apply


class LedgerAggregate(BaseAggregate[UUID]):
    """An aggregate whose first event has a domain name, not the library's `Created`.

    Ids are always given: nothing random is made inside a rule.
    """

    class Event(LedgerEvent):
        pass

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for fact in vars(cls).values():
            if isinstance(fact, type) and fact in decorated_funcs:
                setattr(fact, "apply", applied_by(decorated_funcs[fact], fact))  # noqa: B010 - to the type checkers a class has no `apply`

    @classmethod
    def begin(cls, fact: type[LedgerCreated], key: UUID, **said: Any) -> Self:
        """As calling the class does, in a third of its time: that looks anew for what is known."""
        first = fact(
            originator_topic=get_topic(cls),
            originator_id=key,
            originator_version=cls.INITIAL_VERSION,
            **said,
        )
        made: Self = first.mutate(None)
        made.pending_events.append(first)
        return made

    latest_at = _NO_TIME  # the latest moment that a fact of the stream is dated

    @staticmethod
    def create_id(*_: Any, **__: Any) -> UUID:
        raise NotImplementedError
