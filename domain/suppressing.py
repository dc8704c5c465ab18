"""Suppressing: small groups of people are not shown, nor what would tell them by subtraction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

Key = TypeVar("Key")

SMALLEST_SHOWN: Final = 10


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int

    @property
    def is_small(self) -> bool:
        """Whether the group, or the rest of the whole, is of fewer than ten."""
        return self.part < SMALLEST_SHOWN or self.whole - self.part < SMALLEST_SHOWN


def shown(count: int) -> int | None:
    """A count of people, or None where they are fewer than ten."""
    return count if count >= SMALLEST_SHOWN else None


def without_small(shares: Mapping[Key, Share]) -> dict[Key, Share | None]:
    """The shares that may stand beside their total: None in place of the others.

    Where one group alone is missing, or all that are missing come to fewer than ten, the total
    tells it: then the smallest of the others goes as well. A share without anybody hides nobody.
    """
    hidden = {key for key, share in shares.items() if share.whole and share.is_small}
    while hidden and _is_told(shares, hidden):
        others = [key for key in shares if key not in hidden and shares[key].whole]
        if not others:
            break
        hidden.add(min(others, key=lambda key: shares[key].whole))
    return {key: None if key in hidden else share for key, share in shares.items()}


def total_of(shares: Mapping[Key, Share]) -> Share | None:
    """All of them together, or None where even that is small: one that is hidden alone is."""
    total = _sum(shares.values())
    return None if total.is_small else total


def hidden_rows(rows: Mapping[Key, Sequence[int]]) -> set[Key]:
    """Which rows of counts are not shown beside the sums of their columns.

    A row with a group of fewer than ten goes whole; where the sums would still tell it, the
    smallest of the others goes as well. A group without anybody hides nobody.
    """
    hidden = {key for key, counts in rows.items() if has_few(counts)}
    while hidden and _sums_tell(rows, hidden):
        others = [key for key in rows if key not in hidden and any(rows[key])]
        if not others:
            break
        hidden.add(min(others, key=lambda key: sum(rows[key])))
    return hidden


def sums_beside(rows: Mapping[Key, Sequence[int]]) -> tuple[int, ...] | None:
    """The sums of the columns, or None where they are small: those of a row hidden alone are."""
    sums = _column_sums(rows.values())
    return None if has_few(sums) else sums


def has_few(counts: Iterable[int]) -> bool:
    return any(0 < count < SMALLEST_SHOWN for count in counts)


def _sums_tell(rows: Mapping[Key, Sequence[int]], hidden: set[Key]) -> bool:
    return has_few(_column_sums(rows[key] for key in hidden))


def _column_sums(rows: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*rows, strict=True))


def _is_told(shares: Mapping[Key, Share], hidden: set[Key]) -> bool:
    return _sum(shares[key] for key in hidden).is_small


def _sum(shares: Iterable[Share]) -> Share:
    every = tuple(shares)
    return Share(sum(each.part for each in every), sum(each.whole for each in every))
