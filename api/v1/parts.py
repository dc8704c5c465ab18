"""A long list as JSON, part by part: each says which row to ask on after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator

from projections.parts import AsRead, Part

T = TypeVar("T")
Behind = TypeVar("Behind", UUID, AsRead)

Limit = Annotated[int, Query(ge=1, le=500, description="How many rows of each list at most.")]
After = Annotated[
    UUID | None, Query(description="The `next_…` of the part before: what follows that row.")
]


def as_read(text: str | None) -> UUID | AsRead | None:
    """What a `next_…` says; an id alone is of a row as it stands now. Raises ValueError."""
    if text is None:
        return None
    day, of_a_day, row = text.rpartition("_")
    return AsRead(date.fromisoformat(day), UUID(row)) if of_a_day else UUID(row)


def readable(text: str | None) -> str | None:
    as_read(text)
    return text


AfterAsRead = Annotated[
    str | None,
    AfterValidator(readable),
    Query(description="The `next_…` of the part before: what follows that row as it stood then."),
]


def part_of(
    read: Callable[[Part], Sequence[T]],
    id_of: Callable[[T], Behind],
    after: UUID | AsRead | None,
    limit: int,
) -> tuple[Sequence[T], Behind | None]:
    """The rows that follow one, and the last of them where there are more."""
    found = read(Part(after=after, limit=limit + 1))
    shown = found[:limit]
    return shown, id_of(shown[-1]) if len(found) > limit else None
