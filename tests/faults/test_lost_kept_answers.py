"""The database goes away between a write and the keeping of its answer: both resolve by the key."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from httpx import ASGITransport, AsyncClient, Response
from psycopg_pool import ConnectionPool

from api.access.idempotency import IN_FLIGHT_AT_MOST, Idempotency
from api.access.idempotent_writes import IdempotentWrites
from api.access.web_tables import WebTables
from api.problems import refused_as_json
from tests.acting import SET_UP
from tests.database import TestDatabase
from tests.faults.cutting import Cut, CuttingProxy

KEPT, RELEASED = b"set status = $", b"delete from"


@dataclass
class Process:
    """One web process behind the wire, and a client that repeats itself."""

    tables: WebTables
    at: datetime = SET_UP
    commands: list[str] = field(default_factory=list)
    status: int = 201

    def __post_init__(self) -> None:
        self.app = FastAPI()
        self.app.add_api_route("/things", self.make, methods=["POST"])
        self.app.add_middleware(
            IdempotentWrites,
            idempotency=Idempotency(self.tables, b"k" * 32),
            asker_of=lambda _: "chen",
            refuse=refused_as_json,
            now=lambda: self.at,
        )

    def make(self, request: Request) -> JSONResponse:
        self.commands.append(str(request.state.command_id))
        return JSONResponse({"run": len(self.commands)}, self.status)

    def ask(self) -> Response:
        async def send() -> Response:
            transport = ASGITransport(self.app, raise_app_exceptions=False)
            async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.post(
                    "/things", headers={"Idempotency-Key": "key-1"}, content="{}"
                )

        return asyncio.run(send())


def process_at(conninfo: str, database: TestDatabase) -> Iterator[Process]:
    options: dict[str, Any] = {"min_size": 1, "max_size": 4, "timeout": 2, "open": True}
    with ConnectionPool(conninfo, check=ConnectionPool.check_connection, **options) as pool:
        yield Process(WebTables(pool, database.names.web))


@pytest.fixture
def process(wire: CuttingProxy, database: TestDatabase) -> Iterator[Process]:
    yield from process_at(wire.conninfo, database)


@pytest.fixture
def another(database: TestDatabase) -> Iterator[Process]:
    yield from process_at(database.app, database)


@pytest.mark.parametrize("where", list(Cut))
def test_what_was_done_is_answered_and_the_retry_hears_the_same_answer(
    process: Process, wire: CuttingProxy, where: Cut
) -> None:
    wire.cut_next(KEPT, where)
    first = process.ask()
    assert (first.status_code, first.json(), wire.cuts) == (201, {"run": 1}, 1)

    again = process.ask()
    assert (again.status_code, again.json()) == (201, {"run": 1})
    assert again.headers["idempotency-replayed"] == "true"
    assert len(process.commands) == 1


def test_another_process_runs_the_same_command_when_nobody_can_be_working_on_it_any_more(
    process: Process, another: Process, wire: CuttingProxy
) -> None:
    wire.cut_next(KEPT, Cut.REQUEST)
    assert process.ask().status_code == 201

    waits = another.ask()
    assert (waits.status_code, waits.json()["code"]) == (409, "idempotency_in_flight")
    assert int(waits.headers["Retry-After"]) > 0
    another.at += IN_FLIGHT_AT_MOST
    assert another.ask().status_code == 201
    assert another.commands == process.commands


def test_a_key_that_could_not_be_given_back_is_given_back_by_the_retry(
    process: Process, wire: CuttingProxy
) -> None:
    process.status = 503
    wire.cut_next(RELEASED, Cut.REQUEST)
    assert process.ask().status_code == 503
    assert wire.cuts == 1

    process.status = 201
    assert process.ask().json() == {"run": 2}
    assert process.commands[0] == process.commands[1]
    assert process.ask().headers["idempotency-replayed"] == "true"


def test_what_is_owed_for_longer_than_a_request_lives_is_not_paid(
    process: Process, another: Process, wire: CuttingProxy
) -> None:
    """Another process took the key over meanwhile: its answer stands."""
    wire.cut_next(KEPT, Cut.REQUEST)
    process.ask()
    another.at = process.at = process.at + IN_FLIGHT_AT_MOST + timedelta(seconds=1)
    another.commands.append("earlier")
    assert another.ask().json() == {"run": 2}
    assert process.ask().json() == {"run": 2}
