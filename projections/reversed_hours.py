"""Hours that were taken back in a term: who ordered it, why, how late, with what effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.correction import Correction
from domain.envelope import Actor
from projections.database import Views
from projections.feed import Feed

_SHARES: LiteralString = """
SELECT school_code, count(*) FILTER (WHERE kind = 'awarded') AS awards,
       coalesce(sum(hours) FILTER (WHERE kind = 'awarded'), 0)::bigint AS awarded_hours,
       count(*) FILTER (WHERE kind = 'reversed') AS reversals,
       coalesce(-sum(hours) FILTER (WHERE kind = 'reversed'), 0)::bigint AS reversed_hours
  FROM account_line WHERE school_code = ANY(%(schools)s) AND term = %(term)s
 GROUP BY school_code ORDER BY school_code
"""
_LINES: LiteralString = """
SELECT r.position, r.learner_id, r.school_code, r.session_id, b.title, r.day, r.reason_code,
       r.hours, coalesce(n.hours, 0) AS hours_instead,
       a.occurred_at AS awarded_at, r.occurred_at AS reversed_at, r.recorded_at
  FROM account_line r
  JOIN account_line a ON a.entry_id = r.entry_id AND a.kind = 'awarded'
  LEFT JOIN account_line n ON n.entry_id = r.replaced_by AND n.kind = 'awarded'
  LEFT JOIN session_board b ON b.session_id = r.session_id
 WHERE r.kind = 'reversed' AND r.school_code = ANY(%(schools)s) AND r.term = %(term)s
 ORDER BY r.position DESC
"""


@dataclass(frozen=True, slots=True)
class SchoolShare:
    """Of what a school awarded in a term, how much was taken back. Hours are hundredths."""

    school_code: str
    awards: int
    awarded_hours: int
    reversals: int
    reversed_hours: int


@dataclass(frozen=True, slots=True)
class ReversedLine:
    """A line that was taken back, and the hours that were awarded in its place."""

    position: int
    learner_id: UUID
    school_code: str
    session_id: UUID | None
    title: str | None
    day: date
    reason_code: str
    hours: int
    hours_instead: int
    awarded_at: datetime
    reversed_at: datetime
    recorded_at: datetime

    @property
    def days_late(self) -> int:
        """Whole days for which the hours stood."""
        return (self.reversed_at - self.awarded_at).days


@dataclass(frozen=True, slots=True)
class Ordered:
    """The correction that a reversal came of: who proposed it, and who decided."""

    correction_id: UUID
    proposed_by: Actor
    decided_by: Actor | None = None


class ReversedHours:
    """Queries over the account statement and the feed; nothing is kept."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._feed = Feed(views)

    def shares(self, schools: Sequence[str], term: str) -> list[SchoolShare]:
        """By school, in the order of their codes."""
        return self._views.rows(SchoolShare, _SHARES, schools=list(schools), term=term)

    def lines(self, schools: Sequence[str], term: str) -> list[ReversedLine]:
        """The newest first."""
        return self._views.rows(ReversedLine, _LINES, schools=list(schools), term=term)

    def orders(self, positions: Iterable[int]) -> dict[int, Ordered]:
        """By the position of a reversal: the correction it came of. Of none, merges and such."""
        facts = self._feed.of([], positions)
        causes = {fact.position: fact.event.envelope.correlation_id for fact in facts}
        orders: dict[UUID, Ordered] = {}
        for fact in self._feed.of(sorted({each for each in causes.values() if each})):
            actor = fact.event.envelope.actor
            match fact.event:
                case Correction.Proposed():
                    orders[fact.stream] = Ordered(fact.stream, actor)
                case Correction.Applied():
                    proposed_by = orders[fact.stream].proposed_by
                    orders[fact.stream] = Ordered(fact.stream, proposed_by, actor)
                case _:
                    pass
        return {at: orders[cause] for at, cause in causes.items() if cause and cause in orders}
