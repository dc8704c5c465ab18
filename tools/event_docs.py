"""docs/events.md and one JSON Schema per topic, from the event classes and docs/event_names.csv."""

from __future__ import annotations

import csv
import json
from itertools import groupby
from typing import Any

from domain.aggregate import LedgerEvent
from tools import ROOT
from tools.inventory import event_classes

_NAMES = ROOT / "docs/event_names.csv"
_NOT_STORED = ("originator_id", "originator_version", "timestamp")
_OF_EVERY_EVENT = {*LedgerEvent.model_fields, "originator_topic"}

_HEAD = """# Events

Written by `make schemas` from the event classes and from `event_names.csv`; do not edit.

An event is a fact. Its **topic** is its name for ever: stored rows hold the topic and the JSON
described by the schema, never the name of a class. Every event carries the envelope (`command_id`,
`actor`, `channel`, `occurred_at` and, where they apply, `rulebook_version`, `correlation_id`,
`causation_id`); the stream's id, the version within it, the position in the feed and `recorded_at`
are columns beside it. What is not set is not written. There is no personal data and no free text in
an event: a reason in words is a reference into the vault.

The last column is what the same fact is called in the list of event names drawn up with schools.
"""


def documents() -> dict[str, str]:
    """Make each file's text, by its path."""
    classes = event_classes()
    names = _names(classes)
    made = {"docs/events.md": _page(classes, names)}
    for topic, kind in classes.items():
        made[f"docs/events/{topic}.json"] = _schema(kind, names[topic]["en"])
    return made


def problems() -> list[str]:
    """Say where the list of names and the classes differ."""
    classes, names = event_classes(), _lines()
    unnamed = [f"docs/event_names.csv has no line for {one}" for one in classes.keys() - names]
    stale = [f"docs/event_names.csv names {one}, which is gone" for one in names.keys() - classes]
    return sorted(unnamed + stale)


def _page(classes: dict[str, type[LedgerEvent]], names: dict[str, dict[str, str]]) -> str:
    parts = [_HEAD]
    for stream, topics in groupby(classes, key=_stream_of):
        parts += [f"\n## {stream}\n", _table(list(topics), classes, names)]
    return "\n".join(parts)


def _stream_of(topic: str) -> str:
    return topic.partition(".")[0]


def _names(classes: dict[str, type[LedgerEvent]]) -> dict[str, dict[str, str]]:
    lines = _lines()
    return {one: lines.get(one, {"zh_CN": "–", "en": "–", "catalogue": ""}) for one in classes}


def _lines() -> dict[str, dict[str, str]]:
    with _NAMES.open(encoding="utf-8", newline="") as lines:
        return {row["topic"]: row for row in csv.DictReader(lines)}


def _table(
    topics: list[str], classes: dict[str, type[LedgerEvent]], names: dict[str, dict[str, str]]
) -> str:
    rows = [
        "| topic | 中文 | says | fields | name in the schools' list |",
        "|---|---|---|---|---|",
    ]
    rows += [_row(topic, classes[topic], names[topic]) for topic in topics]
    return "\n".join(rows) + "\n"


def _row(topic: str, kind: type[LedgerEvent], name: dict[str, str]) -> str:
    fields = ", ".join(f"`{name}`" for name in kind.model_fields if name not in _OF_EVERY_EVENT)
    other = f"`{name['catalogue']}`" if name["catalogue"] else "–"
    link = f"[`{topic}`](events/{topic}.json)"
    return f"| {link} | {name['zh_CN']} | {name['en']} | {fields} | {other} |"


def _schema(kind: type[LedgerEvent], says: str) -> str:
    schema: dict[str, Any] = kind.model_json_schema(mode="serialization")
    schema |= {"title": kind.TOPIC, "description": says, "version": kind.class_version}
    for name in _NOT_STORED:
        schema["properties"].pop(name, None)
    stored = [name for name in schema.get("required", []) if name not in _NOT_STORED]
    schema["required"] = stored
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
