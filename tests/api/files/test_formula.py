"""Formulas in cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.files.formula import as_typed, defused, is_formula


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "=HYPERLINK(1)",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\ufeff=1",
        "＝1+1",
        "＠x",
        '="20230217"',
        "+",
        "\t张三",
    ],
)
def test_a_formula_is_told(cell: str) -> None:
    assert is_formula(cell)
    assert not is_formula(defused(cell))


@pytest.mark.parametrize(
    "cell",
    ["", "-5", "-5.5", "+5", "+86 100 0000 0000", "+8610000000000", "\t20230217", "-", "--", "50%"],
)
def test_plain_numbers_phones_and_dashes_are_no_formulas(cell: str) -> None:
    assert not is_formula(cell)
    assert defused(cell) == cell


@given(cell=st.text(alphabet="=+-@\t'1a ＝", max_size=8))
def test_a_defused_cell_is_no_formula_and_reads_back_as_typed(cell: str) -> None:
    assert not is_formula(defused(cell))
    if is_formula(cell):
        assert as_typed(defused(cell)) == cell
