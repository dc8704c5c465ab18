"""How much of the planned time a session was held, by the class hours that were given in it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.plan import HeldTimes
from tests.domain.given import EVENING
from tests.domain.sessions import plan

WHOLE = (0, 80)


@pytest.mark.parametrize(
    ("held", "class_hours", "judged_by"),
    [
        ((0, 80), 200, WHOLE),
        ((5, 60), 200, WHOLE),  # shorter, and all of its class hours: cut by the time alone
        ((0, 80), 100, WHOLE),  # fewer class hours, and all of its time: cut by them alone
        ((0, 40), 100, (0, 40)),
        ((-5, 40), 100, (0, 40)),
        ((40, 90), 100, (40, 80)),  # begun late
        ((20, 60), 100, (20, 60)),
        ((0, 60), 100, (0, 60)),
        ((0, 40), 150, (0, 60)),  # less time than its class hours stand for
        ((60, 80), 100, (40, 80)),
        ((100, 120), 100, (40, 80)),  # on no minute of the plan
        ((-60, -20), 100, (0, 40)),
    ],
)
def test_a_session_is_judged_by_the_part_that_was_given(
    held: tuple[int, int], class_hours: int, judged_by: tuple[int, int]
) -> None:
    opened_at, closed_at = (EVENING + timedelta(minutes=each) for each in held)
    times = HeldTimes(opened_at=opened_at, closed_at=closed_at, class_hours=class_hours)

    found = times.planned_in(plan(), announced=200)

    if judged_by == WHOLE:
        assert found is None
    else:
        assert found is not None
        begins, ends = (EVENING + timedelta(minutes=each) for each in judged_by)
        assert (found.begins_at, found.ends_at) == (begins, ends)
