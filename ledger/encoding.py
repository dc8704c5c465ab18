"""Events as the bytes that are recorded, fast: byte for byte what pydantic writes.

A class that is decoded by its shape is encoded by it, too. What writes itself in a way of its own,
and whatever does not fit, pydantic writes. Both write the same of all that is of its field's type,
but for times whose zone is off by parts of a minute, as there was none since 1972.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import itemgetter
from typing import Any, cast, get_args, get_origin

import msgspec
from eventsourcing.utils import resolve_topic
from pydantic import BaseModel

from domain.aggregate import LedgerEvent
from ledger.decoding import decoder_of

Take = Callable[[Any], Any]

# The time is the library's, and never stored.
OF_THE_ROW = {"originator_id", "originator_version", "timestamp"}

# A number too large, half a character, a value of another type, a field that is not there.
UNFIT = (OverflowError, ValueError, TypeError, AttributeError, KeyError)

_encode = msgspec.json.Encoder().encode


class WritesItself(Exception):
    """A class with serialisers of its own: pydantic runs them."""


def encoded(event: LedgerEvent) -> bytes:
    """The JSON of an event without its id and version, and without what is not set."""
    kind = type(event)
    if (take := taker_of(kind)) is not None:
        try:
            return _encode(take(event))
        except UNFIT:  # pydantic knows how to write it, or to refuse it
            pass
    return kind.__pydantic_serializer__.to_json(event, exclude=OF_THE_ROW, exclude_none=True)


@cache
def taker_of(kind: type[LedgerEvent]) -> Take | None:
    """What takes the fields of an event for the encoder; None where pydantic is to write it."""
    if decoder_of(kind.TOPIC) is None or resolve_topic(kind.TOPIC) is not kind:
        return None
    try:
        return _model(kind, *OF_THE_ROW)
    except WritesItself:
        return None


@cache
def _model(kind: type[BaseModel], *without: str) -> Take:
    own = kind.__pydantic_decorators__
    fields = {name: f for name, f in kind.model_fields.items() if name not in without}
    named = any(field.exclude or field.serialization_alias for field in fields.values())
    if named or own.field_serializers or own.model_serializers or own.computed_fields:
        raise WritesItself(kind)
    kept = {name: field.annotation for name, field in fields.items()}
    nested = [(name, take) for name, said in kept.items() if (take := _nested(said))]
    absent = msgspec.field(default=None)  # what is none is left out
    columns = [(name, Any, absent) for name in kept]
    shape = msgspec.defstruct(kind.__qualname__, columns, omit_defaults=True, gc=False)
    return _taker(shape, _values_of(tuple(kept)), nested)


def _taker(shape: Any, values_of: Callable[[Any], Any], nested: list[tuple[str, Take]]) -> Take:
    def take(model: BaseModel) -> Any:
        taken = shape(*values_of(model.__dict__))
        for name, take_it in nested:
            if (value := getattr(taken, name)) is not None:
                setattr(taken, name, take_it(value))
        return taken

    return take


def _nested(annotation: Any) -> Take | None:
    """How to take what has models in it. A decoder is for one kind of them in a field, at most."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation)
    found = next(filter(None, map(_nested, get_args(annotation))), None)
    return found and _each(found) if get_origin(annotation) is tuple else found


def _each(take: Take) -> Take:
    return lambda values: tuple(map(take, values))


def _values_of(names: tuple[str, ...]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    get = cast("Callable[[dict[str, Any]], Any]", itemgetter(*names))
    return get if len(names) > 1 else lambda said: (get(said),)
