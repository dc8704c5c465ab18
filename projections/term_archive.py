"""What is on record of a school's term for its archive, session by session and sheet by sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from projections.database import Views

# Whoever came under two records that became one is one person.
_SESSIONS: LiteralString = """
SELECT b.session_id, b.title, b.begins_at, b.ends_at, b.standing, b.place, b.grades, b.mode,
       b.class_hours, b.head_count, b.head_count_recorded, b.head_count_explanation, b.host_id,
       b.coordinator_id, b.attested_at,
       (SELECT min(c.occurred_at) FROM compliance_session c
         WHERE c.session_id = b.session_id) AS announced_at,
       came.*
  FROM session_board b
 CROSS JOIN LATERAL (
       SELECT count(DISTINCT coalesce(m.speaker_id, r.learner_id)) AS recorded,
              count(DISTINCT coalesce(m.speaker_id, r.learner_id))
                    FILTER (WHERE r.result = 'pending') AS pending
         FROM attendance_register r LEFT JOIN merged_record m ON m.merged_id = r.learner_id
        WHERE r.session_id = b.session_id) came
 WHERE b.school_code = %(school)s AND b.school_year = %(year)s AND b.term_no = %(term_no)s
 ORDER BY b.begins_at, b.session_id
"""
_SHEETS: LiteralString = """
SELECT s.sheet_id, s.session_id, s.number, s.code, s.scans, s.standing = 'checked' AS is_checked
  FROM sheet s JOIN session_board b USING (session_id)
 WHERE b.school_code = %(school)s AND b.school_year = %(year)s AND b.term_no = %(term_no)s
   AND (s.standing <> 'printed' OR s.scans > 0)
 ORDER BY b.begins_at, s.session_id, s.number
"""
_CERTIFIED: LiteralString = """
SELECT count(DISTINCT achievement_id) FROM certificate
 WHERE school_code = %(school)s AND achieved_on BETWEEN %(begins)s AND %(ends)s
"""


@dataclass(frozen=True, slots=True)
class ArchivedSession:
    """A session of the term, whatever became of it, with what an inspection asks of it."""

    session_id: UUID
    title: str
    begins_at: datetime
    ends_at: datetime
    standing: str
    place: str
    grades: tuple[str, ...]
    mode: str
    class_hours: int
    head_count: int | None
    head_count_recorded: int | None
    head_count_explanation: str | None
    host_id: UUID | None
    coordinator_id: UUID | None
    attested_at: datetime | None
    announced_at: datetime
    recorded: int
    pending: int


@dataclass(frozen=True, slots=True)
class UsedSheet:
    """A sheet of paper that was typed, or of which a picture is kept."""

    sheet_id: UUID
    session_id: UUID
    number: int
    code: str
    scans: int
    is_checked: bool


class TermArchive:
    def __init__(self, views: Views) -> None:
        self._views = views

    def sessions_of(
        self, school_code: str, school_year: int, term_no: int
    ) -> list[ArchivedSession]:
        """Every session of the term, the soonest first."""
        values = {"school": school_code, "year": school_year, "term_no": term_no}
        return self._views.rows(ArchivedSession, _SESSIONS, **values)

    def sheets_of(self, school_code: str, school_year: int, term_no: int) -> list[UsedSheet]:
        """The used sheets of these sessions, in the same order."""
        values = {"school": school_code, "year": school_year, "term_no": term_no}
        return self._views.rows(UsedSheet, _SHEETS, **values)

    def certified(self, school_code: str, begins: date, ends: date) -> int:
        """How many achievements of these days the school has certified."""
        values = {"school": school_code, "begins": begins, "ends": ends}
        return int(self._views.cells(_CERTIFIED, **values)[0])
