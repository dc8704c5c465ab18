"""The books of a term, read in one moment: its sessions, who attended, what was credited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, LiteralString
from uuid import UUID

from projections.checkpoints import positions
from projections.compliance import SessionVersion, sessions_in
from projections.database import Tx, Views, fetch

READ_FROM: Final = ("compliance", "attendance_register", "account_statement", "one_person")
# Whoever came under two records that became one is one person.
_ATTENDED: LiteralString = """
SELECT session_id, count(DISTINCT coalesce(m.speaker_id, r.learner_id)) AS attended
  FROM attendance_register r LEFT JOIN merged_record m ON m.merged_id = r.learner_id
 WHERE session_id = ANY(%(sessions)s) AND result IN ('full', 'half')
 GROUP BY session_id
"""
_HOUSEHOLDS: LiteralString = """
SELECT count(DISTINCT child_id) AS households
  FROM attendance_register, unnest(child_ids) child_id
 WHERE session_id = ANY(%(sessions)s) AND result IN ('full', 'half')
"""
_CREDITED: LiteralString = """
SELECT learner_id, sum(hours)::bigint AS hours FROM account_line
 WHERE school_code = %(school)s AND term = %(term)s
 GROUP BY learner_id HAVING sum(hours) <> 0
"""


@dataclass(frozen=True, slots=True)
class Attended:
    session_id: UUID
    attended: int


@dataclass(frozen=True, slots=True)
class Households:
    households: int


@dataclass(frozen=True, slots=True)
class Credited:
    learner_id: UUID
    hours: int


@dataclass(frozen=True, slots=True)
class TermFacts:
    """What a term's listing is made of. A household is a child for whom somebody attended.

    Not of one moment are facts that some read models show and others do not show yet.
    """

    sessions: list[SessionVersion]
    attended: dict[UUID, int]
    credited: list[Credited]
    households: int
    of_one_moment: bool


class TermBooks:
    def __init__(self, views: Views) -> None:
        self._views = views

    def read(self, school_code: str, school_year: int, term_no: int) -> TermFacts:
        with self._views.snapshot() as tx:
            sessions = sessions_in(tx, [school_code], school_year, term_no)
            ids = [session.session_id for session in sessions if session.standing == "attested"]
            term = f"{school_year}-{term_no}"
            return TermFacts(
                sessions=sessions,
                attended=attended_at(tx, ids),
                credited=fetch(tx, Credited, _CREDITED, school=school_code, term=term),
                households=fetch(tx, Households, _HOUSEHOLDS, sessions=ids)[0].households,
                of_one_moment=len(positions(tx, READ_FROM)) == 1,
            )


def attended_at(tx: Tx, sessions: list[UUID]) -> dict[UUID, int]:
    return {
        row.session_id: row.attended for row in fetch(tx, Attended, _ATTENDED, sessions=sessions)
    }
