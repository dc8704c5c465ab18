"""A long list on several pages: each says how much there is in all, and leads to the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Query

from projections.parts import Part

T = TypeVar("T")
ON_A_PAGE: Final = 100
PageNumber = Annotated[int, Query(ge=1)]


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """The rows of one page; after the last page there are none."""

    rows: Sequence[T]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return -(-self.count // ON_A_PAGE)


def cut(read: Callable[[Part], Sequence[T]], count: int, page: int) -> Paged[T]:
    """One page of a list that may be very long: the database reads no other row."""
    return Paged(read(Part(offset=(page - 1) * ON_A_PAGE, limit=ON_A_PAGE)), count, page)


def paged(found: Sequence[T], page: int) -> Paged[T]:
    return Paged(found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], len(found), page)
