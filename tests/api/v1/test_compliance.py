"""Compliance as JSON: worked example 8, what counts and why not, and a district without ranks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests import held
from tests.acting import DISTRICT, SCHOOL, STARTS
from tests.api.desk import ELSEWHERE, OTHER_DISTRICT, Desk

TERM = f"/api/v1/schools/{SCHOOL}/terms/2026-1/compliance"
TABLE = f"/api/v1/districts/{DISTRICT}/terms/2026-1/compliance"
WEEK = timedelta(days=7)


def compliance(desk: Desk, asker: str = "coordinator", **query: str) -> dict[str, Any]:
    desk.catch_up(desk.runtime.book.ledger.position())
    answer = desk.browser(asker).get(TERM, params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_worked_example_8(desk: Desk) -> None:
    """2 activities of 3 class hours: 6 < 8. With one more of 2: 3 activities, 8 class hours."""
    held.hold(desk.pilot, "第一次活动", 300)
    held.hold(desk.pilot, "第二次活动", 300, begins_at=held.FIRST + WEEK)
    desk.clock.move_to(STARTS + timedelta(days=180))
    before = compliance(desk)
    held.hold(desk.pilot, "第三次活动", 200, begins_at=held.FIRST + 2 * WEEK)
    after = compliance(desk)

    assert before["counted"] == {"activities": 2, "class_hours": 600}
    assert (before["light"], before["required"]["class_hours"]) == ("not_met", 800)
    assert (after["counted"]["class_hours"], after["light"]) == (800, "met")


def test_one_activity_of_8_class_hours_is_one_too_few(desk: Desk) -> None:
    held.hold(desk.pilot, "一整天", 800)
    desk.clock.move_to(STARTS + timedelta(days=180))

    found = compliance(desk)

    assert (found["counted"], found["light"]) == (
        {"activities": 1, "class_hours": 800},
        "not_met",
    )


def test_every_session_says_whether_it_counts_and_why_not(desk: Desk) -> None:
    held.hold(desk.pilot, "同一门课", 200)
    held.hold(desk.pilot, "同一门课", 300, begins_at=held.FIRST + WEEK)
    held.hold(desk.pilot, "信息推送", 100, begins_at=held.FIRST + 2 * WEEK, mode="info_push")
    held.close(desk.pilot, held.plan(desk.pilot, "未确认", 200, STARTS + 3 * WEEK))
    desk.clock.move_to(STARTS + 4 * WEEK)

    found = compliance(desk)

    assert [(each["title"], each["verdict"]) for each in found["sessions"]] == [
        ("读懂孩子的情绪", "not_held"),
        ("同一门课", "parallel_run"),
        ("同一门课", "counts"),
        ("信息推送", "mode_not_counted"),
        ("未确认", "not_attested"),
    ]
    assert found["counted"] == {"activities": 1, "class_hours": 300}
    assert found["by_grade"] == [{"grade": "三年级", "activities": 1, "class_hours": 300}]


def test_the_light_can_be_asked_as_of_a_day(desk: Desk) -> None:
    held.hold(desk.pilot, "第一次活动", 400)
    held.hold(desk.pilot, "第二次活动", 400, begins_at=held.FIRST + WEEK)
    desk.clock.move_to(STARTS + 2 * WEEK)

    day_after_first = (held.FIRST + timedelta(days=1)).date().isoformat()
    then, now = compliance(desk, as_of=day_after_first), compliance(desk)

    assert (then["counted"]["activities"], now["counted"]["activities"]) == (1, 2)
    assert (then["light"], now["light"]) == ("on_course", "met")
    assert compliance(desk, known_by="2020-01-01T00:00:00Z")["light"] == "not_reported"


def test_a_district_sees_its_schools_by_code_and_nothing_of_parents(desk: Desk) -> None:
    held.hold(desk.pilot, "第一次活动", 400, desk.pilot.learners)
    desk.catch_up(desk.runtime.book.ledger.position())

    table = desk.browser("district_officer").get(TABLE).json()

    assert [each["school_code"] for each in table["schools"]] == sorted([SCHOOL, ELSEWHERE])
    assert table["counts"]["not_reported"] == 1
    assert "learner" not in str(table)
    juniors = desk.browser("district_officer").get(TABLE, params={"stage": "junior"}).json()
    assert [each["school_code"] for each in juniors["schools"]] == [ELSEWHERE]
    city = desk.browser("city_administrator").get(TABLE.replace(DISTRICT, "440100")).json()
    assert len(city["schools"]) == 2


@pytest.mark.parametrize(
    ("term", "code", "status"),
    [("2026-3", "term_malformed", 422), ("1999-1", "term_unknown", 404)],
)
def test_a_term_that_nobody_knows_is_refused(desk: Desk, term: str, code: str, status: int) -> None:
    answer = desk.browser("coordinator").get(TERM.replace("2026-1", term))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_nobody_reads_another_schools_or_districts_term(desk: Desk) -> None:
    for asker, path in (
        ("coordinator_elsewhere", TERM),
        ("class_teacher", TERM),
        ("coordinator", TABLE),
        ("district_officer_elsewhere", TABLE),
        ("district_officer", TABLE.replace(DISTRICT, OTHER_DISTRICT)),
        ("district_officer", TABLE.replace(DISTRICT, "440100")),
    ):
        answer = desk.browser(asker).get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), asker
