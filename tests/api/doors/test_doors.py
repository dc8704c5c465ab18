"""Every route, every role, the own and the foreign organisation; a route missing here fails."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.routing import Route

from api.access.policy import PrincipalKind, allowed
from api.access.rules import RULES
from api.app import create_app
from api.bootstrap import Runtime
from api.pages.access_words import PURPOSES
from projections.runner import Runner
from tests.acting import ENDS, SCHOOL
from tests.api.doors.rule import Door, Rule
from tests.api.doors.table import DOORS
from tests.api.doors.watching import Watch
from tests.api.doors.world import Visitor, World, build_world
from tests.api.log.test_log_files import step
from tests.clock import TestClock

SHUT = {401, 403, 404}
GONE = 410  # another's upload looks like one that is over
ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def world(runtime: Runtime, clock: TestClock) -> World:
    made = build_world(runtime)
    step(runtime.log_keeping)
    clock.move_to(ENDS + timedelta(days=1))
    return made


def routes(within: FastAPI | APIRouter) -> Iterator[str]:
    """Every method and path that answers, whatever router it came with."""
    for route in within.routes:
        router = getattr(route, "original_router", None)
        if router is not None:
            yield from routes(router)
        elif isinstance(route, Route | APIRoute):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield f"{method} {route.path_format}"
        else:
            yield f"unknown {route}"


def test_every_route_is_in_the_table_and_nothing_else(runtime: Runtime) -> None:
    assert sorted(routes(create_app(runtime))) == sorted(DOORS)


@pytest.mark.timeout(900)  # every door, for every role: minutes where the machine is busy
def test_every_door_opens_for_those_it_is_meant_for_and_no_name_is_shown_unlogged(
    world: World,
) -> None:
    app = create_app(world.runtime)
    wrong: list[str] = []
    with (
        Runner(world.runtime.projector),
        TestClient(app, headers=ORIGIN, raise_server_exceptions=False) as house,
    ):
        watch = Watch(world.runtime)
        for address, rule in DOORS.items():
            if rule.door is not Door.PUBLIC:
                wrong += tried(world, house, address, rule, watch)
        unnamed = watch.purposes - set(PURPOSES)
        watch.close()

    assert not wrong, "\n".join(wrong)
    assert unnamed == set(), "purposes of looks without words"
    assert watch.seen > 20, "hardly any name was shown: nothing was watched"


def tried(world: World, house: TestClient, address: str, rule: Rule, watch: Watch) -> Iterator[str]:
    """One door, every visitor; what went wrong, in words."""
    for visitor in world.visitors:
        answer = knock(world, house, address, rule, visitor)
        status, location = answer.status_code, answer.headers.get("location", "")
        is_shut = (
            status in SHUT or "/staff/login" in location or location.startswith(("/enrol", "/door"))
        )
        is_shut = is_shut or (rule.door is Door.UPLOADER and status == GONE)
        expected = is_meant(world, rule, visitor)
        if status >= 500 or status == 405 or is_shut is expected:
            yield f"{address} as {visitor.name}: {status} {location}"
        if unlogged := watch.unlogged(visitor.principal, answer.text):
            yield f"{address} shows {visitor.name} names that are not logged: {unlogged}"


def is_meant(world: World, rule: Rule, visitor: Visitor) -> bool:
    principal = visitor.principal
    if principal is None:
        return False
    match rule.door:
        case Door.PARENT:
            return visitor.name == "parent"
        case Door.ANY_DEVICE | Door.ANY_STAFF:
            is_device = principal.kind is PrincipalKind.DEVICE
            return is_device is (rule.door is Door.ANY_DEVICE)
        case Door.SOMEWHERE:
            roles = {grant.role for grant in principal.grants}
            return any(roles & set(RULES[action]) for action in rule.actions)
        case Door.UPLOADER:
            return visitor.name == "coordinator"
        case _:
            own_sheet = visitor.name == "parent" and rule.holder_too
            organisation = world.runtime.organisation_of(SCHOOL)
            at = world.runtime.now()
            return own_sheet or any(
                allowed(principal, action, organisation, at) for action in rule.actions
            )


def knock(world: World, house: TestClient, address: str, rule: Rule, visitor: Visitor) -> Response:
    method, path = address.split(" ", 1)
    if method == "GET" and path.endswith("/live") and path.startswith("/staff"):
        return knock_at_stream(world, house, path, visitor)
    house.cookies.clear()
    house.cookies.update(visitor.cookies)
    return house.request(
        method,
        filled(path, world),
        params={key: filled(value, world) for key, value in rule.query.items()},
        data={key: filled(value, world) for key, value in rule.form.items()} or None,
        json=filled(rule.json, world) if rule.json is not None else None,
        files={"file": ("roster.csv", "序号\n".encode())} if "import" in path else None,
        follow_redirects=False,
    )


def knock_at_stream(world: World, house: TestClient, path: str, visitor: Visitor) -> Response:
    """An event stream never ends: its beside is asked instead, under the same right."""
    twin = path.replace("/staff/", "/api/v1/")
    house.cookies.clear()
    house.cookies.update(visitor.cookies)
    return house.get(filled(twin, world), follow_redirects=False)


def filled(value: Any, world: World) -> Any:
    """Put the world's things where a text says {their_name}."""
    if isinstance(value, str):
        names = {name for _, name, _, _ in string.Formatter().parse(value) if name}
        given = {**world.things, "new_id": str(uuid4())}
        return value.format(**{name: given[name] for name in names})
    if isinstance(value, Mapping):
        return {key: filled(each, world) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, world) for each in value]
    return value
