"""Attempts as JSON: two people for what is spoken, draws that an auditor repeats, corrections."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.desk import Desk
from tests.online_exams import STARTED, answers, parent, publish_online

ORAL = {"passed": True, "reason": "elderly"}


@pytest.fixture
def exam(desk: Desk) -> str:
    exam_id = publish_online(desk.runtime.book)
    desk.clock.move_to(STARTED)
    desk.catch_up(desk.runtime.book.ledger.position())
    return f"/api/v1/exams/{exam_id}"


def attempts(desk: Desk, exam: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.browser("head").get(f"{exam}/attempts").json()["attempts"]
    return found


def test_an_oral_result_needs_examiner_and_witness(desk: Desk, exam: str) -> None:
    body = {"learner_id": str(desk.pilot.learners[0]), **ORAL}
    teacher = desk.browser("class_teacher")
    attempt_id = teacher.post(f"{exam}/oral-results", json=body).json()["attempt_id"]
    [waiting] = attempts(desk, exam)
    assert (waiting["way"], waiting["standing"], waiting["passed"]) == ("oral", "waiting", None)
    witness = f"{exam}/attempts/{attempt_id}/witness"
    assert teacher.post(witness).json()["code"] == "witness_is_examiner"

    assert desk.browser("head").post(witness).status_code == 200

    [counted] = attempts(desk, exam)
    assert (counted["standing"], counted["passed"], counted["score"]) == ("counted", True, None)


def test_the_examiner_is_not_the_learner_and_the_learner_is_the_schools(
    desk: Desk, exam: str
) -> None:
    own = desk.pilot.learners[0]
    teacher = desk.browser("class_teacher", learner_id=own)
    codes = [
        teacher.post(f"{exam}/{way}", json={"learner_id": str(key), **facts}).json()["code"]
        for way, facts in (("oral-results", ORAL), ("study-notes", {"passed": True}))
        for key in (own, uuid4())
    ]
    assert codes == ["own_case", "learner_unknown"] * 2


def test_a_study_note_is_judged_by_the_class_teacher(desk: Desk, exam: str) -> None:
    body = {"learner_id": str(desk.pilot.learners[0]), "passed": True}
    assert desk.browser("coordinator").post(f"{exam}/study-notes", json=body).status_code == 403
    assert desk.browser("class_teacher").post(f"{exam}/study-notes", json=body).status_code == 201
    [counted] = attempts(desk, exam)
    assert (counted["way"], counted["standing"], counted["passed"]) == (
        "study_note", "counted", True,
    )  # fmt: skip


def test_a_wrong_entry_is_withdrawn_by_the_coordinator(desk: Desk, exam: str) -> None:
    result = {"learner_id": str(desk.pilot.learners[0]), "score": 17}
    desk.browser("class_teacher").post(f"{exam}/results", json={"results": [result]})
    [waiting] = attempts(desk, exam)
    address = f"{exam}/attempts/{waiting['attempt_id']}/withdrawal"
    assert desk.browser("class_teacher").post(address).status_code == 403

    assert desk.browser("coordinator").post(address).status_code == 200

    again = {"results": [{**result, "score": 71}]}
    answer = desk.browser("class_teacher").post(f"{exam}/results", json=again)
    assert answer.json() == {"taken": 1, "refused": []}
    assert [each["standing"] for each in attempts(desk, exam)] == ["withdrawn", "waiting"]


def test_a_later_sitting_names_itself(desk: Desk, exam: str) -> None:
    result = {"learner_id": str(desk.pilot.learners[0]), "score": 50}
    for sitting in (1, 2):
        body = {"results": [{**result, "sitting": sitting}]}
        assert desk.browser("class_teacher").post(f"{exam}/results", json=body).json()["taken"] == 1
        assert desk.browser("head").post(f"{exam}/checks", json=body).json()["taken"] == 1
    assert [each["sitting"] for each in attempts(desk, exam)] == [1, 2]


def test_an_auditor_draws_again_and_sees_no_answer(desk: Desk, exam: str) -> None:
    learner, online = desk.pilot.learners[0], desk.runtime.book.online_exams
    attempt_id = online.start(UUID(exam.rsplit("/", 1)[1]), learner, parent(learner))
    asked = online.sheet(attempt_id, learner).questions

    drawn = desk.browser("coordinator").get(f"{exam}/attempts/{attempt_id}/draw").json()

    assert [each["question_id"] for each in drawn["questions"]] == [
        str(each.question_id) for each in asked
    ]
    assert list(drawn["banks"].values()) == [61]
    assert "right" not in drawn["questions"][0]
    desk.browser("class_teacher").post(
        f"{exam}/study-notes", json={"learner_id": str(desk.pilot.learners[1]), "passed": True}
    )
    note = next(each for each in attempts(desk, exam) if each["way"] == "study_note")
    address = f"{exam}/attempts/{note['attempt_id']}/draw"
    assert desk.browser("coordinator").get(address).json()["code"] == "attempt_unknown"


def test_a_result_is_corrected_by_two_over_the_preview(desk: Desk, exam: str) -> None:
    learner, online = desk.pilot.learners[0], desk.runtime.book.online_exams
    exam_id = UUID(exam.rsplit("/", 1)[1])
    attempt_id = online.start(exam_id, learner, parent(learner))
    places = answers(desk.runtime.book, attempt_id, learner, 11)
    online.submit(attempt_id, learner, places, parent(learner, STARTED + timedelta(minutes=5)))
    desk.catch_up(desk.runtime.book.ledger.position())
    order = {
        "kind": "exam_result", "exam_id": str(exam_id), "attempt_id": str(attempt_id),
        "score": 60, "reason_code": "rule_misapplied",
    }  # fmt: skip
    coordinator = desk.browser("coordinator")

    seen = coordinator.post("/api/v1/corrections/preview", json={"order": order}).json()
    assert (seen["second"], seen["effective_term"]) == ("colleague", "2026-1")
    signed = {"order": order, "sha256": seen["sha256"]}
    correction = coordinator.post("/api/v1/corrections", json=signed).json()
    approval = f"/api/v1/corrections/{correction['correction_id']}/approval"
    done = desk.browser("head").post(approval, json={"sha256": seen["sha256"]})

    assert (correction["state"], done.json()["state"]) == ("waiting", "applied")
    [counted] = attempts(desk, exam)
    assert (counted["score"], counted["passed"], counted["put_right"]) == (
        60, True, "rule_misapplied",
    )  # fmt: skip
