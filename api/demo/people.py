"""The pilot's people who change: a name typed twice, a child who leaves, a custody to decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from api.demo.families import roster_file
from api.demo.loading import GRADES, Pilot, bring
from api.demo.staff import PRIMARY
from api.files.template import Kind
from domain.custody import CustodyReason
from ledger.transfers import Pupil

TYPED_TWICE, LEAVES, CUSTODY = 20, 11, 13
SIBLING = 90  # the number of a child that came later
DAYS_TO_THE_MOVE = 20


def change(pilot: Pilot) -> None:
    typed_twice(pilot)
    transfer(pilot)
    custody(pilot)


def typed_twice(pilot: Pilot) -> None:
    """A sibling's row has the father's phone, and his name with its characters exchanged."""
    row = pilot.families[PRIMARY][TYPED_TWICE]
    surname, given = row.adult[0], row.adult[1:]
    child, adult = f"{row.child[0]}安安", surname + given[::-1]
    later = replace(row, number=SIBLING, child=child, adult=adult)
    file = roster_file([later], GRADES[PRIMARY][1])
    bring(pilot, Kind.ROSTER, PRIMARY, file, pilot.calendar.moment(10, 9))


def transfer(pilot: Pilot) -> None:
    """A child moves to a school of another district: which one is not known yet."""
    learner_id, child_id = tie(pilot, LEAVES)
    pupil = Pupil(child_id, PRIMARY, pilot.calendar.school_year, [learner_id])
    moves = pilot.calendar.today + timedelta(days=DAYS_TO_THE_MOVE)
    by = pilot.logins["coordinator"].acting(pilot.calendar.moment(3, 11), "transfer")
    pilot.runtime.book.transfers.announce(pupil, moves, None, by)


def custody(pilot: Pilot) -> None:
    """The class teacher has proposed it; the coordinator has not confirmed it."""
    learner_id, child_id = tie(pilot, CUSTODY)
    by = pilot.logins["teacher"].acting(pilot.calendar.moment(2, 11), "custody")
    reason = CustodyReason.CUSTODY_CHANGED
    pilot.runtime.book.custody.propose(learner_id, child_id, reason, by)


def tie(pilot: Pilot, number: int) -> tuple[UUID, UUID]:
    """A learner and their child."""
    learner_id = pilot.learner(number)
    [child_id] = pilot.runtime.book.learners.get(learner_id).guardianships
    return learner_id, child_id
