"""The pilot's plan after it was brought: an evening called off, whose row may be meant anew."""

from __future__ import annotations

from api.demo import teaching
from api.demo.calendar import Calendar
from api.demo.disputing import called
from api.demo.loading import Pilot
from domain.planning import CancelReason


def call_off(pilot: Pilot) -> None:
    session_id = called(pilot, teaching.called_off(pilot.calendar).topic)
    by = pilot.logins["coordinator"].acting(pilot.calendar.moment(2, 15), "call off")
    pilot.runtime.book.sessions.cancel(session_id, CancelReason.WEATHER_OR_EMERGENCY, by)


def plan_again(calendar: Calendar) -> bytes:
    """What is to come in the term of the evening called off, as the school would bring it again."""
    off = teaching.called_off(calendar)
    rows = sorted([*teaching.coming(calendar), off], key=lambda row: row.begins_at)
    term = calendar.term_of(off.begins_at.date())
    same = [row for row in rows if calendar.term_of(row.begins_at.date()) == term]
    return teaching.plan_file(same, calendar)
