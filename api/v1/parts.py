"""A long list as JSON, part by part: each says which row to ask on after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query

from projections.parts import Part

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=500, description="How many rows of each list at most.")]
After = Annotated[
    UUID | None, Query(description="The `next_…` of the part before: what follows that row.")
]


def part_of(
    read: Callable[[Part], Sequence[T]], id_of: Callable[[T], UUID], after: UUID | None, limit: int
) -> tuple[Sequence[T], UUID | None]:
    """The rows that follow one, and the last of them where there are more."""
    found = read(Part(after=after, limit=limit + 1))
    shown = found[:limit]
    return shown, id_of(shown[-1]) if len(found) > limit else None
