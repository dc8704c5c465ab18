"""Several saves as one set of parallel arrays, and the answers sorted back to each save."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from eventsourcing.persistence import IntegrityError

from ledger.rows import Stored

Outcome = list[int] | IntegrityError


class Batch:
    """Units of events. A unit that repeats a key of an earlier one is refused, not sent."""

    def __init__(self, units: Sequence[Sequence[Stored]]) -> None:
        self._units = units
        self._refused: set[int] = set()
        self.numbers: list[int] = []
        self.ids: list[UUID | str] = []
        self._versions: list[int] = []
        self._topics: list[str] = []
        self._states: list[bytes] = []
        seen: set[tuple[UUID | str, int]] = set()
        for number, events in enumerate(units):
            keys = {(event.originator_id, event.originator_version) for event in events}
            if len(keys) < len(events) or not seen.isdisjoint(keys):
                self._refused.add(number)
            else:
                seen |= keys
                self._add(number, events)

    def _add(self, number: int, events: Sequence[Stored]) -> None:
        for event in events:
            self.numbers.append(number)
            self.ids.append(event.originator_id)
            self._versions.append(event.originator_version)
            self._topics.append(event.topic)
            self._states.append(event.state)

    def arguments(self, is_retry: bool) -> tuple[object, ...]:
        """The parameters of the append statement."""
        return (self.numbers, self.ids, self._versions, self._topics, self._states, is_retry)

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


def conflict(events: Sequence[Stored]) -> IntegrityError:
    first = events[0]
    return IntegrityError(
        f"{first.topic}: {first.originator_id} version {first.originator_version} is recorded"
    )
