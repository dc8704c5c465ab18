"""A child that left and comes back within the school year: the school takes it back, from a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.enrolment import Leaving, Returning
from domain.learner import Learner
from domain.staff import OwnCase
from domain.transfer import ChildAtAnotherSchool, ChildNotHere, NotEffectiveYet, ReturnOutOfTime
from ledger.transfers import Pupil
from tests.acting import ENDS, SCHOOL, Pilot, entry, envelope
from tests.domain.refusing import refused
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.ledger.test_roster_doubts import GRANDMOTHER, bring, codes, parted
from tests.ledger.test_transfers import MARCH, moved, pupil_of

APRIL = date(2027, 4, 1)
IN_MAY = datetime(2027, 5, 6, 2, 0, tzinfo=ENDS.tzinfo)
A_DAY = timedelta(days=1)


@pytest.fixture
def here(pilot: Pilot) -> Pupil:
    """With father and grandmother."""
    [hers] = bring(pilot, entry(2, **GRANDMOTHER))
    assert hers.id is not None
    found = pupil_of(pilot, pilot.learners[0])
    return replace(found, adults=[pilot.learners[0], hers.id])


@pytest.fixture
def pupil(pilot: Pilot, here: Pupil) -> Pupil:
    """Left in March."""
    pilot.book.transfers.leave(here, MARCH, Leaving.LEFT, envelope(IN_MAY))
    return here


def returned(
    pilot: Pilot, pupil: Pupil, on: date = APRIL, at: datetime = IN_MAY, by: UUID | None = None
) -> int:
    acting = envelope(at, actor_id=by)
    return pilot.book.transfers.take_back(pupil, on, Returning.RETURNED, acting)


def there(pilot: Pilot, adult: UUID, on: date) -> bool:
    """Whether the father or grandmother has the place on a day, by both of its readings."""
    learner = pilot.book.learners.get(adult)
    at = bool(learner.enrolments_at(SCHOOL, 2026, on))
    [child] = learner.guardianships
    assert at is learner.enrolments.holds(child, SCHOOL, 2026, on)
    return at


def test_the_place_stands_before_the_leaving_and_from_the_return_on(
    pilot: Pilot, pupil: Pupil
) -> None:
    returned(pilot, pupil)
    days = (MARCH - A_DAY, MARCH, APRIL - A_DAY, APRIL)
    for adult in pupil.adults:
        assert [there(pilot, adult, day) for day in days] == [True, False, False, True]
        assert len(pilot.book.learners.get(adult).enrolments_at(SCHOOL, 2026)) == 1
    assert codes(bring(pilot, entry(2), entry(2, **GRANDMOTHER))) == [None, None]


def test_why_and_from_when_are_in_the_fact_and_again_is_no_news(pilot: Pilot, pupil: Pupil) -> None:
    before = pilot.book.ledger.position()
    position = returned(pilot, pupil)
    found = pilot.book.ledger.store.select_notifications(before + 1, 10)
    facts = [pilot.book.ledger.mapper.to_domain_event(each) for each in found]
    assert [
        (fact.begins_on, fact.reason_code) for fact in facts if isinstance(fact, Learner.Enrolled)
    ] == [(APRIL, Returning.RETURNED)] * 2
    returned(pilot, pupil)
    assert pilot.book.ledger.position() == position


def test_what_was_entered_in_error_leaves_no_gap(pilot: Pilot, pupil: Pupil) -> None:
    reason = Returning.ENTERED_IN_ERROR
    pilot.book.transfers.take_back(pupil, MARCH, reason, envelope(IN_MAY))
    assert all(there(pilot, pupil.adults[0], day) for day in (MARCH - A_DAY, MARCH, APRIL))


@pytest.mark.parametrize("on", [MARCH - A_DAY, date(2027, 9, 1)])
def test_nobody_returns_before_the_leaving_or_in_another_year(
    pilot: Pilot, pupil: Pupil, on: date
) -> None:
    with refused(ReturnOutOfTime, ended_on=MARCH):
        returned(pilot, pupil, on, datetime(2027, 9, 6, tzinfo=ENDS.tzinfo))


def test_a_day_that_has_not_come_is_refused(pilot: Pilot, pupil: Pupil) -> None:
    with refused(NotEffectiveYet, effective_on=date(2027, 5, 7)):
        returned(pilot, pupil, date(2027, 5, 7))


def test_who_was_never_here_is_not_taken_back(pilot: Pilot, pupil: Pupil) -> None:
    for stranger in (
        Pupil(uuid4(), SCHOOL, 2026, pupil.adults),
        Pupil(pupil.child_id, SCHOOL, 2026, []),
    ):
        with pytest.raises(ChildNotHere):
            returned(pilot, stranger)


def test_a_child_of_another_school_now_comes_back_by_a_transfer(pilot: Pilot) -> None:
    pupil = pupil_of(pilot, pilot.learners[0])
    moved(pilot, pilot.learners[0])
    with pytest.raises(ChildAtAnotherSchool):
        returned(pilot, pupil)


def test_staff_take_back_no_child_of_their_own(pilot: Pilot, pupil: Pupil) -> None:
    staff = uuid4()
    pilot.book.registry.register_staff(staff, envelope(), learner_id=pupil.adults[0])
    with pytest.raises(OwnCase):
        returned(pilot, pupil, by=staff)


def test_who_does_not_speak_for_the_child_any_more_gets_no_place(
    pilot: Pilot, pupil: Pupil
) -> None:
    father, grandmother = pupil.adults
    parted(pilot, grandmother, pupil.child_id)
    returned(pilot, pupil)
    has = [bool(pilot.book.learners.get(e).enrolments.ended) for e in (father, grandmother)]
    assert has == [False, True]


def test_records_that_are_parted_have_both_left_and_returned(pilot: Pilot, here: Pupil) -> None:
    father, grandmother = here.adults
    signed_by_two(pilot, merge_of(father, grandmother))
    pilot.book.transfers.leave(here, MARCH, Leaving.LEFT, envelope(IN_MAY))
    returned(pilot, here)
    signed_by_two(pilot, parting(father, grandmother))
    days = (MARCH - A_DAY, MARCH, APRIL)
    for adult in here.adults:
        assert [there(pilot, adult, day) for day in days] == [True, False, True]


def test_a_child_may_leave_and_return_twice(pilot: Pilot, pupil: Pupil) -> None:
    returned(pilot, pupil, date(2027, 3, 10))
    pilot.book.transfers.leave(pupil, date(2027, 3, 20), Leaving.LEFT, envelope(IN_MAY))
    returned(pilot, pupil)
    days = (date(2027, 3, 9), date(2027, 3, 10), date(2027, 3, 20), APRIL)
    assert [there(pilot, pupil.adults[0], day) for day in days] == [False, True, False, True]
