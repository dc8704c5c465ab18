"""What earns hours beside sessions is for grades of one stage, as a session is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from domain.planning import GradesNeeded, GradesOfTwoStages, StageNotOfThisSchool, UnknownGrade
from domain.refusals import Refused
from ledger.registry import NewSchool
from tests.acting import DISTRICT, Pilot, envelope
from tests.ledger.studies import micro_class, push

Publish = Callable[..., UUID]
NINE_YEARS = NewSchool(
    "4401040009", "示例九年一贯制学校", ("primary", "junior"), DISTRICT,
    established_on=date(2020, 9, 1),
)  # fmt: skip
MIXED = (
    ("primary", (), GradesNeeded),
    ("primary", ("三年级", "七年级"), GradesOfTwoStages),
    ("primary", ("七年级",), GradesOfTwoStages),
    ("junior", ("初一年",), UnknownGrade),
    ("senior", ("高一",), StageNotOfThisSchool),
)


@pytest.mark.parametrize("publish", [micro_class, push])
@pytest.mark.parametrize(("stage", "grades", "refused"), MIXED)
def test_hours_of_two_stages_are_never_published_as_one(
    pilot: Pilot, publish: Publish, stage: str, grades: tuple[str, ...], refused: type[Refused]
) -> None:
    pilot.book.registry.register_school(NINE_YEARS, envelope())
    with pytest.raises(refused):
        publish(pilot, school_code=NINE_YEARS.school_code, stage=stage, grades=grades)


@pytest.mark.parametrize("publish", [micro_class, push])
def test_a_school_of_two_stages_publishes_for_the_grades_of_one(
    pilot: Pilot, publish: Publish
) -> None:
    pilot.book.registry.register_school(NINE_YEARS, envelope())
    publish(pilot, school_code=NINE_YEARS.school_code, stage="primary", grades=("三年级", "四年级"))
