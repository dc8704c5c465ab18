"""Fast encoding: byte for byte what pydantic writes, and what only that can write or refuse."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import pytest
from eventsourcing.utils import resolve_topic
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, computed_field, field_serializer, model_serializer
from pydantic_core import PydanticSerializationError

from domain.aggregate import LedgerEvent
from domain.envelope import Actor, Channel, Envelope, Role
from ledger.encoding import encoded, taker_of
from ledger.mapper import load
from ledger.rows import Row
from tests.encoded_twice import by_pydantic
from tests.ledger.test_decoding import READ_BY_THE_MAPPER
from tools.histories import HISTORIES
from tools.inventory import event_classes

STREAM = UUID("01999999-0000-7000-8000-000000000001")
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@cache
def golden(name: str) -> LedgerEvent:
    history = json.loads((HISTORIES / f"{name}.v1.json").read_text(encoding="utf-8"))
    return load(Row(STREAM, 3, history["topic"], json.dumps(history["state"]).encode()))


def test_every_golden_history_is_written_as_by_pydantic() -> None:
    for path in sorted(HISTORIES.glob("*.v1.json")):
        event = golden(path.name.removesuffix(".v1.json"))
        assert encoded(event) == by_pydantic(event), path.stem
        if (take := taker_of(type(event))) is not None:
            assert msgspec.json.encode(take(event)) == by_pydantic(event), path.stem


def test_what_is_not_set_is_left_out_as_by_pydantic() -> None:
    for path in sorted(HISTORIES.glob("*.v1.json")):
        event = golden(path.name.removesuffix(".v1.json"))
        for name, field in type(event).model_fields.items():
            if field.default is None:
                without = event.model_copy(update={name: None})
                assert encoded(without) == by_pydantic(without), (path.stem, name)


def test_all_but_a_few_rare_topics_are_written_fast() -> None:
    slow = {topic for topic in event_classes() if taker_of(resolve_topic(topic)) is None}
    assert slow == READ_BY_THE_MAPPER


@given(at=st.datetimes(timezones=ZONES), text=st.text(), ids=st.lists(st.uuids()))
def test_any_text_time_and_number_of_ids_is_written_as_by_pydantic(
    at: datetime, text: str, ids: list[UUID]
) -> None:
    actor = Actor(id=STREAM, role=Role.PARENT, organisation=text)
    by = Envelope(command_id=STREAM, actor=actor, channel=Channel.ONLINE, occurred_at=at)
    changed = {"envelope": by, "child_ids": tuple(ids), "device_hash": text}
    event = golden("attendance.checked_in").model_copy(update=changed)

    assert encoded(event) == by_pydantic(event)


def test_a_number_too_large_for_the_encoder_is_written_by_pydantic() -> None:
    event = golden("attendance.checked_in").model_copy(update={"code_step": 2**70})
    assert b'"code_step":1180591620717411303424' in encoded(event)


def test_half_a_character_is_refused_as_by_pydantic() -> None:
    event = golden("attendance.checked_in").model_copy(update={"device_hash": "\ud800"})
    with pytest.raises(PydanticSerializationError):
        encoded(event)


class Shouting(LedgerEvent):
    name: str

    @field_serializer("name")
    def shout(self, name: str) -> str:
        return name.upper()


class Named(BaseModel):
    name: str

    @model_serializer
    def short(self) -> str:
        return self.name


class Holding(LedgerEvent):
    name: Named


class Counting(LedgerEvent):
    name: str

    @computed_field  # type: ignore[prop-decorator]  # the order of the two that pydantic's documents ask for
    @property
    def length(self) -> int:
        return len(self.name)


@pytest.mark.parametrize(
    ("kind", "name", "end"),
    [
        (Shouting, "hui", b'"name":"HUI"}'),
        (Holding, Named(name="hui"), b'"name":"hui"}'),
        (Counting, "hui", b'"name":"hui","length":3}'),
    ],
)
def test_what_writes_itself_is_asked(kind: type[LedgerEvent], name: Any, end: bytes) -> None:
    kind.TOPIC = f"{__name__}:{kind.__qualname__}"
    by = golden("attendance.checked_in").envelope
    event = kind(originator_id=STREAM, originator_version=1, envelope=by, name=name)  # type: ignore[call-arg]  # each of the kinds above has a `name`, their common class has not

    assert encoded(event).endswith(end)
