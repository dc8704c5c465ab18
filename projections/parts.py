"""A part of a long list, cut by the database: what follows one of its rows, or one of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, LiteralString
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Part:
    """At most `limit` rows: those behind the row `after`, and behind `offset` more of them."""

    after: UUID | None = None
    offset: int = 0
    limit: int | None = None

    @property
    def values(self) -> Mapping[str, object]:
        return asdict(self)


ALL: Final = Part()

_WHERE_AFTER: LiteralString = " AND (%(after)s::uuid IS NULL OR ("
_BEHIND: LiteralString = ") > (SELECT "
_OF_THE_ROW: LiteralString = " = %(after)s)) ORDER BY "
_CUT: LiteralString = " LIMIT %(limit)s OFFSET %(offset)s"


def cut_by(key: LiteralString, row: LiteralString) -> LiteralString:
    """The end of a query: in the ascending order of `key`, which ends in the id, and cut.

    `row` says from where the key of the row `after` is read, up to its id. It may have left the
    list meanwhile: what follows it still does.
    """
    return _WHERE_AFTER + key + _BEHIND + key + row + _OF_THE_ROW + key + _CUT
