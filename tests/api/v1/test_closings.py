"""Closing as JSON: too early, obstacles, once, by force, the listing and its hash, the year."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.calendar import Term
from domain.envelope import Role
from domain.sheet import Sheet
from domain.waiting_scan import Way
from ledger.waiting_scans import RefusedScan
from tests import held
from tests.acting import ENDS, SCHOOL, SET_UP, STARTS, envelope
from tests.api.desk import Desk
from tests.paper import checking, print_sheets, signed, typing

TERM = f"/api/v1/schools/{SCHOOL}/terms/2026-1"
YEAR = f"/api/v1/schools/{SCHOOL}/years/2026/closing"
LATE_POSTING_ENDS = datetime(2027, 3, 7, 4, tzinfo=UTC)
DISTRICT_MAY = datetime(2027, 3, 21, 4, tzinfo=UTC)
SECOND = Term(school_year=2026, term_no=2, begins=date(2027, 2, 22), ends=date(2027, 7, 11))


@pytest.fixture
def over(desk: Desk) -> Desk:
    """A term of two sessions that three learners attended, and whose late posting is over."""
    held.hold(desk.pilot, "第一次活动", 400, desk.pilot.learners)
    held.hold(desk.pilot, "第二次活动", 400, begins_at=held.FIRST + timedelta(days=7))
    desk.runtime.book.registry.open_term(SECOND, envelope(SET_UP))
    desk.clock.move_to(LATE_POSTING_ENDS)
    desk.catch_up(desk.runtime.book.ledger.position())
    return desk


def close(desk: Desk, asker: str = "coordinator", way: str = "closing") -> Any:
    return desk.browser(asker).post(f"{TERM}/{way}")


def test_a_term_is_closed_with_totals_and_the_hash_of_its_listing(over: Desk) -> None:
    answer = close(over)

    assert answer.status_code == 201, answer.text
    [closing] = answer.json()["closings"]
    assert closing["totals"] == {
        "activities": 2, "class_hours": 800, "sessions": 2, "attendances": 3,
        "credited_hours": 1200, "learners": 3, "households": 3,
    }  # fmt: skip
    for number in ({"number": 0}, {}):  # as it was filed, and as it adds up now
        text = over.browser("head").get(f"{TERM}/listing", params=number).text
        assert hashlib.sha256(text.encode()).hexdigest() == closing["sha256"]
    seen = over.browser("district_officer").get(f"{TERM}/compliance").json()
    assert (seen["sha256"], seen["addenda"]) == (closing["sha256"], 0)


def test_the_district_is_told_of_no_fewer_than_ten_people(over: Desk) -> None:
    close(over)

    [closing] = over.browser("district_officer").get(f"{TERM}/closing").json()["closings"]

    assert closing["totals"] == {
        "activities": 2, "class_hours": 800, "sessions": 2, "attendances": None,
        "credited_hours": None, "learners": None, "households": None,
    }  # fmt: skip
    page = over.browser("district_officer").get(f"/staff/schools/{SCHOOL}/compliance?term=2026-1")
    assert page.text.count("不足10，不显示") == 4


def test_late_posting_comes_first(over: Desk) -> None:
    over.clock.move(-timedelta(days=1))

    answer = close(over)

    assert (answer.status_code, answer.json()["code"]) == (409, "term_close_too_early")
    assert answer.json()["from_day"] == "2027-03-07"


def test_what_is_unfinished_is_listed_and_keeps_the_term_open(over: Desk) -> None:
    session_id = held.plan(over.pilot, "未确认", 200, STARTS + timedelta(days=14))
    held.close(over.pilot, session_id)
    over.catch_up(over.runtime.book.ledger.position())

    answer = close(over)

    assert (answer.status_code, answer.json()["code"]) == (409, "term_has_obstacles")
    assert answer.json()["obstacles"] == {"session_unattested": 1}
    [obstacle] = over.browser("coordinator").get(f"{TERM}/closing").json()["obstacles"]
    assert (obstacle["code"], obstacle["id"]) == ("session_unattested", str(session_id))


def test_stays_without_check_out_and_unjudged_ones_are_obstacles(over: Desk) -> None:
    pilot, book = over.pilot, over.runtime.book
    session_id = held.plan(pilot, "还没有认定", 200, STARTS + timedelta(days=14))
    held.close(pilot, session_id, pilot.learners)
    over.clock.move_to(LATE_POSTING_ENDS)
    at = STARTS + timedelta(days=14, hours=3)
    second = envelope(at, actor_id=held.COORDINATOR)
    book.sessions.attest(session_id, Role.HOST, envelope(at, actor_id=held.HOST))
    book.sessions.attest(session_id, Role.COORDINATOR, second)
    over.catch_up(book.ledger.position())
    unjudged = close(over).json()["obstacles"]
    book.awards.run(session_id, at, second.command_id)
    over.catch_up(book.ledger.position())

    assert unjudged == {"attendance_unjudged": 3}
    assert close(over).status_code == 201


def test_paper_that_waits_for_its_second_person_keeps_the_term_open(over: Desk) -> None:
    """It was typed in time: it is checked now, and nobody loses hours over it."""
    [sheet] = typed_sheet(over)

    assert close(over).json()["obstacles"] == {"sheet_unchecked": 1}
    page = over.browser("coordinator").get(f"/staff/schools/{SCHOOL}/compliance?term=2026-1").text
    assert "签到表还没有由两人核对" in page
    assert f'href="{over.session}/sheets"' in page

    over.pilot.book.sheets.check(sheet.id, signed(sheet, 1), checking(LATE_POSTING_ENDS))
    over.catch_up(over.runtime.book.ledger.position())
    assert close(over).json()["obstacles"] == {"attendance_unjudged": 1}  # the hours come first


def test_a_scan_that_nobody_decided_keeps_the_term_open(over: Desk) -> None:
    scan = RefusedScan(
        over.pilot.session_id, uuid4(), Way.IN, STARTS, "check_in_closed", over.pilot.learners[0]
    )
    over.pilot.book.waiting_scans.keep(scan, envelope(ENDS, Role.HOST))
    held.close(over.pilot, over.pilot.session_id)
    held.attest(over.pilot, over.pilot.session_id)
    over.catch_up(over.runtime.book.ledger.position())
    assert close(over).json()["obstacles"] == {"scan_waiting": 1}
    page = over.browser("coordinator").get(f"/staff/schools/{SCHOOL}/compliance?term=2026-1").text
    assert f'href="{over.session}/inbox"' in page


def typed_sheet(over: Desk) -> list[Sheet]:
    """An evening that two persons attested while the sheet of it was not read a second time."""
    sheets = print_sheets(over.pilot, over.pilot.learners)
    held.close(over.pilot, over.pilot.session_id)
    over.pilot.book.sheets.enter(sheets[0].id, signed(sheets[0], 1), typing())
    held.attest(over.pilot, over.pilot.session_id)
    over.catch_up(over.runtime.book.ledger.position())
    return sheets


def test_the_district_closes_for_the_school_later_and_obstacles_are_recorded(over: Desk) -> None:
    held.close(over.pilot, held.plan(over.pilot, "未确认", 200, STARTS + timedelta(days=14)))
    over.catch_up(over.runtime.book.ledger.position())
    early = close(over, "district_officer", "forced-closing")
    over.clock.move_to(DISTRICT_MAY)

    answer = close(over, "district_officer", "forced-closing")

    assert (early.status_code, early.json()["code"]) == (409, "term_force_too_early")
    [closing] = answer.json()["closings"]
    assert (closing["forced"], closing["obstacles"]) == (True, {"session_unattested": 1})


def test_a_term_is_closed_once(over: Desk) -> None:
    over.clock.move_to(DISTRICT_MAY)
    asked = [("coordinator", "closing"), ("district_officer", "forced-closing")] * 2
    browsers = [(over.browser(asker), way) for asker, way in asked]

    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(lambda each: each[0].post(f"{TERM}/{each[1]}"), browsers))

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, 201, 409, 409]
    refused = {a.json()["code"] for a in answers if a.status_code == 409}
    assert refused == {"term_closed_already"}
    assert len(over.browser("head").get(f"{TERM}/closing").json()["closings"]) == 1


def test_nobody_closes_for_another_school(over: Desk) -> None:
    for asker, path in (
        ("coordinator_elsewhere", f"{TERM}/closing"),
        ("head", f"{TERM}/closing"),
        ("district_officer", f"{TERM}/closing"),
        ("coordinator", f"{TERM}/forced-closing"),
        ("district_officer_elsewhere", f"{TERM}/forced-closing"),
        ("coordinator_elsewhere", YEAR),
    ):
        assert over.browser(asker).post(path).json()["code"] == "forbidden", asker


def test_the_district_closes_a_year_for_a_school_that_did_not_from_its_day_on(over: Desk) -> None:
    close(over)
    second = TERM.replace("2026-1", "2026-2")
    over.clock.move_to(datetime(2027, 7, 25, 4, tzinfo=UTC))
    over.browser("coordinator").post(f"{second}/closing")
    page = YEAR.replace("/api/v1", "/staff").replace("/closing", "")
    officer = over.browser("district_officer")
    assert "/close" not in officer.get(page).text

    early = officer.post(YEAR)
    over.clock.move_to(datetime(2027, 8, 9, 4, tzinfo=UTC))
    officer = over.browser("district_officer")
    assert f"{page}/close" in officer.get(page).text
    closed = officer.post(YEAR)

    assert (early.status_code, early.json()["code"]) == (409, "term_force_too_early")
    assert early.json()["from_day"] == "2027-08-08"
    assert (closed.status_code, closed.json()["offered"]) == (201, {"三年级": 800})
    promotion = officer.post(YEAR.replace("closing", "promotion"))
    assert promotion.json()["code"] == "forbidden"


def test_a_listing_of_another_number_is_not_there(over: Desk) -> None:
    answer = over.browser("head").get(f"{TERM}/listing", params={"number": 3})

    assert (answer.status_code, answer.json()["code"]) == (404, "term_listing_unknown")


def test_a_year_is_closed_after_both_terms_with_what_it_offered(over: Desk) -> None:
    close(over)
    early = over.browser("coordinator").post(YEAR)
    over.clock.move_to(datetime(2027, 7, 25, 4, tzinfo=UTC))
    over.browser("coordinator").post(f"{TERM.replace('2026-1', '2026-2')}/closing")

    closed = over.browser("coordinator").post(YEAR)

    assert (early.status_code, early.json()["code"]) == (409, "year_terms_not_closed")
    assert early.json()["terms"] == ["2026-2"]
    assert closed.status_code == 201, closed.text
    assert (closed.json()["offered"], closed.json()["open_terms"]) == ({"三年级": 800}, [])
    promoted = over.browser("coordinator").post(YEAR.replace("closing", "promotion")).json()
    assert promoted == {
        "school_year": 2027,
        "classes": [{"grade": "四年级", "class_group": "2班"}],
    }
    over.people.pop("coordinator")  # a colleague comes second
    again = over.browser("coordinator").post(YEAR)
    assert (again.status_code, again.json()["code"]) == (409, "year_closed_already")
