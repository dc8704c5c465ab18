"""Every route, every scope of a key, the own and the foreign organisation: shut but for its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from api.access.scopes import ACTIONS, Scope
from api.app import create_app
from api.bootstrap import Runtime
from api.machines import API, make_key
from projections.runner import Runner
from tests.acting import DISTRICT, ENDS, SCHOOL, envelope
from tests.api.doors.rule import Door, Rule
from tests.api.doors.table import DOORS
from tests.api.doors.test_doors import SHUT, knock
from tests.api.doors.world import OTHER_SCHOOL, Visitor, World, build_world
from tests.api.log.test_log_files import step
from tests.clock import TestClock

GONE = 410


@pytest.fixture
def world(runtime: Runtime, clock: TestClock) -> World:
    made = build_world(runtime)
    step(runtime.log_keeping)
    clock.move_to(ENDS + timedelta(days=1))
    return made


def key_for(world: World, name: str, scopes: tuple[Scope, ...], organisation: str) -> Visitor:
    at = world.runtime.now()
    key = make_key(world.runtime, name, organisation, scopes, at + timedelta(days=1), envelope(at))
    return Visitor(key.text, {})


def asked(world: World, house: TestClient, address: str, rule: Rule, key: Visitor) -> int:
    house.headers["Authorization"] = f"Bearer {key.name}"
    answer = knock(world, house, address, rule, key)
    if answer.status_code == 303:
        assert answer.headers["location"].startswith(("/staff/login", "/enrol", "/")), address
        return 401
    return answer.status_code


def opens(rule: Rule, scope: Scope) -> bool:
    is_staffs = rule.door in {Door.SOMEWHERE, Door.STAFF}
    return is_staffs and not ACTIONS[scope].isdisjoint(rule.actions)


def wrong_doors(
    world: World, house: TestClient, key: Visitor, scope: Scope | None
) -> Iterator[str]:
    """Doors of the interface that are shut but should open, or open; with None, all are shut."""
    for address, rule in DOORS.items():
        if API not in address or rule.door is Door.PUBLIC:
            continue
        status = asked(world, house, address, rule, key)
        is_shut = status in SHUT or (rule.door is Door.UPLOADER and status == GONE)
        if status >= 500 or is_shut is (scope is not None and opens(rule, scope)):
            yield f"{address} with {scope or 'a foreign key'}: {status}"


def test_every_door_of_the_interface_opens_for_a_scope_that_names_it_and_only_at_home(
    world: World,
) -> None:
    wrong: list[str] = []
    with (
        Runner(world.runtime.projector),
        TestClient(create_app(world.runtime), raise_server_exceptions=False) as house,
    ):
        for scope in Scope:
            key = key_for(world, scope.value.replace(":", "-"), (scope,), DISTRICT)
            wrong += wrong_doors(world, house, key, scope)

        foreign = key_for(world, "foreign", tuple(Scope), OTHER_SCHOOL)
        wrong += wrong_doors(world, house, foreign, None)

    assert not wrong, "\n".join(wrong)


def test_no_page_opens_for_a_key_of_all_scopes(world: World) -> None:
    wrong: list[str] = []
    with (
        Runner(world.runtime.projector),
        TestClient(create_app(world.runtime), raise_server_exceptions=False) as house,
    ):
        key = key_for(world, "office", tuple(Scope), SCHOOL)
        for address, rule in DOORS.items():
            if API in address or rule.door is Door.PUBLIC or address.endswith("/live"):
                continue
            status = asked(world, house, address, rule, key)
            if status not in SHUT:
                wrong.append(f"{address}: {status}")

    assert not wrong, "\n".join(wrong)
