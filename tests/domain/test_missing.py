"""What is missing for the next completion and the next star, with value and threshold."""

from __future__ import annotations

from domain.missing import missing
from tests.domain.given import RULES, a_full_year, changed, exam, record

COMPLETE = record(*a_full_year(), exams=(exam(),))


def test_what_is_missing_is_said_with_value_and_threshold() -> None:
    lacking = missing(record(*a_full_year()[:2]), RULES, 2026)
    assert [(c.ref, c.value, c.threshold) for c in lacking.completion] == [
        ("completion.annual.min_hours", 400, 800),
        ("completion.annual.exams_passed", 0, 1),
    ]
    assert lacking.next_star == 1
    assert [(c.ref, c.value, c.threshold) for c in lacking.star] == [
        ("stars.tracks.six_year.levels.1.hours", 400, 800),
        ("stars.tracks.six_year.levels.1.exams_passed", 0, 1),
    ]


def test_after_the_completion_the_next_star_is_what_is_missing() -> None:
    lacking = missing(COMPLETE, RULES, 2026, {2026}, star_level=1)
    assert lacking.completion == ()
    assert lacking.next_star == 2
    assert [c.ref for c in lacking.star] == ["stars.tracks.six_year.levels.2.hours"]


def test_a_year_that_is_completed_lacks_nothing_whatever_is_asked_now() -> None:
    stricter = changed("completion.annual.min_hours", 1000)
    assert missing(COMPLETE, stricter, 2026, {2026}).completion == ()
    assert [c.ref for c in missing(COMPLETE, stricter, 2026).completion] == [
        "completion.annual.min_hours"
    ]


def test_after_the_last_star_nothing_is_missing() -> None:
    lacking = missing(COMPLETE, RULES, 2026, {2026}, star_level=5)
    assert (lacking.next_star, lacking.star) == (None, ())
