"""Copying an earlier term's plan: proposed, looked through, taken once, clashes named."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.calendar import Term
from domain.working_days import DaysOfYear
from ledger.plans import Filing, PlannedSession
from tests.acting import SCHOOL, envelope, planned
from tests.api.desk import Desk
from tests.api.pages.test_planning_again import cut_short

SOURCE = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
TERM = Term(school_year=2027, term_no=1, begins=date(2027, 9, 1), ends=date(2028, 2, 20))
COPY = f"/staff/plans/{SCHOOL}/2027-1/copy"
CITY = ZoneInfo("Asia/Shanghai")
PILOT = "读懂孩子的情绪"  # on the Friday of the third week


def friday(row: int, title: str, term: Term, week: int) -> PlannedSession:
    begins_at = datetime.combine(term.day_of(week, 4), time(19), CITY)
    ends_at = begins_at + timedelta(minutes=80)
    return planned(title, row=row, begins_at=begins_at, ends_at=ends_at, place="图书馆")


@pytest.fixture
def next_year(desk: Desk) -> Desk:
    """Three Fridays of a term; in the next one the first is taken, the second a holiday."""
    book = desk.runtime.book
    book.registry.open_term(TERM, envelope())
    rows = [friday(1, "国庆后的一课", SOURCE, 5), friday(2, "岁末共读", SOURCE, 15)]
    book.plans.file(Filing(SCHOOL, 2026, 1), rows, envelope(), dry_run=False)
    rows = [friday(1, "新生第一课", TERM, 3)]
    book.plans.file(Filing(SCHOOL, 2027, 1), rows, envelope(), dry_run=False)
    book.vault.put(desk.pilot.session_id, "session", {"lecturer": "（示例）王老师"})
    off = [date(2027, 10, day) for day in range(1, 8)]
    book.calendars.publish(DaysOfYear.of(2027, off, []), envelope())
    desk.catch_up(book.ledger.position())
    return desk


def sent(page: str) -> dict[str, list[str]]:
    """What the browser would send of the form."""
    return {
        "source": re.findall(r'name="source" value="([^"]*)"', page),
        "key": re.findall(r'name="key" value="([^"]*)"', page),
        "day": re.findall(r'name="day" type="date" value="([^"]*)"', page),
        "take": re.findall(r'name="take" value="([^"]*)" checked', page),
    }


def keys_of(page: str, title: str) -> list[str]:
    """The keys of the rows of a title."""
    return re.findall(rf'name="take" value="([^"]*)"[^>]*> <b>{title}</b>', page)


def planned_days(desk: Desk) -> dict[str, str]:
    desk.catch_up(desk.runtime.book.ledger.position())
    rows = desk.runtime.models.term_plans.of_term(SCHOOL, 2027, 1)
    return {row.title: str(row.begins_at.astimezone(CITY).date()) for row in rows}


def test_every_session_is_proposed_for_the_same_week_and_weekday_past_days_off(
    next_year: Desk,
) -> None:
    page = next_year.browser("coordinator").get(COPY).text

    assert sent(page)["source"] == ["2026-1"]
    assert sent(page)["day"] == ["2027-09-17", "2027-10-08", "2027-12-10"]
    assert "2027-10-01 放假，已顺延" in page
    assert "第6周" in page
    # The first one is at the time of what is planned already, for the same grade.
    assert "与同一时间的另一场活动冲突（同一地点或同一年级） · 新生第一课" in page
    assert len(sent(page)["take"]) == 2


def test_what_is_ticked_becomes_sessions_once_and_who_speaks_comes_along(next_year: Desk) -> None:
    coordinator = next_year.browser("coordinator")
    form = sent(coordinator.get(COPY).text)
    form["day"][0] = "2027-09-24"
    form["take"] = form["key"][:2]

    first = coordinator.post(COPY, data=form)
    again = coordinator.post(COPY, data=form)

    assert (first.status_code, again.status_code) == (303, 303)
    days = {"新生第一课": "2027-09-17", PILOT: "2027-09-24", "国庆后的一课": "2027-10-08"}
    assert planned_days(next_year) == days
    plan = coordinator.get(first.headers["location"]).text
    assert "（示例）王老师" in plan
    page = coordinator.get(COPY).text
    assert page.count("已在计划中") == 1
    assert "已有同名活动，会改到这一天" not in page  # on its own Friday the first one still clashes
    assert len(sent(page)["take"]) == 1


@pytest.mark.parametrize("moved", [False, True], ids=["as copied", "moved since"])
def test_a_repeat_that_is_taken_later_moves_nothing_that_was_copied_before(
    next_year: Desk, *, moved: bool
) -> None:
    plans, taken = next_year.runtime.book.plans, ["2027-10-15", "2027-10-29"]
    rows = [friday(row, "每周共读", SOURCE, week) for row, week in ((1, 7), (2, 9))]
    plans.file(Filing(SCHOOL, 2026, 1), rows, envelope(), dry_run=False)
    next_year.catch_up(next_year.runtime.book.ledger.position())
    coordinator = next_year.browser("coordinator")
    page = coordinator.get(COPY).text
    repeats = keys_of(page, "每周共读")
    coordinator.post(COPY, data=sent(page) | {"take": repeats[:1]})
    if moved:
        taken[0] = "2027-09-10"
        first = friday(1, "每周共读", TERM, 2)
        plans.file(Filing(SCHOOL, 2027, 1), [first], envelope(), dry_run=False)
    coordinator.post(COPY, data=sent(page) | {"take": repeats[1:]})

    next_year.catch_up(next_year.runtime.book.ledger.position())
    found = next_year.runtime.models.term_plans.of_term(SCHOOL, 2027, 1)
    days = [str(row.begins_at.astimezone(CITY).date()) for row in found if row.title == "每周共读"]
    assert sorted(days) == taken


def test_a_copy_that_is_sent_again_leaves_who_speaks_as_it_was_put_since(next_year: Desk) -> None:
    book, coordinator = next_year.runtime.book, next_year.browser("coordinator")
    form = sent(coordinator.get(COPY).text)
    form["day"][0], form["take"] = "2027-09-24", form["key"][:1]
    coordinator.post(COPY, data=form)
    next_year.catch_up(book.ledger.position())
    rows = next_year.runtime.models.term_plans.of_term(SCHOOL, 2027, 1)
    [copy] = [row.session_id for row in rows if row.title == PILOT]
    book.vault.put(copy, "session", {"lecturer": "（示例）李老师"})

    coordinator.post(COPY, data=form)

    assert book.vault.open([copy])[copy].fields["lecturer"] == "（示例）李老师"


def test_a_copy_that_was_called_off_is_left_to_be_ticked(next_year: Desk) -> None:
    book, coordinator = next_year.runtime.book, next_year.browser("coordinator")
    form = sent(coordinator.get(COPY).text)
    form["take"] = form["key"][2:]
    coordinator.post(COPY, data=form)
    [copy] = [
        row.session_id
        for row in next_year.runtime.models.term_plans.of_term(SCHOOL, 2027, 1)
        if row.title == "岁末共读"
    ]
    next_year.catch_up(book.sessions.cancel(copy, "school_affairs", envelope()))

    page = coordinator.get(COPY).text
    assert "这一天的这场活动已取消" in page
    assert form["take"][0] not in sent(page)["take"]
    assert coordinator.post(COPY, data=form).status_code == 303
    assert planned_days(next_year)["岁末共读"] == "2027-12-10"


def test_what_cannot_be_taken_is_named_stays_ticked_and_the_rest_is_planned(
    next_year: Desk,
) -> None:
    coordinator = next_year.browser("coordinator")
    form = sent(coordinator.get(COPY).text)
    form["take"], form["day"][1] = form["key"], "2028-05-05"

    answer = coordinator.post(COPY, data=form)

    assert answer.status_code == 200
    assert "日期不在所填学期之内" in answer.text
    assert 'value="2028-05-05"' in answer.text
    assert sent(answer.text)["take"] == form["key"][:2]
    assert planned_days(next_year) == {"新生第一课": "2027-09-17", "岁末共读": "2027-12-10"}


def test_a_changed_day_is_looked_at_before_anything_is_planned(next_year: Desk) -> None:
    coordinator = next_year.browser("coordinator")
    form = {**sent(coordinator.get(COPY).text), "look": ["true"]}
    form["day"] = ["", "2027-10-08", "2027-12-11"]

    page = coordinator.post(COPY, data=form).text

    assert "日期无法识别" in page
    assert "周六" in page
    assert len(planned_days(next_year)) == 1


def test_a_copy_within_one_school_year_says_that_a_course_counts_once(next_year: Desk) -> None:
    second = Term(school_year=2026, term_no=2, begins=date(2027, 3, 1), ends=date(2027, 8, 31))
    next_year.runtime.book.registry.open_term(second, envelope())
    next_year.catch_up(next_year.runtime.book.ledger.position())
    coordinator = next_year.browser("coordinator")

    assert "同一课程一学年只计一次学时" in coordinator.get(COPY.replace("2027-1", "2026-2")).text
    assert "同一课程一学年只计一次学时" not in coordinator.get(COPY).text


def test_a_copy_has_the_hours_that_were_announced(next_year: Desk) -> None:
    cut_short(next_year)
    coordinator = next_year.browser("coordinator")
    form = sent(coordinator.get(COPY).text)

    form["day"][0], form["take"] = "2027-09-24", form["key"][:1]
    assert coordinator.post(COPY, data=form).status_code == 303

    next_year.catch_up(next_year.runtime.book.ledger.position())
    rows = next_year.runtime.models.term_plans.of_term(SCHOOL, 2027, 1)
    assert [row.class_hours for row in rows if row.title == PILOT] == [200]


def test_without_an_earlier_plan_there_is_nothing_to_copy(desk: Desk) -> None:
    page = desk.browser("coordinator").get(COPY.replace("2027-1", "2026-1")).text

    assert "没有可以复制的" in page
    assert 'name="take"' not in page
