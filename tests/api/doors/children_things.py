"""A child of the pilot's school that left: the doors back are tried with it."""

from __future__ import annotations

from datetime import timedelta

from domain.calendar import CITY_ZONE, local_day
from domain.enrolment import Leaving
from ledger.roster import Roster
from ledger.transfers import Pupil
from tests.acting import ENDS, SCHOOL, Pilot, entry, envelope

ROW = 61


def children_things(pilot: Pilot) -> dict[str, str]:
    book, at = pilot.book, ENDS + timedelta(days=1)
    [told] = book.rosters.take(Roster(SCHOOL, 2026), [entry(ROW)], envelope(), dry_run=False)
    assert told.id is not None
    [child_id] = book.learners.get(told.id).guardianships
    pupil = Pupil(child_id, SCHOOL, 2026, [told.id])
    book.transfers.leave(pupil, local_day(at, CITY_ZONE), Leaving.LEFT, envelope(at))
    return {"child_left_id": str(child_id)}
