"""What was credited at a school in a term, whoever belongs to it now: the lines of its totals.

No tables of its own: it reads those of the account statement. Hours of the same people from other
schools and other terms are in no line and in no balance.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from projections.account_statement import StatementLine
from projections.database import Views

_OF_TERM: LiteralString = """
  FROM account_line l LEFT JOIN session_board b USING (session_id)
 WHERE l.school_code = %(school)s AND l.term = %(term)s
"""
_LEARNERS: LiteralString = "SELECT DISTINCT learner_id" + _OF_TERM + " ORDER BY learner_id"
_LINES: LiteralString = (
    """
SELECT l.learner_id, l.position, l.kind, l.entry_id, l.session_id, b.title, b.carrier,
       l.school_code, l.day, l.begins_at, l.term, l.school_year, l.stage, l.family, l.mode,
       l.class_hours, l.minutes, l.face_to_face, l.hours,
       (sum(l.hours) OVER (PARTITION BY l.learner_id
            ORDER BY l.occurred_at, l.position, l.entry_id, l.cap_ref))::bigint AS balance,
       l.rule_ref, nullif(l.cap_ref, '') AS cap_ref, l.would_be, l.awarded, l.reason_code,
       l.replaced_by, l.rulebook_version, l.occurred_at, l.recorded_at
"""
    + _OF_TERM
    + " AND l.learner_id = ANY(%(learners)s)"
    + " ORDER BY l.occurred_at, l.position, l.entry_id, l.cap_ref"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermLine(StatementLine):
    """Whose line, and how its session was held; `balance` is of this school and term alone."""

    learner_id: UUID
    carrier: str | None


class TermAccounts:
    def __init__(self, views: Views) -> None:
        self._views = views

    def learners(self, school_code: str, term: str) -> list[UUID]:
        """Everybody with a line, though child or tie has gone since; merged records, too."""
        return self._views.cells(_LEARNERS, school=school_code, term=term)

    def lines(self, school_code: str, term: str, learner_ids: Collection[UUID]) -> list[TermLine]:
        """The lines of these learners, the oldest first."""
        of_term = {"school": school_code, "term": term}
        return self._views.rows(TermLine, _LINES, learners=list(learner_ids), **of_term)
