"""Leave in two taps, a class teacher's answer, and the way to make up that it opens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.leave import LeaveCategory
from domain.make_up import MakeUpReason
from ledger.plans import Filing
from tests.acting import ENDS, SCHOOL, STARTS, envelope, planned
from tests.api.desk import Desk
from tests.ledger.making_up import TITLE, assign, granted
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.studies import micro_class


@pytest.fixture(autouse=True)
def the_day_before(desk: Desk) -> None:
    desk.clock.move_to(STARTS - timedelta(days=1))


def ask(desk: Desk) -> None:
    answer = desk.browser("parent").post(
        f"/me/sessions/{desk.pilot.session_id}/leave", data={"category": "work"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")


def of_first(desk: Desk, **more: Any) -> dict[str, Any]:
    return {"learner_id": str(desk.pilot.learners[0]), **more}


def test_a_parent_asks_in_two_taps_and_sees_the_answer(desk: Desk) -> None:
    home = desk.browser("parent").get("/me").text
    assert "来不了？请假" in home
    assert 'value="illness"' in home
    ask(desk)
    assert "已请假，等班主任回复" in desk.browser("parent").get("/me").text

    teacher = desk.browser("class_teacher")
    assert "1 人请假" in teacher.get(f"/staff/leaves/{SCHOOL}").text
    page = teacher.get(f"{desk.session}/leaves").text
    assert "（示例）陈建2" in page
    form = of_first(desk, granted="true")
    assert teacher.post(f"{desk.session}/leaves/decisions", data=form).status_code == 303

    assert "已准假" in desk.browser("parent").get("/me").text
    assert "已准假" in teacher.get(f"{desk.session}/list").text
    assert "没有等待决定的请假。" in teacher.get(f"/staff/leaves/{SCHOOL}").text


def test_leave_that_is_not_granted_is_told_kindly(desk: Desk) -> None:
    ask(desk)
    body = of_first(desk, granted=False)
    desk.browser("class_teacher").post(f"{desk.session_api}/leaves/decisions", json=body)
    home = desk.browser("parent").get("/me").text
    assert "未准假，欢迎来参加" in home
    assert "chip bad" not in home


def test_leave_on_paper_is_noted_and_granted(desk: Desk) -> None:
    teacher = desk.browser("class_teacher")
    form = of_first(desk, category="care")
    assert teacher.post(f"{desk.session}/leaves", data=form).status_code == 303
    [leave] = teacher.get(f"{desk.session_api}/leaves").json()["leaves"]
    assert (leave["category"], leave["is_granted"]) == ("care", True)


def test_paper_handed_in_in_time_and_noted_after_the_session_is_leave(desk: Desk) -> None:
    """A phone has only to tap in time; so has paper."""
    desk.attested()
    desk.clock.move_to(ENDS + timedelta(days=3))
    teacher, page = desk.browser("class_teacher"), f"{desk.session}/leaves"
    assert 'name="handed_in_on"' in teacher.get(page).text
    eve, next_day = ((STARTS + timedelta(days=days)).date().isoformat() for days in (-1, 1))
    third = {"learner_id": str(desk.pilot.learners[2]), "category": "care"}

    found = [
        teacher.post(page, data=third),
        teacher.post(page, data={**third, "handed_in_on": next_day}),
        teacher.post(page, data={**third, "handed_in_on": "2030-01-01"}),
    ]
    assert [each.status_code for each in found] == [409, 409, 422]
    assert "交来日期还没有到" in found[2].text
    assert teacher.post(page, data={**third, "handed_in_on": eve}).status_code == 303

    assert f"{eve}交来纸质请假" in teacher.get(page).text
    [leave] = teacher.get(f"{desk.session_api}/leaves").json()["leaves"]
    assert (leave["handed_in_on"], leave["is_granted"]) == (eve, True)
    body = {**of_first(desk, category="care"), "handed_in_on": next_day}
    late = teacher.post(f"{desk.session_api}/leaves", json=body)
    assert late.json()["code"] == "leave_too_late"


def test_each_refusal_of_a_leave_has_its_code(desk: Desk) -> None:
    teacher, leaves = desk.browser("class_teacher"), f"{desk.session_api}/leaves"
    own = {"session_id": str(desk.pilot.session_id), "category": "work"}
    parent = desk.browser("parent")
    found = [teacher.post(f"{leaves}/decisions", json=of_first(desk, granted=True))]
    assert parent.post("/api/v1/me/leaves", json=own).status_code == 201
    found.append(parent.post("/api/v1/me/leaves", json={**own, "category": "travel"}))
    teacher.post(f"{leaves}/decisions", json=of_first(desk, granted=True))
    found.append(teacher.post(f"{leaves}/decisions", json=of_first(desk, granted=False)))
    desk.clock.move_to(STARTS)
    late = desk.browser("parent", learner_id=desk.pilot.learners[1])
    found.append(late.post("/api/v1/me/leaves", json=own))
    assert [each.json()["code"] for each in found] == [
        "leave_not_requested", "leave_requested_otherwise", "leave_decided", "leave_too_late",
    ]  # fmt: skip


@pytest.fixture
def next_run(desk: Desk) -> str:
    """Another run of the course, a week later, for another grade."""
    return run_after(desk, days=7)


def run_after(desk: Desk, days: int) -> str:
    later, number = timedelta(days=days), days + 2
    row = planned(row=number, grades=("六年级",), begins_at=STARTS + later, ends_at=ENDS + later)
    book = desk.runtime.book
    filing, by = Filing(SCHOOL, 2026, 1), envelope()
    filed = book.plans.file(filing, [row], by, dry_run=False, supplement=True)
    desk.catch_up(book.ledger.position())
    return str(next(each.id for each in filed if each.row == number))


def test_a_make_up_is_assigned_and_invites(desk: Desk, next_run: str) -> None:
    teacher = desk.browser("class_teacher")
    teacher.post(f"{desk.session}/leaves", data=of_first(desk, category="work"))
    assert next_run in teacher.get(f"{desk.session}/leaves").text

    form = of_first(desk, by_id=next_run, reason="leave")
    assert teacher.post(f"{desk.session}/make-ups", data=form).status_code == 303

    assert "补课期限 2026-10-18" in teacher.get(f"{desk.session}/leaves").text
    [made] = teacher.get(f"{desk.session_api}/leaves").json()["make_ups"]
    assert (made["by_id"], made["completed_at"]) == (next_run, None)
    upcoming = desk.runtime.models.sessions.upcoming_for(desk.pilot.learners[0], STARTS)
    assert next_run in {str(each.session_id) for each in upcoming}


def test_leave_that_is_granted_late_still_leaves_the_days_to_make_up(desk: Desk) -> None:
    third, by = desk.pilot.learners[2], envelope(STARTS - timedelta(days=1))
    desk.runtime.book.leaves.request(desk.pilot.session_id, third, LeaveCategory.WORK, by)
    desk.attested()
    desk.clock.move_to(STARTS + timedelta(days=40))
    teacher, way = desk.browser("class_teacher"), run_after(desk, days=60)
    form = {"learner_id": str(third), "granted": "true", "by_id": way, "reason": "leave"}
    teacher.post(f"{desk.session}/leaves/decisions", data=form)
    assert f'value="{way}"' in teacher.get(f"{desk.session}/leaves").text

    assert teacher.post(f"{desk.session}/make-ups", data=form).status_code == 303

    granted_on = (STARTS + timedelta(days=40)).date()
    [made] = teacher.get(f"{desk.session_api}/leaves").json()["make_ups"]
    assert made["until"] == (granted_on + timedelta(days=30)).isoformat()


def test_each_refusal_of_a_make_up_has_its_code(desk: Desk, next_run: str) -> None:
    teacher, make_ups = desk.browser("class_teacher"), f"{desk.session_api}/make-ups"
    body = of_first(desk, by_id=next_run, reason="leave")
    found = [teacher.post(make_ups, json=body)]
    teacher.post(f"{desk.session}/leaves", data=of_first(desk, category="work"))
    mine = {**body, "by_id": str(desk.pilot.session_id)}
    found.append(teacher.post(make_ups, json=mine))
    assert teacher.post(make_ups, json=body).status_code == 201
    other = {**body, "reason": "accessibility"}
    found.append(teacher.post(make_ups, json=other))
    assert [each.json()["code"] for each in found] == [
        "make_up_not_due", "make_up_other_course", "make_up_assigned_otherwise",
    ]  # fmt: skip
    page = teacher.post(f"{desk.session}/make-ups", data=other)
    assert (page.status_code, "这场活动已另行安排补课。" in page.text) == (409, True)


def test_who_was_told_no_may_be_granted_leave_after_all(desk: Desk) -> None:
    ask(desk)
    teacher, decisions = desk.browser("class_teacher"), f"{desk.session}/leaves/decisions"
    teacher.post(decisions, data=of_first(desk, granted="false"))
    page = teacher.get(f"{desk.session}/leaves").text
    assert ("未准假" in page, 'value="true"' in page, 'value="false"' in page) == (
        True,
        True,
        False,
    )

    assert teacher.post(decisions, data=of_first(desk, granted="true")).status_code == 303
    assert "已准假" in desk.browser("parent").get("/me").text


def test_a_make_up_that_fell_away_is_assigned_anew(desk: Desk, next_run: str) -> None:
    teacher = desk.browser("class_teacher")
    teacher.post(f"{desk.session}/leaves", data=of_first(desk, category="work"))
    form = of_first(desk, by_id=next_run, reason="leave")
    teacher.post(f"{desk.session}/make-ups", data=form)
    by = envelope(STARTS - timedelta(hours=2))
    desk.catch_up(desk.runtime.book.sessions.cancel(UUID(next_run), "speaker_ill", by))
    page = teacher.get(f"{desk.session}/leaves").text
    assert "原定的补课已取消，请另行安排" in page
    assert "补课期限" not in page

    another = run_after(desk, days=8)
    answer = teacher.post(f"{desk.session}/make-ups", data={**form, "by_id": another})
    assert answer.status_code == 303
    assert "补课期限" in teacher.get(f"{desk.session}/leaves").text


def test_a_merged_person_finds_what_makes_up(desk: Desk) -> None:
    pilot, (one, other, _) = desk.pilot, desk.pilot.learners
    granted(pilot, 1)
    recording = micro_class(pilot, TITLE, grades=("六年级",))
    assign(pilot, recording, MakeUpReason.LEAVE, 1)
    signed_by_two(pilot, merge_of(one, other))
    desk.catch_up(pilot.book.ledger.position())
    desk.clock.move_to(ENDS + timedelta(days=4))

    assert str(recording) in desk.browser("parent", one).get("/me/studies").text


def test_granted_leave_is_said_beside_the_session_that_was_missed(desk: Desk) -> None:
    """Who has no hours of a session is asked whether they were there after all."""
    learner, by = desk.pilot.learners[2], envelope(STARTS - timedelta(days=1))
    desk.runtime.book.leaves.note(desk.pilot.session_id, learner, LeaveCategory.WORK, by)
    desk.attested()
    desk.clock.move_to(ENDS + timedelta(days=1))

    listed = desk.browser("parent", learner).get("/me/missing").text

    assert f"/me/sessions/{desk.pilot.session_id}" in listed
    assert "已准假" in listed
