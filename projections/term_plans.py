"""Plans: the sessions of a school as they stand in the plan of a term or of some school years."""

from __future__ import annotations

from collections.abc import Iterable
from typing import LiteralString

from projections.database import Views
from projections.session_board import SessionRow

_OF_YEARS: LiteralString = """
SELECT * FROM session_board
 WHERE school_code = %(school)s AND school_year = ANY(%(years)s)
   AND (%(term_no)s::bigint IS NULL OR term_no = %(term_no)s)
 ORDER BY begins_at, session_id
"""


class TermPlans:
    def __init__(self, views: Views) -> None:
        self._views = views

    def of_term(self, school_code: str, school_year: int, term_no: int) -> list[SessionRow]:
        """Everything that was ever announced for a term, the soonest first."""
        return self._rows(school_code, [school_year], term_no)

    def of_years(self, school_code: str, school_years: Iterable[int]) -> list[SessionRow]:
        return self._rows(school_code, school_years, None)

    def _rows(
        self, school_code: str, school_years: Iterable[int], term_no: int | None
    ) -> list[SessionRow]:
        values = {"school": school_code, "years": list(school_years), "term_no": term_no}
        return self._views.rows(SessionRow, _OF_YEARS, **values)
