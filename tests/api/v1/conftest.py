"""A school at work, for the JSON interface of its staff."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
