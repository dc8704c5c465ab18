"""What has changed lately as JSON: a parent's own, and a learner's for who may read the history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.leave import LeaveCategory
from tests.acting import STARTS, envelope
from tests.api.desk import Desk
from tests.case_acting import noon, publish_holidays
from tests.ledger.merging import merge_of, signed_by_two

OWN = "/api/v1/me/changes"
NO = {"upheld": False, "reason": "record_right", "words": "签退记录为19:40"}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The third parent asked for leave; the first two were there and were credited."""
    book, before = desk.runtime.book, envelope(STARTS - timedelta(days=2))
    publish_holidays(book)
    book.leaves.request(desk.pilot.session_id, desk.pilot.learners[2], LeaveCategory.WORK, before)
    desk.attested()
    desk.clock.move_to(noon(9, 22))
    return desk


def changes(desk: Desk, number: int = 0) -> list[dict[str, Any]]:
    answer = desk.browser("parent", desk.pilot.learners[number]).get(OWN)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["changes"]
    return found


def test_nothing_changed_until_something_is_put_right(desk: Desk) -> None:
    assert changes(desk) == []


def test_a_correction_is_told_with_hours_before_and_after(desk: Desk) -> None:
    desk.put_right(minutes=45)

    [change] = changes(desk)

    assert (change["about"], change["title"]) == ("line", "读懂孩子的情绪")
    assert (change["hours_before"], change["hours_after"]) == (200, 100)
    assert change["reason_code"] == "entry_error"
    awarded = desk.runtime.models.accounts.statement(desk.pilot.learners[0])[-1]
    assert change["id"] == str(awarded.entry_id)
    assert changes(desk, 1) == []


def test_an_answer_is_told_with_its_outcome_and_reason(desk: Desk) -> None:
    desk.put_right(minutes=45)
    line = desk.runtime.models.accounts.statement(desk.pilot.learners[0])[-1]
    body = {"subject_kind": "entry", "subject_id": str(line.entry_id), "reason": "there_longer"}
    case_id = desk.browser("parent").post("/api/v1/me/disputes", json=body).json()["case_id"]
    assert [each["about"] for each in changes(desk)] == ["line"]
    desk.clock.move_to(noon(9, 23))
    desk.browser("class_teacher").post(f"/api/v1/cases/{case_id}/answer", json=NO)

    first, second = changes(desk)

    assert (first["about"], first["id"], first["became"]) == ("case", case_id, "answered")
    assert (first["outcome"], first["reason_code"]) == ("refused", "record_right")
    assert second["about"] == "line"


def test_leave_is_told_once_it_is_decided(desk: Desk) -> None:
    learner = desk.pilot.learners[2]
    assert changes(desk, 2) == []
    leaves, by = desk.runtime.book.leaves, envelope(desk.clock.at)
    desk.catch_up(leaves.turn_down(desk.pilot.session_id, learner, by))

    [change] = changes(desk, 2)

    assert (change["about"], change["became"], change["kind"]) == ("leave", "turned_down", "work")
    assert change["title"] == "读懂孩子的情绪"


def test_leave_decided_under_a_record_merged_since_is_told_and_shown(desk: Desk) -> None:
    book, (_, second, third) = desk.runtime.book, desk.pilot.learners
    book.leaves.turn_down(desk.pilot.session_id, third, envelope(desk.clock.at))
    signed_by_two(desk.pilot, merge_of(second, third))
    desk.catch_up(book.ledger.position())

    [change] = [each for each in changes(desk, 1) if each["about"] == "leave"]

    assert change["became"] == "turned_down"
    assert desk.pilot.session_id in desk.runtime.models.leaves.of_learner(second)


def test_a_correction_under_a_record_merged_since_is_told_and_the_merge_is_not(desk: Desk) -> None:
    first, second, _ = desk.pilot.learners
    desk.put_right(minutes=45)
    signed_by_two(desk.pilot, merge_of(second, first))
    desk.catch_up(desk.runtime.book.ledger.position())

    [line] = changes(desk, 1)

    assert line["reason_code"] == "entry_error"
    assert (line["hours_before"], line["hours_after"]) == (200, 100)
    why = f"/api/v1/me/lines/{line['id']}/explanation"
    assert desk.browser("parent", second).get(why).status_code == 200


def test_what_changed_is_told_for_thirty_days(desk: Desk) -> None:
    desk.put_right(minutes=45)
    desk.clock.move_to(noon(10, 22))
    assert len(changes(desk)) == 1
    desk.clock.move_to(noon(10, 23))
    assert changes(desk) == []


def test_staff_with_the_right_to_the_history_read_the_same(desk: Desk) -> None:
    desk.put_right(minutes=45)
    path = f"/api/v1/learners/{desk.pilot.learners[0]}/changes"

    assert desk.browser("coordinator").get(path).json()["changes"] == changes(desk)
    assert desk.browser("host").get(path).json()["code"] == "forbidden"
