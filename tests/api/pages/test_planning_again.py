"""Sessions planned beside others: a second run, one moved away, one that was called off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from api.files.template import Kind
from api.imports.order import Order
from api.imports.taking import take_file
from domain.correction import SessionTimesOrder
from domain.plan import HeldTimes
from domain.planning import CancelReason
from domain.rules import ReversalReason
from tests.acting import SCHOOL, STARTS, envelope
from tests.api.desk import Desk
from tests.api.pages.test_staff_plans import LECTURE, PLAN, text

TITLE = LECTURE["topic"]
OTHER_ROOM = {**LECTURE, "place": "图书馆", "lecturer": "（示例）李老师"}


def add(desk: Desk, form: Mapping[str, object]) -> int:
    return desk.browser("coordinator").post(f"{PLAN}/sessions", data=form).status_code


def address(desk: Desk) -> str:
    found = re.search(
        rf'href="(/staff/sessions/[0-9a-f-]+)">{TITLE}</a>', text(desk, "coordinator")
    )
    assert found is not None
    return found[1]


def planned(desk: Desk) -> str:
    """The table of what stands."""
    return text(desk, "coordinator").partition("已取消或作废的")[0]


def cancel(desk: Desk) -> None:
    reason = {"reason": CancelReason.ENTERED_IN_ERROR.value}
    answer = desk.browser("coordinator").post(f"{address(desk)}/cancellation", data=reason)
    assert answer.status_code == 303


def cut_short(desk: Desk) -> None:
    """One class hour of the two was given."""
    desk.attested()
    book, by = desk.runtime.book, envelope(desk.clock.at)
    closed_at = STARTS + timedelta(minutes=40)
    times = HeldTimes(opened_at=STARTS, closed_at=closed_at, class_hours=100)
    order = SessionTimesOrder(
        session_id=desk.pilot.session_id, times=times, reason_code=ReversalReason.ENTRY_ERROR
    )
    book.corrections.propose(order, book.corrections.preview(order, by).sha256, by)
    desk.catch_up(book.ledger.position())


def test_a_second_run_asks_about_the_first_and_leaves_it_as_it_is(desk: Desk) -> None:
    assert add(desk, LECTURE) == 303
    assert add(desk, OTHER_ROOM) == 409

    assert "图书馆" not in planned(desk)
    assert [add(desk, {**OTHER_ROOM, "confirmed": "true"}) for _ in range(2)] == [303, 303]
    page = planned(desk)
    assert page.count(f">{TITLE}</a>") == 2
    for words in ("报告厅", "（示例）王老师", "图书馆", "（示例）李老师"):
        assert words in page


def test_the_same_session_with_another_speaker_is_a_question_not_an_answer(desk: Desk) -> None:
    assert add(desk, LECTURE) == 303

    for confirmed in ({}, {"confirmed": "true"}):
        assert add(desk, {**LECTURE, "lecturer": "（示例）李老师", **confirmed}) == 409
    assert "（示例）李老师" not in planned(desk)


def test_the_day_that_a_session_was_moved_from_is_free(desk: Desk) -> None:
    add(desk, LECTURE)
    moved = {**LECTURE, "day": "2026-12-25"}
    assert desk.browser("coordinator").post(f"{address(desk)}/plan", data=moved).status_code == 303

    assert add(desk, LECTURE) == 303
    page = planned(desk)
    assert "2026-12-18" in page
    assert "2026-12-25" in page


def test_what_was_cancelled_by_mistake_is_planned_again(desk: Desk) -> None:
    for form in (LECTURE, OTHER_ROOM, LECTURE):
        assert add(desk, form) == 303
        assert str(form["place"]) in planned(desk)
        off = address(desk)
        cancel(desk)
        assert f">{TITLE}</a>" not in planned(desk)

        again = desk.browser("coordinator").post(f"{off}/plan", data=form)
        assert again.status_code == 409  # it stays cancelled: another one is announced


def test_who_speaks_is_not_changed_once_the_door_is_open(desk: Desk) -> None:
    vault, key = desk.runtime.book.vault, desk.pilot.session_id
    vault.put(key, "session", {"lecturer": "（示例）王老师"})
    form = {
        **LECTURE, "topic": "读懂孩子的情绪", "family": "mental_health", "day": "2026-09-18",
        "lecturer": "（示例）李老师",
    }  # fmt: skip
    desk.open()

    answer = desk.browser("coordinator").post(f"{desk.session}/plan", data=form)

    assert answer.status_code == 409
    assert vault.open([key])[key].fields["lecturer"] == "（示例）王老师"


def test_a_plan_is_brought_again_with_the_hours_that_were_announced(desk: Desk) -> None:
    assert add(desk, {**LECTURE, "class_hours": "1.5"}) == 303
    cut_short(desk)

    content = desk.browser("coordinator").get(f"{PLAN}/plan.csv").content
    order = Order(Kind.PLAN, SCHOOL, envelope(desk.clock.at), dry_run=False)
    report = take_file(desk.runtime.book, order, content).report

    assert not report.rejections
    assert [row.code or row.outcome for row in report.rows] == ["same", "same"]
    for cell in (",1.5,", ",2,"):
        assert cell in content.decode()
