"""Exams as JSON: two persons per result, one error does not stop the others."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.acting import SCHOOL
from tests.api.desk import Desk

NEW = {"title": "家庭教育知识考核", "held_on": "2026-09-18"}


@pytest.fixture
def exam(desk: Desk) -> str:
    desk.at_the_door()
    answer = desk.browser("coordinator").post(f"/api/v1/schools/{SCHOOL}/exams", json=NEW)
    assert answer.status_code == 201
    return f"/api/v1/exams/{answer.json()['exam_id']}"


def results(**scores: int) -> dict[str, Any]:
    return {"results": [{"learner_id": key, "score": score} for key, score in scores.items()]}


def of(learner: UUID, score: int) -> dict[str, Any]:
    return results(**{str(learner): score})


def test_the_same_exam_again_has_the_same_id(desk: Desk, exam: str) -> None:
    again = desk.browser("coordinator").post(f"/api/v1/schools/{SCHOOL}/exams", json=NEW)

    assert exam.endswith(again.json()["exam_id"])
    listed = desk.browser("head").get(f"/api/v1/schools/{SCHOOL}/exams").json()["exams"]
    assert [each["title"] for each in listed] == [NEW["title"]]


def test_a_result_counts_once_two_persons_typed_it(desk: Desk, exam: str) -> None:
    learner = desk.pilot.learners[0]
    desk.browser("class_teacher").post(f"{exam}/results", json=of(learner, 86))
    [waiting] = desk.browser("head").get(f"{exam}/attempts").json()["attempts"]

    checked = desk.browser("head").post(f"{exam}/checks", json=of(learner, 86))

    assert checked.json() == {"taken": 1, "refused": []}
    [counted] = desk.browser("head").get(f"{exam}/attempts").json()["attempts"]
    assert (waiting["score"], waiting["passed"]) == (None, None)
    assert (counted["score"], counted["passed"], counted["merit"]) == (86, True, True)


def test_every_refusal_names_its_learner_and_the_others_are_taken(desk: Desk, exam: str) -> None:
    first, second, third = desk.pilot.learners
    stranger = uuid4()
    desk.browser("class_teacher").post(
        f"{exam}/results", json=results(**{str(first): 86, str(second): 60})
    )

    body = results(**{str(first): 86, str(second): 61, str(third): 70, str(stranger): 50})
    answer = desk.browser("head").post(f"{exam}/checks", json=body).json()

    assert answer["taken"] == 1
    assert {each["learner_id"]: each["code"] for each in answer["refused"]} == {
        str(second): "result_differs",
        str(third): "result_not_entered",
        str(stranger): "learner_unknown",
    }


def test_nobody_checks_their_own_entry_nor_types_their_own_result(desk: Desk, exam: str) -> None:
    own, other = desk.pilot.learners[:2]
    teacher = desk.browser("class_teacher", learner_id=own)
    [mine] = teacher.post(f"{exam}/results", json=of(own, 90)).json()["refused"]
    teacher.post(f"{exam}/results", json=of(other, 70))
    [again] = teacher.post(f"{exam}/checks", json=of(other, 70)).json()["refused"]

    assert (mine["code"], again["code"]) == ("own_case", "checks_own_entry")


@pytest.mark.parametrize("score", [-1, 101])
def test_a_score_lies_between_0_and_100(desk: Desk, exam: str, score: int) -> None:
    answer = desk.browser("class_teacher").post(
        f"{exam}/results", json=of(desk.pilot.learners[0], score)
    )

    assert answer.status_code in {400, 422}


def test_an_unknown_exam_looks_foreign(desk: Desk) -> None:
    answer = desk.browser("coordinator").get(f"/api/v1/exams/{uuid4()}/attempts")

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_attempts_come_in_pages(desk: Desk, exam: str) -> None:
    scores = {str(learner): 70 for learner in desk.pilot.learners}
    desk.browser("class_teacher").post(f"{exam}/results", json=results(**scores))

    page = desk.browser("head").get(f"{exam}/attempts?limit=2&offset=2").json()

    assert (page["total"], len(page["attempts"])) == (3, 1)
