"""The door back: a child that left this year is taken back on a page, or as JSON, from a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from api.imports.texts import reason
from domain.enrolment import Leaving
from ledger.transfers import Pupil
from tests.acting import SCHOOL, envelope
from tests.api.desk import Desk
from tests.saying import says

PAGE = f"/staff/departures/{SCHOOL}"
RETURNS = f"/api/v1/schools/{SCHOOL}/returns"
MARCH = date(2027, 3, 1)
IN_APRIL = datetime(2027, 4, 8, 2, 0, tzinfo=UTC)


@pytest.fixture
def child(desk: Desk) -> str:
    """Left in March, and the year runs on."""
    book, father = desk.runtime.book, desk.pilot.learners[2]
    [child] = book.learners.get(father).guardianships
    desk.clock.move_to(IN_APRIL)
    pupil = Pupil(child, SCHOOL, 2026, [father])
    desk.catch_up(book.transfers.leave(pupil, MARCH, Leaving.LEFT, envelope(IN_APRIL)))
    return str(child)


def test_the_school_takes_the_child_back_where_it_finds_it(desk: Desk, child: str) -> None:
    coordinator = desk.browser("coordinator")
    assert f'href="{PAGE}"' in coordinator.get(f"/staff/transfers/{SCHOOL}").text
    assert f"?child={child}" in coordinator.get(PAGE).text
    assert "（示例）陈小4" in coordinator.get(PAGE, params={"child": child}).text

    form = {"child": child, "on": "2027-04-06", "reason": "returned"}
    answer = coordinator.post(PAGE, data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    [place] = desk.runtime.models.roster.places_of(desk.pilot.learners[2])
    assert (place.school_code, place.ended_on) == (SCHOOL, None)
    assert f"?child={child}" not in coordinator.get(PAGE).text


def test_a_day_before_the_leaving_is_refused_on_the_page_and_asked_for_again(
    desk: Desk, child: str
) -> None:
    form = {"child": child, "on": "2027-02-28", "reason": "entered_in_error"}
    answer = desk.browser("coordinator").post(PAGE, data=form)
    assert (answer.status_code, says(answer, "return_out_of_time")) == (422, True)
    assert 'name="on"' in answer.text


def test_the_same_as_json(desk: Desk, child: str) -> None:
    body = {"child_id": child, "on": "2027-04-06", "reason_code": "returned"}
    for _ in range(2):
        assert desk.browser("coordinator").post(RETURNS, json=body).status_code == 201
    assert desk.runtime.models.roster.left_in(SCHOOL, 2026) == []


def test_another_schools_child_is_not_taken_back(desk: Desk, child: str) -> None:
    body = {"child_id": child, "on": "2027-04-06", "reason_code": "returned"}
    elsewhere = RETURNS.replace(SCHOOL, "4401040003")
    answer = desk.browser("coordinator_elsewhere").post(elsewhere, json=body)
    assert answer.json()["code"] == "child_not_here"
    page = desk.browser("coordinator_elsewhere").get(
        PAGE.replace(SCHOOL, "4401040003"), params={"child": child}
    )
    assert page.status_code == 409


def test_the_doubtful_row_of_a_roster_names_the_door() -> None:
    assert "已离校的学生" in reason("child_has_left", "zh")
    assert "Children who left" in reason("child_has_left", "en")
