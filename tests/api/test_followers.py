"""What only another release has is shown by `status` alone: nothing waits for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.bootstrap import Runtime
from api.doctor import examine
from api.followers import followers
from api.serving import make_runner
from tests.acting import Pilot
from tests.api.test_cli import Command
from tests.database import TestDatabase

TOKEN = "a-token-for-figures"


@pytest.fixture
def left(runtime: Runtime) -> Runtime:
    """A read model and a follower that stopped under the release before and are no more."""
    Pilot(runtime.book).set_up()
    runtime.projector.catch_up()
    with runtime.views.transaction() as tx:
        tx.execute(
            "INSERT INTO checkpoint (projection, version, tables, looked_at, stopped_reason)"
            " VALUES ('given_up', 1, '{}', now() - interval '1 year', 'x')"
        )
        tx.execute(
            "INSERT INTO ledger.follower (follower, version, looked_at, stopped_reason)"
            " VALUES ('left_behind', 1, now() - interval '1 year', 'x')"
        )
    return runtime


@pytest.fixture
def house(left: Runtime) -> Iterator[TestClient]:
    settings = left.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    with TestClient(create_app(replace(left, settings=settings))) as client:
        yield client


def test_readiness_and_figures_ask_only_what_this_release_has(house: TestClient) -> None:
    ready = house.get("/readyz")
    figures = house.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text

    assert (ready.status_code, ready.json()["late"]) == (200, [])
    assert "roster" in ready.json()["projections"]
    assert 'projection="roster"' in figures
    assert "given_up" not in ready.text + figures
    assert "left_behind" not in ready.text + figures


def test_readiness_asks_every_follower_of_this_release(house: TestClient, left: Runtime) -> None:
    with make_runner(left) as runner:
        assert runner.wait_until_active(20)
    names = {each.name for each in followers(left)}
    assert set(house.get("/readyz").json()["projections"]) >= names

    with left.views.transaction() as tx:
        tx.execute("UPDATE ledger.follower SET stopped_reason = 'x'")
    ready = house.get("/readyz")
    assert (ready.status_code, set(ready.json()["late"])) == (503, names)


def test_the_doctor_finds_nothing_bad_in_it(left: Runtime) -> None:
    [found] = [each for each in examine(left) if each.what.startswith("read model")]
    assert found.found.startswith("0 events behind")


def test_status_shows_it_and_says_what_it_is(left: Runtime, database: TestDatabase) -> None:
    command = Command(database, left.settings.var)

    told = command("status", "--json")

    known = {each["name"]: each["known"] for each in json.loads(told.output)["projections"]}
    assert (told.exit_code, known.pop("given_up"), known.pop("left_behind")) == (0, False, False)
    assert set(known.values()) == {True}
    assert command("status").output.count("not of this release") == 2
