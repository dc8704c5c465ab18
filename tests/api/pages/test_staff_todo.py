"""The to-do list of the start page: what waits, how many, and where it is done."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from domain.calendar import Term
from domain.dispute import DisputeReason
from domain.leave import LeaveCategory
from tests.acting import ENDS, SCHOOL, SET_UP, STARTS, envelope
from tests.api.desk import Desk
from tests.case_acting import attendance

SECOND = Term(school_year=2026, term_no=2, begins=date(2027, 2, 22), ends=date(2027, 7, 11))
CLOSES = datetime(2027, 3, 15, 4, tzinfo=UTC)


LAST_SPRING = Term(school_year=2025, term_no=2, begins=date(2026, 3, 2), ends=date(2026, 8, 31))


def todos(desk: Desk, asker: str) -> dict[str, tuple[str, str]]:
    """The lines of the list: what -> (how many, where)."""
    desk.catch_up(desk.runtime.book.ledger.position())
    page = desk.browser(asker).get("/staff").text
    found = re.findall(
        r'<li><a href="([^"]+)"><b class="num">(.*?)</b><span>(.*?)(?:<small|</span>)',
        page,
        re.DOTALL,
    )
    return {
        words: (re.sub(r"<svg.*", "", count).strip(), address) for address, count, words in found
    }


def test_a_school_where_nothing_waits_says_so(desk: Desk) -> None:
    desk.runtime.book.registry.open_term(LAST_SPRING, envelope())  # before the first rulebook
    desk.catch_up(desk.runtime.book.ledger.position())

    assert "现在没有要办的" in desk.browser("host").get("/staff").text
    assert todos(desk, "coordinator") == {}


def test_a_session_that_nobody_attested_waits_for_both_and_for_nobody_else(desk: Desk) -> None:
    desk.open()
    running = todos(desk, "host")
    desk.close()
    desk.clock.move_to(ENDS + timedelta(hours=1))

    waits = {
        asker: todos(desk, asker) for asker in ("host", "coordinator", "class_teacher", "head")
    }

    line = ("1", desk.session)
    assert running == {}
    assert waits["host"]["活动还没有由两人确认"] == line
    assert waits["coordinator"]["活动还没有由两人确认"] == line
    assert "活动还没有由两人确认" not in {**waits["class_teacher"], **waits["head"]}


def test_what_waits_is_counted_for_those_who_decide_it(desk: Desk) -> None:
    book, (first, second, _) = desk.runtime.book, desk.pilot.learners
    for learner in (first, second):
        book.leaves.request(desk.pilot.session_id, learner, LeaveCategory.WORK, envelope(SET_UP))
    desk.clock.move_to(STARTS - timedelta(days=3))
    desk.typed(80)

    teacher, host = todos(desk, "class_teacher"), todos(desk, "host")

    assert teacher["请假等待回复"] == ("2", f"/staff/leaves/{SCHOOL}")
    assert teacher["考核成绩等待复核"] == ("1", f"/staff/exams/{SCHOOL}")
    assert host == {}


def test_an_open_dispute_waits_on_its_own_line_alone(desk: Desk) -> None:
    desk.attested()
    before = todos(desk, "coordinator")
    learner, by = desk.pilot.learners[0], envelope(desk.clock.at)
    about = attendance(desk.pilot)
    desk.runtime.book.cases.dispute(learner, about, DisputeReason.THERE_LONGER, "", by)

    waits = todos(desk, "coordinator")

    assert waits == before | {"异议、申诉等待答复": ("1", f"/staff/cases/{SCHOOL}")}


def test_the_coordinator_sees_the_duty_of_the_term_and_the_head_does_not(desk: Desk) -> None:
    desk.clock.move_to(STARTS - timedelta(days=3))
    waits = todos(desk, "coordinator")
    page = desk.browser("coordinator").get("/staff").text

    assert waits["本学期还没有达标"] == ("", f"/staff/plans/{SCHOOL}/2026-1")
    assert "活动 0/2，课时 0/8，还有" in page
    assert "本学期还没有达标" not in todos(desk, "head")


def test_a_term_that_may_be_closed_counts_the_days_that_are_left(desk: Desk) -> None:
    desk.runtime.book.registry.open_term(SECOND, envelope())
    desk.clock.move_to(CLOSES)

    waits = todos(desk, "coordinator")
    page = desk.browser("coordinator").get("/staff").text

    assert waits["学期可以结账"] == ("", f"/staff/schools/{SCHOOL}/compliance?term=2026-1")
    assert "2026学年第一学期：还有 6 天，之后由区级代为结账" in page
    closed = desk.browser("coordinator").post(f"/staff/schools/{SCHOOL}/terms/2026-1/close")
    assert closed.status_code == 303
    assert "学期可以结账" not in todos(desk, "coordinator")


def test_the_next_term_asks_for_its_plan_when_it_is_near(desk: Desk) -> None:
    desk.runtime.book.registry.open_term(SECOND, envelope())
    far = todos(desk, "coordinator")
    desk.clock.move_to(datetime(2027, 2, 1, 4, tzinfo=UTC))

    near = todos(desk, "coordinator")

    assert "下学期还没有教学计划" not in far
    assert near["下学期还没有教学计划"] == ("", f"/staff/plans/{SCHOOL}/2026-2/copy")
