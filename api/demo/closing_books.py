"""The pilot's books: last school year closed at the primary school, one term for a school."""

from __future__ import annotations

from datetime import date, timedelta

from api.closing import close_term, close_year, force_term
from api.demo.calendar import evening
from api.demo.loading import Pilot
from api.demo.staff import JUNIOR, PRIMARY

BY_THE_SCHOOL, BY_THE_DISTRICT = 20, 40  # days after a term


def close(pilot: Pilot) -> None:
    """Two terms by the head and then the year, as far as their days have come."""
    calendar, runtime = pilot.calendar, pilot.runtime
    year = calendar.school_year - 1
    terms = [term for term in calendar.terms if term.school_year == year]
    for term in terms:
        at = evening(term.ends + timedelta(days=BY_THE_SCHOOL), 10)
        if at < calendar.now:
            by = pilot.logins["head"].acting(at, "close", term.code)
            runtime.settle(close_term(runtime, PRIMARY, term, by))
    at = evening(terms[-1].ends + timedelta(days=BY_THE_SCHOOL + 1), 10)
    if at < calendar.now:
        by = pilot.logins["head"].acting(at, "close year")
        runtime.settle(close_year(runtime, PRIMARY, year, by))
    at = evening(date(year + 1, 10, 12), 15)
    if at < calendar.now:
        by = pilot.logins["district"].acting(at, "force", terms[0].code)
        runtime.settle(force_term(runtime, JUNIOR, terms[0], by))
