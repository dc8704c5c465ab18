"""Six years of primary school, as one parent lives them: five stars, and one year missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.correction import AttendanceOrder
from domain.envelope import Role
from domain.evaluation import CompletionKind
from domain.rules import ReversalReason
from ledger.exams import PaperResult
from ledger.registry import NewSchool
from ledger.rulebooks import default_rulebook
from tests.acting import DISTRICT, SCHOOL, Pilot, envelope, rehearse
from tests.ledger.school_years import CHECKER, COORDINATOR, TYPIST, SchoolYears

JUNIOR_SCHOOL = "4401040003"
FOUR = 4  # class hours of an evening: with two of them a year is half complete


class Parent(SchoolYears):
    """The story's parent. An evening is of four hours; its title names it once a school year."""

    def evenings(self, year: int, *families: str, since: int = 0) -> None:
        for number, family in enumerate(families, start=since):
            day = date(year, 9, 12) + timedelta(days=14 * number)
            self.evening(day, f"{family} {number}", family, hours=FOUR)

    @property
    def stars(self) -> int:
        return self.evaluation().star_level

    @property
    def completed(self) -> set[int]:
        return set(self.evaluation().completed_years)


@pytest.fixture
def parent(pilot: Pilot) -> Parent:
    learner = pilot.book.learners.get(pilot.learners[0])
    [(child, *_)] = learner.enrolments
    return Parent(pilot.book, learner.id, child)


def test_one_parent_walks_through_primary_school(parent: Parent) -> None:
    first_year_brings_a_star(parent)
    second_year_brings_the_next(parent)
    third_year_takes_an_evening_back_and_no_star(parent)
    fourth_year_is_completed_by_a_late_exam_under_the_rules_of_its_own_time(parent)
    fifth_year_is_missed_and_costs_nothing_but_a_word(parent)
    sixth_year_renews_the_star_and_brings_the_fifth(parent)
    the_stage_is_completed_when_its_last_year_is_closed(parent)
    a_new_stage_starts_at_nothing_and_the_old_star_stays(parent)


def first_year_brings_a_star(parent: Parent) -> None:
    parent.begin(2026, "一年级")
    parent.evenings(2026, "mental_health", "parent_child_reading", "life_education")
    assert (parent.balance, parent.completed) == (1200, set())
    parent.exam(date(2026, 12, 4))
    assert (parent.stars, parent.completed) == (1, {2026})
    parent.evening(date(2027, 3, 12), "家校约定", "school_collaboration", hours=FOUR)
    parent.close(2026)
    assert (parent.stars, parent.balance) == (1, 1600)


def second_year_brings_the_next(parent: Parent) -> None:
    parent.begin(2027, "二年级")
    parent.evenings(2027, "mental_health")
    assert (parent.stars, parent.balance) == (2, 2000)
    parent.evenings(2027, "career_experience", "life_education", since=1)
    parent.evening(date(2027, 12, 10), "亲子定向", "crisis_response", FOUR, "theme_activity")
    parent.exam(date(2027, 12, 17))
    parent.close(2027)
    assert (parent.completed, parent.balance) == ({2026, 2027}, 3200)


def third_year_takes_an_evening_back_and_no_star(parent: Parent) -> None:
    parent.begin(2028, "三年级")
    parent.evenings(2028, "mental_health")
    assert (parent.stars, parent.balance) == (3, 3600)
    mistaken = parent.evening(date(2028, 9, 22), "别人的一晚", "life_education", FOUR)
    assert parent.balance == 4000
    take_back(parent, mistaken, at=datetime(2028, 10, 9, 2, tzinfo=UTC))
    assert (parent.stars, parent.balance) == (3, 3600)
    parent.evening(date(2028, 11, 3), "我家的经验", "parent_child_reading", 2, "parent_lecturer")
    parent.evening(date(2028, 11, 10), "亲子运动", "life_education", FOUR, "theme_activity")
    parent.evening(date(2028, 11, 17), "共读一本书", "parent_child_reading", FOUR)
    parent.exam(date(2028, 12, 8))
    parent.close(2028)
    assert (parent.completed, parent.balance) == ({2026, 2027, 2028}, 4800)


def take_back(parent: Parent, session_id: UUID, at: datetime) -> None:
    """The coordinator finds that it was somebody else: while the term is open, one signs."""
    corrections, by = parent.book.corrections, envelope(at, actor_id=COORDINATOR)
    order = AttendanceOrder(
        session_id=session_id, learner_id=parent.learner, reason_code=ReversalReason.WRONG_PERSON
    )
    corrections.propose(order, corrections.preview(order, by).sha256, by)


