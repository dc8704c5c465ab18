"""Coverage: parent schools, households reached, worked example 9, and nobody recognisable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.bootstrap import Runtime
from ledger.roster import Roster
from tests import held
from tests.acting import DISTRICT, SCHOOL, STARTS, entry, envelope
from tests.api.desk import ELSEWHERE, Desk, at_work, two_schools
from tests.clock import TestClock
from tests.database import Beginning

COVERAGE = f"/api/v1/districts/{DISTRICT}/years/2026/coverage"
PAGE = f"/staff/districts/{DISTRICT}/coverage"
IN_MARCH = datetime(2027, 3, 10, 4, tzinfo=UTC)


@pytest.fixture(scope="session")
def beginning(nothing: Beginning) -> Beginning:
    return nothing


@pytest.fixture
def desk(runtime: Runtime, clock: TestClock) -> Iterator[Desk]:
    """Twenty-four families; twelve of them came to an evening."""
    with at_work(runtime, clock, two_schools(runtime, families=24)) as made:
        held.hold(made.pilot, "亲子共读", 200, made.pilot.learners[:12])
        clock.move_to(STARTS + timedelta(days=7))
        yield made


def coverage(desk: Desk, **query: str) -> dict[str, Any]:
    desk.catch_up(desk.runtime.book.ledger.position())
    answer = desk.browser("district_officer").get(COVERAGE, params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_school_without_a_parent_school_is_named(desk: Desk) -> None:
    found = coverage(desk)

    assert (found["schools"], found["parent_schools"]) == (2, 1)
    assert [each["school_code"] for each in found["missing"]] == [ELSEWHERE]


def test_households_are_children_for_whom_somebody_attended(desk: Desk) -> None:
    found = coverage(desk)

    assert (found["households_enrolled"], found["households_reached"]) == (24, 12)
    assert found["by_school"][0]["reached"] == 12


def test_worked_example_9(desk: Desk) -> None:
    """A child who transfers in March is counted by the new school from that day on."""
    term = f"/api/v1/schools/{SCHOOL}/terms/2026-1/compliance"
    before = desk.browser("coordinator").get(term).json()
    desk.clock.move_to(IN_MARCH)
    roster = Roster(ELSEWHERE, 2026)
    desk.runtime.book.rosters.take(roster, [entry(2)], envelope(IN_MARCH), dry_run=False)

    desk.catch_up(desk.runtime.book.ledger.position())
    models = desk.runtime.models.households
    codes = [SCHOOL, ELSEWHERE]
    day_before = models.of_schools(codes, 2026, (IN_MARCH - timedelta(days=1)).date())
    that_day = models.of_schools(codes, 2026, IN_MARCH.date())

    assert day_before[SCHOOL].enrolled == 24
    assert ELSEWHERE not in day_before
    assert that_day[ELSEWHERE].enrolled == 1
    assert desk.browser("coordinator").get(f"{term}?as_of=2026-09-25").json() == before


def test_small_groups_are_shown_nowhere(desk: Desk) -> None:
    held.hold(desk.pilot, "第二次", 200, desk.pilot.learners[12:22], STARTS + timedelta(days=3))
    found = coverage(desk)

    # Two families of 24 are missing: who they are would be told.
    assert (found["households_enrolled"], found["households_reached"]) == (24, None)
    assert found["by_school"][0] == {
        "school_code": SCHOOL,
        "name": "示例小学",
        "enrolled": 24,
        "reached": None,
    }
    page = desk.browser("district_officer").get(PAGE).text
    assert "不足10，不显示" in page
    assert "家长学校 1/2" in page


def test_only_the_district_and_those_above_it_see_the_coverage(desk: Desk) -> None:
    for asker in ("coordinator", "head", "district_officer_elsewhere"):
        assert desk.browser(asker).get(COVERAGE).status_code == 403
    assert desk.browser("city_administrator").get(PAGE).status_code == 200


def test_the_total_tells_no_school_of_one(desk: Desk) -> None:
    roster = Roster(ELSEWHERE, 2026)
    newcomer = entry(90, student_no="9090")
    desk.runtime.book.rosters.take(roster, [newcomer], envelope(), dry_run=False)
    found = coverage(desk)
    assert [each["enrolled"] for each in found["by_school"]] == [None, None]
    assert found["households_enrolled"] == 25
