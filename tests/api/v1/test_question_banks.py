"""Question banks as JSON: the owner's own staff put questions in, others may use a library."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.acting import DISTRICT, SCHOOL
from tests.api.desk import Desk
from tests.online_exams import asked, fill_bank

COURSE = {"course": "亲子沟通"}


def question(**different: Any) -> dict[str, Any]:
    return {**asked(2).model_dump(mode="json"), **different}


@pytest.fixture
def bank(desk: Desk) -> str:
    desk.at_the_door()
    answer = desk.browser("coordinator").post(
        f"/api/v1/organisations/{SCHOOL}/question-banks", json=COURSE
    )
    assert answer.status_code == 201
    return f"/api/v1/question-banks/{answer.json()['bank_id']}"


def test_questions_are_added_revised_and_retired(desk: Desk, bank: str) -> None:
    coordinator = desk.browser("coordinator")
    both = {"questions": [question(), question(number="3")]}
    assert coordinator.post(f"{bank}/questions", json=both).json() == {"news": ["2", "3"]}
    assert coordinator.post(f"{bank}/questions", json=both).json() == {"news": []}
    revised = {"questions": [question(explanation="新解析")]}
    assert coordinator.post(f"{bank}/questions", json=revised).json() == {"news": ["2"]}
    [first, second] = coordinator.get(bank).json()["asked"]
    assert (first["revision"], first["explanation"], second["revision"]) == (2, "新解析", 1)

    gone = f"{bank}/questions/{first['question_id']}/retirement"

    assert coordinator.post(gone).status_code == 200
    assert coordinator.post(gone).status_code == 200
    unknown = f"{bank}/questions/{uuid4()}/retirement"
    assert coordinator.post(unknown).json()["code"] == "question_unknown"
    state = coordinator.get(bank).json()
    assert state["questions"] == 1
    assert [each["retired"] for each in state["asked"]] == [False, True]
    coordinator.post(f"{bank}/questions", json=both)
    assert desk.browser("head").get(bank).json()["questions"] == 2


def test_an_unsound_question_stops_its_fellows(desk: Desk, bank: str) -> None:
    both = {"questions": [question(), question(number="3", right=[9])]}
    answer = desk.browser("coordinator").post(f"{bank}/questions", json=both)
    assert (answer.status_code, answer.json()["code"]) == (422, "question_unsound")
    assert desk.browser("coordinator").get(bank).json()["questions"] == 0


def test_a_district_keeps_a_library(desk: Desk, bank: str) -> None:
    officer = desk.browser("district_officer")
    address = f"/api/v1/organisations/{DISTRICT}/question-banks"
    first = officer.post(address, json=COURSE).json()
    assert officer.post(address, json=COURSE).json() == first
    assert [each["owner"] for each in officer.get(address).json()["banks"]] == [DISTRICT]
    for asker in ("coordinator", "district_officer_elsewhere", "nobody"):
        assert desk.browser(asker).post(address, json=COURSE).status_code in {401, 403}
    city = f"/api/v1/organisations/{DISTRICT[:4]}00/question-banks"
    assert desk.browser("city_administrator").post(city, json=COURSE).status_code == 201


def test_an_online_exam_names_its_banks(desk: Desk) -> None:
    desk.at_the_door()
    bank_id, small = (str(fill_bank(desk.runtime.book, size)) for size in (60, 0))
    body = {
        "title": "家庭教育知识考核", "bank_ids": [bank_id],
        "opens_at": "2026-09-20T08:00:00+08:00", "closes_at": "2026-10-20T20:00:00+08:00",
    }  # fmt: skip
    coordinator = desk.browser("coordinator")
    address = f"/api/v1/schools/{SCHOOL}/online-exams"

    published = coordinator.post(address, json=body)

    assert (published.status_code, small) == (201, bank_id)
    [exam] = coordinator.get(f"/api/v1/schools/{SCHOOL}/exams").json()["exams"]
    assert (exam["modes"], exam["held_on"]) == (["online", "paper"], "2026-09-20")
    assert (exam["questions"], exam["time_limit_minutes"], exam["pass_mark"]) == (20, 30, 60)
    wrong = {**body, "closes_at": body["opens_at"]}
    assert coordinator.post(address, json=wrong).json()["code"] == "exam_times_wrong"
    other = {**body, "others": []}
    assert coordinator.post(address, json=other).json()["code"] == "exam_published_otherwise"
