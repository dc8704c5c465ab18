"""A school that is set up, in September."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from api.bootstrap import Runtime
from tests.api.imports.given import establish
from tests.clock import TestClock

IN_SEPTEMBER = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def staff(runtime: Runtime, clock: TestClock) -> dict[str, UUID]:
    """The members of staff by user name."""
    found = establish(runtime)
    clock.move_to(IN_SEPTEMBER)
    return found
