"""Figures for those who watch: behind a token, by route and code, and nobody's data in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from api.app import create_app
from api.bootstrap import Runtime
from tests.acting import Pilot
from tests.api.log.test_log_files import step

TOKEN = "a-token-for-machines-only"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def house(runtime: Runtime) -> Iterator[TestClient]:
    settings = runtime.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    app = create_app(replace(runtime, settings=settings))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def figures(house: TestClient) -> dict[str, dict[tuple[str, ...], float]]:
    """Each figure by the values of its labels."""
    text = house.get("/metrics", headers=HEADERS).text
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_without_its_token_there_is_no_such_address(house: TestClient, runtime: Runtime) -> None:
    assert house.get("/metrics", headers=HEADERS).status_code == 200
    assert house.get("/metrics").status_code == 404
    assert house.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    with TestClient(create_app(runtime)) as other:  # no token in its settings
        assert other.get("/metrics", headers=HEADERS).status_code == 404


def test_lag_age_and_stops_of_every_read_model_are_told(
    house: TestClient, runtime: Runtime
) -> None:
    Pilot(runtime.book).set_up()
    runtime.projector.catch_up(until=5)
    step(runtime.log_keeping)
    with runtime.views.transaction() as tx:
        tx.execute(
            "UPDATE checkpoint SET stopped_at = now(), stopped_reason = 'x',"
            " looked_at = now() - interval '1 hour' WHERE projection = 'roster'"
        )

    told = figures(house)

    head = runtime.book.ledger.position()
    assert told["parent_credits_feed_position"] == {(): head}
    assert told["parent_credits_projection_position"]["schools",] == 5
    assert told["parent_credits_projection_lag_events"]["schools",] == head - 5
    assert told["parent_credits_projection_stopped"]["schools",] == 0
    assert told["parent_credits_projection_stopped"]["roster",] == 1
    assert told["parent_credits_projection_checkpoint_age_seconds"]["roster",] > 3_000
    assert told["parent_credits_log_size"] == {(): head}
    ready = house.get("/readyz").json()["projections"]
    assert (ready["schools"]["lag_events"], ready["roster"]["stopped"]) == (head - 5, True)


def test_a_bug_is_told_as_such(
    house: TestClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime.projector, "status", lambda: 1 // 0)
    assert house.get("/readyz").status_code == 500
    monkeypatch.undo()
    assert figures(house)["parent_credits_request_seconds_count"]["GET", "/readyz", "5xx"] == 1


def test_a_database_that_is_away_is_told_at_once(
    house: TestClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(seconds: float) -> None:
        assert seconds < 10  # what a scraper waits
        raise psycopg.OperationalError

    assert figures(house)["parent_credits_database_up"] == {(): 1}
    monkeypatch.setattr(runtime.views, "ask", away)
    assert figures(house)["parent_credits_database_up"] == {(): 0}


def test_requests_are_told_by_route_and_refusals_by_code_without_ids(house: TestClient) -> None:
    for _ in range(2):
        house.get(f"/api/v1/sessions/{uuid4()}", headers={"Accept": "application/json"})
    house.get(f"/nowhere/{uuid4()}")

    told = figures(house)

    requests = told["parent_credits_request_seconds_count"]
    assert requests["GET", "/api/v1/sessions/{session_id}", "4xx"] == 2
    assert requests["none", "none", "4xx"] == 1
    assert told["parent_credits_refusals_total"] == {("login_required",): 2}
    assert told["parent_credits_intake_waiting"] == {(): 0}
    text = house.get("/metrics", headers=HEADERS).text
    assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", text) is None
