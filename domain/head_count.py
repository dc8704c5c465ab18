"""The head count of a session: the room compared with the records, and how long that holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.aggregate import LedgerEvent
from domain.refusals import Refused

UNEXPLAINED_PERSONS = 3
UNEXPLAINED_SHARE = 0.05


class DifferenceUnexplained(Refused):
    """Head count and records differ by more than 5 % and more than 3 persons."""

    code = "head_count_difference_unexplained"


class CountAgain(Refused):
    """Since the head count the records changed: they differ too much, and nobody said why."""

    code = "count_again"


@dataclass(frozen=True)
class Recorded:
    """Who is recorded at a session: records that came in, and the persons whose these are."""

    records: int
    persons: int


def needs_explanation(present: int, recorded: int) -> bool:
    """Whether head count and records differ by more than 3 persons and 5 % (DOMAIN F4, LOCAL)."""
    difference = abs(present - recorded)
    return difference > max(UNEXPLAINED_PERSONS, UNEXPLAINED_SHARE * max(present, recorded))


def must_be_explained(present: int, recorded: int, explanation_code: str | None) -> None:
    """Raises DifferenceUnexplained where a large difference has no reason."""
    if needs_explanation(present, recorded) and not explanation_code:
        raise DifferenceUnexplained(present=present, recorded=recorded)


class HeadCounted(LedgerEvent):
    TOPIC = "session.head_counted"

    persons_present: int
    persons_recorded: int  # every record that came in, also where two of them were one person's
    explanation_code: str | None = None
    distinct_persons: int | None = None  # whose they were then; None of old: nobody asked

    @property
    def compared_with(self) -> int:
        """What the room was compared with: persons, or every record where nobody asked whose."""
        return self.persons_recorded if self.distinct_persons is None else self.distinct_persons

    def apply(self, aggregate: Any) -> None:
        super().apply(aggregate)
        aggregate.head_count = HeadCount(
            self.persons_present,
            self.compared_with,
            self.explanation_code,
            self.envelope.command_id,
        )


@dataclass(frozen=True)
class HeadCount:
    """What was counted, what was recorded then, and why the two differ."""

    present: int
    recorded: int
    explanation_code: str | None
    command_id: UUID

    @property
    def difference_is_explained(self) -> bool:
        """A reason given where nothing differed explains nothing that came later."""
        return bool(self.explanation_code) and needs_explanation(self.present, self.recorded)

    def must_hold(self, recorded: int) -> None:
        """Whether the count still answers for what is recorded now. Raises CountAgain."""
        if needs_explanation(self.present, recorded) and not self.difference_is_explained:
            raise CountAgain(present=self.present, recorded=recorded)
