"""What was recorded wrong of a teacher is put right: days in service, and who they are at work."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date

import pytest

from domain.staff import LinkedOtherwise, OwnCase
from domain.teacher import Teacher
from domain.teacher_cycle import CycleIsClosed
from domain.teacher_of_staff import TeacherOfStaff
from domain.teacher_service import Service, ServiceDatesCross, UnknownService
from tests.domain.given import history, news
from tests.domain.refusing import refused
from tests.domain.test_teacher import CASE, JUDGED, LI, NEW_YEAR, OTHER, SCHOOL, WANG, at

CAME, MOVED, LEFT = date(2015, 9, 1), date(2026, 2, 1), date(2026, 6, 30)


def teacher() -> Teacher:
    """Somebody who came, moved to another school and left."""
    made = Teacher(id=LI, school_code=SCHOOL, in_service_from=CAME, envelope=at())
    made.move(OTHER, MOVED, at())
    made.leave(LEFT, at())
    return made


def test_wrong_days_in_service_are_put_right_and_the_old_ones_kept() -> None:
    li = teacher()
    li.correct_service(CAME, date(2025, 9, 1), date(2026, 1, 31), at())
    li.correct_service(MOVED, MOVED, None, at())
    li.correct_service(MOVED, MOVED, None, at())
    *_, first, second = facts = news(li)

    assert len(facts) == 5
    assert isinstance(first, Teacher.ServiceCorrected)
    assert (first.school_code, first.begins_was, first.begins) == (SCHOOL, CAME, date(2025, 9, 1))
    assert isinstance(second, Teacher.ServiceCorrected)
    assert (second.ends_was, second.ends) == (LEFT, None)
    assert li.services == [
        Service(SCHOOL, date(2025, 9, 1), date(2026, 1, 31)), Service(OTHER, MOVED)
    ]  # fmt: skip
    assert JUDGED.required(li.services) == 800
    copy = history(facts)
    assert isinstance(copy, Teacher)
    assert copy.services == li.services


@pytest.mark.parametrize(
    ("since", "begins", "ends", "refusal"),
    [
        (date(2015, 9, 2), CAME, None, refused(UnknownService, since=date(2015, 9, 2))),
        (MOVED, LEFT, MOVED, refused(ServiceDatesCross, begins=LEFT, ends=MOVED)),
        (CAME, CAME, MOVED, refused(ServiceDatesCross, begins=CAME, ends=MOVED)),
        (CAME, CAME, None, refused(ServiceDatesCross, begins=CAME, ends=None)),
        (MOVED, date(2026, 1, 31), None,
         refused(ServiceDatesCross, begins=date(2026, 1, 31), ends=None)),
    ],
)  # fmt: skip
def test_days_that_cross_are_refused(
    since: date, begins: date, ends: date | None, refusal: AbstractContextManager[object]
) -> None:
    li = teacher()
    news(li)
    with refusal:
        li.correct_service(since, begins, ends, at())
    assert news(li) == []


def test_the_days_of_a_closed_cycle_stay_as_they_were_closed() -> None:
    li = teacher()
    li.close(JUDGED, at(NEW_YEAR))
    news(li)
    for begins, ends in ((MOVED, date(2026, 7, 1)), (date(2026, 2, 2), LEFT), (MOVED, None)):
        with refused(CycleIsClosed, cycle="2024-2026"):
            li.correct_service(MOVED, begins, ends, at(NEW_YEAR))
    li.correct_service(CAME, date(2023, 9, 1), date(2026, 1, 31), at(NEW_YEAR))
    assert len(news(li)) == 1, "days before the cycle are none of its own"


def test_service_outside_a_closed_cycle_is_put_right_after_it() -> None:
    li = Teacher(id=LI, school_code=SCHOOL, in_service_from=CAME, envelope=at())
    li.close(JUDGED, at(NEW_YEAR))
    li.leave(date(2027, 1, 31), at(NEW_YEAR))
    li.correct_service(CAME, CAME, date(2027, 6, 30), at(NEW_YEAR))
    assert li.services == [Service(SCHOOL, CAME, date(2027, 6, 30))]
    assert Service(SCHOOL, date(2027, 1, 1)).within(date(2024, 1, 1), date(2026, 12, 31)) is None


def test_a_wrong_link_is_taken_back_and_the_right_one_made() -> None:
    li, named = teacher(), TeacherOfStaff(staff_id=WANG, teacher_id=LI, envelope=at())
    li.link_to_staff(WANG, at())
    with pytest.raises(OwnCase):
        li.unlink_from_staff(at(actor=WANG))
    with pytest.raises(OwnCase):
        li.correct_service(MOVED, MOVED, None, at(actor=WANG))
    news(li)
    li.unlink_from_staff(at())
    li.unlink_from_staff(at())
    [taken_back] = news(li)
    assert isinstance(taken_back, Teacher.UnlinkedFromStaff)
    assert (taken_back.staff_id, li.staff_id) == (WANG, None)

    with pytest.raises(LinkedOtherwise):
        named.name_again(CASE, at())
    named.withdraw(CASE, at())
    named.withdraw(LI, at())
    named.name_again(CASE, at())
    named.name_again(CASE, at())
    assert [type(each) for each in news(named)][1:] == [
        TeacherOfStaff.Withdrawn, TeacherOfStaff.NamedAgain
    ]  # fmt: skip
    assert named.teacher_id == CASE
