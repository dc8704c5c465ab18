"""What keeps a term from being closed: one query an obstacle, each area adds its own below.

A query answers about one school and term (`school`, `year`, `term_no`; `term`: 2026-1) with the
thing to finish: `about` and its `id` for the link, a title, when it was, and how much of it is
unfinished.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, LiteralString
from uuid import UUID

from projections.database import Views

_OF_TERM: LiteralString = """
 WHERE b.school_code = %(school)s AND b.school_year = %(year)s AND b.term_no = %(term_no)s
"""
_UNATTESTED: LiteralString = """
SELECT 'session' AS about, b.session_id AS id, b.title, b.begins_at AS at, 1::bigint AS count
  FROM session_board b
"""
# Whoever came under two records that became one is one person.
_STAYS: LiteralString = """
SELECT 'register' AS about, b.session_id AS id, b.title, b.begins_at AS at,
       count(DISTINCT coalesce(m.speaker_id, r.learner_id)) AS count
  FROM session_board b JOIN attendance_register r USING (session_id)
  LEFT JOIN merged_record m ON m.merged_id = r.learner_id
"""
_LINKS_WAIT: LiteralString = """
SELECT 'links' AS about, b.session_id AS id, b.title, b.begins_at AS at,
       count(DISTINCT coalesce(m.speaker_id, r.learner_id)) AS count
  FROM session_board b JOIN attendance_register r USING (session_id)
  LEFT JOIN merged_record m ON m.merged_id = r.learner_id
  JOIN link l ON l.link_id = r.link_id AND l.school_code = b.school_code AND l.state = 'waiting'
"""
_SHEETS: LiteralString = """
SELECT 'sheets' AS about, b.session_id AS id, b.title, b.begins_at AS at, count(*) AS count
  FROM session_board b JOIN sheet s USING (session_id)
"""
_SCANS: LiteralString = """
SELECT 'inbox' AS about, b.session_id AS id, b.title, b.begins_at AS at, count(*) AS count
  FROM session_board b JOIN waiting_scan w USING (session_id)
"""
# What a dispute is about need not be a session: then there is no title.
_DISPUTES: LiteralString = """
SELECT 'case' AS about, c.case_id AS id, coalesce(b.title, '') AS title, c.opened_at AS at,
       1::bigint AS count
  FROM case_file c LEFT JOIN session_board b USING (session_id)
 WHERE c.school_code = %(school)s AND c.term = %(term)s AND c.stands = 'open'
"""
_WAS_HELD: LiteralString = " AND b.standing IN ('closed', 'attested')"
_BY_SESSION: LiteralString = " GROUP BY b.session_id"

OBSTACLES: Final[Mapping[str, LiteralString]] = MappingProxyType(
    {
        "session_unattested": _UNATTESTED + _OF_TERM + " AND b.standing IN ('opened', 'closed')",
        "check_out_pending": _STAYS
        + _OF_TERM
        + " AND r.result = 'pending' AND b.standing = 'attested'"
        + _BY_SESSION,
        "attendance_unjudged": _STAYS
        + _OF_TERM
        + " AND r.result IS NULL AND b.standing = 'attested'"
        + _BY_SESSION,
        "link_waiting": _LINKS_WAIT + _OF_TERM + _BY_SESSION,
        "sheet_unchecked": _SHEETS
        + _OF_TERM
        + " AND s.standing = 'entered'"
        + _WAS_HELD
        + _BY_SESSION,
        "scan_waiting": _SCANS + _OF_TERM + " AND w.is_taken IS NULL" + _WAS_HELD + _BY_SESSION,
        "dispute_unanswered": _DISPUTES,
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    about: str
    id: UUID
    title: str
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing to finish before the term is closed."""

    code: str
    found: Found


class TermObstacles:
    def __init__(self, views: Views) -> None:
        self._views = views

    def of(self, school_code: str, school_year: int, term_no: int) -> list[Obstacle]:
        """Everything unfinished, kind by kind, the oldest first."""
        term = f"{school_year}-{term_no}"
        place = {"school": school_code, "year": school_year, "term_no": term_no, "term": term}
        return [
            Obstacle(code, found)
            for code, query in OBSTACLES.items()
            for found in sorted(
                self._views.rows(Found, query, **place), key=lambda each: (each.at, each.id)
            )
        ]


def counted(obstacles: list[Obstacle]) -> dict[str, int]:
    """How much of each kind."""
    counts: dict[str, int] = {}
    for obstacle in obstacles:
        counts[obstacle.code] = counts.get(obstacle.code, 0) + obstacle.found.count
    return counts
