"""A star is kept renewed by a few hours a year; without them it stays, and says so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.completing import LearningRecord, StageEnrolment
from domain.crediting import Credit
from domain.evaluation import Evaluation, StarNotDue
from domain.upkeep import Upkeep, UpkeepTold, is_asked, upkeep_of
from tests.domain.given import (
    CHEN,
    RULES,
    a_full_year,
    by,
    changed,
    credit,
    exam,
    history,
    news,
    record,
    ruled,
)
from tests.domain.refusing import refused

YEARS = StageEnrolment("primary", (2026, 2027, 2028))
FIRST = a_full_year()


def lines(*more: tuple[int, int]) -> LearningRecord:
    """The first year, complete; and (school year, hours) of later ones."""
    later = tuple(
        credit(900 + n, school_year=year, term=f"{year}-1", hours=hours)
        for n, (year, hours) in enumerate(more)
    )
    return record(*FIRST, *later, exams=(exam(),), enrolment=YEARS)


@pytest.fixture
def star() -> Evaluation:
    """One star, awarded in the first year."""
    made = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    made.evaluate(lines(), ruled(2026), by())
    assert made.star_level == 1
    made.collect_events()
    return made


def closed(star: Evaluation, judged: LearningRecord, year: int) -> list[Any]:
    star.close_year(judged, RULES, year, by())
    return news(star)


@pytest.mark.parametrize(("hours", "told"), [(350, 1), (400, 0), (450, 0)])
def test_four_hours_a_year_keep_a_star_renewed(star: Evaluation, hours: int, told: int) -> None:
    facts = closed(star, lines((2027, hours)), 2027)
    assert [type(fact) for fact in facts] == [Evaluation.StarNotRenewed] * told
    assert star.star_level == 1


def test_what_is_said_names_year_hours_and_threshold(star: Evaluation) -> None:
    [fact] = closed(star, lines(), 2027)
    assert fact.upkeep == Upkeep(school_year=2027, hours=0, threshold=400)
    assert fact.envelope.rulebook_version == "2026.1"
    assert star.not_renewed_in == 2027


def test_the_same_year_closed_again_is_no_news(star: Evaluation) -> None:
    closed(star, lines(), 2027)
    assert closed(star, lines(), 2027) == []
    assert closed(star, lines(), 2026) == []
    assert len(closed(star, lines(), 2028)) == 1


def test_the_year_of_the_award_asks_for_nothing_more(star: Evaluation) -> None:
    assert closed(star, record(enrolment=YEARS), 2026) == []


def test_nobody_is_asked_after_the_stage(star: Evaluation) -> None:
    assert closed(star, lines(), 2029) == []


def test_nobody_without_a_star_is_asked() -> None:
    made = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    made.collect_events()
    assert closed(made, record(enrolment=YEARS), 2027) == []


@pytest.mark.parametrize(("year", "renewed"), [(2026, False), (2027, True), (2028, True)])
def test_hours_of_that_year_or_a_later_one_renew_it(
    star: Evaluation, year: int, renewed: bool
) -> None:
    closed(star, lines(), 2027)

    star.evaluate(lines((year, 400)), ruled(year), by())

    told = [fact for fact in news(star) if isinstance(fact, Evaluation.StarRenewed)]
    assert (len(told), star.not_renewed_in is None) == (int(renewed), renewed)
    assert all(fact.envelope.rulebook_version == RULES.version for fact in told)


def test_a_star_renewed_by_hours_that_were_taken_back_is_not_renewed_at_the_next_close(
    star: Evaluation,
) -> None:
    closed(star, lines(), 2027)
    star.evaluate(lines((2027, 400)), ruled(2027), by())
    star.collect_events()
    assert len(closed(star, lines(), 2027)) == 1


def test_hours_taken_back_after_the_close_say_nothing_new_of_that_year(star: Evaluation) -> None:
    """To the advantage of who was judged: the next close looks at its own year."""
    closed(star, lines((2027, 400)), 2027)

    star.evaluate(lines(), ruled(2027), by())

    assert star.not_renewed_in is None


def test_what_was_said_last_comes_back_from_history() -> None:
    star = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    star.evaluate(lines(), ruled(2026), by())
    star.close_year(lines(), RULES, 2027, by())
    again = history(news(star))
    assert isinstance(again, Evaluation)
    assert (again.not_renewed_in, again.star_since) == (2027, date(2027, 2, 28))
    again.evaluate(lines((2028, 400)), ruled(2028), by())
    assert again.upkeep == UpkeepTold(2028, renewed=True)


def test_a_star_by_proposal_asks_for_every_condition_again() -> None:
    made = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    with pytest.raises(StarNotDue):
        made.proposable(lines(), RULES)


def five() -> tuple[Credit, ...]:
    """Six families, two activities, two talks, eighty hours."""
    families = [*RULES.course_families.core][:6]
    modes = ["theme_activity"] * 2 + ["parent_lecturer"] * 2 + ["on_site"] * 2
    return tuple(
        credit(n, hours=1400, family=family, mode=mode, school_year=2026 + n % 4)
        for n, (family, mode) in enumerate(zip(families, modes, strict=True))
    )


def ready() -> tuple[Evaluation, LearningRecord]:
    """Four complete years and all that five stars ask for: four stars, and one to propose."""
    years = (2026, 2027, 2028, 2029)
    complete = tuple(line for year in years for line in a_full_year(year))
    judged = record(
        *complete,
        *five(),
        exams=tuple(map(exam, years)),
        enrolment=StageEnrolment("primary", years),
    )
    made = Evaluation(learner_id=CHEN, stage="primary", envelope=by())
    made.evaluate(judged, ruled(*years), by())
    made.collect_events()
    return made, judged


def test_the_fifth_star_is_granted_through_the_evaluation_itself() -> None:
    made, judged = ready()
    assert (made.star_level, made.proposable(judged, RULES)) == (4, 5)

    made.grant_star(5, judged, ruled(), by())

    evaluated, awarded = news(made)
    assert isinstance(evaluated, Evaluation.StarEvaluated)
    assert (evaluated.level_before, evaluated.level_after) == (4, 5)
    assert not evaluated.needs_proposal
    assert isinstance(awarded, Evaluation.StarAwarded)
    assert awarded.level == 5
    made.grant_star(5, judged, ruled(), by())
    assert news(made) == []


def test_a_star_whose_conditions_fell_meanwhile_is_not_granted() -> None:
    made, judged = ready()
    fallen = record(*judged.credits[:-4], exams=judged.exams_passed, enrolment=judged.enrolment)
    with refused(StarNotDue, level=5):
        made.grant_star(5, fallen, ruled(), by())
    assert news(made) == []


def test_of_recognised_hours_at_most_half_keep_a_star_renewed() -> None:
    elsewhere = credit(900, school_year=2027, mode="external_recognised", hours=900)
    assert upkeep_of(record(elsewhere), RULES, 2027).hours == 200


def test_a_school_year_begins_when_the_rules_say_so() -> None:
    """With years that begin in March a star of February is of the year before."""
    march = changed("calendar.school_year_begins", "03-01")
    february = date(2027, 2, 28)
    assert is_asked(lines(), march, 2027, february)
    assert not is_asked(lines(), march, 2027, date(2027, 3, 1))
