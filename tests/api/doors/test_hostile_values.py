"""Whatever stands in the place of a value, in an address, a query or a form: never a 5xx."""

from __future__ import annotations

import json
import string
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import cycle
from typing import Any, Final
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.bootstrap import Runtime
from projections.runner import Runner
from tests.acting import ENDS
from tests.api.doors.rule import Door, Rule
from tests.api.doors.table import DOORS
from tests.api.doors.test_doors import ORIGIN, filled, is_meant
from tests.api.doors.world import Visitor, World, build_world
from tests.clock import TestClock

HOSTILE: Final = (
    "x", "\ud800", "４４０１０４", "-1", "9" * 30, "%", "..", "' OR 1=1", "é" * 3000,
    "2026-1\n", "[]", "NaN", "00000000-0000-0000-0000-000000000000", "2026-13", "9999-12-31",
)  # fmt: skip
OTHERS: Final = cycle(HOSTILE)


@pytest.fixture
def world(runtime: Runtime, clock: TestClock) -> World:
    made = build_world(runtime)
    clock.move_to(ENDS + timedelta(days=1))
    return made


@pytest.mark.slow
def test_no_value_of_an_address_a_query_or_a_form_breaks_anything(world: World) -> None:
    app = create_app(world.runtime)
    wrong: list[str] = []
    asked = 0
    with (
        Runner(world.runtime.projector),
        TestClient(app, headers=ORIGIN, raise_server_exceptions=False) as house,
    ):
        for address, rule in DOORS.items():
            if address.endswith("/live"):
                continue  # an event stream never ends
            visitor = who_may(world, rule)
            house.cookies.clear()
            house.cookies.update(visitor.cookies)
            for at, path, kind, content in poisoned(world, address, rule):
                answer = house.request(
                    address.split(" ", 1)[0], path, content=content,
                    headers={"Content-Type": kind}, follow_redirects=False,
                )  # fmt: skip
                asked += 1
                if answer.status_code >= 500:
                    wrong.append(f"{address} as {visitor.name}: {at!r}: {answer.status_code}")

    assert not wrong, "\n".join(wrong)
    assert asked > 1_500
    # What was recorded can be applied: a fact that a projection chokes on would stop it for all.
    world.runtime.projector.catch_up()
    assert [each.name for each in world.runtime.projector.status() if each.stopped_reason] == []


def who_may(world: World, rule: Rule) -> Visitor:
    """Somebody who gets past the door, where there is somebody."""
    nobody = next(each for each in world.visitors if each.name == "nobody")
    if rule.door in {Door.PUBLIC, Door.TOKEN}:
        return nobody
    return next((each for each in world.visitors if is_meant(world, rule, each)), nobody)


FORM, JSON = "application/x-www-form-urlencoded", "application/json"
Poisoned = tuple[str, str, str, bytes | None]  # what was put where, address, kind, content


def poisoned(world: World, address: str, rule: Rule) -> Iterator[Poisoned]:
    """The request of the table with one of its values at a time replaced by hostile ones."""
    path = address.split(" ", 1)[1].replace(":path", "")
    things = {**dict.fromkeys(names_of(path), "x"), **world.things}
    whole = path.format(**things)
    query, form = (dict(filled(each, world)) for each in (rule.query, rule.form))
    body = filled(rule.json, world) if isinstance(rule.json, Mapping) else {}
    for name, hostile in some(names_of(path)):
        segment = path.format(**{**things, name: percented(hostile)})
        yield f"{name}={hostile}", segment, FORM, None
    for name, hostile in some(query):
        asked = f"{whole}?{joined({**query, name: hostile})}"
        yield f"?{name}={hostile}", asked, FORM, joined(form).encode() or None
    for name, hostile in some(form):
        yield f"form {name}={hostile}", whole, FORM, joined({**form, name: hostile}).encode()
    for name, hostile in some(body):
        sent = json.dumps({**body, name: hostile}).encode()
        yield f"json {name}={hostile}", whole, JSON, sent


def some(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each place with a NUL in a text, and with the next other two of what is hostile."""
    for name in names:
        yield from ((name, each) for each in ("a\0b", next(OTHERS), next(OTHERS)))


def percented(value: object) -> str:
    return quote(str(value), safe="", errors="surrogatepass")


def joined(fields: Mapping[str, Any]) -> str:
    """Fields as in an address; bytes that are no text too."""
    return "&".join(f"{name}={percented(value)}" for name, value in fields.items())


def names_of(path: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(path) if name]
