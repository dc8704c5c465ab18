"""Sessions as JSON: announced in time, opened, counted, closed and attested by two persons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.pages.staff_words import EXPLANATIONS
from api.v1.sessions import Explanation
from tests.acting import ENDS, SCHOOL, STARTS
from tests.api.desk import Desk

NEW: dict[str, Any] = {
    "school_code": SCHOOL, "school_year": 2026, "term_no": 1, "title": "亲子共读",
    "family": "parent_child_reading", "stage": "primary", "mode": "on_site",
    "carrier": "in_school", "class_hours": 200, "grades": ["三年级"],
    "begins_at": (STARTS + timedelta(days=7)).isoformat(),
    "ends_at": (ENDS + timedelta(days=7)).isoformat(), "place": "图书馆",
}  # fmt: skip


def test_a_session_is_announced_once_however_often_it_is_sent(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")

    first, again = (coordinator.post("/api/v1/sessions", json=NEW) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    found = coordinator.get(f"/api/v1/sessions/{first.json()['session_id']}").json()
    assert (found["title"], found["standing"], found["invited"]) == ("亲子共读", "scheduled", 3)
    page = coordinator.get(f"/api/v1/schools/{SCHOOL}/sessions", params={"limit": 1}).json()
    assert (page["total"], len(page["sessions"])) == (2, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"ends_at": NEW["begins_at"]},
        {"begins_at": "2026-09-25T19:00:00"},
        {"class_hours": 0},
        {"mode": "party"},
        {"surprise": 1},
    ],
)
def test_a_plan_that_cannot_be_is_malformed(desk: Desk, change: dict[str, Any]) -> None:
    answer = desk.browser("coordinator").post("/api/v1/sessions", json={**NEW, **change})

    assert answer.status_code in {400, 422}


def test_a_session_that_has_begun_is_not_announced_any_more(desk: Desk) -> None:
    desk.clock.move_to(STARTS + timedelta(days=8))

    answer = desk.browser("coordinator").post("/api/v1/sessions", json=NEW)

    assert (answer.status_code, answer.json()["code"]) == (409, "session_not_announced_in_time")


def test_a_session_of_a_term_that_is_not_open_is_refused(desk: Desk) -> None:
    answer = desk.browser("coordinator").post("/api/v1/sessions", json={**NEW, "school_year": 2031})

    assert (answer.status_code, answer.json()["code"]) == (404, "term_unknown")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"class_hours": 800}, "class_hours_exceed_time"),
        ({"class_hours": 201}, "class_hours_exceed_time"),
        ({"mode": "home_visit"}, "mode_not_planned"),
        ({"begins_at": "2027-03-05T19:00:00+08:00", "ends_at": "2027-03-05T20:20:00+08:00"},
         "date_outside_term"),
        ({"stage": "junior", "grades": ["七年级"]}, "grade_not_of_this_school"),
        ({"grades": ["三年级", "七年级"]}, "grades_of_two_stages"),
        ({"grades": ["3年级"]}, "grade_unknown"),
    ],
)  # fmt: skip
def test_a_plan_that_the_file_import_rejects_is_refused_here_too(
    desk: Desk, change: dict[str, Any], code: str
) -> None:
    coordinator = desk.browser("coordinator")
    position = desk.runtime.book.ledger.position()

    answer = coordinator.post("/api/v1/sessions", json={**NEW, **change})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert desk.runtime.book.ledger.position() == position


def test_a_push_takes_no_time_of_the_evening(desk: Desk) -> None:
    push = {"mode": "info_push", "class_hours": 800}

    answer = desk.browser("coordinator").post("/api/v1/sessions", json={**NEW, **push})

    assert answer.status_code == 201


def test_a_session_goes_from_its_opening_to_two_attestations(desk: Desk) -> None:
    desk.at_the_door()
    host = desk.browser("host")
    assert host.post(f"{desk.session_api}/open").status_code == 200
    assert host.post(f"{desk.session_api}/close").status_code == 200
    host.post(f"{desk.session_api}/head-counts", json={"persons_present": 0})
    steps = [
        desk.browser(role).post(f"{desk.session_api}/attestations", json={"attested_as": role})
        for role in ("host", "coordinator")
    ]

    assert [step.status_code for step in steps] == [201, 201]
    assert host.get(desk.session_api).json()["standing"] == "attested"


def test_a_difference_is_refused_with_its_numbers_until_it_is_explained(desk: Desk) -> None:
    desk.open()
    host, counts = desk.browser("host"), f"{desk.session_api}/head-counts"

    refused = host.post(counts, json={"persons_present": 9})
    explained = host.post(counts, json={"persons_present": 9, "explanation": "children_counted"})

    assert refused.status_code == 409
    body = refused.json()
    assert (body["code"], body["present"], body["recorded"]) == (
        "head_count_difference_unexplained", 9, 0,
    )  # fmt: skip
    assert explained.status_code == 201


def test_the_reasons_are_those_that_the_page_offers() -> None:
    assert set(EXPLANATIONS) == {each.value for each in Explanation}


@pytest.mark.parametrize(
    ("step", "body", "code"),
    [
        ("close", None, "session_wrong_step"),
        ("head-counts", {"persons_present": 0}, "session_wrong_step"),
        ("open", None, "check_in_closed"),
        ("attestations", {"attested_as": "host"}, "session_wrong_step"),
    ],
)
def test_a_step_out_of_turn_is_refused(
    desk: Desk, step: str, body: dict[str, Any] | None, code: str
) -> None:
    answer = desk.browser("host").post(f"{desk.session_api}/{step}", json=body)

    assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_only_hosts_and_coordinators_attest(desk: Desk) -> None:
    answer = desk.browser("host").post(
        f"{desk.session_api}/attestations", json={"attested_as": "head"}
    )

    assert answer.status_code in {400, 422}


def test_an_unknown_session_is_told_only_to_those_who_see_everything(desk: Desk) -> None:
    path = f"/api/v1/sessions/{uuid4()}"

    assert desk.browser("city_administrator").get(path).json()["code"] == "session_unknown"
    assert desk.browser("host").get(path).json()["code"] == "forbidden"
