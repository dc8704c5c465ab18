"""Learners in turn: every learner of a place once, by id, a batch at a time, with attendances.

No tables of its own: it reads those of the roster, the schools and the attendance register.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from projections.database import Views

_AFTER: LiteralString = """
SELECT DISTINCT learner_id FROM roster_place
 WHERE (%(after)s::uuid IS NULL OR learner_id > %(after)s)
   AND (%(place)s = '' OR school_code = %(place)s
        OR school_code IN (SELECT school_code FROM school WHERE district_code = %(place)s))
 ORDER BY learner_id LIMIT %(limit)s
"""
_COUNT: LiteralString = """
SELECT count(DISTINCT learner_id) FROM roster_place
 WHERE (%(place)s = '' OR school_code = %(place)s
        OR school_code IN (SELECT school_code FROM school WHERE district_code = %(place)s))
"""
_ATTENDANCES: LiteralString = """
SELECT learner_id, array_agg(attendance_id ORDER BY attendance_id) FROM attendance_register
 WHERE learner_id = ANY(%(learners)s) GROUP BY learner_id
"""
_SCHOOLS: LiteralString = """
SELECT DISTINCT ON (learner_id) learner_id, school_code FROM roster_place
 WHERE learner_id = ANY(%(learners)s)
 ORDER BY learner_id, school_year DESC, ended_on IS NOT NULL, school_code
"""


class LearnersInTurn:
    def __init__(self, views: Views) -> None:
        self._views = views

    def after(self, learner_id: UUID | None, place: str, limit: int) -> list[UUID]:
        """The next learners of a district or school, or of the whole city (empty)."""
        return self._views.cells(_AFTER, after=learner_id, place=place, limit=limit)

    def count(self, place: str) -> int:
        return int(self._views.cells(_COUNT, place=place)[0])

    def attendances_of(self, learner_ids: Sequence[UUID]) -> dict[UUID, Sequence[UUID]]:
        """The ids of each learner's attendances."""
        with self._views.read() as connection:
            rows = connection.execute(_ATTENDANCES, {"learners": list(learner_ids)}).fetchall()
        return dict(rows)

    def schools_of(self, learner_ids: Sequence[UUID]) -> dict[UUID, str]:
        """The school of each learner's newest place."""
        with self._views.read() as connection:
            rows = connection.execute(_SCHOOLS, {"learners": list(learner_ids)}).fetchall()
        return dict(rows)