def fourth_year_is_completed_by_a_late_exam_under_the_rules_of_its_own_time(
    parent: Parent,
) -> None:
    parent.begin(2029, "四年级")
    parent.evenings(2029, "mental_health")
    assert (parent.stars, parent.balance) == (3, 5200)
    parent.evening(date(2029, 11, 2), "再谈经验", "school_collaboration", 2, "parent_lecturer")
    assert (parent.stars, parent.balance) == (4, 5600)
    parent.evenings(2029, "life_education", since=1)
    new_rules_ask_for_fifteen_hours_from_september(parent)
    exam_id = parent.book.exams.publish(SCHOOL, "补考", date(2030, 6, 20), envelope())
    assert 2029 not in parent.completed

    counted_late(parent, exam_id, at=datetime(2030, 9, 3, 2, tzinfo=UTC))

    assert parent.completed == {2026, 2027, 2028, 2029}
    parent.close(2029)
    assert (parent.stars, parent.balance) == (4, 6000)


def new_rules_ask_for_fifteen_hours_from_september(parent: Parent) -> None:
    """Drafted by one officer, tried out, published by another, in time."""
    old = default_rulebook()
    annual = old.completion.annual.model_copy(update={"min_hours": 1500})
    completion = old.completion.model_copy(update={"annual": annual})
    changes = {"version": "2030.1", "effective_from": date(2030, 9, 1), "completion": completion}
    new, rulebooks = old.model_copy(update=changes), parent.book.rulebooks
    rulebooks.draft(new, envelope(datetime(2030, 6, 1, tzinfo=UTC), Role.CITY_ADMINISTRATOR))
    rehearse(parent.book, "2030.1")
    rulebooks.publish("2030.1", envelope(datetime(2030, 6, 2, tzinfo=UTC), Role.CITY_ADMINISTRATOR))
    assert rulebooks.on(date(2030, 9, 3)).completion.annual.min_hours == 1500


def counted_late(parent: Parent, exam_id: UUID, at: datetime) -> None:
    exams, result = parent.book.exams, [PaperResult(parent.learner, 91)]
    assert exams.enter_results(exam_id, result, envelope(at, actor_id=TYPIST)) == {}
    assert exams.check_results(exam_id, result, envelope(at, actor_id=CHECKER)) == {}
    parent.book.awards.evaluate(parent.learner, at, uuid4())


def fifth_year_is_missed_and_costs_nothing_but_a_word(parent: Parent) -> None:
    parent.begin(2030, "五年级")
    parent.evening(date(2030, 10, 11), "只来了一晚", "mental_health", hours=2)
    parent.close(2030)
    assert (parent.stars, parent.balance) == (4, 6200)
    assert parent.evaluation().not_renewed_in == 2030
    assert 2030 not in parent.completed


def sixth_year_renews_the_star_and_brings_the_fifth(parent: Parent) -> None:
    parent.begin(2031, "六年级")
    parent.evenings(2031, "mental_health")
    assert (parent.stars, parent.evaluation().not_renewed_in) == (4, None)
    parent.evenings(2031, *["life_education", "career_experience"] * 2, since=1)
    parent.exam(date(2031, 12, 5))
    assert (parent.stars, parent.balance) == (4, 8200)
    assert parent.evaluation().last_judged.needs_proposal

    proposed = datetime(2032, 3, 1, 2, tzinfo=UTC)
    proposals, by = parent.book.star_proposals, envelope(proposed, actor_id=COORDINATOR)
    proposal_id = proposals.propose(parent.learner, "primary", SCHOOL, by)
    assert parent.stars == 4
    proposals.grant(proposal_id, envelope(proposed + timedelta(days=9), Role.HEAD))
    assert parent.stars == 5


def the_stage_is_completed_when_its_last_year_is_closed(parent: Parent) -> None:
    assert (CompletionKind.STAGE, "primary") not in parent.evaluation().completions
    parent.close(2031)
    assert parent.completed == {2026, 2027, 2028, 2029, 2031}
    assert (CompletionKind.STAGE, "primary") in parent.evaluation().completions


def a_new_stage_starts_at_nothing_and_the_old_star_stays(parent: Parent) -> None:
    new = NewSchool(JUNIOR_SCHOOL, "示例中学", ("junior",), DISTRICT)
    parent.book.registry.register_school(new, envelope())
    parent.school = JUNIOR_SCHOOL
    parent.begin(2032, "七年级", "junior")
    parent.evening(date(2032, 9, 17), "初中第一课", "mental_health")
    junior, primary = parent.evaluation("junior"), parent.evaluation("primary")
    assert (junior.star_level, junior.completed_years) == (0, frozenset())
    assert junior.last_judged.level == 0
    assert (primary.star_level, parent.balance) == (5, 8400)

    parent.close(2032)

    assert parent.evaluation("primary").not_renewed_in is None
    assert parent.evaluation("primary").star_level == 5
