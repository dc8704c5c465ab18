"""Stars of a person whose records became one: the higher one is taken over, and stays."""

from __future__ import annotations

from uuid import UUID

from domain.effects import Effect
from domain.evaluation import Evaluation
from domain.upkeep import Upkeep
from tests.acting import SCHOOL, STARTS, Pilot, envelope
from tests.ledger.merging import LATER, merge_of, parting, signed_by_two
from tests.ledger_evening import hold


def evaluation_of(pilot: Pilot, learner: UUID) -> Evaluation:
    found = pilot.book.ledger.find(Evaluation, Evaluation.create_id(learner, "primary"))
    assert found is not None
    return found


def star_of(pilot: Pilot, learner: UUID) -> int:
    return evaluation_of(pilot, learner).star_level


def granted(pilot: Pilot, learner: UUID, level: int) -> None:
    """As if the school had proposed and granted it."""
    evaluation = evaluation_of(pilot, learner)
    evaluation._star_awarded(
        learner_id=learner, stage="primary", level=level, from_day=STARTS.date(),
        envelope=envelope(STARTS),
    )  # fmt: skip
    pilot.book.ledger.save(evaluation)


def test_the_higher_star_of_two_records_is_the_person_s(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    granted(pilot, one, 2)
    granted(pilot, other, 5)
    preview = pilot.book.corrections.preview(merge_of(one, other), envelope(LATER))
    [taken] = [each for change in preview.effects.changes for each in change.effects
               if each.what == "star_taken_over"]  # fmt: skip
    assert taken == Effect(learner_id=one, what="star_taken_over", subject="primary 5")

    signed_by_two(pilot, merge_of(one, other))

    assert star_of(pilot, one) == 5
    assert evaluation_of(pilot, one).star_since == STARTS.date()
    fact = star_fact(pilot, one)
    assert (fact.taken_over_from, fact.envelope.actor.organisation) == (other, SCHOOL)


def test_a_star_that_was_not_renewed_comes_as_that(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    granted(pilot, other, 5)
    not_renewed(pilot, other, 2027)

    signed_by_two(pilot, merge_of(one, other))
    assert evaluation_of(pilot, one).not_renewed_in == 2027


def test_a_star_that_lapses_after_the_proposal_is_not_what_was_signed(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    granted(pilot, other, 5)
    before = pilot.book.corrections.preview(merge_of(one, other), envelope(LATER))
    not_renewed(pilot, other, 2027)

    after = pilot.book.corrections.preview(merge_of(one, other), envelope(LATER))

    lapsed = Effect(learner_id=one, what="star_not_renewed", subject="primary 2027")
    assert lapsed in [each for change in after.effects.changes for each in change.effects]
    assert before.sha256 != after.sha256


def not_renewed(pilot: Pilot, learner: UUID, school_year: int) -> None:
    evaluation = evaluation_of(pilot, learner)
    upkeep = Upkeep(school_year=school_year, hours=200, threshold=400)
    evaluation._not_renewed(
        learner_id=learner, stage="primary", upkeep=upkeep, envelope=envelope(STARTS)
    )
    pilot.book.ledger.save(evaluation)


def star_fact(pilot: Pilot, learner: UUID) -> Evaluation.StarAwarded:
    """The last star that was awarded."""
    ledger = pilot.book.ledger
    rows = ledger.store.select_events(Evaluation.create_id(learner, "primary"))
    facts = [ledger.events_mapper.to_domain_event(row) for row in rows]
    return [each for each in facts if isinstance(each, Evaluation.StarAwarded)][-1]


def test_a_lower_star_changes_nothing(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    granted(pilot, one, 2)
    granted(pilot, other, 2)
    signed_by_two(pilot, merge_of(one, other))
    assert star_fact(pilot, one).taken_over_from is None


def test_a_star_of_a_stage_that_only_the_other_record_was_judged_in(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [other])
    granted(pilot, other, 1)
    signed_by_two(pilot, merge_of(one, other))
    assert star_of(pilot, one) == 1


def test_an_unmerge_takes_no_star_away(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    granted(pilot, other, 5)
    signed_by_two(pilot, merge_of(one, other))
    signed_by_two(pilot, parting(one, other))
    assert (star_of(pilot, one), star_of(pilot, other)) == (5, 5)
