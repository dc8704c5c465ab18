"""A school at work, for what earns beside attendance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.bootstrap import Runtime
from tests.api.desk import Desk, at_work
from tests.clock import TestClock


@pytest.fixture
def desk(runtime: Runtime, clock: TestClock) -> Iterator[Desk]:
    with at_work(runtime, clock) as made:
        yield made
