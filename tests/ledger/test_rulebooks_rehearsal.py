"""Dry runs of rules: the figures of a small ledger, computed by hand."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from domain.evaluation import Evaluation
from domain.rehearsal import LineChange, Reached, RuleEffects, StarChange, Totals
from ledger.book import Book
from ledger.rulebooks import default_rulebook
from tests.acting import Pilot, envelope
from tests.ledger.merging import evening as an_evening_later
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.rules import EASY, a_short_stay, an_evening, rehearsed, rules, with_figures
from tests.ledger.studies import answer, complete, confirm, enter, micro_class, push

NEXT = date(2027, 3, 1)
FIRST_DAY = default_rulebook().effective_from
YEAR = Reached(stage="primary", kind="annual", period="2026")


@pytest.fixture
def evening(book: Book) -> Pilot:
    pilot = Pilot(book).set_up()
    an_evening(pilot)
    return pilot


@pytest.fixture
def easy(book: Book) -> Pilot:
    pilot = Pilot(book, rules=with_figures("2026.1", FIRST_DAY, EASY)).set_up()
    an_evening(pilot)
    return pilot


def totals(effects: dict[UUID, RuleEffects]) -> Totals:
    return sum((Totals.of(each) for each in effects.values()), Totals())


def test_the_same_rules_under_another_name_change_nothing(evening: Pilot) -> None:
    effects = rehearsed(evening, rules("2026.2", NEXT))

    assert len(effects) == 2  # the third has no account
    assert [each for each in effects.values() if not each.is_nothing] == []
    assert sorted(each.hours_before for each in effects.values()) == [100, 200]
    assert totals(effects) == Totals(learners=2)


def test_a_lower_share_for_full_credit_gives_the_late_one_an_hour(evening: Pilot) -> None:
    effects = rehearsed(evening, rules("2026.2", NEXT, attendance__full_credit_min_percent=60))

    [first, second, _] = evening.learners
    assert effects[first].is_nothing
    [line] = effects[second].lines
    assert (line.before, line.after) == (100, 200)
    assert (effects[second].hours_before, effects[second].hours_after) == (100, 200)
    assert totals(effects) == Totals(learners=2, gaining=1, hours_gained=100)


def test_a_stay_under_a_record_that_was_merged_counts_for_who_speaks_now(pilot: Pilot) -> None:
    """It was too short to claim anything: no account knows of it."""
    one, other, _ = pilot.learners
    a_short_stay(pilot, other)
    an_evening_later(pilot, 3, [one])
    signed_by_two(pilot, merge_of(one, other))

    effects = rehearsed(pilot, rules("2026.2", NEXT, attendance__half_credit_min_percent=30))

    assert list(effects) == [one]
    assert (effects[one].hours_before, effects[one].hours_after) == (200, 300)


def test_half_the_rate_takes_half_of_everybody_s_hours(evening: Pilot) -> None:
    effects = rehearsed(evening, with_figures("2026.2", NEXT, {
        "modes.on_site.rate_per_class_hour": 50,
        "modes.theme_activity.rate_per_class_hour": 50,
        "modes.micro_class.rate_per_class_hour": 100,
    }))  # fmt: skip

    assert totals(effects) == Totals(learners=2, losing=2, hours_lost=150)
    assert all(each.loses for each in effects.values())


def test_what_happened_before_a_draft_s_own_day_stays_as_it_is(evening: Pilot) -> None:
    draft = rules("2026.2", NEXT, attendance__full_credit_min_percent=60)
    assert totals(rehearsed(evening, draft, since=NEXT)) == Totals(learners=2)


def test_easier_completions_and_stars_are_gained_by_whoever_passed_the_exam(evening: Pilot) -> None:
    effects = rehearsed(evening, with_figures("2026.2", NEXT, EASY))

    [first, second, _] = evening.learners
    assert effects[first].completions_gained == (YEAR,)
    assert effects[first].stars == (StarChange(stage="primary", before=0, after=1),)
    assert effects[first].lines == ()
    assert effects[second].is_nothing  # one hour, and two are asked for
    assert totals(effects) == Totals(learners=2, gaining=1, completions_gained=1, stars_gained=1)


def test_stricter_rules_show_what_would_have_been_lost(easy: Pilot) -> None:
    effects = rehearsed(easy, rules("2026.2", NEXT))

    first = easy.learners[0]
    assert effects[first].completions_lost == (YEAR,)
    assert [star.after for star in effects[first].stars] == [0]
    assert totals(effects).completions_lost == totals(effects).stars_lost == 1
    assert not effects[first].certificates  # none was issued


def test_a_higher_pass_mark_takes_the_exam_and_what_rests_on_it(easy: Pilot) -> None:
    draft = with_figures("2026.2", NEXT, {**EASY, "exam.pass_mark": 70})

    assert totals(rehearsed(easy, draft)).completions_lost == 1
    assert totals(rehearsed(easy, draft, since=NEXT)) == Totals(learners=2)


def test_a_lower_pass_mark_lets_more_pass(book: Book) -> None:
    strict = with_figures("2026.1", FIRST_DAY, {**EASY, "exam.pass_mark": 70})
    pilot = Pilot(book, rules=strict).set_up()
    an_evening(pilot)

    effects = rehearsed(pilot, with_figures("2026.2", NEXT, EASY))

    assert effects[pilot.learners[0]].completions_gained == (YEAR,)


def test_a_cap_is_granted_again_in_the_old_order(evening: Pilot) -> None:
    draft = rules("2026.2", NEXT, modes__on_site__cap_per_session=150)
    [line] = rehearsed(evening, draft)[evening.learners[0]].lines
    assert line == LineChange(source_id=line.source_id, before=200, after=150)


def test_nothing_is_recorded(easy: Pilot) -> None:
    draft = rules("2026.2", NEXT)
    easy.book.rulebooks.draft(draft, envelope())
    position = easy.book.ledger.position()

    rehearsed(easy, draft)

    assert easy.book.ledger.position() == position
    key = Evaluation.create_id(easy.learners[0], "primary")
    found = easy.book.ledger.find(Evaluation, key)
    assert found is not None
    assert found.star_level > 0


def test_what_was_earned_outside_sessions_is_tried_at_the_new_rates_too(pilot: Pilot) -> None:
    learner = pilot.learners[0]
    complete(pilot, micro_class(pilot, class_hours=200), learner)
    for number in range(5):
        answer(pilot, push(pilot, number), learner)
    draft = with_figures("2026.2", NEXT, {
        "modes.micro_class.rate_per_class_hour": 50, "modes.info_push.per_item": 20,
    })  # fmt: skip

    effects = rehearsed(pilot, draft)[learner]

    assert sorted((line.before, line.after) for line in effects.lines) == [(50, 100), (200, 100)]


def test_hours_that_are_no_more_in_person_lose_what_asked_for_them(easy: Pilot) -> None:
    draft = with_figures("2026.2", NEXT, {**EASY, "modes.on_site.face_to_face": False})
    effects = rehearsed(easy, draft)[easy.learners[0]]
    assert (effects.lines, effects.completions_lost) == ((), (YEAR,))


def test_a_lower_share_of_recognised_hours_loses_what_they_filled(book: Book) -> None:
    """Two hours at school and two from elsewhere, of the four that are asked for."""
    four = {
        **EASY,
        "completion.annual.min_hours": 400,
        "completion.annual.supply_guard.floor": 400,
        "external.max_percent_of_requirement": 50,
    }
    pilot = Pilot(book, rules=with_figures("2026.1", FIRST_DAY, four)).set_up()
    an_evening(pilot)
    confirm(pilot, enter(pilot, hours=200))

    draft = {**four, "external.max_percent_of_requirement": 0}
    effects = rehearsed(pilot, with_figures("2026.2", NEXT, draft))[pilot.learners[0]]

    assert (effects.lines, effects.completions_lost) == ((), (YEAR,))
