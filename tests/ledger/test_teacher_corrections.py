"""Closed cycles of teachers: two persons, and nobody in their own case."""

from __future__ import annotations

from uuid import uuid4

import pytest

from domain.staff import OwnCase
from domain.teacher_correction import CorrectionNeedsSecondPerson, UnknownTeacherCorrection
from domain.teacher_cycle import CycleNotClosed
from ledger.book import Book
from tests.acting import envelope
from tests.ledger.staffroom import (
    ERROR,
    NEW_YEAR,
    close,
    hours,
    new,
    now,
    typed,
)


def test_a_closed_cycle_is_corrected_by_two_persons(school: Book) -> None:
    li, first, second = school.teachers.register(new(), now()), uuid4(), uuid4()
    corrections = school.teacher_corrections
    with pytest.raises(CycleNotClosed):
        corrections.propose_hours(li, typed(), now(first))
    close(school, li)
    asked = now(first, NEW_YEAR)
    correction = corrections.propose_hours(li, typed(), asked)

    assert corrections.propose_hours(li, typed(), asked) == correction
    assert hours(school, li) == 0
    with pytest.raises(CorrectionNeedsSecondPerson):
        corrections.confirm(correction, now(first, NEW_YEAR))
    corrections.confirm(correction, now(second, NEW_YEAR))
    position = school.ledger.position()
    corrections.confirm(correction, now(second, NEW_YEAR))
    assert (hours(school, li), school.ledger.position()) == (600, position)

    [award_id] = school.teachers.get(li).trainings.standing
    back = corrections.propose_reversal(li, award_id, ERROR, now(first, NEW_YEAR))
    corrections.confirm(back, now(second, NEW_YEAR))
    assert hours(school, li) == 0


def test_a_declined_correction_changes_nothing(school: Book) -> None:
    li = school.teachers.register(new(), now())
    close(school, li)
    correction = school.teacher_corrections.propose_hours(li, typed(), now(at=NEW_YEAR))
    school.teacher_corrections.decline(correction, now(at=NEW_YEAR))
    assert hours(school, li) == 0
    with pytest.raises(UnknownTeacherCorrection):
        school.teacher_corrections.decline(uuid4(), now())


def test_nobody_proposes_or_confirms_in_their_own_case(school: Book) -> None:
    li, me = school.teachers.register(new(), now()), uuid4()
    school.registry.register_staff(me, envelope())
    school.teachers.link(li, me, now())
    close(school, li)
    with pytest.raises(OwnCase):
        school.teacher_corrections.propose_hours(li, typed(), now(me, NEW_YEAR))
    correction = school.teacher_corrections.propose_hours(li, typed(), now(at=NEW_YEAR))
    with pytest.raises(OwnCase):
        school.teacher_corrections.confirm(correction, now(me, NEW_YEAR))
