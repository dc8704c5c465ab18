"""A row without a number, and two children of its name in the class: its adult says which."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from ledger.plans import RowOutcome, RowResult
from ledger.roster_rows import RosterEntry
from tests.acting import Pilot, entry
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.test_custody import child_of
from tests.ledger.test_roster_doubts import GRANDMOTHER, bring, parted

TWIN = {"student_no": "20239999"}
STRANGER = {"name": "（示例）陈远山", "phone": "10000000033"}
MOTHER = {"name": "（示例）林母亲", "relation_code": "52", "phone": "10000000055"}
NO_NUMBER = {"student_no": None}


def unnumbered(pilot: Pilot, **changes: object) -> RowResult:
    """The first family's row, without the number; a preview says the same."""
    row = entry(2, **{**NO_NUMBER, **changes})
    preview = bring(pilot, row, dry_run=True)
    [result] = bring(pilot, row)
    assert [(r.outcome, r.code) for r in preview] == [(result.outcome, result.code)]
    return result


def not_told_apart(**called: object) -> list[RosterEntry]:
    """A second child of the name comes into the class, whose father has the first one's name.

    It has a number and the first one has none: most likely the two are one child.
    """
    aside = entry(2, **{**called, **GRANDMOTHER, **NO_NUMBER, "class_group": "1班"})
    father = entry(2, **{**called, **TWIN, "phone": "10000000033"})
    return [aside, replace(aside, student_no=father.student_no), father]


def places(pilot: Pilot, adult: UUID) -> dict[UUID, str]:
    return {e.child_id: e.class_group for e in pilot.book.learners.get(adult).enrolments.values()}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, RowOutcome.SAME),
        ({"phone": None}, RowOutcome.SAME),
        ({"phone": "10000007777"}, RowOutcome.CHANGED),
        ({"relation_code": "97"}, RowOutcome.CHANGED),
    ],
)
def test_an_adult_of_one_of_them_says_which(
    pilot: Pilot, changes: dict[str, object], outcome: RowOutcome
) -> None:
    """By phone and name, or by relation and name."""
    father = pilot.learners[0]
    child = child_of(pilot, father)
    bring(pilot, entry(2, **TWIN, **STRANGER))

    result = unnumbered(pilot, **changes)

    assert (result.id, result.outcome, result.code) == (father, outcome, None)
    assert list(places(pilot, father)) == [child]


def test_of_two_fathers_of_one_name_the_phone_says_which(pilot: Pilot) -> None:
    [other] = bring(pilot, entry(2, **TWIN, phone="10000000033"))

    assert unnumbered(pilot, phone="10000000033").id == other.id
    assert unnumbered(pilot).id == pilot.learners[0]
    assert unnumbered(pilot, phone=None).code == "child_ambiguous"


def test_children_of_two_numbers_are_no_reason_to_merge_their_fathers(pilot: Pilot) -> None:
    [other] = bring(pilot, entry(2, **TWIN, phone="10000000033"))
    unnumbered(pilot, phone=None)

    assert other.id is not None
    assert pilot.book.likeness.among([other.id]) == []


def test_an_adult_of_neither_leaves_the_doubt(pilot: Pilot) -> None:
    bring(pilot, entry(2, **TWIN, **STRANGER))

    assert unnumbered(pilot, **MOTHER).code == "child_ambiguous"
    assert unnumbered(pilot, name=entry(3).name, phone=entry(3).phone).code == "child_ambiguous"


def test_a_father_of_both_is_not_asked_what_is_known_of_both(pilot: Pilot) -> None:
    father = pilot.learners[0]
    bring(pilot, entry(2, **TWIN))
    before = pilot.book.ledger.position()

    result = unnumbered(pilot)

    assert (result.id, result.outcome) == (father, RowOutcome.SAME)
    assert pilot.book.ledger.position() == before


def test_what_is_news_of_one_of_both_needs_the_number(pilot: Pilot) -> None:
    bring(pilot, entry(2, **TWIN))

    assert unnumbered(pilot, relation_code="97").code == "child_ambiguous"
    assert unnumbered(pilot, is_guardian=False).code == "child_ambiguous"


def test_of_both_of_a_father_the_one_that_is_in_the_class_is_meant(pilot: Pilot) -> None:
    father = pilot.learners[0]
    child = child_of(pilot, father)
    bring(pilot, entry(2, **TWIN))
    bring(pilot, entry(2, **TWIN, class_group="1班"))
    before = places(pilot, father)

    result = unnumbered(pilot, relation_code="97")

    assert (result.outcome, result.code) == (RowOutcome.CHANGED, None)
    assert places(pilot, father) == before
    assert pilot.book.learners.get(father).guardianships[child] == ("97", True)


@pytest.mark.parametrize("phone", [entry(2).phone, None])
def test_a_tie_that_was_ended_says_nothing_where_another_stands(
    pilot: Pilot, phone: str | None
) -> None:
    father = pilot.learners[0]
    child = child_of(pilot, father)
    bring(pilot, entry(2, **TWIN))
    parted(pilot, father, child)

    assert unnumbered(pilot, phone=phone).outcome is RowOutcome.SAME
    assert child not in pilot.book.learners.get(father).guardianships


def test_an_ended_tie_alone_is_not_brought_back(pilot: Pilot) -> None:
    father = pilot.learners[0]
    bring(pilot, entry(2, **TWIN, **STRANGER))
    parted(pilot, father, child_of(pilot, father))

    assert unnumbered(pilot).code == "guardianship_was_ended"


def test_of_children_that_nothing_tells_apart_the_adults_are_suggested_to_be_one(
    pilot: Pilot,
) -> None:
    called: dict[str, object] = {"name": "（示例）陈大同", "child_name": "（示例）陈小同"}
    [one] = bring(pilot, entry(2, **{**called, **NO_NUMBER}))
    *_, other = [bring(pilot, row)[0] for row in not_told_apart(**called)]
    assert one.id is not None
    assert other.id is not None

    result = unnumbered(pilot, **called, phone=None)

    assert (result.outcome, result.code) == (RowOutcome.DOUBTFUL, "child_may_be_twice")
    [pair] = pilot.book.likeness.among([other.id])
    assert ({pair.one, pair.other}, pair.kinds) == ({one.id, other.id}, ("roster_doubt",))

    signed_by_two(pilot, merge_of(one.id, other.id))
    settled = unnumbered(pilot, **called, phone=None)
    assert (settled.id, settled.outcome) == (one.id, RowOutcome.SAME)
