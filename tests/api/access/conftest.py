"""The web schema under the app role, and a fixed moment in the evening."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from argon2 import Parameters
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from psycopg_pool import ConnectionPool

from api.access.passwords import Passwords
from api.access.web_tables import WebTables
from tests.conftest import CHEAP
from tests.database import TestDatabase

EVENING = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return EVENING


@pytest.fixture
def tables(database: TestDatabase) -> Iterator[WebTables]:
    with ConnectionPool(database.app, min_size=1, max_size=12, open=True) as pool:
        yield WebTables(pool, database.names.web)


@pytest.fixture(scope="session")
def cheap() -> Parameters:
    return CHEAP


@pytest.fixture(scope="session")
def passwords() -> Passwords:
    return Passwords(CHEAP)


@pytest.fixture(scope="session")
def ask() -> Callable[..., Response]:
    """Send one request to an application; a bug in it is an answer of 500."""

    async def send(app: FastAPI, method: str, url: str, **request: Any) -> Response:
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.request(method, url, **request)

    return lambda *where, **request: asyncio.run(send(*where, **request))


@pytest.fixture
def at_once() -> Callable[[int, Callable[[], object]], list[object]]:
    """Run one thing in many threads that start together; give results and exceptions."""

    def run(times: int, act: Callable[[], object]) -> list[object]:
        barrier = Barrier(times)

        def one(_: int) -> object:
            barrier.wait(10)
            try:
                return act()
            except Exception as error:  # noqa: BLE001 - the tests look at what was raised
                return error

        with ThreadPoolExecutor(times) as threads:
            return list(threads.map(one, range(times)))

    return run
