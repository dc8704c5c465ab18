"""Hours are hundredths: read, written and rounded without a float."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours import as_short_text, as_text, from_text, rounded_down, rounded_up


@pytest.mark.parametrize(
    ("hours", "text"),
    [(0, "0.00"), (150, "1.50"), (5, "0.05"), (-250, "-2.50"), (123456, "1234.56")],
)
def test_hours_are_written_with_two_decimals(hours: int, text: str) -> None:
    assert as_text(hours) == text


@pytest.mark.parametrize(("text", "hours"), [("2", 200), ("1.5", 150), ("1.50", 150), ("0.05", 5)])
def test_hours_are_read_with_up_to_two_decimals(text: str, hours: int) -> None:
    assert from_text(text) == hours


@pytest.mark.parametrize("text", ["", "1.", ".5", "-1", "+1", "1.234", "1e2", "１", "2 ", "一"])
def test_what_is_no_hours_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="not hours"):
        from_text(text)


@given(hours=st.integers(0, 99_999_999))
def test_hours_survive_being_written(hours: int) -> None:
    assert from_text(as_text(hours)) == hours


@given(hours=st.integers(0, 1_000), step=st.integers(1, 120))
def test_rounding_moves_to_the_next_step_and_no_further(hours: int, step: int) -> None:
    down, up = rounded_down(hours, step), rounded_up(hours, step)
    assert down <= hours <= up
    assert (down % step, up % step) == (0, 0)
    assert up - down == (0 if hours % step == 0 else step)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (200, "2"),
        (150, "1.5"),
        (125, "1.25"),
        (0, "0"),
        (1000, "10"),
        (1050, "10.5"),
        (-50, "-0.5"),
    ],
)
def test_class_hours_are_said_without_zeros_at_the_end(hours: int, said: str) -> None:
    assert as_short_text(hours) == said
