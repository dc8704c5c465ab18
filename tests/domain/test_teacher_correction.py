"""A correction of a closed cycle: proposed by one person, decided once by another."""

from __future__ import annotations

import pytest

from domain.teacher_correction import (
    Change,
    CorrectionDecided,
    CorrectionNeedsSecondPerson,
    TeacherCorrection,
)
from tests.domain.given import news
from tests.domain.test_teacher import CASE, LI, SCHOOL, WANG, at, training


def proposal() -> TeacherCorrection:
    made = TeacherCorrection(
        id=TeacherCorrection.create_id(CASE), teacher_id=LI, school_code=SCHOOL,
        change=Change(cycle="2024-2026", training=training()), envelope=at(),
    )  # fmt: skip
    news(made)
    return made


def test_a_correction_is_decided_by_a_second_person_once() -> None:
    asked = proposal()
    with pytest.raises(CorrectionNeedsSecondPerson):
        asked.confirm(at())
    assert asked.confirm(at(actor=WANG))
    assert not asked.confirm(at(actor=WANG))
    with pytest.raises(CorrectionDecided):
        asked.decline(at(actor=WANG))
    assert len(news(asked)) == 1


def test_a_declined_correction_stays_declined() -> None:
    asked = proposal()
    asked.decline(at(actor=WANG))
    asked.decline(at(actor=WANG))
    with pytest.raises(CorrectionDecided):
        asked.confirm(at(actor=WANG))
    assert len(news(asked)) == 1
