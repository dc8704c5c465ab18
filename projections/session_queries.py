"""What is asked of the session board: its sessions, with who is invited and who came."""

from __future__ import annotations

from typing import LiteralString

# A page of sessions is chosen first. Who is invited to it follows from the roster of today, and
# is counted once for all sessions of the same grades; who came is counted in the register, once
# under whichever records, with the best that came of it.
_CHOSEN: LiteralString = "WITH chosen AS MATERIALIZED (SELECT s.* FROM session_board s "
_COUNTED: LiteralString = """
), audience AS MATERIALIZED (
    SELECT a.*, (SELECT count(DISTINCT p.learner_id)
                   FROM roster_place p
                  WHERE p.school_code = a.school_code AND p.school_year = a.school_year
                    AND p.ended_on IS NULL AND p.relation_code IS NOT NULL
                    AND (a.grades = '{}' OR p.grade = ANY(a.grades))) AS invited
      FROM (SELECT DISTINCT school_code, school_year, grades FROM chosen) a
)
SELECT b.*, a.invited, came.*
  FROM chosen b
  JOIN audience a ON (a.school_code, a.school_year, a.grades)
                   = (b.school_code, b.school_year, b.grades)
 CROSS JOIN LATERAL (
       SELECT count(*) AS checked_in, count(checked_out_at) AS checked_out,
              count(*) FILTER (WHERE result = 'full') AS "full",
              count(*) FILTER (WHERE result = 'half') AS half,
              count(*) FILTER (WHERE result = 'pending') AS pending,
              count(*) FILTER (WHERE result = 'none') AS nothing
         FROM (SELECT DISTINCT ON (coalesce(m.speaker_id, r.learner_id)) r.*
                 FROM attendance_register r LEFT JOIN merged_record m ON m.merged_id = r.learner_id
                WHERE r.session_id = b.session_id
                ORDER BY coalesce(m.speaker_id, r.learner_id),
                         array_position('{full,half,pending,none}', r.result), checked_out_at)
              person) came
"""
_SOONEST: LiteralString = " ORDER BY b.begins_at, b.session_id"
_NEWEST: LiteralString = " ORDER BY b.begins_at DESC, b.session_id"
_WITHIN: LiteralString = """
 WHERE school_code = %(school)s
   AND (%(from_day)s::date IS NULL
        OR begins_at >= (%(from_day)s::date)::timestamp AT TIME ZONE %(zone)s)
   AND (%(to_day)s::date IS NULL
        OR begins_at < (%(to_day)s::date + 1)::timestamp AT TIME ZONE %(zone)s)
"""
_PAGE: LiteralString = " ORDER BY begins_at DESC, session_id LIMIT %(limit)s OFFSET %(offset)s"
SESSIONS_OF = _CHOSEN + _WITHIN + _PAGE + _COUNTED + _NEWEST
_COUNT: LiteralString = "SELECT count(*) FROM session_board"
COUNT_OF = _COUNT + _WITHIN
SESSION = _CHOSEN + "WHERE session_id = %(session)s" + _COUNTED
_FIGURES: LiteralString = "SELECT session_id, standing, invited, checked_in, checked_out FROM ("
LIVE = _FIGURES + SESSION + ") live"
_IS_OPEN: LiteralString = """
 WHERE standing = 'opened' AND (%(school)s::text IS NULL OR school_code = %(school)s)
"""
OPEN = _CHOSEN + _IS_OPEN + _COUNTED + _SOONEST
# Through a child, or to make up for a session that was missed.
_INVITING: LiteralString = """
 WHERE session_id IN (
       SELECT i.session_id FROM session_board i
        WHERE i.ends_at > %(at)s AND i.standing IN ('scheduled', 'opened')
          AND i.school_code IN (SELECT school_code FROM roster_place
                                 WHERE learner_id = %(learner)s)
          AND EXISTS (SELECT 1 FROM roster_place p
                       WHERE p.learner_id = %(learner)s AND p.school_code = i.school_code
                         AND p.school_year = i.school_year AND p.ended_on IS NULL
                         AND p.relation_code IS NOT NULL
                         AND (i.grades = '{}' OR p.grade = ANY(i.grades)))
        UNION ALL SELECT by_id FROM make_up WHERE learner_id = ANY(ARRAY(SELECT %(learner)s::uuid
        UNION ALL SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s)))
   AND ends_at > %(at)s AND standing IN ('scheduled', 'opened')
 ORDER BY begins_at, session_id LIMIT %(limit)s
"""
UPCOMING = _CHOSEN + _INVITING + _COUNTED + _SOONEST
