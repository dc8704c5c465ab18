"""The close of a school year: the supply guard, the end of a stage, the upkeep of a star."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.aggregate import LedgerAggregate
from domain.closing import YearClosing
from domain.enrolment import Leaving
from domain.evaluation import CompletionKind
from domain.rulebook import Rulebook
from domain.rulebook_refusals import NoRulebookInForce
from domain.supplement import RuleLevel, Supplement
from ledger.book import Book
from ledger.evaluating import case_of, offers_to, rules_of_day
from ledger.registry import NewSchool
from ledger.rulebooks import RulesOn, default_rulebook
from ledger.streams import Streams
from ledger.transfers import Pupil
from tests.acting import DISTRICT, SCHOOL, Pilot, envelope, rehearse
from tests.ledger.school_years import SchoolYears, evening_of

ELSEWHERE = "4401040003"
LATER = date(2027, 9, 10)


@pytest.fixture
def years(pilot: Pilot) -> SchoolYears:
    """The pilot's first learner, in grade three since 2026."""
    learner = pilot.book.learners.get(pilot.learners[0])
    [(child, *_)] = learner.enrolments
    made = SchoolYears(pilot.book, learner.id, child)
    made.begin(2026, "三年级")
    return made


def six_hours(years: SchoolYears) -> None:
    """Three evenings in two families, and the exam: two hours short of a completion."""
    years.evening(date(2026, 9, 25), "读懂情绪")
    years.evening(date(2026, 10, 16), "生命教育", "life_education")
    years.evening(date(2026, 11, 6), "压力与睡眠")
    years.exam(date(2026, 12, 4))


def offers(years: SchoolYears) -> dict[int, int]:
    streams = Streams.of_learners(years.book.ledger.load, [years.learner])
    return offers_to(streams, years.book.learners.get(years.learner))


@pytest.mark.parametrize(("offered", "completed"), [(1200, True), (1300, False), (0, True)])
def test_half_of_what_was_offered_is_enough_once_the_year_is_closed(
    years: SchoolYears, offered: int, completed: bool
) -> None:
    six_hours(years)
    assert years.evaluation().completed_years == frozenset()

    years.close(2026, offered)

    assert (2026 in years.evaluation().completed_years) == completed


def test_the_judgement_at_the_close_is_recorded_once_though_nothing_changed(
    years: SchoolYears,
) -> None:
    years.evening(date(2026, 9, 25), "读懂情绪")
    cause = uuid4()
    before = years.evaluation().version

    for _ in range(2):
        years.book.awards.evaluate_at_year_close(years.learner, 2026, evening_of(LATER), cause)

    after = years.evaluation()
    assert after.version == before + 1
    assert after.last_judged.level == 0


def test_a_year_in_which_somebody_had_no_place_says_nothing_of_them(years: SchoolYears) -> None:
    position = years.book.ledger.position()
    for learner in (years.learner, uuid4()):
        years.book.awards.evaluate_at_year_close(learner, 2031, evening_of(LATER), uuid4())
    assert years.book.ledger.position() == position


def test_of_several_places_the_largest_offer_counts_when_every_school_has_closed(
    years: SchoolYears,
) -> None:
    new = NewSchool(ELSEWHERE, "示例中学", ("junior",), DISTRICT)
    years.book.registry.register_school(new, envelope())
    there = {"stage": "junior", "grade": "七年级", "child_id": uuid4(), "school_code": ELSEWHERE}
    years.enrol(2026, **there)
    ledger = years.book.ledger
    assert offers(years) == {}

    ledger.save(YearClosing(SCHOOL, 2026, {"三年级": 1000, "四年级": 1600}, envelope()))
    assert offers(years) == {}

    ledger.save(YearClosing(ELSEWHERE, 2026, {"七年级": 1200}, envelope()))
    assert offers(years) == {2026: 1200}


def test_a_grade_that_a_closing_does_not_name_was_offered_nothing(years: SchoolYears) -> None:
    years.book.ledger.save(YearClosing(SCHOOL, 2026, {"六年级": 1600}, envelope()))
    assert offers(years) == {2026: 0}


def test_a_stage_ends_when_the_year_of_its_last_grade_is_closed(years: SchoolYears) -> None:
    years.begin(2026, "六年级")
    six_hours(years)
    years.evening(date(2026, 11, 20), "认识职业", "career_experience")
    assert years.evaluation().completed_years == {2026}
    assert (CompletionKind.STAGE, "primary") not in years.evaluation().completions

    years.close(2026)

    assert (CompletionKind.STAGE, "primary") in years.evaluation().completions


