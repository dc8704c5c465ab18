"""Everything the interface describes, asked at random by everybody, for some seconds."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from api.bootstrap import Runtime
from tests.acting import ENDS
from tests.api.doors.world import build_world
from tests.api.log.test_log_files import step
from tests.clock import TestClock
from tests.fuzzing.interface import Fuzzing, answering
from tests.journeys.site import free_port

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
SEED = int(os.environ.get("FUZZ_SEED", "20261126"))


@pytest.mark.slow
def test_nothing_breaks_and_nothing_is_answered_that_is_not_described(
    runtime: Runtime, clock: TestClock
) -> None:
    world = build_world(runtime)
    step(runtime.log_keeping)
    clock.move_to(ENDS + timedelta(days=1))

    with answering(runtime, free_port()) as base:
        fuzzing = Fuzzing(world, base)
        fuzzing.run(EXAMPLES, SEED)

    assert not fuzzing.wrong, "\n\n".join(f"{at}\n{told}" for at, told in fuzzing.wrong.items())
    assert fuzzing.asked > 150 * EXAMPLES
    assert {200, 400, 401, 403, 404} <= fuzzing.statuses.keys(), fuzzing.statuses
