"""The fifth star as JSON: candidates, publicity, objections, the decision."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.enrolment import Leaving
from domain.learner import Learner
from ledger.evaluating import school_of
from projections.learners_in_turn import LearnersInTurn
from tests.acting import SCHOOL, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.ledger.stars import READY_ON, with_four_stars

LIST = f"/api/v1/schools/{SCHOOL}/star-proposals"


@pytest.fixture
def ready(desk: Desk) -> Desk:
    with_four_stars(desk.runtime.book, desk.pilot.learners[0])
    desk.clock.move_to(READY_ON)
    desk.authorised_until(READY_ON.date() + timedelta(days=60))
    desk.catch_up(desk.runtime.book.ledger.position())
    return desk


def proposed(desk: Desk) -> str:
    body = {"learner_id": str(desk.pilot.learners[0]), "stage": "primary"}
    answer = desk.browser("coordinator").post(LIST, json=body)
    assert answer.status_code == 201, answer.text
    return f"/api/v1/star-proposals/{answer.json()['proposal_id']}"


def test_whoever_meets_every_condition_is_a_candidate_until_proposed(ready: Desk) -> None:
    [candidate] = ready.browser("coordinator").get(LIST).json()["candidates"]
    assert (candidate["level"], candidate["grade"]) == (5, "六年级")

    proposed(ready)

    body = ready.browser("head").get(LIST).json()
    assert body["candidates"] == []
    [proposal] = body["proposals"]
    assert (proposal["state"], proposal["published_until"]) == ("published", "2030-05-13")


def test_whose_child_moved_within_the_year_is_the_new_school_s_candidate(ready: Desk) -> None:
    learner = moved(ready)

    proposals = ready.runtime.models.star_proposals
    assert proposals.candidates_of(SCHOOL) == []
    assert [each.learner_id for each in proposals.candidates_of(ELSEWHERE)] == [learner.id]
    assert school_of(learner, "primary") == ELSEWHERE
    turn = LearnersInTurn(ready.runtime.views)
    assert turn.schools_of([learner.id]) == {learner.id: ELSEWHERE}


def moved(desk: Desk) -> Learner:
    """The first learner's child has gone to a school whose code comes later."""
    learner = desk.runtime.book.learners.get(desk.pilot.learners[0])
    place, by = list(learner.enrolments.values())[-1], envelope(READY_ON)
    learner.end_enrolment(place, READY_ON.date(), Leaving.TRANSFERRED, by)
    there = place.model_copy(update={"school_code": ELSEWHERE})
    learner.enrol(there, by, READY_ON.date())
    desk.runtime.book.ledger.save(learner)
    desk.catch_up(desk.runtime.book.ledger.position())
    return learner


def test_a_star_is_granted_after_publicity_with_its_objections_answered(ready: Desk) -> None:
    address = proposed(ready)
    parent = ready.browser("parent", ready.pilot.learners[1])
    [shown] = parent.get("/api/v1/me/star-proposals").json()
    assert "learner_id" not in shown
    own = f"/api/v1/me/star-proposals/{shown['proposal_id']}/objections"
    answer = parent.post(own, json={"reason_code": "no_example", "words": "示例说明"})
    objection = answer.json()["objection_id"]
    teacher = ready.browser("class_teacher")
    answer = teacher.post(f"{address}/objections", json={"reason_code": "other"})
    other = answer.json()["objection_id"]
    head = ready.browser("head")
    assert head.post(f"{address}/decision", json={}).json()["code"] == "publicity_not_over"
    ready.clock.move_to(READY_ON + timedelta(days=8))
    head, teacher = ready.browser("head"), ready.browser("class_teacher")
    assert head.post(f"{address}/decision", json={}).json()["code"] == "objection_open"
    late = teacher.post(f"{address}/objections", json={"reason_code": "other"})
    assert late.status_code == 201  # the same person again is no news

    for key in (objection, other):
        head.post(f"{address}/objections/{key}", json={"upheld": False})
    assert head.post(f"{address}/decision", json={}).status_code == 201

    [progress] = ready.runtime.models.stars.progress_of(ready.pilot.learners[0])
    assert (progress.star_level, progress.needs_proposal) == (5, False)
    due = ready.runtime.models.certificates.due_of(SCHOOL)
    assert {each.level for each in due if each.kind == "star_level"} >= {5}


def test_an_objection_comes_too_late_after_the_publicity(ready: Desk) -> None:
    address = proposed(ready)
    ready.clock.move_to(READY_ON + timedelta(days=8))
    answer = ready.browser("host").post(f"{address}/objections", json={"reason_code": "other"})
    assert answer.json()["code"] == "publicity_over"


def test_an_objection_that_holds_refuses_the_star(ready: Desk) -> None:
    address = proposed(ready)
    host = ready.browser("host")
    objection = host.post(f"{address}/objections", json={"reason_code": "other"}).json()
    head, path = ready.browser("head"), f"{address}/objections/{objection['objection_id']}"

    assert head.post(path, json={"upheld": True}).status_code == 201

    assert head.post(f"{address}/decision", json={}).json()["code"] == "star_proposal_decided"
    unknown = head.post(f"{address}/objections/{uuid4()}", json={"upheld": True})
    assert unknown.json()["code"] == "star_proposal_decided"


def test_a_head_refuses_with_a_reason(ready: Desk) -> None:
    address = proposed(ready)
    ready.clock.move_to(READY_ON + timedelta(days=8))

    ready.browser("head").post(f"{address}/decision", json={"refused_because": "no_example"})

    [proposal] = ready.browser("district_officer").get(LIST).json()["proposals"]
    assert (proposal["state"], proposal["reason_code"]) == ("refused", "no_example")


def test_nobody_is_proposed_whose_record_does_not_ask_for_it(ready: Desk) -> None:
    body = {"learner_id": str(ready.pilot.learners[1]), "stage": "primary"}
    answer = ready.browser("coordinator").post(LIST, json=body)
    assert answer.json()["code"] == "star_not_due"


def test_what_is_not_there_is_told_to_those_who_see_everything(ready: Desk) -> None:
    path = f"/api/v1/me/star-proposals/{uuid4()}/objections"
    parent = ready.browser("parent").post(path, json={"reason_code": "other"})
    assert parent.json()["code"] == "star_proposal_unknown"
    head = ready.browser("head").post(f"/api/v1/star-proposals/{uuid4()}/decision", json={})
    assert head.status_code == 403
