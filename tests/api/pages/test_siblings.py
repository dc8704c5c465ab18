"""A parent of two children in one class stands once on every list, with both children's names."""

from __future__ import annotations

import re

import pytest

from ledger.roster import Roster
from tests.acting import SCHOOL, entry, envelope
from tests.api.desk import Desk

CHILD, SIBLING = "（示例）陈小2", "（示例）陈小二"
BOTH, CLASS = f"{CHILD}、{SIBLING}", "grade=三年级&group=2班"


@pytest.fixture
def siblings(desk: Desk) -> Desk:
    """The first learner's second child is in the same class."""
    row = entry(2, child_name=SIBLING, student_no="20230999")
    desk.runtime.book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    desk.catch_up(desk.runtime.book.ledger.position())
    return desk


def test_lists_by_class_name_both_children_once(siblings: Desk) -> None:
    siblings.at_the_door()
    coordinator, exam_id = siblings.browser("coordinator"), siblings.typed(80)
    for page in (
        f"{siblings.session}/list?{CLASS}",
        f"{siblings.session}/services?{CLASS}",
        f"/staff/schools/{SCHOOL}/statements?{CLASS}",
        f"/staff/classes/{SCHOOL}/personal-codes?{CLASS}",
        f"/staff/exams/of/{exam_id}?{CLASS}",
    ):
        text = coordinator.get(page).text
        assert BOTH in text, page
        assert text.count(CHILD) == text.count(BOTH), page
    slips = {"grade": "三年级", "group": "2班"}
    assert coordinator.post(f"/staff/classes/{SCHOOL}/slips", data=slips).text.count(BOTH) == 1


def test_who_comes_for_two_is_found_by_either_child(siblings: Desk) -> None:
    host = siblings.browser("host")

    for name in (CHILD, SIBLING):
        assert BOTH in host.post(f"{siblings.session}/find", data={"name": name}).text
    people = host.get(f"{siblings.session}/scan/list").json()["people"]
    assert [each["child"] for each in people].count(BOTH) == 1
    assert {each["place"] for each in people} == {"三年级2班"}


def test_register_and_record_name_the_class_once(siblings: Desk) -> None:
    learner = siblings.pilot.learners[0]
    siblings.open()
    siblings.tap(learner)
    coordinator = siblings.browser("coordinator")

    register = coordinator.get(f"{siblings.session}/register").text
    record = coordinator.get(f"/staff/learners/{learner}").text

    assert f"<td>三年级2班</td><td>{BOTH}</td>" in register
    [heading] = re.findall(r'<div class="heading">.*?学员编号', record, re.DOTALL)
    assert heading.count("三年级2班") == 1
