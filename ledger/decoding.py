"""Recorded bytes as events, fast: their shape is checked, the rules of pydantic are not run again.

What is in the store was validated on its way in, by us. So the bytes are decoded straight into the
fields of the event's class; whatever does not fit, and whatever is of an older version, goes
through the mapper, which alone says what is unreadable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache, reduce
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin
from uuid import UUID

import msgspec
from eventsourcing.utils import resolve_topic
from msgspec.structs import asdict
from pydantic import AwareDatetime, BaseModel
from pydantic_core import PydanticUndefined

from domain.aggregate import LedgerEvent
from ledger.rows import Stored

Make = Callable[[Any], Any]

_PLAIN = {UUID, str, int, bool, date, NoneType}
_SAY_NOTHING_OF_VALUES = {"frozen", "extra"}
_OF_THE_ROW = {"originator_id", "originator_version"}

_set = object.__setattr__


class NotPlain(Exception):
    """A class with rules or types of its own: pydantic reads it."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """From bytes to fields, and from fields to the event: few of those who read need the event."""

    fields_of: Callable[[bytes], Any]
    make: Make

    def event(self, fields: Any, originator_id: UUID, version: int) -> LedgerEvent:
        made: LedgerEvent = self.make(fields)
        values = vars(made)
        values["originator_id"], values["originator_version"] = originator_id, version
        return made


def decoded(stored_event: Stored) -> LedgerEvent | None:
    """The event of a row; None where only the mapper can say what it is."""
    try:
        if (decoder := decoder_of(stored_event.topic)) is None:
            return None
        fields = decoder.fields_of(stored_event.state)
    except Exception:  # noqa: BLE001 - of an older form, unknown or broken
        return None
    stream = cast("UUID", stored_event.originator_id)  # the library's own may be texts
    return decoder.event(fields, stream, stored_event.originator_version)


@cache
def decoder_of(topic: str) -> Decoder | None:
    """How to decode the events of a topic; None where only the mapper can. Raises TopicError."""
    kind: Any = resolve_topic(topic)
    if not issubclass(kind, LedgerEvent) or kind.class_version > 1:
        return None
    try:
        shape, make = _model(kind)
        return Decoder(msgspec.json.Decoder(shape).decode, make)
    except (NotPlain, TypeError):
        return None


@cache
def _model(kind: type[BaseModel]) -> tuple[Any, Make]:
    """The shape of what is stored of a class, and how what was decoded becomes the class's own."""
    if _has_rules(kind):
        raise NotPlain(kind)
    fields: list[tuple[str, Any, Any]] = []
    nested: list[tuple[str, Make]] = []
    for name, field in kind.model_fields.items():
        if name in _OF_THE_ROW:
            continue
        if field.default_factory is not None or field.alias is not None or field.metadata:
            raise NotPlain(kind, name)
        shape, make = _shape(field.annotation)
        default = msgspec.NODEFAULT if field.default is PydanticUndefined else field.default
        fields.append((name, shape, msgspec.field(default=default)))
        if make is not None:
            nested.append((name, make))
    whole = msgspec.defstruct(
        kind.__qualname__, fields, kw_only=True, forbid_unknown_fields=True, gc=False
    )
    return whole, _maker(kind, whole, nested)


def _maker(kind: type[BaseModel], shape: Any, nested: list[tuple[str, Make]]) -> Make:
    known, new = set(kind.model_fields), kind.__new__

    def make(found: Any) -> Any:
        if type(found) is not shape:  # None, or the default of a field
            return found
        values = asdict(found)
        for name, make_it in nested:
            values[name] = make_it(values[name])
        model = new(kind)
        _set(model, "__dict__", values)
        _set(model, "__pydantic_fields_set__", known)
        _set(model, "__pydantic_extra__", None)
        _set(model, "__pydantic_private__", None)
        return model

    return make


def _has_rules(kind: type[BaseModel]) -> bool:
    own = kind.__pydantic_decorators__
    written = own.validators, own.field_validators, own.root_validators, own.model_validators
    makes_itself = kind.__init__ is not BaseModel.__init__ or bool(kind.__pydantic_post_init__)
    is_configured = not kind.model_config.keys() <= _SAY_NOTHING_OF_VALUES
    return any(written) or makes_itself or is_configured or bool(kind.__private_attributes__)


def _shape(annotation: Any) -> tuple[Any, Make | None]:
    """What a value looks like to the decoder, and what is to be made of it, if anything."""
    if annotation is AwareDatetime or annotation is datetime:
        return Annotated[datetime, msgspec.Meta(tz=True)], None
    if annotation in _PLAIN or get_origin(annotation) is Literal:
        return annotation, None
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return annotation, None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model(annotation)
    return _combined(get_origin(annotation), get_args(annotation))


def _combined(origin: Any, parts: tuple[Any, ...]) -> tuple[Any, Make | None]:
    if origin in {Union, UnionType}:
        shapes = [_shape(part) for part in parts]
        makes = [make for _, make in shapes if make is not None]
        if len(makes) > 1:
            raise NotPlain(parts)
        return reduce(_or, [shape for shape, _ in shapes]), makes[0] if makes else None
    if origin is tuple and parts[1:] == (...,):
        shape, make = _shape(parts[0])
        return GenericAlias(tuple, (shape, ...)), make and _each(make)
    if origin is dict and parts[0] is str:
        shape, make = _shape(parts[1])
        if make is None:
            return GenericAlias(dict, (str, shape)), None
    raise NotPlain(origin, parts)


def _or(one: Any, other: Any) -> Any:
    return one | other


def _each(make: Make) -> Make:
    def made(found: Any) -> Any:
        return None if found is None else tuple(map(make, found))

    return made
