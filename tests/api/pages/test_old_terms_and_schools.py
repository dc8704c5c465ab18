"""What asks for no duty: a term before the first rules, and a school that was merged away."""

from __future__ import annotations

from datetime import date

from domain.calendar import Term
from ledger.registry import NewSchool
from tests.acting import DISTRICT, SCHOOL, STARTS, envelope
from tests.api.desk import Desk
from tests.api.pages.test_staff_compliance import SECOND, TABLE, text

OLD = Term(school_year=2025, term_no=1, begins=date(2025, 9, 1), ends=date(2026, 2, 20))
OTHER = "4401040077"
COMPLIANCE = f"/staff/schools/{SCHOOL}/compliance"


def test_a_term_before_the_rules_has_a_plan_without_a_light_and_no_duty(desk: Desk) -> None:
    desk.runtime.book.registry.open_term(OLD, envelope())

    plan = text(desk, "coordinator", f"/staff/plans/{SCHOOL}/2025-1")

    assert "这个学期还没有计划" in plan
    assert "活动 0/2" not in plan
    assert "活动 0/2" in text(desk, "coordinator", f"/staff/plans/{SCHOOL}/2026-1")
    year = text(desk, "coordinator", f"/staff/schools/{SCHOOL}/years/2025")
    assert "2025学年" in year
    assert year.count("规则施行前开始，不评定") == 1  # the second term has no dates yet
    state = desk.browser("coordinator").get(f"/api/v1/schools/{SCHOOL}/years/2025/closing").json()
    assert (state["not_evaluated"], state["open_terms"]) == (["2025-1"], ["2025-2"])
    for page in (text(desk, "coordinator", COMPLIANCE), text(desk, "district_officer", TABLE)):
        assert "term=2026-1" in page
        assert "2025-1" not in page
    refused = desk.browser("coordinator").get(f"{COMPLIANCE}?term=2025-1")
    assert refused.status_code == 409


def merge(desk: Desk, name: str, on: date) -> None:
    registry = desk.runtime.book.registry
    registry.register_school(NewSchool(OTHER, name, ("primary",), DISTRICT), envelope())
    registry.merge_school(OTHER, SCHOOL, on, envelope())


def test_a_school_that_was_merged_is_asked_for_nothing_any_more(desk: Desk) -> None:
    coverage = f"/staff/districts/{DISTRICT}/coverage"
    merge(desk, "示例老校", date(2026, 9, 1))
    desk.clock.move_to(STARTS)

    for page in (TABLE, coverage, f"/staff/teachers/regions/{DISTRICT}"):
        assert "示例老校" not in text(desk, "district_officer", page)
    assert "示例老校" in text(desk, "district_officer", f"{coverage}?as_of=2026-08-31")
    schools = desk.client().get("/enrol").text
    assert "示例小学" in schools
    assert "示例老校" not in schools


def test_a_merger_within_a_term_leaves_the_school_its_term(desk: Desk) -> None:
    desk.runtime.book.registry.open_term(SECOND, envelope())
    merge(desk, "示例新校", date(2026, 10, 1))

    assert "示例新校" in text(desk, "district_officer", f"{TABLE}?term=2026-1")
    assert "示例新校" not in text(desk, "district_officer", f"{TABLE}?term=2026-2")
