"""The pilot's people who change: names typed twice, a child who leaves, a custody to decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from api.demo.evenings import Guest
from api.demo.families import roster_file
from api.demo.loading import GRADES, Pilot, bring, find_learners
from api.demo.righting import sign_both
from api.demo.staff import PRIMARY
from api.files.template import Kind
from domain.correction import MergeOrder, UnmergeOrder
from domain.custody import CustodyReason
from domain.merging import Evidence
from ledger.transfers import Pupil

TYPED_TWICE, MERGED, PARTED = 20, 17, 15
LEAVES, CUSTODY = 11, 13
SIBLING = 90  # the number of the first child that came later
SIBLINGS = ("安安", "康康", "宁宁")
DAYS_TO_THE_MOVE = 20


def change(pilot: Pilot) -> None:
    one_person(pilot)
    transfer(pilot)
    custody(pilot)


def one_person(pilot: Pilot) -> None:
    """Three records beside three others: one to look at, one merged, one merged and parted."""
    for number, days in ((MERGED, 9), (PARTED, 8)):
        at, ids = pilot.calendar.moment(days, 9), records_of(pilot, number)
        order = MergeOrder(
            school_code=PRIMARY, survivor_id=ids[0], merged_id=ids[1], evidence=Evidence.SAME_PHONE
        )
        sign_both(pilot, order, at, "head")
    parting = UnmergeOrder(school_code=PRIMARY, survivor_id=ids[0], merged_id=ids[1])
    sign_both(pilot, parting, pilot.calendar.moment(6, 9), "district")


def typed_twice(pilot: Pilot) -> None:
    """Siblings' rows have the father's phone, and his name with its characters exchanged."""
    rows = [
        replace(
            pilot.families[PRIMARY][number], number=SIBLING + place, adult=exchanged(pilot, number),
            child=pilot.families[PRIMARY][number].child[0] + SIBLINGS[place],
        )
        for place, number in enumerate((TYPED_TWICE, MERGED, PARTED))
    ]  # fmt: skip
    file = roster_file(rows, GRADES[PRIMARY][1])
    bring(pilot, Kind.ROSTER, PRIMARY, file, pilot.calendar.moment(18, 9))
    find_learners(pilot, PRIMARY, pilot.calendar.school_year)


def comes_twice(pilot: Pilot) -> list[Guest]:
    """One person on their phone, and on the host's list under the record beside it."""
    own, typed = records_of(pilot, MERGED)
    return [Guest(own), Guest(typed, has_phone=False, late=2)]


def exchanged(pilot: Pilot, number: int) -> str:
    """A family's adult with the characters of the given name exchanged."""
    name = pilot.families[PRIMARY][number].adult
    return name[0] + name[:0:-1]


def records_of(pilot: Pilot, number: int) -> tuple[UUID, UUID]:
    """Both records of a family's adult."""
    return pilot.learner(number), pilot.learners[PRIMARY, exchanged(pilot, number)]


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
