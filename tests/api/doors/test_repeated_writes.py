"""Every write of the interface with an `Idempotency-Key`: twice is once, nothing else passes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Request, Response

from api.app import create_app
from api.bootstrap import Runtime
from api.machines import API
from projections.runner import Runner
from tests.acting import ENDS
from tests.api.doors.rule import Door, Rule
from tests.api.doors.table import DOORS
from tests.api.doors.test_doors import ORIGIN, filled, is_meant
from tests.api.doors.world import Visitor, World, build_world
from tests.api.log.test_log_files import step
from tests.clock import TestClock

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
PASSING = {401, 408, 425, 429}


@pytest.fixture
def world(runtime: Runtime, clock: TestClock) -> World:
    made = build_world(runtime)
    step(runtime.log_keeping)
    clock.move_to(ENDS + timedelta(days=1))
    return made


def writes() -> Iterator[tuple[str, Rule]]:
    for address, rule in DOORS.items():
        if API in address and address.partition(" ")[0] in WRITES:
            yield address, rule


def meant(world: World, rule: Rule) -> Visitor:
    """The first who may do it; what is public, a parent does."""
    public = rule.door is Door.PUBLIC
    return next(
        each
        for each in world.visitors
        if (each.name == "parent" if public else is_meant(world, rule, each))
    )


def request_to(world: World, house: TestClient, address: str, rule: Rule) -> Request:
    """One request, its body written out: it can be sent again to the byte."""
    method, path = address.split(" ", 1)
    made = house.build_request(
        method,
        filled(path, world),
        params={key: filled(value, world) for key, value in rule.query.items()},
        data={key: filled(value, world) for key, value in rule.form.items()} or None,
        json=filled(rule.json, world) if rule.json is not None else None,
        files={"file": ("roster.csv", "序号\n".encode())} if "import" in path else None,
    )
    made.read()
    return made


def sent(house: TestClient, made: Request, key: str, more: bytes = b"") -> Response:
    headers = {"Idempotency-Key": key}
    if "content-type" in made.headers:
        headers["Content-Type"] = made.headers["content-type"]
    return house.request(
        made.method, made.url, content=made.content + more, headers=headers,
        follow_redirects=False,
    )  # fmt: skip


def test_every_write_is_answered_once_per_key_and_another_body_is_refused(world: World) -> None:
    wrong: list[str] = []
    played = 0
    with (
        Runner(world.runtime.projector),
        TestClient(
            create_app(world.runtime), headers=ORIGIN, raise_server_exceptions=False
        ) as house,
    ):
        for address, rule in writes():
            house.cookies.clear()
            house.cookies.update(meant(world, rule).cookies)
            made, key = request_to(world, house, address, rule), str(uuid4())
            first, again = sent(house, made, key), sent(house, made, key)
            other = sent(house, made, key, b" ")
            if first.status_code >= 500:
                wrong.append(f"{address}: {first.status_code}")
            if "set-cookie" in first.headers or first.status_code in PASSING:
                continue
            played += 1
            is_played = again.headers.get("idempotency-replayed") == "true"
            if not is_played or again.content != first.content:
                wrong.append(f"{address}: {first.status_code}, then {again.status_code}")
            if (other.status_code, other.json()["code"]) != (409, "idempotency_mismatch"):
                wrong.append(f"{address}: another body is {other.status_code}")

    assert not wrong, "\n".join(wrong)
    assert played > len(list(writes())) * 0.9
