"""What the read models say of teachers: where they serve, their hours, closings, corrections."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from projections.projector import Projector
from projections.read_models import ReadModels
from projections.teachers import ServiceRow, Whom
from tests.acting import DISTRICT, SCHOOL
from tests.projections.teaching import NEXT_DISTRICT, NEXT_SCHOOL
from tests.projections.term import Term

NOVEMBER = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def applied(term: Term, projector: Projector) -> None:
    projector.catch_up()


def test_a_teacher_is_found_where_they_serve_on_a_day(term: Term, models: ReadModels) -> None:
    first, second, third = term.teachers
    services = models.teachers.services(Whom(NOVEMBER, teacher_id=third))

    def at(day: date, school: str | None = None, district: str | None = None) -> set[UUID]:
        return {each.teacher_id for each in models.teachers.services(Whom(day, school, district))}

    assert services == [
        ServiceRow(third, date(2015, 9, 1), date(2026, 6, 30), SCHOOL),
        ServiceRow(third, date(2026, 10, 1), None, SCHOOL),
    ]
    assert at(date(2026, 6, 1), SCHOOL) == {first, second, third}
    assert at(NOVEMBER, SCHOOL) == {third}
    assert at(NOVEMBER, NEXT_SCHOOL) == {first}
    assert at(NOVEMBER, district=DISTRICT) == {third}
    assert at(NOVEMBER, district=NEXT_DISTRICT) == {first}


def test_a_member_of_staff_is_one_teacher(term: Term, models: ReadModels) -> None:
    first = models.teachers.teacher(term.teachers[0])
    assert first is not None
    assert first.school_code == NEXT_SCHOOL
    assert first.staff_id is not None
    assert models.teachers.of_staff(first.staff_id) == first
    assert models.teachers.teacher(term.pilot.session_id) is None


def test_hours_stand_by_year_and_what_was_taken_back_does_not(
    term: Term, models: ReadModels
) -> None:
    def hours(teacher_id: UUID) -> list[tuple[int, int]]:
        whom = Whom(NOVEMBER, teacher_id=teacher_id)
        found = models.teacher_cycle.hours_by_year(whom, "2024-2026")
        return [(each.year, each.hours) for each in found]

    taken_back = models.teacher_cycle.awards_of(term.teachers[1])

    assert [hours(each) for each in term.teachers] == [[(2026, 800)], [(2026, 600)], [(2026, 600)]]
    assert {each.reason_code for each in taken_back} == {None, "entry_error"}
    both = models.teacher_cycle.awards_of(term.teachers[0])
    assert sorted(len(each.beside) for each in both) == [0, 1]


def test_a_closing_says_what_the_cycle_adds_up_to_now(term: Term, models: ReadModels) -> None:
    whom = Whom(NOVEMBER, teacher_id=term.teachers[1])
    [closing] = models.teacher_cycle.closings(whom, "2024-2026")
    assert (closing.hours, closing.required, closing.met) == (600, 1500, False)
    unclosed = models.teacher_cycle.unclosed
    assert unclosed("2024-2026", date(2024, 1, 1), date(2026, 12, 31)) == []
    assert len(unclosed("2027-2029", date(2027, 1, 1), date(2029, 12, 31))) == 2


def test_a_correction_waits_until_it_is_decided(term: Term, models: ReadModels) -> None:
    [waiting] = models.teacher_corrections.open_of(NEXT_SCHOOL)
    assert (waiting.reason_code, waiting.confirmed) == ("entry_error", None)
    assert models.teacher_corrections.open_of(SCHOOL) == []
    assert models.teacher_corrections.correction(waiting.correction_id) == waiting
