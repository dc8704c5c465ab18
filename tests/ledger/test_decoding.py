"""Fast decoding: what it reads is what the mapper reads; what it cannot, the mapper names."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field

from domain.aggregate import LedgerEvent
from domain.attendance import Attendance
from ledger.decoding import decoder_of
from ledger.mapper import load
from projections.feed import Fact, RecordedEvent, Unreadable, read, sound
from tools.histories import HISTORIES
from tools.inventory import event_classes

STREAM = UUID("01999999-0000-7000-8000-000000000001")
READ_BY_THE_MAPPER = {
    "correction.proposed",
    "exam.published",
    "like_pair.told_apart",
    "rulebook.drafted",
    "rulebook.published",
    "term_closing.closed",
}


def recorded(topic: str, state: object) -> RecordedEvent:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    return RecordedEvent(7, STREAM, 3, topic, json.dumps(state).encode(), now)


def fact_of(row: RecordedEvent) -> Fact:
    """Raises Unreadable."""
    [said] = read([row])
    return sound(said)


def test_every_golden_history_reads_as_by_the_mapper() -> None:
    for path in sorted(HISTORIES.glob("*.json")):
        history = json.loads(path.read_text(encoding="utf-8"))
        row = recorded(history["topic"], history["state"])

        fast, slow = fact_of(row).event, load(row.stored)

        assert fast == slow, path.stem
        assert kinds(fast) == kinds(slow), path.stem
        assert fast.model_dump(mode="json") == slow.model_dump(mode="json"), path.stem


def test_all_but_a_few_rare_topics_are_read_fast() -> None:
    slow = {topic for topic in event_classes() if decoder_of(topic) is None}
    assert slow == READ_BY_THE_MAPPER


@pytest.mark.parametrize("change", [{"unheard_of": 1}, {"learner_id": "x"}, {"envelope": None}])
def test_a_state_of_another_shape_is_unreadable_by_name(change: dict[str, Any]) -> None:
    path = HISTORIES / "attendance.corrected.v1.json"
    history = json.loads(path.read_text(encoding="utf-8"))
    row = recorded(history["topic"], history["state"] | change)

    with pytest.raises(Unreadable, match=r"attendance\.corrected at position 7 .* does not load"):
        fact_of(row)


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("attendance.checked_out", b'{"scan_id": "\xff"}'),
        ("attendance.checked_out", b"\x00"),
        ("os:getcwd", b"{}"),
        ("", b"{}"),
        ("nothing.happened", b"{}"),
    ],
)
def test_what_nobody_can_read_is_unreadable_and_nothing_else(topic: str, state: bytes) -> None:
    row = RecordedEvent(7, UUID(int=1), 1, topic, state, datetime.now(UTC))
    with pytest.raises(Unreadable, match="at position 7"):
        fact_of(row)


def test_a_time_without_a_zone_is_unreadable() -> None:
    path = HISTORIES / "attendance.checked_out.v1.json"
    state = json.loads(path.read_text(encoding="utf-8"))["state"]
    state["envelope"]["occurred_at"] = "2026-09-01T19:00:00"

    with pytest.raises(Unreadable, match="occurred_at"):
        fact_of(recorded(Attendance.CheckedOut.TOPIC, state))


def kinds(value: object) -> object:
    """The types of a value and of all that it is made of."""
    if isinstance(value, BaseModel):
        return type(value), {name: kinds(each) for name, each in vars(value).items()}
    if isinstance(value, tuple | list):
        return type(value), [kinds(each) for each in value]
    if isinstance(value, dict):
        return {name: kinds(each) for name, each in value.items()}
    return type(value)


class Ruled(LedgerEvent):
    amount: Annotated[int, Field(gt=0)]


class Lowered(LedgerEvent):
    model_config = ConfigDict(str_to_lower=True)

    name: str


class Own(BaseModel):
    def __init__(self, **said: Any) -> None:
        super().__init__(**said)

    amount: int


class Holding(LedgerEvent):
    own: Own


@pytest.mark.parametrize("kind", [Ruled, Lowered, Holding])
def test_a_class_with_rules_of_its_own_is_read_by_them(kind: type[LedgerEvent]) -> None:
    assert decoder_of(f"{__name__}:{kind.__qualname__}") is None
