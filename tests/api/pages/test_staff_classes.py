"""Classes, families, and the slips with enrolment codes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from api.access.enrolment_codes import CodeUnknown
from tests.acting import SCHOOL
from tests.api.desk import Desk
from tests.ledger.merging import merge_of, signed_by_two

CLASS = {"grade": "三年级", "group": "2班"}
CODE = re.compile(r'<p class="code">([0-9A-Z-]+)</p>')
FAMILIES = f"/staff/classes/{SCHOOL}/families?grade=三年级&group=2班"


@pytest.fixture(autouse=True)
def in_september(desk: Desk) -> None:
    desk.at_the_door()


def test_the_classes_of_the_school_year_stand_with_their_counts(desk: Desk) -> None:
    page = desk.browser("class_teacher").get(f"/staff/classes/{SCHOOL}").text

    assert "2026学年" in page
    assert re.search(r"三年级2班</a></td><td>小学</td>.*?>3</td>.*?>3</td>", page)


def test_a_family_is_a_child_and_its_adults(desk: Desk) -> None:
    page = desk.browser("class_teacher").get(FAMILIES).text

    assert "（示例）陈小2" in page
    assert "父亲 · 监护人" in page
    assert not re.search(r"\b100\d{8}\b", page)
    assert desk.readings("class_families") == 1


def test_an_auditor_sees_masks_and_a_head_no_codes(desk: Desk) -> None:
    assert "（示例）陈小" not in desk.browser("auditor").get(FAMILIES).text
    assert "登记码" not in desk.browser("head").get(FAMILIES).text


def test_a_whole_class_gets_one_slip_each_and_every_code_enrols(desk: Desk) -> None:
    answer = desk.browser("class_teacher").post(f"/staff/classes/{SCHOOL}/slips", data=CLASS)

    found = CODE.findall(answer.text)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count('class="qr"') == 3
    assert all(f"http://127.0.0.1:8000/enrol/{code}" in answer.text for code in found)
    codes = desk.runtime.enrolment_codes
    redeemed = {codes.redeem(code, desk.clock.at) for code in found}
    assert redeemed == set(desk.pilot.learners)
    assert desk.readings("enrolment_slips") == 1


def test_one_slip_for_one_learner_ends_the_older_code(desk: Desk) -> None:
    teacher, learner = desk.browser("class_teacher"), desk.pilot.learners[0]
    form = {**CLASS, "learner": str(learner)}
    [first] = CODE.findall(teacher.post(f"/staff/classes/{SCHOOL}/slips", data=form).text)
    [second] = CODE.findall(teacher.post(f"/staff/classes/{SCHOOL}/slips", data=form).text)

    with pytest.raises(CodeUnknown):
        desk.runtime.enrolment_codes.redeem(first, desk.clock.at)
    after = desk.clock.at + timedelta(days=13)
    assert desk.runtime.enrolment_codes.redeem(second, after) == learner


def test_a_new_slip_ends_the_codes_of_merged_records(desk: Desk) -> None:
    """The slip of the double, lost on the way, opens nobody's account."""
    learner, double = desk.pilot.learners[:2]
    lost = desk.runtime.enrolment_codes.issue(double, desk.clock.at)
    signed_by_two(desk.pilot, merge_of(learner, double))
    desk.catch_up(desk.runtime.book.ledger.position())
    form = {**CLASS, "learner": str(learner)}
    slips = desk.browser("class_teacher").post(f"/staff/classes/{SCHOOL}/slips", data=form)

    assert len(CODE.findall(slips.text)) == 1
    with pytest.raises(CodeUnknown):
        desk.runtime.enrolment_codes.redeem(lost, desk.clock.at)


def test_no_slip_is_made_for_a_learner_of_another_class(desk: Desk) -> None:
    form = {"grade": "三年级", "group": "9班", "learner": str(desk.pilot.learners[0])}

    answer = desk.browser("class_teacher").post(f"/staff/classes/{SCHOOL}/slips", data=form)

    assert CODE.findall(answer.text) == []


def test_a_code_is_shown_once(desk: Desk) -> None:
    teacher = desk.browser("class_teacher")
    [*codes] = CODE.findall(teacher.post(f"/staff/classes/{SCHOOL}/slips", data=CLASS).text)

    page = teacher.get(FAMILIES).text

    assert [code for code in codes if code in page] == []
