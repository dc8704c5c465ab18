"""A list without numbers has a child that repeats a grade, or was away for a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.plans import RowOutcome, RowResult
from ledger.roster import Roster
from tests.acting import SCHOOL, Pilot, entry, envelope
from tests.ledger.test_transfers import IN_SEPTEMBER


def next_year(pilot: Pilot, *rows: dict[str, object]) -> list[RowResult]:
    """Rows of the first family a year later, in the same grade and without a number."""
    entries = [replace(entry(2, student_no=None, **row), row=n) for n, row in enumerate(rows)]
    roster = Roster(SCHOOL, 2027)
    return pilot.book.rosters.take(roster, entries, envelope(IN_SEPTEMBER), dry_run=False)


@pytest.mark.parametrize("group", ["2班", "3班"])
def test_a_known_adult_says_that_it_is_the_same_child(pilot: Pilot, group: str) -> None:
    father = pilot.learners[0]
    [child] = pilot.book.learners.get(father).guardianships

    [result] = next_year(pilot, {"class_group": group})

    assert (result.id, result.outcome, result.code) == (father, RowOutcome.CHANGED, None)
    assert list(pilot.book.learners.get(father).guardianships) == [child]
    assert [r.outcome for r in next_year(pilot, {"class_group": group})] == [RowOutcome.SAME]


@pytest.mark.parametrize("grade", ["三年级", "四年级"])
def test_who_was_away_for_a_year_is_the_same_child(pilot: Pilot, grade: str) -> None:
    father = pilot.learners[0]
    [child] = pilot.book.learners.get(father).guardianships
    row, by = entry(2, student_no=None, grade=grade), envelope(IN_SEPTEMBER + timedelta(days=365))

    [result] = pilot.book.rosters.take(Roster(SCHOOL, 2028), [row], by, dry_run=False)

    assert (result.id, result.code) == (father, None)
    assert list(pilot.book.learners.get(father).guardianships) == [child]


def test_the_same_names_without_the_phone_are_left_for_a_person(pilot: Pilot) -> None:
    [result] = next_year(pilot, {"phone": "10000009999"})
    assert result.code == "child_may_be_known"


def test_a_namesake_of_another_family_is_a_child_of_its_own(pilot: Pilot) -> None:
    [result] = next_year(pilot, {"name": "（示例）王生人", "phone": "10000009999"})
    assert (result.outcome, result.code) == (RowOutcome.NEW, None)


def test_who_went_up_is_not_taken_for_who_stayed(pilot: Pilot) -> None:
    """Of the same names one is a grade higher: that is the child, and the other one is new."""
    other: dict[str, object] = {"name": "（示例）王生人", "phone": "10000009999"}

    up, new = next_year(pilot, {"grade": "四年级"}, other)

    assert (up.id, up.outcome) == (pilot.learners[0], RowOutcome.CHANGED)
    assert (new.outcome, new.code) == (RowOutcome.NEW, None)
