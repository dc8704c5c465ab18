"""What a school offered to a grade in a year: face to face, counted, every course once."""

from __future__ import annotations

from typing import Any

import pytest

from domain.compliance import TermSession
from domain.offering import offered_by_grade
from domain.rulebook import Rulebook
from domain.standing import Standing
from tests.domain.given import RULES, changed
from tests.domain.test_compliance import session

COURSE = session(1).course_id


def offered(*sessions: TermSession, rules: Rulebook = RULES) -> dict[str, int]:
    return offered_by_grade(sessions, ("一年级", "三年级"), lambda _: rules)


def test_a_grade_is_offered_what_it_was_invited_to() -> None:
    assert offered(session(1, 200), session(2, 300, grades=("三年级",))) == {
        "一年级": 200,
        "三年级": 500,
    }


def test_a_course_that_comes_again_in_the_second_term_is_offered_once() -> None:
    assert offered(session(1, 200), session(7, 300, course_id=COURSE)) == {
        "一年级": 300,
        "三年级": 300,
    }


@pytest.mark.parametrize(
    "different",
    [{"standing": Standing.VOIDED}, {"mode": "micro_class"}, {"mode": "open_day_parent_child"}],
)
def test_what_does_not_count_or_is_not_face_to_face_is_not_offered(
    different: dict[str, Any],
) -> None:
    assert offered(session(1, **different)) == {"一年级": 0, "三年级": 0}


def test_hours_are_those_of_the_rate_of_the_sessions_rules() -> None:
    half = changed("modes.on_site.rate_per_class_hour", 50)
    assert offered(session(1, 300), rules=half) == {"一年级": 150, "三年级": 150}


def test_each_session_is_offered_by_its_own_rules() -> None:
    half, whole = session(1, 300), session(2, 300)
    rules = {half: changed("modes.on_site.rate_per_class_hour", 50), whole: RULES}
    assert offered_by_grade((half, whole), ("一年级",), rules.__getitem__) == {"一年级": 450}
