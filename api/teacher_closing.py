"""Closing the teachers' cycles that are over: each teacher's once, however often it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.bootstrap import Runtime
from domain.calendar import CITY_ZONE, local_day
from domain.identity import derived
from ledger.evaluating import system_envelope


@dataclass(frozen=True)
class Closed:
    """How many teachers' cycle was closed now."""

    cycle: str
    teachers: int


def close_cycles(runtime: Runtime, at: datetime) -> list[Closed]:
    """Close every cycle whose day has come, for whoever served in it and is not closed yet."""
    commands, models = runtime.book.teachers, runtime.models
    today = local_day(at, CITY_ZONE)
    found: list[Closed] = []
    for rules in commands.programmes.begun(today):
        cycle = rules.cycle
        waiting = models.teacher_cycle.unclosed(cycle.code, cycle.begins, cycle.ends)
        if today >= rules.closes_on and waiting:
            cause = derived("teacher cycle", cycle.code, at.isoformat())
            by = system_envelope(at, "", cause, "close")
            found.append(Closed(cycle.code, commands.close(cycle.code, waiting, by)))
    return found
