"""A school at work, for the pages of its staff."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from api.bootstrap import Runtime
from tests.api.desk import Desk
from tests.api.pilot_school import PilotSchool
from tests.clock import TestClock


@pytest.fixture(scope="session")
def beginning(school: PilotSchool) -> PilotSchool:
    return school


@pytest.fixture
def desk(runtime: Runtime, clock: TestClock, beginning: PilotSchool) -> Iterator[Desk]:
    with beginning.at_work(runtime, clock) as made:
        yield made


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """The application under a port of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(desk.app, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listening.close()
