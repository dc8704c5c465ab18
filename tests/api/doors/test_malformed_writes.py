"""Every write with a NUL, half of a character, or JSON that is deep: refused, and never a bug."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.app import create_app
from api.bodies import TextMalformed
from api.bootstrap import Runtime
from projections.runner import Runner
from tests.acting import ENDS
from tests.api.doors.rule import Door, Rule
from tests.api.doors.table import DOORS
from tests.api.doors.test_doors import ORIGIN, filled
from tests.api.doors.test_repeated_writes import WRITES, meant
from tests.api.doors.world import World, build_world
from tests.clock import TestClock

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
DEEP = ("[" * 100_000, '{"a":' * 5_000 + "1" + "}" * 5_000)


@pytest.fixture
def world(runtime: Runtime, clock: TestClock) -> World:
    made = build_world(runtime)
    clock.move_to(ENDS + timedelta(days=1))
    return made


def hurt(value: Any, by: str) -> Any:
    """The value with a character at the end of every text in it."""
    match value:
        case str():
            return value + by
        case dict():
            return {key: hurt(each, by) for key, each in value.items()}
        case list():
            return [hurt(each, by) for each in value]
        case _:
            return value


def bodies(world: World, rule: Rule) -> Iterator[tuple[str, str]]:
    """Each field of what the door takes, made wrong; kind and content."""
    whole = filled(rule.json, world) if rule.json is not None else {}
    for name, value in whole.items():
        for by in ("\x00", "\ud800"):
            wrong = {**whole, name: hurt(value, by)}
            if wrong != whole:
                yield JSON, json.dumps(wrong)
    fields = {key: str(value) for key, value in filled(dict(rule.form), world).items()}
    for name, value in fields.items():
        rest = urlencode({key: each for key, each in fields.items() if key != name})
        yield FORM, f"{rest}&{name}={quote(value)}%00"


def sent(world: World, house: TestClient, address: str, kind: str, content: str) -> Response:
    method, path = address.split(" ", 1)
    return house.request(
        method, filled(path, world), content=content.encode("utf-8"),
        headers={"Content-Type": kind, "Accept": "application/json"}, follow_redirects=False,
    )  # fmt: skip


def test_no_write_takes_what_no_text_can_keep_and_none_breaks_on_it(world: World) -> None:
    wrong: list[str] = []
    tried = 0
    with (
        Runner(world.runtime.projector),
        TestClient(
            create_app(world.runtime), headers=ORIGIN, raise_server_exceptions=False
        ) as house,
    ):
        for address, rule in DOORS.items():
            if address.partition(" ")[0] not in WRITES or rule.door is Door.TOKEN:
                continue
            house.cookies.clear()
            house.cookies.update(meant(world, rule).cookies)
            for kind, content in bodies(world, rule):
                tried += 1
                answer = sent(world, house, address, kind, content)
                if (answer.status_code, answer.json()["code"]) != (400, TextMalformed.code):
                    wrong.append(f"{address} {kind} {content}: {answer.status_code}")
            statuses = [sent(world, house, address, JSON, deep).status_code for deep in DEEP]
            if max(statuses) >= 500:
                wrong.append(f"{address} deep: {statuses}")

    assert not wrong, "\n".join(wrong)
    assert tried > 300
