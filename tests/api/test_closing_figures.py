"""The totals of a closing and its addenda, above the school: no difference tells of few."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from api.bootstrap import Runtime
from api.closing import listing_of
from api.closing_figures import all_figures, changes_of
from domain.calendar import Term
from domain.closing import TermTotals
from projections.closings import Closing
from tests import held
from tests.acting import SCHOOL, envelope
from tests.api.desk import at_work, two_schools
from tests.clock import TestClock

FIRST = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
DISTRICT_MAY = datetime(2027, 3, 22, 4, tzinfo=UTC)
AT = datetime(2027, 3, 1, tzinfo=UTC)
CLOSED: dict[str, Any] = {
    "activities": 4, "class_hours": 800, "sessions": 4, "attendances": 120,
    "credited_hours": 24000, "learners": 60, "households": 50,
}  # fmt: skip


def closing(number: int, **changed: int) -> Closing:
    totals = TermTotals(**{**CLOSED, **changed})
    return Closing(
        closing_id=uuid4(), number=number, school_code="4401040001", school_year=2026, term_no=1,
        totals=totals, sha256="0" * 64, forced=False, obstacles={}, occurred_at=AT,
        recorded_at=AT, position=number,
    )  # fmt: skip


def test_an_addendum_of_one_person_is_told_to_the_school_alone() -> None:
    found = [closing(0), closing(1, attendances=121, credited_hours=24200)]
    assert changes_of(found, exact=True)[1] == {"attendances": 1, "credited_hours": 200}
    above = all_figures(found, exact=False)[1]
    assert (above["attendances"], above["credited_hours"]) == (None, None)
    assert above["learners"] == 60
    assert changes_of(found, exact=False)[1] == {"attendances": None, "credited_hours": None}


def test_what_many_changed_together_is_told_against_what_was_told_before() -> None:
    found = [
        closing(0),
        closing(1, attendances=125),
        closing(2, attendances=135, learners=75, credited_hours=30000),
    ]
    above = all_figures(found, exact=False)
    assert [above[n]["attendances"] for n in range(3)] == [120, None, 135]
    assert (above[2]["learners"], above[2]["credited_hours"]) == (75, 30000)


def test_the_district_reads_no_addendum_of_one_person(runtime: Runtime, clock: TestClock) -> None:
    with at_work(runtime, clock, two_schools(runtime, families=24)) as desk:
        book, learners = runtime.book, desk.pilot.learners
        held.hold(desk.pilot, "亲子共读", 200, learners[:12])
        late = held.plan(desk.pilot, "情绪管理", 200, held.FIRST + timedelta(days=14))
        held.close(desk.pilot, late, learners[:1])
        clock.move_to(DISTRICT_MAY)
        desk.catch_up(book.ledger.position())
        desk.browser("district_officer").post(f"/staff/schools/{SCHOOL}/terms/2026-1/force")
        held.attest(desk.pilot, late)
        desk.catch_up(book.ledger.position())
        book.closings.file_addendum(listing_of(runtime, SCHOOL, FIRST), envelope(DISTRICT_MAY))
        desk.catch_up(book.ledger.position())

        address = f"/api/v1/schools/{SCHOOL}/terms/2026-1/closing"
        above = desk.browser("district_officer").get(address).json()["closings"]
        own = desk.browser("head").get(address).json()["closings"]
        page = f"/staff/schools/{SCHOOL}/compliance?term=2026-1"
        assert "不足10，不显示" in desk.browser("district_officer").get(page).text
        assert "不足10" not in desk.browser("head").get(page).text
    assert [each["totals"]["attendances"] for each in own] == [12, 13]
    assert [each["totals"]["attendances"] for each in above] == [12, None]
