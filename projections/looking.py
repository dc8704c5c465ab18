"""One evening as the irregularity rules look at it, with the same persons elsewhere that day."""

from __future__ import annotations

from typing import LiteralString
from uuid import UUID

from domain.irregularity_look import Elsewhere, Evening, LateEntry, Seen
from projections.database import Views

_EVENING: LiteralString = """
SELECT session_id, school_code, school_year || '-' || term_no AS term, place, class_hours,
       class_hour_minutes, begins_at, ends_at, opened_at, closed_at, host_id
  FROM session_board
 WHERE session_id = %(session)s AND standing = 'attested'
"""
# Who is recorded as not there after a correction was seen nowhere.
_SEEN: LiteralString = """
SELECT coalesce(m.speaker_id, a.learner_id) AS learner_id, a.child_ids, a.channel, a.recorded_by,
       a.checked_in_at, coalesce(a.present_from, a.checked_in_at) AS came,
       coalesce(a.present_to, a.checked_out_at) AS "left", a.device_hash, a.code_step,
       a.corrections > 0 AS is_corrected
  FROM attendance_register a LEFT JOIN merged_record m ON m.merged_id = a.learner_id
 WHERE a.session_id = %(session)s AND (a.corrections = 0 OR a.present_from IS NOT NULL)
 ORDER BY a.checked_in_at, a.position
"""
# The index finds another session's attendance by each record of the person.
_ELSEWHERE: LiteralString = """
WITH stay AS NOT MATERIALIZED (
    SELECT a.session_id, a.learner_id, coalesce(m.speaker_id, a.learner_id) AS person_id,
           coalesce(a.present_from, a.checked_in_at) AS came,
           coalesce(a.present_to, a.checked_out_at) AS gone
      FROM attendance_register a LEFT JOIN merged_record m ON m.merged_id = a.learner_id
     WHERE a.corrections = 0 OR a.present_from IS NOT NULL
)
SELECT h.person_id AS learner_id, h.came, h.gone AS "left",
       b.session_id AS other_session_id, b.school_code AS other_school_code,
       b.place AS other_place, o.came AS other_came, o.gone AS other_left
  FROM stay h
  JOIN LATERAL (
       SELECT h.person_id AS record_id
       UNION SELECT m.merged_id FROM merged_record m WHERE m.speaker_id = h.person_id) r ON true
  JOIN stay o ON o.learner_id = r.record_id AND o.session_id <> h.session_id
   AND o.came BETWEEN h.came - interval '12 hours' AND h.came + interval '12 hours'
  JOIN session_board b ON b.session_id = o.session_id AND b.standing IN ('closed', 'attested')
 WHERE h.session_id = %(session)s
 ORDER BY h.person_id, b.session_id
"""
_LATE: LiteralString = """
SELECT a.learner_id, s.checked_at AS entered_at, s.checked_by AS entered_by
  FROM sheet s JOIN attendance_register a
    ON a.session_id = s.session_id AND a.sheet_id = s.sheet_id
 WHERE s.session_id = %(session)s AND s.checked_at IS NOT NULL
UNION ALL
SELECT w.learner_id, w.decided_at, a.recorded_by
  FROM waiting_scan w JOIN attendance_register a
    ON a.session_id = w.session_id AND a.learner_id = w.learner_id
 WHERE w.session_id = %(session)s AND w.is_taken AND w.way = 'in'
 ORDER BY 2, 1
"""


class Looking:
    def __init__(self, views: Views) -> None:
        self._views = views

    def evening(self, session_id: UUID) -> Evening | None:
        """A session that two persons have attested; nothing is looked at before."""
        return self._views.row(Evening, _EVENING, session=session_id)

    def seen(self, session_id: UUID) -> list[Seen]:
        return self._views.rows(Seen, _SEEN, session=session_id)

    def elsewhere(self, session_id: UUID) -> list[Elsewhere]:
        """The same persons at other sessions within half a day."""
        return self._views.rows(Elsewhere, _ELSEWHERE, session=session_id)

    def late(self, session_id: UUID) -> list[LateEntry]:
        """Who was put on the list after the session, and when."""
        return self._views.rows(LateEntry, _LATE, session=session_id)
