"""Re-evaluations: proposed with a dry run, started by a second person who signs it, ended once."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from domain.envelope import Role
from domain.re_evaluation import DryRunDiffers, Outcomes, Plan, ReEvaluation, RulesReachNotBack
from domain.rehearsal import Totals
from domain.rulebook_refusals import RulebookNeedsSecondPerson
from domain.supplement import RuleLevel
from tests.domain.given import CHEN, EVENING, LIN, RULES, by, changed, history, news
from tests.domain.refusing import refused

BACKWARDS = changed("retroactivity.better_backwards", True)
SIGNED = "a" * 64


def plan(**different: Any) -> Plan:
    given: dict[str, Any] = {
        "rulebook_id": RULES.rulebook_id, "level": RuleLevel.CITY, "from_version": "2026.1",
        "to_version": "2026.2", "judged_at": EVENING, "dry_run_sha256": SIGNED,
        "dry_run_id": uuid5(NAMESPACE_OID, "run"), "totals": Totals(learners=3), **different,
    }  # fmt: skip
    return Plan(**given)


def proposed(role: Role = Role.CITY_ADMINISTRATOR, **different: Any) -> ReEvaluation:
    made = ReEvaluation.propose(plan(**different), BACKWARDS, by(CHEN, role=role))
    made.collect_events()
    return made


def test_rules_that_do_not_say_so_do_not_reach_back() -> None:
    with refused(RulesReachNotBack, version="2026.2"):
        ReEvaluation.propose(plan(), RULES, by(CHEN))


def test_one_dry_run_is_one_re_evaluation() -> None:
    assert ReEvaluation.create_id(plan()) == proposed().id
    assert ReEvaluation.create_id(plan(dry_run_sha256="b" * 64)) != proposed().id


def test_a_second_person_signs_the_dry_run_and_starts_it_once() -> None:
    found = proposed()
    with refused(RulebookNeedsSecondPerson, version="2026.2"):
        found.start(SIGNED, by(CHEN))
    with refused(DryRunDiffers, sha256=SIGNED):
        found.start("b" * 64, by(LIN))
    found.start(SIGNED, by(LIN))
    found.start(SIGNED, by(LIN))
    assert len(news(found)) == 1
    assert found.is_started


def test_in_a_school_coordinator_and_head_sign() -> None:
    found = proposed(Role.COORDINATOR, level=RuleLevel.SCHOOL, organisation="4401040001")
    with refused(RulebookNeedsSecondPerson, version="2026.2"):
        found.start(SIGNED, by(LIN, role=Role.COORDINATOR))
    found.start(SIGNED, by(LIN, role=Role.HEAD))
    assert found.is_started


def test_it_ends_once_and_comes_back_from_its_history() -> None:
    found = ReEvaluation.propose(plan(), BACKWARDS, by(CHEN))
    found.start(SIGNED, by(LIN))
    found.finish(Outcomes(changed=2, unchanged=1), by(LIN))
    found.finish(Outcomes(changed=3), by(LIN))

    again = history(news(found))

    assert isinstance(again, ReEvaluation)
    assert again.outcomes == Outcomes(changed=2, unchanged=1)
