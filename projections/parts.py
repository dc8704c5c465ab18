"""A part of a long list, cut by the database: what follows one of its rows, or one of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, LiteralString, NamedTuple, TypeVar
from uuid import UUID

T = TypeVar("T")
AT_ONCE: Final = 1000


class AsRead(NamedTuple):
    """A row as it was read, in a list in which rows move on to later days."""

    day: date
    row: UUID

    def __str__(self) -> str:
        return f"{self.day}_{self.row}"


@dataclass(frozen=True, slots=True)
class Part:
    """At most `limit` rows: those behind the row `after`, and behind `offset` more of them."""

    after: UUID | AsRead | None = None
    offset: int = 0
    limit: int | None = None

    @property
    def values(self) -> Mapping[str, object]:
        day, row = self.after if isinstance(self.after, AsRead) else (None, self.after)
        return {"after": row, "stood": day, "offset": self.offset, "limit": self.limit}


ALL: Final = Part()


@dataclass(frozen=True, slots=True)
class HowMany:
    """How long the two halves of a list are: what waits, and what ended."""

    waiting: int
    ended: int


def part_by_part(
    read: Callable[[Part], Sequence[T]], id_of: Callable[[T], UUID | AsRead]
) -> Iterator[T]:
    """Every row of a list, however long it is: no more than a part of it is in memory."""
    found = read(Part(limit=AT_ONCE))
    yield from found
    while len(found) == AT_ONCE:
        found = read(Part(after=id_of(found[-1]), limit=AT_ONCE))
        yield from found


_WHERE_AFTER: LiteralString = " AND (%(after)s::uuid IS NULL OR ("
_BEHIND: LiteralString = ") > (SELECT "
_OF_THE_ROW: LiteralString = " = %(after)s)) ORDER BY "
_CUT: LiteralString = " LIMIT %(limit)s OFFSET %(offset)s"


def cut_by(
    key: LiteralString, row: LiteralString, as_read: LiteralString | None = None
) -> LiteralString:
    """The end of a query: in the ascending order of `key`, which ends in the id, and cut.

    `row` says from where the key of the row `after` is read, up to its id. It may have left the
    list meanwhile: what follows it still does. A key that changes while the row is in the list is
    told `as_read`, with the day of `AsRead` in `%(stood)s`: else rows between would be passed by.
    """
    return _WHERE_AFTER + key + _BEHIND + (as_read or key) + row + _OF_THE_ROW + key + _CUT
