"""Comparing what a learner holds with what other rules would give: nothing protected is lost."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from domain.certificate import CertificateKind, completion_certificate_id
from domain.identity import derived
from domain.rehearsal import (
    Digest,
    Line,
    LineChange,
    Reached,
    RuleEffects,
    Standing,
    StarChange,
    Totals,
    compared,
)
from tests.domain.given import CHEN

ONE, TWO = (uuid5(NAMESPACE_OID, name) for name in ("one", "two"))
YEAR = Reached(stage="primary", kind="annual", period="2026")
STAGE = Reached(stage="primary", kind="stage", period="primary")


def standing(
    hours: dict[UUID, int] | None = None, *completions: Reached, star: int = 0
) -> Standing:
    return Standing(hours or {}, frozenset(completions), {"primary": star} if star else {})


def effects(held: Standing, other: Standing, today: Standing | None = None) -> RuleEffects:
    return compared(CHEN, held, today or held, other)


def test_what_stays_the_same_is_nothing() -> None:
    held = standing({ONE: 200}, YEAR, star=1)
    found = effects(held, held)
    assert found.is_nothing
    assert not found.loses
    assert Totals.of(found) == Totals(learners=1)


def test_every_line_that_changes_is_named() -> None:
    found = effects(standing({ONE: 200}), standing({ONE: 150, TWO: 100}))
    assert [(line.source_id, line.before, line.after) for line in found.lines] == [
        (ONE, 200, 150),
        (TWO, 0, 100),
    ]
    assert (found.hours_before, found.hours_after) == (200, 250)
    assert found.loses  # one line is enough
    assert Totals.of(found) == Totals(
        learners=1, gaining=1, losing=1, hours_gained=100, hours_lost=50
    )


def test_the_smallest_change_of_a_line_is_a_gain_or_a_loss() -> None:
    less, more = standing({ONE: 200}), standing({ONE: 201})
    assert Totals.of(effects(less, more)) == Totals(learners=1, gaining=1, hours_gained=1)
    assert Totals.of(effects(more, less)) == Totals(learners=1, losing=1, hours_lost=1)


def test_a_line_that_the_other_rules_do_not_know_is_worth_nothing_there() -> None:
    found = effects(standing({ONE: 200, TWO: 0}), standing())
    assert [(line.source_id, line.before, line.after) for line in found.lines] == [(ONE, 200, 0)]
    assert Totals.of(found) == Totals(learners=1, losing=1, hours_lost=200)


def test_completions_and_stars_are_gained_and_lost() -> None:
    less, more = standing(), standing({}, YEAR, STAGE, star=2)
    gained, lost = effects(less, more), effects(more, less)
    assert gained.completions_gained == lost.completions_lost == (YEAR, STAGE)
    assert Totals.of(gained) == Totals(learners=1, gaining=1, completions_gained=2, stars_gained=1)
    assert Totals.of(lost) == Totals(learners=1, losing=1, completions_lost=2, stars_lost=1)
    assert Totals.of(gained) + Totals.of(lost) == Totals(
        learners=2, gaining=1, losing=1, completions_gained=2, completions_lost=2,
        stars_gained=1, stars_lost=1,
    )  # fmt: skip


def test_a_star_alone_is_a_gain_and_a_loss() -> None:
    gained, lost = effects(standing(), standing(star=1)), effects(standing(star=1), standing())
    assert Totals.of(gained) == Totals(learners=1, gaining=1, stars_gained=1)
    assert Totals.of(lost) == Totals(learners=1, losing=1, stars_lost=1)


def test_a_completion_alone_is_a_gain() -> None:
    gained = effects(standing(), standing({}, YEAR))
    assert Totals.of(gained) == Totals(learners=1, gaining=1, completions_gained=1)


def test_what_today_s_rules_would_not_give_either_is_not_lost() -> None:
    """A star is never lowered, and a completion reached stays: other rules do not take them."""
    held, today = standing({}, YEAR, star=2), standing()
    assert effects(held, standing(), today).is_nothing
    assert effects(held, standing(star=1), today).is_nothing
    assert effects(held, standing({}, YEAR, star=2), today).is_nothing
    assert effects(standing(star=1), standing(star=2), standing(star=2)).is_nothing
    assert effects(standing(star=1), standing(star=1), standing(star=2)).is_nothing


def test_the_certificates_of_what_is_lost_are_known_by_their_ids() -> None:
    lost = effects(standing({}, YEAR, star=2), standing())
    assert lost.certificates_in_question == (
        completion_certificate_id(CHEN, CertificateKind.ANNUAL_COMPLETION, "2026"),
        derived("certificate", CHEN, "primary", 1),
        derived("certificate", CHEN, "primary", 2),
    )
    known = lost.model_copy(update={"certificates": lost.certificates_in_question[:1]})
    assert Totals.of(known).certificates == 1


def test_the_fingerprint_is_of_changes_and_not_of_balances() -> None:
    first = effects(standing({ONE: 200}), standing({ONE: 150}))
    more = effects(standing({ONE: 200, TWO: 100}), standing({ONE: 150, TWO: 100}))
    other = effects(standing({ONE: 200}), standing({ONE: 100}))
    assert first.sha256 == more.sha256 != other.sha256


@pytest.mark.parametrize("lines", [[], [Line(CHEN, "a")], [Line(CHEN, "b")]])
def test_a_run_has_one_fingerprint(lines: list[Line]) -> None:
    def digest(of: list[Any]) -> str:
        made = Digest()
        for line in of:
            made.add(line)
        return made.sha256

    assert digest(lines) == digest(lines)
    assert digest([*lines, Line(ONE, "c")]) != digest(lines)


def test_what_is_named_and_does_not_change_is_neither_gained_nor_lost() -> None:
    nothing = RuleEffects(
        learner_id=CHEN, hours_before=200, hours_after=200,
        lines=(LineChange(source_id=ONE, before=200, after=200),),
        stars=(StarChange(stage="primary", before=1, after=1),),
    )  # fmt: skip
    assert Totals.of(nothing) == Totals(learners=1)
    assert not nothing.loses
