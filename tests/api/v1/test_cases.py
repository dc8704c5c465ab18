"""Disputes and appeals as JSON: from a phone or on paper, with every refusal by its code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response

from domain.evaluation import Evaluation
from tests.acting import DISTRICT, SCHOOL
from tests.api.desk import Desk
from tests.api.pilot_school import PilotSchool
from tests.case_acting import attendance, noon, publish_holidays
from tests.ledger.merging import merge_of, signed_by_two

CASES = "/api/v1/cases"
TERM = f"/api/v1/schools/{SCHOOL}/terms/2026-1"
LATE_POSTING_ENDS = datetime(2027, 3, 7, 4, tzinfo=UTC)
NO = {"upheld": False, "reason": "record_right", "words": "签退记录为19:40"}
PARTLY = {"outcome": "partly", "reason": "new_evidence", "words": "按照片补记半小时"}
UPHELD = {"outcome": "upheld", "reason": "record_wrong", "words": "全程在场"}


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


@pytest.fixture
def desk(desk: Desk) -> Desk:
    publish_holidays(desk.runtime.book)
    desk.clock.move_to(noon(9, 21))
    return desk


def about(desk: Desk, **more: object) -> dict[str, Any]:
    subject = attendance(desk.pilot)
    return {"subject_kind": "attendance", "subject_id": str(subject.id), **more}


def disputed(desk: Desk, words: str = "") -> str:
    body = about(desk, reason="there_longer", words=words)
    answer = desk.browser("parent").post("/api/v1/me/disputes", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])


def lodged(desk: Desk) -> str:
    answer = desk.browser("parent").post("/api/v1/me/appeals", json=about(desk, words="请再看"))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])


def told(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_a_parent_follows_their_dispute_to_its_end(desk: Desk) -> None:
    case_id = disputed(desk, "我一直在")
    desk.browser("class_teacher").post(f"{CASES}/{case_id}/answer", json=NO)

    [case] = desk.browser("parent").get("/api/v1/me/disputes").json()["cases"]
    history = desk.browser("parent").get(f"/api/v1/me/cases/{case_id}").json()

    assert (case["stands"], case["outcome"], case["title"]) == (
        "answered", "refused", "读懂孩子的情绪",
    )  # fmt: skip
    assert [step["words"] for step in history["steps"]] == ["我一直在", NO["words"]]
    assert desk.browser("parent").get("/api/v1/me/appeals").json() == {"cases": []}


def test_a_dispute_of_a_merged_record_is_followed_by_the_record_that_speaks(desk: Desk) -> None:
    case_id = disputed(desk, "我一直在")
    before, now, another = desk.pilot.learners
    signed_by_two(desk.pilot, merge_of(now, before))
    parent = desk.browser("parent", now)

    [case] = parent.get("/api/v1/me/disputes").json()["cases"]

    assert case["case_id"] == case_id
    assert parent.get(f"/api/v1/me/cases/{case_id}").status_code == 200
    assert desk.browser("parent", another).get(f"/api/v1/me/cases/{case_id}").status_code == 404


def test_staff_read_no_words_as_json(desk: Desk) -> None:
    case_id = disputed(desk, "我一直在")

    answer = desk.browser("class_teacher").get(f"{CASES}/{case_id}")

    assert "我一直在" not in answer.text
    assert answer.json()["steps"][0]["has_words"] is True


def test_a_school_sees_what_waits_and_what_ended(desk: Desk) -> None:
    case_id = disputed(desk)
    waiting = desk.browser("head").get(f"/api/v1/schools/{SCHOOL}/cases").json()
    desk.browser("class_teacher").post(f"{CASES}/{case_id}/answer", json=NO)
    after = desk.browser("head").get(f"/api/v1/schools/{SCHOOL}/cases").json()

    assert [each["due"] for each in waiting["open"]] == ["2026-09-24"]
    assert (after["open"], len(after["ended"])) == ([], 1)


def test_an_open_dispute_stands_in_the_way_of_the_terms_close(desk: Desk) -> None:
    case_id = disputed(desk)
    star = str(Evaluation.create_id(desk.pilot.learners[0], "primary"))
    of_star = {"subject_kind": "star", "subject_id": star, "reason": "other"}
    another = desk.browser("parent").post("/api/v1/me/disputes", json=of_star).json()["case_id"]
    desk.clock.move_to(LATE_POSTING_ENDS)
    book = desk.runtime.book
    book.awards.run(desk.pilot.session_id, LATE_POSTING_ENDS, uuid4())
    desk.catch_up(book.ledger.position())
    coordinator = desk.browser("coordinator")

    refused = coordinator.post(f"{TERM}/closing").json()
    listed = coordinator.get(f"{TERM}/closing").json()["obstacles"]
    page = coordinator.get(f"/staff/schools/{SCHOOL}/compliance?term=2026-1").text
    for each in (case_id, another):
        assert coordinator.post(f"{CASES}/{each}/answer", json=NO).status_code == 200

    assert refused["obstacles"] == {"dispute_unanswered": 2}
    found = {(each["about"], each["id"], each["title"]) for each in listed}
    assert found == {("case", case_id, "读懂孩子的情绪"), ("case", another, "")}
    assert f'href="/staff/cases/of/{another}">异议与申诉<' in page
    assert page.count("异议还没有答复") == 2
    assert coordinator.post(f"{TERM}/closing").status_code == 201


def test_an_appeal_goes_through_both_levels(desk: Desk) -> None:
    case_id = lodged(desk)
    head, officer = desk.browser("head"), desk.browser("district_officer")
    assert head.post(f"{CASES}/{case_id}/acknowledgement").status_code == 200
    assert head.post(f"{CASES}/{case_id}/decision", json=PARTLY).status_code == 200
    asked = desk.browser("parent").post(
        f"/api/v1/me/appeals/{case_id}/escalation", json={"words": "请区里再看"}
    )
    assert asked.status_code == 200
    before = officer.get(f"/api/v1/districts/{DISTRICT}/cases").json()
    assert officer.post(f"{CASES}/{case_id}/review", json=UPHELD).status_code == 200

    [case] = officer.get(f"/api/v1/districts/{DISTRICT}/cases").json()["ended"]
    assert [each["stands"] for each in before["open"]] == ["escalated"]
    assert (case["stands"], case["outcome"], case["acknowledged"]) == ("reviewed", "upheld", True)
    assert told(officer.post(f"{CASES}/{case_id}/review", json=PARTLY)) == (409, "appeal_is_final")


def test_the_district_counts_what_waits_too_long(desk: Desk) -> None:
    disputed(desk)
    desk.clock.move_to(noon(9, 25))

    found = desk.browser("auditor").get(f"/api/v1/districts/{DISTRICT}/cases").json()

    assert found["overdue"] == [
        {"district_code": DISTRICT, "kind": "dispute", "stands": "open", "cases": 1}
    ]
    overdue = desk.runtime.models.cases.overdue
    assert overdue(noon(9, 24).date()) == []
    assert [each.cases for each in overdue(noon(9, 25).date(), school_code=SCHOOL)] == [1]


def test_paper_counts_the_same_as_the_phone(desk: Desk) -> None:
    learner = str(desk.pilot.learners[0])
    body = about(desk, reason="wrong_hours", learner_id=learner)
    teacher = desk.browser("class_teacher")
    dispute = teacher.post(f"/api/v1/schools/{SCHOOL}/disputes", json=body).json()["case_id"]
    teacher.post(f"{CASES}/{dispute}/answer", json=NO)
    appeal = teacher.post(
        f"/api/v1/schools/{SCHOOL}/appeals", json=about(desk, learner_id=learner)
    ).json()["case_id"]
    desk.browser("head").post(f"{CASES}/{appeal}/decision", json=PARTLY)
    escalated = teacher.post(f"{CASES}/{appeal}/escalation", json={"words": "纸质申请"})

    assert escalated.status_code == 200
    cases = desk.browser("parent").get("/api/v1/me/appeals").json()["cases"]
    assert [(each["case_id"], each["stands"]) for each in cases] == [(appeal, "escalated")]


def test_another_school_writes_down_nothing(desk: Desk) -> None:
    body = about(desk, reason="wrong_hours", learner_id=str(desk.pilot.learners[0]))

    answer = desk.browser("class_teacher_elsewhere").post(
        "/api/v1/schools/4401040003/disputes", json=body
    )

    assert told(answer) == (404, "subject_not_yours")


def test_credit_is_held_while_a_case_is_open(desk: Desk) -> None:
    case_id, learner = disputed(desk), desk.pilot.learners[0]
    [line] = desk.runtime.models.accounts.statement(learner)
    entries = {"entry_ids": [str(line.entry_id)]}
    coordinator = desk.browser("coordinator")
    assert coordinator.post(f"{CASES}/{case_id}/holds", json=entries).status_code == 200
    assert desk.runtime.models.accounts.held(learner) == 200

    assert coordinator.post(f"{CASES}/{case_id}/releases", json=entries).status_code == 200

    assert desk.runtime.models.accounts.held(learner) == 0


def test_what_is_refused_has_its_code(desk: Desk) -> None:
    parent, teacher = desk.browser("parent"), desk.browser("class_teacher")
    case_id = disputed(desk)

    def dispute(**changes: object) -> tuple[int, str]:
        body = {**about(desk, reason="there_longer"), **changes}
        return told(parent.post("/api/v1/me/disputes", json=body))

    assert dispute(subject_id=str(uuid4())) == (404, "subject_not_yours")
    assert dispute(reason="other") == (409, "dispute_already_open")
    assert told(parent.post("/api/v1/me/appeals", json=about(desk))) == (409, "answer_awaited")
    silent = {**NO, "words": " "}
    assert told(teacher.post(f"{CASES}/{case_id}/answer", json=silent)) == (422, "reasons_missing")
    teacher.post(f"{CASES}/{case_id}/answer", json=NO)
    again = desk.browser("coordinator").post(f"{CASES}/{case_id}/answer", json=NO)
    assert told(again) == (409, "dispute_already_answered")
    linked = teacher.post(f"{CASES}/{case_id}/corrections", json={"correction_id": str(uuid4())})
    assert told(linked) == (404, "correction_unknown")
    desk.clock.move_to(noon(10, 15))
    assert told(parent.post("/api/v1/me/appeals", json=about(desk))) == (409, "appeal_too_late")
    assert told(desk.browser("head").get(f"{CASES}/{uuid4()}")) == (403, "forbidden")
    assert told(parent.get(f"/api/v1/me/cases/{uuid4()}")) == (404, "subject_not_yours")


def test_a_decision_has_its_refusals(desk: Desk) -> None:
    case_id = lodged(desk)
    decide, review = f"{CASES}/{case_id}/decision", f"{CASES}/{case_id}/review"
    head, officer = desk.browser("head"), desk.browser("district_officer")

    assert told(desk.browser("coordinator").post(decide, json=PARTLY)) == (
        403, "decider_took_part",
    )  # fmt: skip
    assert told(officer.post(review, json=UPHELD)) == (409, "appeal_not_escalated")
    silent = {**PARTLY, "words": ""}
    assert told(head.post(decide, json=silent)) == (422, "reasons_missing")
    head.post(decide, json=PARTLY)
    assert told(head.post(decide, json=UPHELD)) == (409, "appeal_already_decided")
    late = desk.browser("parent").post(f"/api/v1/me/appeals/{case_id}/withdrawal")
    assert late.status_code == 200
    assert told(head.post(f"{CASES}/{case_id}/acknowledgement")) == (409, "appeal_is_final")


def test_a_session_that_runs_and_a_term_that_is_over_are_refused(desk: Desk) -> None:
    desk.clock.move_to(noon(9, 21).replace(year=2027, month=3))
    body = about(desk, reason="other")
    answer = desk.browser("parent").post("/api/v1/me/disputes", json=body)

    assert told(answer) == (409, "dispute_too_late")
    assert answer.json()["last_day"] == "2027-02-21"


def test_nobody_answers_in_their_own_case(desk: Desk) -> None:
    case_id, own = disputed(desk), desk.pilot.learners[0]
    desk.people.pop("class_teacher", None)
    teacher = desk.browser("class_teacher", learner_id=own)

    assert told(teacher.post(f"{CASES}/{case_id}/answer", json=NO)) == (403, "own_case")
