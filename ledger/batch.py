"""Several saves as one set of parallel arrays, and the answers sorted back to each save."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import cast
from uuid import UUID

from eventsourcing.persistence import IntegrityError

from ledger.packed import byteas, int4s, int8s, texts, uuids
from ledger.rows import Stored

Outcome = list[int] | IntegrityError
Units = Sequence[Sequence[Stored]]

# A UUID's own hash takes three times as long as that of its number.
_key = attrgetter("originator_id.int", "originator_version")


class Batch:
    """Units of events. A unit that repeats a key of an earlier one is refused, not sent."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._refused = repeated(units)
        sent = [() if n in self._refused else unit for n, unit in enumerate(units)]
        self.numbers = [number for number, unit in enumerate(sent) for _ in unit]
        rows = [row for unit in sent for row in unit]
        self._columns = (
            int4s(self.numbers),
            uuids([cast("UUID", row.originator_id) for row in rows]),
            int8s([row.originator_version for row in rows]),
            texts([row.topic for row in rows]),
            byteas([row.state for row in rows]),
        )

    def arguments(self, *, is_retry: bool) -> tuple[object, ...]:
        """The parameters of the append statement."""
        return (*self._columns, is_retry)

    def outcomes(self, positions: Sequence[int | None]) -> list[Outcome]:
        """Per unit: the positions of its events, or the conflict that refused it."""
        taken: list[list[int]] = [[] for _ in self._units]
        for number, position in zip(self.numbers, positions, strict=True):
            if position is not None:
                taken[number].append(position)
        return [
            conflict(events)
            if number in self._refused or (events and not taken[number])
            else taken[number]
            for number, events in enumerate(self._units)
        ]


def repeated(units: Units) -> set[int]:
    """Those that repeat a key of an earlier one, or of their own."""
    keys = [_key(row) for unit in units for row in unit]
    if len(set(keys)) == len(keys):
        return set()
    found: set[int] = set()
    seen: set[object] = set()
    for number, unit in enumerate(units):
        own = set(map(_key, unit))
        if len(own) < len(unit) or not seen.isdisjoint(own):
            found.add(number)
        else:
            seen |= own
    return found


def conflict(events: Sequence[Stored]) -> IntegrityError:
    first = events[0]
    return IntegrityError(
        f"{first.topic}: {first.originator_id} version {first.originator_version} is recorded"
    )
