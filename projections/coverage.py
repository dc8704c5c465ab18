"""Coverage: which households a school reached in a year, class by class; never an hour more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from domain.calendar import CITY_ZONE
from projections.classes import class_order
from projections.database import Views

# A household is a child of the school, where those have it who still speak for it: whose tie to it
# ended keeps a place that nobody ends. It is reached when an adult who was invited through the
# child was at a session long enough to count, and the session was attested.
_REACHED: LiteralString = """
WITH place AS (
    SELECT *, rank() OVER (PARTITION BY child_id ORDER BY relation_code IS NULL) AS voice
      FROM roster_place
     WHERE school_code = %(school)s AND school_year = %(year)s
), household AS (
    SELECT DISTINCT ON (child_id) child_id, stage, grade, class_group
      FROM place
     WHERE voice = 1
       AND CASE WHEN %(on)s::date IS NULL THEN ended_on IS NULL
                ELSE (begins_on IS NULL OR begins_on <= %(on)s::date)
                 AND (ended_on IS NULL OR %(on)s::date < ended_on)
                 AND mod((SELECT count(*) FROM unnest(away) day
                           WHERE day <= %(on)s::date), 2) = 0 END
     ORDER BY child_id, grade, class_group
), reached AS (
    SELECT DISTINCT unnest(a.child_ids) AS child_id
      FROM session_board s JOIN attendance_register a USING (session_id)
     WHERE s.school_code = %(school)s AND s.school_year = %(year)s
       AND (%(term)s::bigint IS NULL OR s.term_no = %(term)s)
       AND s.standing = 'attested' AND a.result IN ('full', 'half')
       AND (%(on)s::date IS NULL OR (s.begins_at AT TIME ZONE %(zone)s)::date <= %(on)s::date)
)
SELECT h.grade, h.class_group, max(h.stage) AS stage, count(*) AS households,
       count(r.child_id) AS reached
  FROM household h LEFT JOIN reached r USING (child_id)
 GROUP BY h.grade, h.class_group
"""


@dataclass(frozen=True, slots=True)
class ReachedClass:
    """A class: how many children it has, and how many of their households were reached."""

    grade: str
    class_group: str
    stage: str
    households: int
    reached: int


class Coverage:
    """A query over the roster, the session board and the attendance register."""

    def __init__(self, views: Views) -> None:
        self._views = views

    def households_reached(
        self,
        school_code: str,
        school_year: int,
        *,
        term_no: int | None = None,
        on: date | None = None,
    ) -> list[ReachedClass]:
        """Every class in the order of grades: of the year, or of one term of it.

        `on`: as the classes were on a day, and what was held by then; else as they are now. A
        child that moves counts at the old school before that day, and at the new one from then on.
        """
        found = self._views.rows(
            ReachedClass,
            _REACHED,
            school=school_code,
            year=school_year,
            term=term_no,
            on=on,
            zone=CITY_ZONE,
        )
        return sorted(found, key=class_order)
