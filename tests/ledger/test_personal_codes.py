"""A lost slip is made void by a fact: who did it, and when, stays on record."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.learner import UnknownLearner
from tests.acting import Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two


def test_a_code_that_is_replaced_has_the_next_edition_and_others_keep_theirs(pilot: Pilot) -> None:
    codes, (lost, other, _) = pilot.book.personal_codes, pilot.learners
    by = envelope()
    first = codes.replace(lost, by)

    assert codes.replace(lost, by) == first
    assert codes.of([lost, other]) == {lost: 2, other: 1}

    codes.replace(lost, envelope())
    assert codes.of([lost]) == {lost: 3}


def test_a_lost_slip_of_a_merged_record_is_void_too(pilot: Pilot) -> None:
    codes, (kept, merged, other) = pilot.book.personal_codes, pilot.learners
    signed_by_two(pilot, merge_of(kept, merged))

    codes.replace(kept, envelope())

    assert codes.of(pilot.learners) == {kept: 2, merged: 2, other: 1}


def test_nobody_s_code_is_not_replaced(pilot: Pilot) -> None:
    with pytest.raises(UnknownLearner):
        pilot.book.personal_codes.replace(uuid4(), envelope())
