"""What the status lists are rendered from: the places of certificates that are not in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from projections.database import Views
from projections.sight import everything_in_sight

_EDITION: LiteralString = """
SELECT count(*) AS changed, max(changed_at) AS changed_at,
       (SELECT coalesce(max(status_list), 1) + 1 FROM certificate WHERE state <> 'valid') AS lists
  FROM certificate WHERE status_list = %(number)s AND state <> 'valid'
"""
_TAKEN_BACK: LiteralString = """
SELECT status_index, state FROM certificate WHERE status_list = %(number)s AND state <> 'valid'
"""


@dataclass(frozen=True, slots=True)
class Edition:
    """Where these are the same, a list says the same. `lists` may be asked for, and no more."""

    changed: int
    changed_at: datetime | None
    lists: int


@dataclass(frozen=True, slots=True)
class _Place:
    status_index: int
    state: str


class StatusPlaces:
    """Queries on the certificate register."""

    def __init__(self, views: Views) -> None:
        self._views = views

    @everything_in_sight()
    def edition(self, number: int) -> Edition:
        found = self._views.row(Edition, _EDITION, number=number)
        assert found is not None
        return found

    @everything_in_sight()
    def taken_back(self, number: int) -> dict[int, str]:
        """State by index, of every certificate of the list that is not simply valid."""
        found = self._views.rows(_Place, _TAKEN_BACK, number=number)
        return {place.status_index: place.state for place in found}
