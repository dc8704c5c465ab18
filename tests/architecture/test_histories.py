"""What was stored once loads for ever, and means what it meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.aggregate import LedgerEvent
from tools.histories import HISTORIES, path_of, read
from tools.inventory import event_classes
from tools.samples import sample

FILES = sorted(HISTORIES.glob("*.json"))
CLASSES = event_classes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_history_reads_as_it_did(path: Path) -> None:
    history = json.loads(path.read_text(encoding="utf-8"))
    reads = read(history)
    still_there = history["reads"].keys() & CLASSES[history["topic"]].model_fields
    told = {key: history["reads"][key] for key in still_there}
    assert _as_then({key: reads[key] for key in still_there}, told) == told


def _as_then(now: Any, then: Any) -> Any:
    """What reads now, without fields that came later and have their defaults."""
    match now, then:
        case dict(), dict():
            return {key: _as_then(value, then[key]) for key, value in now.items() if key in then}
        case list(), list() if len(now) == len(then):
            return [_as_then(*pair) for pair in zip(now, then, strict=True)]
        case _:
            return now


@pytest.mark.parametrize(("topic", "kind"), CLASSES.items(), ids=list(CLASSES))
def test_every_topic_has_a_golden_history(topic: str, kind: type[LedgerEvent]) -> None:
    assert path_of(topic, kind).exists(), "make schemas writes it"


def test_no_topic_of_a_history_was_given_up() -> None:
    topics = {json.loads(path.read_text(encoding="utf-8"))["topic"] for path in FILES}
    assert topics - CLASSES.keys() == set()


def test_an_invented_state_fills_what_is_optional() -> None:
    schema = {"properties": {"seats": {"anyOf": [{"type": "null"}, {"type": "integer"}]}},
              "type": "object"}  # fmt: skip
    assert sample(schema) == {"seats": 1}
