"""A make-up that was assigned in error is taken back by who assigned it, and assigned anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.envelope import Role
from domain.make_up import MakeUpReason
from tests.acting import STARTS, envelope
from tests.api.desk import Desk
from tests.api.earning.test_leaves import of_first, run_after
from tests.ledger.making_up import attest_later, granted

WHY = "（示例）选错了场次"
DONE = "为“读懂孩子的情绪”安排的补课有误，已撤回；学校可以另行安排。"


@pytest.fixture
def way(desk: Desk) -> str:
    """The first learner has leave, and the class teacher's make-up a week later."""
    desk.clock.move_to(STARTS - timedelta(days=1))
    granted(desk.pilot)
    run = run_after(desk, days=7)
    form = of_first(desk, by_id=run, reason="leave")
    assert desk.browser("class_teacher").post(f"{desk.session}/make-ups", data=form).is_redirect
    return run


def back(desk: Desk, way: str, **more: Any) -> dict[str, Any]:
    return of_first(desk, by_id=way, words=WHY, **more)


def withdrawals(desk: Desk) -> str:
    return f"{desk.session}/make-ups/withdrawals"


def test_who_assigned_it_takes_it_back_and_assigns_anew(desk: Desk, way: str) -> None:
    teacher, page = desk.browser("class_teacher"), f"{desk.session}/leaves"
    assert "撤回补课安排" in teacher.get(page).text

    for _ in range(2):  # again is no news
        assert teacher.post(withdrawals(desk), data=back(desk, way)).status_code == 303

    assert "补课期限" not in teacher.get(page).text
    learner = desk.pilot.learners[0]
    upcoming = desk.runtime.models.sessions.upcoming_for(learner, STARTS)
    assert way not in {str(each.session_id) for each in upcoming}
    form = of_first(desk, by_id=way, reason="leave")
    assert teacher.post(f"{desk.session}/make-ups", data=form).status_code == 303
    assert "补课期限" in teacher.get(page).text
    desk.catch_up(desk.runtime.book.ledger.position())
    assert "安排的补课有误" not in desk.browser("parent").get("/me/changes").text


def test_the_parent_is_told_why_on_the_phone_and_on_paper(desk: Desk, way: str) -> None:
    coordinator = desk.browser("coordinator")
    assert coordinator.post(withdrawals(desk), data=back(desk, way)).status_code == 303
    paper = "/staff/classes/4401040001/changes?grade=三年级&group=2班"
    for page in (
        desk.browser("parent").get("/me/changes").text,
        desk.browser("class_teacher").get(paper).text,
    ):
        assert DONE in page
        assert f"原因：{WHY}" in page
    english = desk.browser("parent").get("/me/changes?lang=en").text
    assert "was assigned in error and has been taken back" in english
    [change] = [
        each
        for each in desk.browser("parent").get("/api/v1/me/changes").json()["changes"]
        if each["about"] == "make_up"
    ]
    assert (change["became"], change["id"]) == ("taken_back", str(desk.pilot.session_id))
    assert WHY not in str(change)


def test_each_refusal_of_taking_back_has_its_code(desk: Desk, way: str) -> None:
    other = run_after(desk, days=8)
    book, second = desk.runtime.book, desk.pilot.learners[1]
    granted(desk.pilot, 1)
    by = envelope(STARTS, role=Role.COORDINATOR)
    book.make_ups.assign(desk.pilot.session_id, second, UUID(other), MakeUpReason.LEAVE, by)
    desk.catch_up(book.ledger.position())
    teacher, address = desk.browser("class_teacher"), f"{desk.session_api}/make-ups/withdrawals"
    theirs = {"learner_id": str(second), "by_id": other, "words": WHY}
    bodies = [back(desk, other), {**back(desk, way), "words": " "}, theirs]
    found = [teacher.post(address, json=each) for each in bodies]
    attest_later(desk.pilot, UUID(way))
    found.append(teacher.post(address, json=back(desk, way)))
    assert [each.json()["code"] for each in found] == [
        "make_up_not_assigned", "make_up_reason_missing", "make_up_of_another", "make_up_taken",
    ]  # fmt: skip
    assert WHY not in "".join(each.text for each in found)
