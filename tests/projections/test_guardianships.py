"""What the read models know of a guardianship: on which days it stood, what may come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

from domain.calendar import CITY_ZONE, local_day
from domain.custody import CustodyReason, Restoration
from domain.enrolment import Places
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import SCHOOL, Pilot, envelope
from tests.ledger.test_custody import child_of, mother_beside
from tests.ledger.test_transfers import PANYU, moved
from tests.projections.term import LATER, Term


def test_the_roster_of_a_day_has_whoever_was_a_guardian_on_it(
    term: Term, models: ReadModels, projector: Projector
) -> None:
    projector.catch_up()
    ledger, learner = term.pilot.book.ledger, term.learner(0)
    [place] = models.roster.places_of(learner.id)
    of_class = SCHOOL, 2026, "三年级", "2班"
    ended_on = local_day(LATER, CITY_ZONE)
    eve, back = ended_on - timedelta(days=1), ended_on + timedelta(days=3)

    def there(day: date) -> bool:
        listed = place in models.roster.class_list(*of_class, day)
        known = learner.id in models.roster.learners_of(SCHOOL, 2026, day)
        assert listed == known == (place in models.roster.places_in(SCHOOL, 2026, day))
        return listed

    learner.end_guardianship(place.child_id, "custody_changed", envelope(LATER))
    ledger.save(learner)
    projector.catch_up()
    assert [there(day) for day in (eve, ended_on, date.max)] == [True, False, False]

    place = replace(place, basis="custody_restored")
    tie = (place.relation_code, place.is_guardian)
    learner.restore_guardianship(place.child_id, tie, back, Places(), envelope(LATER))
    ledger.save(learner)
    projector.catch_up()
    assert [there(day) for day in (ended_on, back, date.max)] == [False, True, True]


def test_what_was_ended_stands_at_the_childs_school_until_it_is_restored(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    father, custody = pilot.learners[0], pilot.book.custody
    child = child_of(pilot, father)
    custody.propose(father, child, CustodyReason.CARE_ENDED, envelope(actor_id=uuid4()))
    custody.confirm(father, child, envelope(actor_id=uuid4()))
    projector.catch_up()
    [ended] = models.custody.ended_at(SCHOOL)
    assert (ended.learner_id, ended.child_id, ended.reason_code) == (father, child, "care_ended")
    assert models.custody.ended_at(PANYU) == []

    mistake = Restoration.ENDED_IN_ERROR
    custody.propose_restoration(father, child, mistake, None, envelope(actor_id=uuid4()))
    projector.catch_up()
    [waiting] = models.custody.waiting_at(SCHOOL)
    assert (waiting.reason_code, waiting.holds_from) == (mistake, ended.ended_on)

    custody.confirm_restoration(father, child, (), envelope(actor_id=uuid4()))
    projector.catch_up()
    assert models.custody.waiting_at(SCHOOL) == []
    assert models.custody.ended_at(SCHOOL) == []
    [place] = models.roster.places_of(father)
    assert (place.child_id, place.basis) == (child, "custody_restored")


def test_a_child_that_moved_meanwhile_is_the_new_schools_to_restore(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    mother, father = mother_beside(pilot), pilot.learners[0]
    child, custody = child_of(pilot, father), pilot.book.custody
    custody.propose(father, child, CustodyReason.CARE_ENDED, envelope(actor_id=uuid4()))
    custody.confirm(father, child, envelope(actor_id=uuid4()))
    moved(pilot, mother)
    projector.catch_up()
    assert models.custody.ended_at(SCHOOL) == []
    [ended] = models.custody.ended_at(PANYU)
    assert (ended.learner_id, ended.child_id) == (father, child)
