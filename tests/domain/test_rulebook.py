"""The rulebook: every figure typed, founded and found again under its reference."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from pydantic import ValidationError

from domain.carriers import CourseFamily, Mode
from domain.figures import Unit
from domain.grades import Stage
from domain.rulebook import Rulebook, UnknownMode, UnknownRule, changes, fingerprint
from domain.rules import UnknownStage
from tests.domain.given import FILE, RULES, changed
from tests.domain.refusing import refused


def test_every_figure_has_a_reference_and_a_basis() -> None:
    figures = list(RULES.figures())
    assert len({figure.ref for figure in figures}) == len(figures) > 100
    assert all(figure.basis for figure in figures)


@pytest.mark.parametrize(
    ("ref", "value", "basis"),
    [
        ("modes.on_site.cap_per_session", 400, "LOCAL"),
        ("modes.on_site.zh", "现场教学", "SEED GZ-6"),
        ("school_term_compliance.min_class_hours", 800, "SEED GZ-6"),
        ("attendance.full_credit_min_percent", 75, "PRACTICE"),
        ("calendar.school_year_begins", "09-01", "LAW"),
        ("course_families.core.mental_health", "心理健康指导课程", "SEED-SOFT GZ-7"),
        ("course_families.must_include.mental_health", 1, "LOCAL"),
        ("completion.annual.supply_guard.floor", 400, "LOCAL"),
        ("stars.tracks.six_year.levels.5.hours", 8000, "LOCAL"),
        ("no_double_credit.same_session", "once", "LOCAL"),
    ],
)
def test_a_rule_is_found_by_its_reference(ref: str, value: object, basis: str) -> None:
    figure = RULES.figure(ref)
    assert figure.value == value
    assert figure.basis.startswith(basis)


@pytest.mark.parametrize("ref", ["modes.on_site", "modes.on_site.cap_per_term", "version", ""])
def test_what_is_no_figure_is_not_found(ref: str) -> None:
    with refused(UnknownRule, ref=ref):
        RULES.figure(ref)


def test_a_mode_and_another_activity_are_looked_up_alike() -> None:
    assert RULES.mode("micro_class")[0] == "modes.micro_class"
    assert RULES.mode("parent_lecturer")[0] == "other_activities.parent_lecturer"
    with refused(UnknownMode, mode="telepathy"):
        RULES.mode("telepathy")


def test_every_kind_of_session_and_course_has_its_rule() -> None:
    assert {mode.value for mode in Mode if mode.is_a_session} <= (
        RULES.modes.keys() | RULES.other_activities.keys()
    )
    assert {family.value for family in CourseFamily} == RULES.course_families.known
    assert {stage.value for stage in Stage} == RULES.units.class_hour_minutes.keys()


def test_a_figure_says_what_it_counts() -> None:
    assert RULES.figure("modes.on_site.cap_per_session").unit is Unit.HOURS
    assert RULES.figure("units.class_hour_minutes.primary").unit is Unit.MINUTES
    assert RULES.figure("exam.cool_down_hours").unit is Unit.CLOCK_HOURS
    assert RULES.figure("exam.attempts_max").unit is None


def test_the_same_minutes_are_more_class_hours_in_a_kindergarten() -> None:
    assert RULES.units.class_hours_in("kindergarten", 90) == 300
    assert RULES.units.class_hours_in("junior", 90) == 200
    assert RULES.units.class_hours_in("junior", 91) == 202  # whole hundredths
    with refused(UnknownStage, stage="university"):
        RULES.units.class_hours_in("university", 90)


def test_a_figure_that_nobody_knows_is_not_loaded() -> None:
    rules = json.loads(FILE.read_bytes())
    rules["attendance"]["latest_joke_minutes"] = 3
    with pytest.raises(ValidationError, match="latest_joke_minutes"):
        Rulebook.model_validate(rules)


def test_rules_come_back_from_what_is_stored() -> None:
    assert Rulebook.model_validate_json(json.dumps(RULES.as_data())) == RULES


def test_the_fingerprint_tells_rules_apart_and_not_their_order() -> None:
    stored = RULES.as_data()
    assert fingerprint(dict(reversed(stored.items()))) == fingerprint(stored)
    assert fingerprint(changed("exam.pass_mark", 61).as_data()) != fingerprint(stored)


def test_a_fingerprint_never_changes() -> None:
    """What was drafted before an update is published after it."""
    said = sha256('{"a":[1,true],"b":"学时"}'.encode()).hexdigest()
    assert fingerprint({"b": "学时", "a": [1, True]}) == said
    stored = json.loads(json.dumps(RULES.as_data()))
    assert "cap_per_term" not in stored["modes"]["on_site"]


def test_there_are_no_floats_in_the_rules() -> None:
    def refuse(number: str) -> float:
        raise AssertionError(number)

    json.loads(FILE.read_bytes(), parse_float=refuse)


def test_what_changes_between_two_versions_is_named_figure_by_figure() -> None:
    new = changed("exam.pass_mark", 70)
    [change] = changes(RULES, new)
    assert change.before is not None
    assert change.after is not None
    assert (change.ref, change.before.value, change.after.value) == ("exam.pass_mark", 60, 70)
    [gone] = changes(RULES, changed("modes.on_site.cap_per_day", None))
    assert (gone.ref, gone.after) == ("modes.on_site.cap_per_day", None)
    assert changes(RULES, RULES) == []


def test_a_figure_that_stands_on_nothing_says_so() -> None:
    unfounded = changed("retroactivity.basis", "")
    assert unfounded.figure("retroactivity.notice_days").basis == ""
