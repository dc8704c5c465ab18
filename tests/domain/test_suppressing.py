"""Fewer than ten are not shown, and no difference of what is shown comes to them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.suppressing import (
    Share,
    has_few,
    hidden_rows,
    shown,
    sums_beside,
    total_of,
    without_small,
)

BIG, BIGGER = Share(40, 100), Share(80, 200)


def test_fewer_than_ten_people_are_not_counted_in_public() -> None:
    assert [shown(count) for count in (0, 9, 10)] == [None, None, 10]


def test_a_small_group_and_a_small_rest_are_both_hidden() -> None:
    assert without_small({"a": Share(9, 100), "b": Share(91, 100), "c": BIG}) == {
        "a": None,
        "b": None,
        "c": BIG,
    }


def test_one_hidden_group_takes_the_smallest_other_with_it() -> None:
    assert without_small({"a": Share(3, 100), "b": BIGGER, "c": BIG}) == {
        "a": None,
        "b": BIGGER,
        "c": None,
    }


def test_several_that_come_to_fewer_than_ten_take_one_more_with_them() -> None:
    found = without_small({"a": Share(3, 100), "b": Share(4, 100), "c": BIG, "d": BIGGER})
    assert found == {"a": None, "b": None, "c": None, "d": BIGGER}


def test_where_nothing_else_is_left_the_one_stays_hidden() -> None:
    assert without_small({"a": Share(3, 100)}) == {"a": None}


def test_a_school_without_anybody_hides_nobody() -> None:
    empty = Share(0, 0)
    assert without_small({"a": empty, "b": BIG}) == {"a": empty, "b": BIG}


def test_a_total_is_shown_unless_it_is_small_itself() -> None:
    assert total_of({"a": Share(9, 100), "b": BIG}) == Share(49, 200)
    assert total_of({"a": Share(3, 100)}) is None


SHARES = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda t: Share(t[0], sum(t)))


@given(st.dictionaries(st.integers(0, 20), SHARES, min_size=2))
def test_no_subtraction_from_the_total_tells_of_a_small_group(shares: dict[int, Share]) -> None:
    found = without_small(shares)
    hidden = [shares[key] for key, share in found.items() if share is None]
    total = total_of(shares)
    if hidden and total is not None:
        seen = [share for share in found.values() if share is not None]
        rest = Share(
            total.part - sum(s.part for s in seen), total.whole - sum(s.whole for s in seen)
        )
        assert len(hidden) > 1
        assert not rest.is_small


def test_a_total_beside_one_group_that_cannot_be_covered_is_not_shown() -> None:
    assert total_of({"a": Share(9, 100), "b": Share(0, 0), "c": Share(0, 0)}) is None
    assert total_of({"a": Share(15, 24), "b": Share(0, 0)}) is None


def test_a_row_with_few_takes_the_smallest_other_with_it() -> None:
    rows = {"a": (3, 40), "b": (50, 60), "c": (20, 30)}
    assert hidden_rows(rows) == {"a", "c"}
    assert sums_beside(rows) == (73, 130)


def test_sums_that_would_tell_a_row_are_not_shown() -> None:
    assert hidden_rows({"a": (3,), "b": (0,)}) == {"a"}
    assert sums_beside({"a": (3,), "b": (0,)}) is None
    assert sums_beside({"a": (30,), "b": (0,)}) == (30,)
    assert sums_beside({}) == ()


ROWS = st.tuples(st.integers(0, 40), st.integers(0, 40))


@given(st.dictionaries(st.integers(0, 20), ROWS))
def test_no_subtraction_from_the_sums_tells_of_few(rows: dict[int, tuple[int, int]]) -> None:
    hidden, sums = hidden_rows(rows), sums_beside(rows)
    seen = [row for key, row in rows.items() if key not in hidden]
    assert not any(has_few(row) for row in seen)
    if hidden and sums is not None:
        rest = [sums[n] - sum(row[n] for row in seen) for n in range(2)]
        assert len(hidden) > 1
        assert not has_few(rest)


def test_few_are_from_one_to_nine() -> None:
    assert [has_few([count]) for count in (0, 1, 9, 10)] == [False, True, True, False]
