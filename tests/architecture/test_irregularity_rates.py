"""What the document says of irregularities is what the rules do, on a small crowd."""

from __future__ import annotations

from domain.irregularity_look import Rule
from domain.irregularity_rules import DEFAULTS, RULES_VERSION
from tools.irregularity_rates import PATH, Crowds, thresholds


def test_the_document_states_the_thresholds_of_today() -> None:
    text = PATH.read_text(encoding="utf-8")
    assert thresholds() in text
    assert f"version {RULES_VERSION} are" in text


def test_honest_evenings_are_seldom_flagged_and_each_cheat_is_mostly_found() -> None:
    crowds = Crowds(seed=7, honest=300, cheats=40)
    for rule in Rule:
        rate = crowds.rate(rule, DEFAULTS)
        assert rate.evenings <= 6, rule
        assert rate.found >= 20, rule


def test_the_same_seed_is_the_same_crowd() -> None:
    first, again = Crowds(3, 5, 2), Crowds(3, 5, 2)
    assert (first.honest, first.cheats) == (again.honest, again.cheats)
