"""Which coming session would fill what is missing, by the rules that will credit it."""

from __future__ import annotations

from datetime import timedelta
from uuid import NAMESPACE_OID, uuid5

from domain.completing import LearningRecord
from domain.filling import Way, filled_by
from domain.missing import missing
from domain.plan_check import Offered
from tests.domain.given import EVENING, RULES, a_full_year, changed, credit, exam, record
from tests.domain.sessions import plan

HOURS = "completion.annual.min_hours"
IN_PERSON = "completion.annual.min_face_to_face_hours"
FAMILIES = "course_families.required_for_completion"
HEART = "course_families.must_include.mental_health"
STAR = "stars.tracks.six_year.levels"


def coming(number: int = 50, **different: object) -> Offered:
    key = uuid5(NAMESPACE_OID, f"session {number}")
    course = uuid5(NAMESPACE_OID, f"course {number}")
    begins_at = EVENING + timedelta(days=number)
    times = {"begins_at": begins_at, "ends_at": begins_at + timedelta(minutes=80)}
    return Offered(key, plan(**{"course_id": course, **times, **different}), RULES)


def way(of: LearningRecord, *completed: int, star_level: int = 0) -> Way:
    lacking = missing(of, RULES, 2026, frozenset(completed), star_level)
    return Way(of, lacking, frozenset(completed), RULES)


def test_the_first_evening_brings_hours_and_its_own_family_forward() -> None:
    found = filled_by(way(record()), coming(family="mental_health", mode="on_site"))
    assert found == {HOURS, IN_PERSON, FAMILIES, HEART, f"{STAR}.1.hours"}


def test_another_family_fills_the_count_but_not_the_one_that_must_be_there() -> None:
    found = filled_by(way(record()), coming(family="life_education"))
    assert FAMILIES in found
    assert HEART not in found


def test_a_family_that_one_has_fills_hours_only() -> None:
    one = record(credit(0, family="mental_health"))
    found = filled_by(way(one), coming(family="mental_health"))
    assert found == {HOURS, IN_PERSON, f"{STAR}.1.hours"}


def test_a_course_that_was_credited_this_year_fills_nothing() -> None:
    again = coming(0, family="mental_health")
    assert filled_by(way(record(credit(0))), again) == frozenset()


def test_what_only_an_exam_fills_no_evening_fills() -> None:
    lacking_an_exam = way(record(*a_full_year()))
    assert [each.ref for each in lacking_an_exam.lacking.completion] == [
        "completion.annual.exams_passed"
    ]
    assert filled_by(lacking_an_exam, coming()) == frozenset()


def test_a_full_term_has_no_room_for_more() -> None:
    full = changed("no_double_credit.term_cap_total", 200)
    offered = coming()
    one = way(record(credit(0)))
    assert filled_by(one, offered) != frozenset()
    assert filled_by(one, Offered(offered.session_id, offered.plan, full)) == frozenset()


def test_a_theme_activity_fills_what_the_fourth_star_asks_for() -> None:
    done = record(*a_full_year(), exams=(exam(),))
    third = way(done, 2026, star_level=3)
    ref = f"{STAR}.4.theme_activities"
    assert ref in filled_by(third, coming(mode="theme_activity"))
    assert ref not in filled_by(third, coming(mode="on_site"))
