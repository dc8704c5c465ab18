"""A training is awarded under an id of its own, to the hundredth, and on its last day."""

from __future__ import annotations

from datetime import date

import pytest

from domain.teacher import Teacher
from domain.training import TrainingNotOver, Trainings
from tests.domain.refusing import refused
from tests.domain.test_teacher import JUDGED, LI, NOW, at, teacher, training

TODAY = date(2026, 11, 20)


def test_an_award_has_the_id_of_its_teacher_programme_days_and_generation() -> None:
    li = teacher()
    first = li.award(training(), JUDGED, at())
    assert first == Trainings().next_id(LI, training())

    li.trainings.reversed[first] = training()

    assert li.trainings.next_id(LI, training()) != first


def test_a_hundredth_of_an_hour_is_awarded() -> None:
    li = teacher()
    li.award(training(1), JUDGED, at())
    assert li.trainings.hours("2024-2026") == 1


@pytest.mark.parametrize(("ends", "is_over"), [(TODAY, True), (date(2026, 11, 21), False)])
def test_a_training_is_awarded_from_its_last_day_on(ends: date, is_over: bool) -> None:
    li: Teacher = teacher()
    if is_over:
        li.award(training(ends=ends), JUDGED, at(NOW))
        assert li.trainings.hours("2024-2026") == 600
    else:
        with refused(TrainingNotOver, ends=ends):
            li.award(training(ends=ends), JUDGED, at(NOW))
