"""Write a golden history for each topic that has none yet. What is written is never edited."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import JSONTranscoder, StoredEvent

from domain.aggregate import LedgerEvent
from ledger.mapper import LedgerMapper
from tools import ROOT
from tools.inventory import event_classes
from tools.samples import sample

HISTORIES = ROOT / "tests/histories"
MAPPER = LedgerMapper(JSONTranscoder())
_STREAM = UUID("01999999-0000-7000-8000-000000000001")
_NOT_STORED = {"originator_id", "originator_version", "timestamp"}


def history_of(topic: str, kind: type[LedgerEvent]) -> dict[str, Any]:
    """Pair the state that is stored today with what it reads as."""
    state = _invented_state(kind)
    event = MAPPER.to_domain_event(_stored(topic, json.dumps(state).encode()))
    stored = MAPPER.to_stored_event(event)
    return {"topic": topic, "state": json.loads(stored.state), "reads": reading(event)}


def reading(event: LedgerEvent) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude=_NOT_STORED)


def read(history: dict[str, Any]) -> dict[str, Any]:
    """Read a history's state with today's code. Raises what the mapper raises."""
    stored = _stored(history["topic"], json.dumps(history["state"]).encode())
    return reading(MAPPER.to_domain_event(stored))


def path_of(topic: str, kind: type[LedgerEvent]) -> Path:
    return HISTORIES / f"{topic}.v{kind.class_version}.json"


def _stored(topic: str, state: bytes) -> StoredEvent:
    return StoredEvent(_STREAM, 1, topic, state)


def _invented_state(kind: type[LedgerEvent]) -> dict[str, Any]:
    state: dict[str, Any] = sample(kind.model_json_schema())
    if "originator_topic" in state:
        state["originator_topic"] = _aggregate_of(kind).TOPIC
    if kind.class_version > 1:
        state["class_version"] = kind.class_version
    return {key: value for key, value in state.items() if key not in _NOT_STORED}


def _aggregate_of(kind: type[LedgerEvent]) -> type[Any]:
    module = importlib.import_module(kind.__module__)
    aggregate: type[Any] = getattr(module, kind.__qualname__.partition(".")[0])
    return aggregate


def main() -> None:
    HISTORIES.mkdir(parents=True, exist_ok=True)
    for topic, kind in event_classes().items():
        path = path_of(topic, kind)
        if not path.exists():
            text = json.dumps(history_of(topic, kind), indent=2, ensure_ascii=False)
            path.write_text(text + "\n", encoding="utf-8", newline="\n")
            print("wrote", path.relative_to(ROOT))


if __name__ == "__main__":
    main()