def test_a_stage_ends_for_whose_child_has_graduated_by_then(years: SchoolYears) -> None:
    years.begin(2026, "六年级")
    six_hours(years)
    years.evening(date(2026, 11, 20), "认识职业", "career_experience")
    pupil = Pupil(years.child, SCHOOL, 2026, [years.learner])
    years.book.transfers.leave(
        pupil, date(2027, 6, 30), Leaving.GRADUATED, envelope(evening_of(date(2027, 7, 1)))
    )

    years.close(2026)

    assert (CompletionKind.STAGE, "primary") in years.evaluation().completions


def test_a_star_is_not_renewed_for_want_of_four_hours_and_comes_back_with_them(
    years: SchoolYears,
) -> None:
    six_hours(years)
    years.evening(date(2026, 11, 20), "认识职业", "career_experience")
    years.close(2026)
    assert years.evaluation().star_level == 1
    years.begin(2027, "四年级")
    years.evening(date(2027, 10, 15), "读懂青春")
    years.close(2027)
    assert (years.evaluation().star_level, years.evaluation().not_renewed_in) == (1, 2027)

    years.begin(2028, "五年级")
    years.evening(date(2028, 10, 13), "家庭约定", hours=2)
    assert years.evaluation().not_renewed_in == 2027
    years.evening(date(2028, 10, 20), "陪孩子读书", hours=2)

    assert (years.evaluation().star_level, years.evaluation().not_renewed_in) == (2, None)


def test_a_school_year_is_judged_by_the_rules_of_its_last_day() -> None:
    old, new = (edition(version) for version in ("2026.1", "2027.1"))

    def on(day: date, _: str) -> Rulebook:
        if day < date(2026, 9, 1):
            raise NoRulebookInForce
        return old if day < date(2027, 9, 1) else new

    rules = rules_of_day(LATER, new, dict.fromkeys((2024, 2026, 2027), SCHOOL), on)

    assert rules.rulebook is new
    assert rules.years == {2024: new, 2026: old, 2027: new}


def test_a_school_year_is_judged_by_the_rules_of_its_own_school(years: SchoolYears) -> None:
    """The child moves to a district that asks for a family which nobody offered before."""
    new = NewSchool(ELSEWHERE, "示例二小", ("primary",), "440106")
    years.book.registry.register_school(new, envelope())
    publish_elsewhere(years.book, {"course_families.must_include.parent_child_reading": 1})
    six_hours(years)
    years.enrol(2027, school_code=ELSEWHERE, grade="四年级")

    years.evening(date(2026, 11, 20), "认识职业", "career_experience")

    assert years.evaluation().completed_years == {2026}


def test_each_end_of_a_stage_has_the_rules_of_its_year_and_of_that_child_s_school(
    years: SchoolYears,
) -> None:
    new = NewSchool(ELSEWHERE, "示例二小", ("primary",), "440106")
    years.book.registry.register_school(new, envelope())
    publish_elsewhere(years.book, {"course_families.must_include.parent_child_reading": 1})
    years.begin(2026, "六年级")
    years.enrol(2027, child_id=uuid4(), school_code=ELSEWHERE)
    years.enrol(2027, child_id=uuid4(), grade="五年级")
    for school, year in ((SCHOOL, 2026), (ELSEWHERE, 2027)):
        years.book.ledger.save(YearClosing(school, year, {}, envelope()))
    streams = Streams.of_learners(years.book.ledger.load, [years.learner])
    learner, by = years.book.learners.get(years.learner), envelope(evening_of(date(2028, 9, 10)))

    case = case_of(streams, learner, "primary", [], RulesOn(years.book.rulebooks), by)

    here, there = (case.rules.ends[year].course_families.must_include for year in (2026, 2027))
    assert "parent_child_reading" not in here
    assert "parent_child_reading" in there
    assert case.record.enrolment.finished == (2026, 2027)


def publish_elsewhere(book: Book, figures: dict[str, Any]) -> None:
    rules = Supplement(
        rulebook_id=book.rulebooks.rulebook_id, version="1", title="示例区规则",
        level=RuleLevel.DISTRICT, organisation="440106", effective_from=date(2026, 10, 1),
        figures=figures,
    )  # fmt: skip
    book.rulebooks.draft_supplement(rules, envelope())
    rehearse(book, "1", "440106")
    book.rulebooks.publish("1", envelope(), "440106")


def edition(version: str) -> Rulebook:
    return default_rulebook().model_copy(update={"version": version})


def test_an_evaluation_reads_its_streams_in_two_queries(
    years: SchoolYears, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    load = years.book.ledger.load

    def counted(ids: Iterable[UUID]) -> dict[UUID, LedgerAggregate]:
        asked.append(1)
        return load(ids)

    monkeypatch.setattr(years.book.ledger, "load", counted)

    Streams.of_learners(years.book.ledger.load, [years.learner])

    assert len(asked) == 2
