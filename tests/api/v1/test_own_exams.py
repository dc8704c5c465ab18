"""A parent's exam as JSON: from the device alone, marked by the server, told afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from tests.api.desk import Desk
from tests.online_exams import STARTED, answers, publish_online

HALF_AN_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)


@pytest.fixture
def exam(desk: Desk) -> str:
    exam_id = publish_online(desk.runtime.book)
    desk.clock.move_to(STARTED)
    desk.catch_up(desk.runtime.book.ledger.position())
    return f"/api/v1/me/exams/{exam_id}"


@pytest.fixture
def phone(desk: Desk) -> TestClient:
    return desk.browser("parent")


def begun(phone: TestClient, exam: str) -> str:
    answer = phone.post(f"{exam}/attempts")
    assert answer.status_code == 201, answer.text
    return f"/api/v1/me/attempts/{answer.json()['attempt_id']}"


def ticks(desk: Desk, sheet: str, right: int) -> dict[str, dict[str, list[int]]]:
    attempt_id = UUID(sheet.rsplit("/", 1)[1])
    places = answers(desk.runtime.book, attempt_id, desk.pilot.learners[0], right)
    return {"answers": {str(key): list(chosen) for key, chosen in places.items()}}


def test_an_exam_is_listed_taken_and_told(desk: Desk, exam: str, phone: TestClient) -> None:
    [listed] = phone.get("/api/v1/me/exams").json()["exams"]
    assert (listed["step"], listed["attempts_left"], listed["questions"]) == ("start", 3, 20)
    sheet = begun(phone, exam)
    assert begun(phone, exam) == sheet
    asked = phone.get(sheet).json()
    assert asked["ends_at"] == "2026-09-15T00:30:00Z"
    assert {each["right"] for each in asked["questions"]} == {None}

    marked = phone.post(f"{sheet}/submission", json=ticks(desk, sheet, 17)).json()

    assert (marked["score"], marked["passed"], marked["merit"]) == (85, True, True)
    first = marked["questions"][0]
    assert first["picked"] == first["right"]
    assert first["explanation"] == "示例解析"
    now = phone.get(exam).json()
    assert (now["step"], now["best_score"], now["passed"]) == ("rest", 85, True)
    assert now["earliest"] == "2026-09-16T00:00:00Z"


def test_what_is_saved_is_still_there(desk: Desk, exam: str, phone: TestClient) -> None:
    sheet = begun(phone, exam)
    body = ticks(desk, sheet, 5)
    assert phone.put(f"{sheet}/answers", json=body).status_code == 200

    asked = phone.get(sheet).json()["questions"]

    assert {each["question_id"]: each["picked"] for each in asked if each["picked"]} == {
        key: sorted(places) for key, places in body["answers"].items()
    }
    assert phone.get(exam).json()["step"] == "go_on"


def test_too_late_is_refused_and_marked_from_what_was_saved(
    desk: Desk, exam: str, phone: TestClient
) -> None:
    sheet = begun(phone, exam)
    phone.put(f"{sheet}/answers", json=ticks(desk, sheet, 12))
    body = ticks(desk, sheet, 20)
    desk.clock.move_to(STARTED + HALF_AN_HOUR + timedelta(seconds=1))
    assert phone.get(exam).json()["step"] == "run_out"

    late = phone.post(f"{sheet}/submission", json=body)

    assert (late.status_code, late.json()["code"]) == (409, "answer_after_time")
    assert phone.get(sheet).json()["score"] == 60
    assert phone.post(f"{sheet}/submission", json=body).json()["code"] == "answer_after_time"


def test_the_next_attempt_is_told_from_when_and_the_fourth_is_refused(
    desk: Desk, exam: str, phone: TestClient
) -> None:
    for days in range(0, 6, 2):
        desk.clock.move_to(STARTED + days * DAY)
        sheet = begun(phone, exam)
        phone.post(f"{sheet}/submission", json=ticks(desk, sheet, 3))
        early = phone.post(f"{exam}/attempts").json()
        if days < 4:
            assert early["code"] == "attempt_too_early"
            assert early["earliest"].startswith(f"2026-09-{16 + days}T00:00:00")
    desk.clock.move_to(STARTED + 9 * DAY)

    fourth = phone.post(f"{exam}/attempts")

    assert (fourth.status_code, fourth.json()["code"]) == (409, "attempts_used")
    assert phone.get(exam).json()["step"] == "used_up"


@pytest.mark.parametrize(("days", "step"), [(-3, "not_yet"), (90, "closed")])
def test_outside_its_hours_an_exam_cannot_be_begun(
    desk: Desk, exam: str, phone: TestClient, days: int, step: str
) -> None:
    desk.clock.move_to(STARTED + days * DAY)
    phone = desk.browser("parent")
    assert phone.get(exam).json()["step"] == step
    assert phone.post(f"{exam}/attempts").json()["code"] == "exam_not_open"


def test_a_sheet_is_its_learners_alone(desk: Desk, exam: str, phone: TestClient) -> None:
    sheet = begun(phone, exam)
    other = desk.browser("parent", desk.pilot.learners[1])
    assert other.get(sheet).json()["code"] == "attempt_unknown"
    assert other.put(f"{sheet}/answers", json={"answers": {}}).status_code == 404


def test_answers_that_were_not_asked_for_are_refused(
    desk: Desk, exam: str, phone: TestClient
) -> None:
    sheet = begun(phone, exam)
    answer = phone.put(f"{sheet}/answers", json={"answers": {str(uuid4()): [0]}})
    assert (answer.status_code, answer.json()["code"]) == (422, "answer_unknown")


def test_a_phone_that_nobody_confirmed_takes_no_exam(desk: Desk, exam: str) -> None:
    phone = desk.browser("nobody")
    assert phone.get("/api/v1/me/exams").status_code == 401
