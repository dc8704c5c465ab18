"""Ties have days: who was a child's guardian on one, whatever became of it since."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest

from domain.custody import CustodyDayOutside, CustodyReason, Restoration
from domain.enrolment import Places
from domain.learner import Learner
from domain.merging import Evidence, merge, unmerge
from tests.domain.given import CHEN, EVENING, LIN, by, history, news

CHILD = uuid5(NAMESPACE_OID, "陈小明（示例）")
FIRST, ENDED, BACK = date(2026, 9, 1), date(2026, 9, 11), date(2026, 9, 20)
EVE = ENDED - timedelta(days=1)
FATHER = ("51", True)


def at(day: date) -> datetime:
    return EVENING + (day - ENDED)


def father() -> Learner:
    made = Learner(id=CHEN, name_commitment="c0ffee", envelope=by(at=at(FIRST)))
    made.link_child(CHILD, *FATHER, "roster", by(at=at(FIRST)))
    return made


def parted(reason: CustodyReason = CustodyReason.CUSTODY_CHANGED) -> Learner:
    made = father()
    made.end_guardianship(CHILD, reason, by(at=at(ENDED)))
    return made


def held(learner: Learner, *days: date) -> list[bool]:
    return [learner.guardianships.held(CHILD, day) for day in days]


def test_a_tie_holds_until_the_day_it_ended_on() -> None:
    """From when it began nobody asks: a roster tells late of what was so."""
    assert held(parted(), FIRST - timedelta(days=9), EVE, ENDED, BACK) == [True, True, False, False]
    assert held(father(), ENDED, BACK) == [True, True]


def test_who_was_entered_in_error_never_was() -> None:
    assert held(parted(CustodyReason.ENTERED_IN_ERROR), EVE, ENDED) == [False, False]


@pytest.mark.parametrize("reason", CustodyReason)
def test_an_end_that_was_a_mistake_leaves_no_gap(reason: CustodyReason) -> None:
    learner = parted(reason)
    learner.restore_guardianship(CHILD, FATHER, ENDED, Places(), by(at=at(BACK)))
    assert held(learner, EVE, ENDED, BACK) == [True, True, True]
    assert learner.guardianships.former == {}


def test_what_comes_back_later_leaves_a_gap_and_may_end_again() -> None:
    learner = parted()
    learner.restore_guardianship(CHILD, FATHER, BACK, Places(), by(at=at(BACK)))
    assert held(learner, EVE, ENDED, BACK - timedelta(days=1), BACK) == [True, False, False, True]
    assert learner.guardianships.parted(CHILD, ENDED)
    last = BACK + timedelta(days=5)
    learner.end_guardianship(CHILD, CustodyReason.CARE_ENDED, by(at=at(last)))
    assert held(learner, EVE, ENDED, BACK, last) == [True, False, True, False]
    known = history(news(learner))
    assert isinstance(known, Learner)
    assert vars(known.guardianships) == vars(learner.guardianships)


def test_facts_from_before_ties_had_days_are_dated_by_when_they_happened() -> None:
    learner = father()
    old = {"child_id": CHILD, "reason_code": "custody_changed", "ended_on": None}
    learner.trigger_event(Learner.GuardianshipEnded, envelope=by(at=at(ENDED)), **old)
    learner.link_child(CHILD, *FATHER, "roster", by(at=at(BACK)))
    assert held(learner, EVE, ENDED, BACK) == [True, False, True]
    [*_, again] = news(learner)
    assert isinstance(again, Learner.GuardianshipLinked)
    assert again.begins_on is None


def test_days_go_along_when_records_are_merged_and_come_back_when_they_are_parted() -> None:
    one, other = Learner(id=LIN, name_commitment="c0ffee", envelope=by()), parted()
    other.restore_guardianship(CHILD, FATHER, BACK, Places(), by(at=at(BACK)))
    before = vars(other.guardianships.copy())
    merge(one, other, Evidence.SAME_PHONE, (), by(at=at(BACK)))
    assert held(one, ENDED, BACK) == [False, True]
    assert CHILD not in other.guardianships
    unmerge(one, other, by(at=at(BACK)))
    assert vars(other.guardianships) == before
    assert held(one, EVE, BACK) == [False, False]


@pytest.mark.parametrize(
    ("reason", "asked", "holds_from"),
    [
        (Restoration.ENDED_IN_ERROR, None, ENDED),
        (Restoration.ENDED_IN_ERROR, ENDED, ENDED),
        (Restoration.CARE_RESUMED, None, ENDED),
        (Restoration.CARE_RESUMED, BACK, BACK),
    ],
)
def test_it_comes_back_from_a_day(
    reason: Restoration, asked: date | None, holds_from: date
) -> None:
    assert reason.day(asked, ENDED, BACK) == holds_from


@pytest.mark.parametrize(
    ("reason", "asked"),
    [
        (Restoration.ENDED_IN_ERROR, BACK),
        (Restoration.CARE_RESUMED, EVE),
        (Restoration.CARE_RESUMED, BACK + timedelta(days=1)),
    ],
)
def test_it_comes_back_from_no_other_day(reason: Restoration, asked: date) -> None:
    with pytest.raises(CustodyDayOutside) as refusal:
        reason.day(asked, ENDED, BACK)
    assert refusal.value.facts["earliest"] == ENDED
