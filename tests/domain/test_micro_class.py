"""A micro-class: long enough, with checks between its segments and a quiz that can be answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.micro_class import (
    MicroClass,
    PublishedOtherwise,
    Question,
    QuestionTwice,
    QuestionUnanswerable,
    TooFewSegments,
)
from domain.planning import ClassHoursExceedTime
from domain.rules import MicroClassRules
from domain.studying import (
    MicroClassCompletion,
    Study,
    StudyIncomplete,
    achieved,
    least_seconds,
    places_of_checks,
)
from tests.domain.given import CHEN, LIN, RULES, by, history, news
from tests.domain.refusing import refused
from tests.domain.studies import QUESTION, micro_class, micro_class_plan, segments, somebody

RULE = RULES.micro_class
ALL = frozenset(range(6))


def test_a_micro_class_is_published_once_a_course_version_and_year() -> None:
    made = micro_class()
    made.publish_again(micro_class_plan())
    with pytest.raises(PublishedOtherwise):
        made.publish_again(micro_class_plan(class_hours=100))
    made.withdraw(by())
    made.withdraw(by())
    with pytest.raises(PublishedOtherwise):
        made.publish_again(micro_class_plan())

    told = news(made)

    assert [event.TOPIC for event in told] == ["micro_class.published", "micro_class.withdrawn"]
    again = history(told)
    assert isinstance(again, MicroClass)
    assert (again.is_withdrawn, again.plan) == (True, made.plan)
    assert again.id == MicroClass.create_id(made.plan.course_id, 1, 2026)


def test_its_segments_are_as_long_as_its_class_hours() -> None:
    micro_class(segments=segments(800))
    with refused(ClassHoursExceedTime, minutes=79):
        micro_class(segments=segments(799))


def test_there_is_a_place_for_every_check() -> None:
    micro_class(segments=segments(800, 6))
    with refused(TooFewSegments, needed=6):
        micro_class(segments=segments(960, 5))


@pytest.mark.parametrize(
    ("choices", "right"), [(("甲",), 0), (("甲", "乙"), 2), (("甲", "乙"), -1), (("甲", "甲"), 0)]
)
def test_a_question_has_a_right_answer(choices: tuple[str, ...], right: int) -> None:
    with pytest.raises(QuestionUnanswerable):
        micro_class(quiz=(Question(text="?", choices=choices, right=right),))


def test_a_quiz_asks_a_question_once() -> None:
    other = QUESTION.model_copy(update={"text": "再做什么？"})
    micro_class(quiz=(QUESTION, other))
    with refused(QuestionTwice):
        micro_class(quiz=(QUESTION, other, QUESTION))


def test_two_choices_are_a_question_and_either_may_be_right() -> None:
    for right in (0, 1):
        micro_class(quiz=(Question(text="?", choices=("甲", "乙"), right=right),))


def test_a_segment_takes_its_time_at_the_fastest_speed() -> None:
    assert least_seconds(900, RULE) == 600
    assert least_seconds(901, RULE) == 601
    assert least_seconds(900, MicroClassRules()) == 900


@given(number=st.integers(0, 50))
def test_checks_lie_elsewhere_for_each_learner_and_always_the_same(number: int) -> None:
    plan, key = micro_class_plan(segments=segments(400, 12)), micro_class().id
    places = places_of_checks(key, plan, somebody(number), RULE)
    assert places == places_of_checks(key, plan, somebody(number), RULE)
    assert len(places) == plan.checks(RULE) == 6
    assert places <= frozenset(range(12))


def test_checks_lie_where_they_lay_before_an_update() -> None:
    rules = RULE.model_copy(update={"checks_per_class_hour": 2})
    plan = micro_class_plan(segments=segments(400, 12))
    found = [sorted(places_of_checks(CHEN, plan, somebody(n), rules)) for n in range(3)]
    assert found == [[5, 6, 10, 11], [1, 3, 8, 10], [6, 7, 9, 11]]
    assert sorted(places_of_checks(LIN, plan, somebody(0), rules)) == [2, 3, 5, 9]


def study(watched: int = 6, checks: int = 6, right: int = 3) -> Study:
    return Study(
        watched=frozenset(range(watched)),
        checks=frozenset(range(checks)),
        answers=tuple(0 if number < right else 1 for number in range(3)),
    )


@pytest.mark.parametrize(
    ("done", "lacks"),
    [
        (study(), []),
        (study(watched=5), ["watched"]),
        (study(checks=5), []),
        (study(checks=4), ["checks"]),
        (study(right=2), []),
        (study(right=1), ["quiz"]),
        (study(0, 0, 0), ["watched", "checks", "quiz"]),
        (Study(ALL, ALL, (0,)), ["quiz"]),
    ],
)
def test_a_study_is_enough_or_names_what_lacks(done: Study, lacks: list[str]) -> None:
    if not lacks:
        assert achieved(micro_class_plan(), ALL, done, RULE).watched_percent == 100
        return
    with pytest.raises(StudyIncomplete) as refused:
        achieved(micro_class_plan(), ALL, done, RULE)
    assert refused.value.facts["lacks"] == lacks


def test_a_refusal_says_how_much_was_watched_and_attended_to_and_no_score() -> None:
    lacks, figures = ["watched", "checks", "quiz"], {"checks_asked": 6, "checks_answered": 1}
    with refused(StudyIncomplete, lacks=lacks, watched_percent=50, **figures):
        achieved(micro_class_plan(), ALL, Study(frozenset(range(3)), frozenset({0})), RULE)


@pytest.mark.parametrize("ask", ["min_watched_percent", "quiz_pass_percent"])
def test_what_is_asked_for_to_the_percent_is_enough(ask: str) -> None:
    """Two right of three are 66 percent; half of the segments are 50."""
    exactly = RULE.model_copy(update={"min_watched_percent": 50, "quiz_pass_percent": 66})
    figures = achieved(micro_class_plan(), ALL, study(watched=3, right=2), exactly)
    assert (figures.watched_percent, figures.quiz_percent) == (50, 66)
    more = exactly.model_copy(update={ask: getattr(exactly, ask) + 1})
    with pytest.raises(StudyIncomplete):
        achieved(micro_class_plan(), ALL, study(watched=3, right=2), more)


@pytest.mark.parametrize(("percent", "is_enough"), [(66, True), (67, False)])
def test_four_checks_of_six_are_66_percent(percent: int, is_enough: bool) -> None:
    asked = RULE.model_copy(update={"min_checks_answered_percent": percent})
    if is_enough:
        assert achieved(micro_class_plan(), ALL, study(checks=4), asked).checks_answered == 4
    else:
        with pytest.raises(StudyIncomplete):
            achieved(micro_class_plan(), ALL, study(checks=4), asked)


def test_a_short_piece_with_one_check_and_one_question_is_enough() -> None:
    short = micro_class_plan(segments=segments(1, 1), quiz=(QUESTION,))
    figures = achieved(short, [0], Study(frozenset({0}), frozenset({0}), (0,)), RULE)
    assert set(figures.model_dump().values()) == {100, 1}


def test_where_no_check_is_asked_none_lacks() -> None:
    rules = RULE.model_copy(update={"checks_per_class_hour": 0})
    figures = achieved(micro_class_plan(), (), study(checks=0), rules)
    assert (figures.checks_asked, figures.checks_answered) == (0, 0)


def test_a_completion_holds_figures_alone() -> None:
    made = micro_class()
    figures = achieved(made.plan, ALL, study(), RULE)
    completion = MicroClassCompletion.record(made, CHEN, (2026, "2026-1"), figures, by())

    [event] = news(completion)

    assert isinstance(event, MicroClassCompletion.Completed)
    assert event.segments_sha256 == made.plan.segments_sha256
    assert QUESTION.text not in event.model_dump_json()
    assert completion.id == MicroClassCompletion.create_id(made.id, CHEN, 2026)
    assert completion.id != MicroClassCompletion.create_id(made.id, LIN, 2026)
