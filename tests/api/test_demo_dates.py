"""The pilot between two school years: it loads on any day, and a year begins while it is there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from api.bootstrap import Runtime
from api.demo.calendar import CITY, Calendar, taught_until
from api.demo.keeping import keep_up, kept
from api.demo.pilot import load_unless_there
from api.demo.staff import JUNIOR, KINDERGARTEN, PRIMARY
from tests.clock import TestClock

FIRST_OF_SEPTEMBER = datetime(2027, 9, 1, 0, 40, tzinfo=CITY)


@pytest.mark.slow
def test_on_the_first_of_september_everybody_is_a_grade_higher(
    runtime: Runtime, clock: TestClock
) -> None:
    clock.move_to(FIRST_OF_SEPTEMBER)
    load_unless_there(runtime)

    keep_up(runtime)
    keep_up(runtime)

    models = runtime.models
    promoted = {
        code: {each.grade for each in models.schools.classes(code, 2027)}
        for code in (PRIMARY, KINDERGARTEN, JUNIOR)
    }
    assert promoted == {PRIMARY: {"四年级"}, KINDERGARTEN: {"大班"}, JUNIOR: {"九年级"}}
    assert len(models.roster.learners_of(PRIMARY, 2027)) == 24
    open_now = [str(each.session_id) for each in models.sessions.open_now(PRIMARY)]
    assert kept(runtime)["open_session"]["id"] in open_now


def test_every_day_of_a_year_has_its_term_and_room_for_evenings() -> None:
    for days in range(366):
        now = datetime(2027, 1, 1, 20, tzinfo=CITY) + timedelta(days=days)
        calendar = Calendar(taught_until(now))
        in_two_weeks = calendar.today + timedelta(days=16)
        assert calendar.term_of(in_two_weeks).ends >= in_two_weeks
        assert len({calendar.past(each) for each in (35, 21, 9)}) == 3
        assert calendar.now <= now
