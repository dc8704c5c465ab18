"""Better rules applied backwards: as rehearsed, to nobody's disadvantage, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.correction import State
from domain.evaluation import Evaluation
from domain.re_evaluation import DryRunDiffers, Outcomes, Plan, RulesReachNotBack
from domain.rehearsal import RuleEffects, Totals
from domain.rulebook_refusals import (
    NoRulebookInForce,
    RulebookNeedsSecondPerson,
    UnknownRulebook,
)
from domain.rules import ReversalReason
from domain.supplement import RuleLevel
from ledger.ledger import Ledger
from ledger.rulebooks_backwards import Backwards, Outcome
from ledger.rulebooks_instead import Trial
from tests.acting import Pilot, envelope
from tests.database import TestDatabase
from tests.ledger.evenings import balance
from tests.ledger.interrupting import interrupted
from tests.ledger.merging import evening
from tests.ledger.rules import (
    EASY,
    LATER,
    a_short_stay,
    an_evening,
    attended,
    in_force,
    with_figures,
)
from tests.ledger.studies import complete, micro_class
from tests.ledger.test_corrections import void
from tests.ledger.test_session_credit import signed

FROM = date(2026, 9, 25)
BETTER = {"attendance.full_credit_min_percent": 60, "retroactivity.better_backwards": True}
ROOM = {"modes.micro_class.cap_per_day": 400, "modes.on_site.rate_per_class_hour": 150}
RUN = uuid4()


def announced(pilot: Pilot, figures: Mapping[str, Any]) -> Backwards:
    """An edition in force after the evening, tried on what was judged by the first one."""
    in_force(pilot.book, with_figures("2026.2", FROM, dict(figures)))
    an_evening(pilot)
    return backwards(pilot)


def backwards(pilot: Pilot, ledger: Ledger | None = None) -> Backwards:
    book = pilot.book
    edition = book.rulebooks.edition("2026.2")
    trial = Trial(RUN, edition, LATER, from_version="2026.1")
    return Backwards(ledger or book.ledger, book.rulebooks, trial, attended(pilot))


def effects(pilot: Pilot, tried: Backwards) -> dict[UUID, RuleEffects]:
    found = tried.effects(sorted(pilot.learners))
    return {each.learner_id: each for each in found if not each.is_nothing}


def hashes(found: dict[UUID, RuleEffects]) -> dict[UUID, str]:
    return {key: each.sha256 for key, each in found.items()}


def test_a_better_rule_reaches_back_and_changes_only_the_line_it_is_about(pilot: Pilot) -> None:
    tried = announced(pilot, BETTER)
    found = effects(pilot, tried)
    [_, second, _] = pilot.learners
    assert list(found) == [second]

    outcomes = tried.apply(RUN, hashes(found), LATER)

    assert outcomes == {second: Outcome.CHANGED}
    assert [balance(pilot, each) for each in pilot.learners] == [200, 200, 0]
    account = pilot.book.ledger.get(Account, Account.create_id(second), UnknownRulebook)
    [credit] = account.standing
    assert (credit.hours, credit.rulebook_version) == (200, "2026.2")
    assert reasons(pilot, second) == [ReversalReason.RE_EVALUATED]
    assert effects(pilot, tried) == {}


def test_a_better_rate_reaches_what_was_learnt_outside_sessions(pilot: Pilot) -> None:
    learner = pilot.learners[0]
    complete(pilot, micro_class(pilot), learner)
    rates = {**BETTER, "modes.micro_class.rate_per_class_hour": 150, **ROOM}
    in_force(pilot.book, with_figures("2026.2", FROM, rates))
    tried = backwards(pilot)
    found = effects(pilot, tried)

    assert tried.apply(RUN, hashes(found), LATER) == {learner: Outcome.CHANGED}

    assert balance(pilot, learner) == 300
    assert effects(pilot, tried) == {}


def reasons(pilot: Pilot, learner: UUID) -> list[str]:
    rows = pilot.book.ledger.store.select_events(Account.create_id(learner))
    found = (pilot.book.ledger.events_mapper.to_domain_event(row) for row in rows)
    return [each.reason_code for each in found if isinstance(each, Account.CreditReversed)]


def test_what_follows_comes_with_it(pilot: Pilot) -> None:
    tried = announced(pilot, {**BETTER, **EASY})
    found = effects(pilot, tried)
    second = pilot.learners[1]
    assert set(found) == {second}  # the first was evaluated by the new rules, with two hours
    assert len(found[second].completions_gained) == 1

    tried.apply(RUN, hashes(found), LATER)

    evaluation = pilot.book.ledger.find(Evaluation, Evaluation.create_id(second, "primary"))
    assert evaluation is not None
    assert (evaluation.completed_years, evaluation.star_level) == (frozenset({2026}), 1)


def test_whoever_would_lose_in_any_line_is_left_out(pilot: Pilot) -> None:
    tried = announced(pilot, {**BETTER, "modes.on_site.cap_per_session": 150})
    found = effects(pilot, tried)
    first, second, _ = pilot.learners

    outcomes = tried.apply(RUN, hashes(found), LATER)

    assert outcomes == {first: Outcome.WOULD_LOSE, second: Outcome.CHANGED}
    assert [balance(pilot, each) for each in (first, second)] == [200, 150]


def test_whose_facts_changed_since_is_left_out(pilot: Pilot) -> None:
    tried = announced(pilot, BETTER)
    found = effects(pilot, tried)
    second = pilot.learners[1]
    account = pilot.book.ledger.get(Account, Account.create_id(second), UnknownRulebook)
    account.reverse(account.standing[0].entry_id, ReversalReason.FRAUD_CONFIRMED, envelope(LATER))
    pilot.book.ledger.save(account)

    assert tried.apply(RUN, hashes(found), LATER) == {second: Outcome.FACTS_CHANGED}
    assert balance(pilot, second) == 0


def short_stay_tried(pilot: Pilot) -> Backwards:
    """A stay that claims nothing would be half of the evening; its learner has an account."""
    figures = {"attendance.half_credit_min_percent": 30, "retroactivity.better_backwards": True}
    in_force(pilot.book, with_figures("2026.2", FROM, figures))
    a_short_stay(pilot, pilot.learners[0])
    evening(pilot, 3, pilot.learners)
    return backwards(pilot)


def voided(pilot: Pilot) -> None:
    assert signed(pilot.book.corrections, void(pilot)) is State.APPLIED


def test_a_session_that_was_voided_after_the_rehearsal_gives_nothing(pilot: Pilot) -> None:
    tried, [learner, *_] = short_stay_tried(pilot), pilot.learners
    found = effects(pilot, tried)
    assert found[learner].hours_after == 300
    voided(pilot)

    assert tried.apply(RUN, hashes(found), LATER) == {learner: Outcome.FACTS_CHANGED}
    assert balance(pilot, learner) == 200


def test_a_session_that_is_voided_while_a_run_is_decided_gives_nothing(
    pilot: Pilot, database: TestDatabase
) -> None:
    tried, [learner, *_] = short_stay_tried(pilot), pilot.learners
    found = effects(pilot, tried)

    with interrupted(database, lambda: voided(pilot)) as ledger:
        outcomes = backwards(pilot, ledger).apply(RUN, hashes(found), LATER)

    assert outcomes == {learner: Outcome.FACTS_CHANGED}
    assert balance(pilot, learner) == 200


def test_asked_again_after_a_crash_it_is_done_once(pilot: Pilot) -> None:
    tried = announced(pilot, {**BETTER, **EASY})
    found = effects(pilot, tried)
    tried.apply(RUN, hashes(found), LATER)
    position = pilot.book.ledger.position()

    again = backwards(pilot).apply(RUN, hashes(found), LATER + timedelta(hours=1))

    assert set(again.values()) == {Outcome.CHANGED}
    assert pilot.book.ledger.position() == position


def plan(**different: Any) -> Plan:
    return Plan(**{
        "rulebook_id": "gz-parent-school", "level": RuleLevel.CITY, "from_version": "2026.1",
        "to_version": "2026.2", "judged_at": LATER, "dry_run_id": RUN, "dry_run_sha256": "a" * 64,
        "totals": Totals(learners=3), **different,
    })  # fmt: skip


def test_two_officers_start_it_and_it_ends_once(pilot: Pilot) -> None:
    in_force(pilot.book, with_figures("2026.2", FROM, BETTER))
    runs, proposer = pilot.book.re_evaluations, envelope(LATER)
    key = runs.propose(plan(), proposer)
    assert runs.propose(plan(), envelope(LATER)) == key

    with pytest.raises(DryRunDiffers):
        runs.start(key, "b" * 64, envelope(LATER))
    with pytest.raises(RulebookNeedsSecondPerson):
        runs.start(key, "a" * 64, proposer)
    position = runs.start(key, "a" * 64, envelope(LATER))
    assert runs.start(key, "a" * 64, envelope(LATER)) == position
    position = runs.finish(key, Outcomes(changed=1), LATER)
    assert runs.finish(key, Outcomes(changed=2), LATER) == position
    assert runs.get(key).outcomes == Outcomes(changed=1)


def test_rules_that_say_nothing_about_it_do_not_reach_back(pilot: Pilot) -> None:
    in_force(pilot.book, with_figures("2026.2", FROM, {}))
    with pytest.raises(RulesReachNotBack):
        pilot.book.re_evaluations.propose(plan(), envelope(LATER))


def test_rules_reach_back_only_once_they_are_in_force(pilot: Pilot) -> None:
    in_force(pilot.book, with_figures("2026.2", date(2027, 3, 1), BETTER))
    with pytest.raises(NoRulebookInForce):
        pilot.book.re_evaluations.propose(plan(), envelope(LATER))
    with pytest.raises(UnknownRulebook):
        pilot.book.re_evaluations.propose(plan(to_version="1999.1"), envelope(LATER))
