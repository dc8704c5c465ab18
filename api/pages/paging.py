"""A long list on several pages: each says how much there is in all, and leads to the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Query

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


def paged(found: Sequence[T], page: int) -> Paged[T]:
    return Paged(found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], len(found), page)
