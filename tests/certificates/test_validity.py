"""A star is valid until the child leaves the stage; a statement for 180 days."""

from __future__ import annotations

from datetime import date

import pytest

from certificates.validity import end_of_stage, last_end_of_stage, statement_ends


@pytest.mark.parametrize(
    ("grade", "leaves"),
    [
        ("小班", 2029), ("大班", 2027), ("一年级", 2032), ("三年级", 2030), ("六年级", 2027),
        ("七年级", 2029), ("九年级", 2027), ("高一", 2029), ("高三", 2027),
    ],
)  # fmt: skip
def test_a_child_leaves_in_the_summer_of_the_last_year(grade: str, leaves: int) -> None:
    assert end_of_stage(grade, 2026) == date(leaves, 8, 31)


def test_the_child_that_stays_longest_counts() -> None:
    places = [("三年级", 2026), ("一年级", 2026), ("二年级", 2025)]
    assert last_end_of_stage(places) == date(2032, 8, 31)
    assert last_end_of_stage([]) is None


def test_a_statement_is_valid_for_180_days() -> None:
    assert statement_ends(date(2026, 7, 10)) == date(2027, 1, 6)
