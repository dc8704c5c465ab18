"""What holds a term to its dates: closed books, and what other dates would leave outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import LiteralString
from uuid import UUID

from domain.calendar import CITY_ZONE, Term
from domain.standing import Standing
from domain.term import BoundDates
from projections.database import Views

_CLOSED: LiteralString = """
SELECT school_code FROM term_closing WHERE school_year = %(year)s AND term_no = %(term_no)s
 UNION SELECT school_code FROM year_closing WHERE school_year = %(year)s
 ORDER BY school_code
"""
_SESSIONS: LiteralString = """
SELECT session_id, day FROM (
    SELECT session_id, (begins_at AT TIME ZONE %(zone)s)::date AS day, standing FROM session_board
     WHERE school_year = %(year)s AND term_no = %(term_no)s
) AS held
 WHERE standing <> ALL(%(off)s) AND day BETWEEN %(begins)s AND %(ends)s
   AND NOT day BETWEEN %(new_begins)s AND %(new_ends)s
 ORDER BY day, session_id
"""
_HOURS: LiteralString = """
SELECT DISTINCT day FROM account_line
 WHERE term = %(term)s AND day BETWEEN %(begins)s AND %(ends)s
   AND NOT day BETWEEN %(new_begins)s AND %(new_ends)s
"""
# Finished, and perhaps not credited yet: it counts in the term of its day.
_FINISHED: LiteralString = """
SELECT DISTINCT day FROM (
    SELECT (completed_at AT TIME ZONE %(zone)s)::date AS day FROM micro_class_completed
     UNION SELECT (answered_at AT TIME ZONE %(zone)s)::date FROM push_answered
) AS finished
 WHERE day BETWEEN %(begins)s AND %(ends)s AND NOT day BETWEEN %(new_begins)s AND %(new_ends)s
"""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A session that other dates would leave outside its term."""

    session_id: UUID
    day: date


class TermBounds:
    def __init__(self, views: Views) -> None:
        self._views = views

    def of(self, known: Term, dates: Term) -> BoundDates:
        """Of a term with the dates that it has, against those that it is to have."""
        values = {
            "year": known.school_year, "term_no": known.term_no, "term": known.code,
            "begins": known.begins, "ends": known.ends,
            "new_begins": dates.begins, "new_ends": dates.ends,
            "zone": CITY_ZONE, "off": [each.value for each in Standing if each.is_off],
        }  # fmt: skip
        sessions = self._views.rows(LeftOut, _SESSIONS, **values)
        earned: list[date] = [
            *self._views.cells(_HOURS, **values), *self._views.cells(_FINISHED, **values),
        ]  # fmt: skip
        return BoundDates(
            closed_by=tuple(self._views.cells(_CLOSED, **values)),
            sessions=tuple(each.session_id for each in sessions),
            days=tuple(sorted({*earned, *(each.day for each in sessions)})),
        )
