"""The teachers' ledger on the write side: registered, awarded, moved, linked, closed."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from domain.school import UnknownSchool
from domain.staff import LinkedOtherwise, OwnCase
from domain.teacher import UnknownTeacher
from domain.teacher_cycle import CycleIsClosed, CycleNotOver
from domain.teacher_programmes import NoTeacherCycle
from domain.training import DayFull, HoursAlreadyReversed, HoursDiffer
from ledger.book import Book
from ledger.registry import RegisteredOtherwise, UnknownStaff
from ledger.teacher_names import NamedTeacher, StaffNumberTaken, TeacherAmbiguous
from ledger.teachers import NewTeacher
from tests.acting import SCHOOL, envelope
from tests.ledger.staffroom import (
    ERROR,
    LI,
    NEW_YEAR,
    NOVEMBER,
    OTHER,
    bring,
    close,
    hours,
    new,
    now,
    row,
    typed,
)


def test_a_teacher_is_registered_once(school: Book) -> None:
    first = school.teachers.register(new(), now())
    position = school.ledger.position()

    assert school.teachers.register(new(), now()) == first
    assert school.ledger.position() == position
    with pytest.raises(RegisteredOtherwise):
        school.teachers.register(NewTeacher(NamedTeacher(SCHOOL, LI), date(2020, 1, 1)), now())
    with pytest.raises(UnknownSchool):
        school.teachers.register(new(school="4401049999"), now())


def test_namesakes_are_told_apart_by_their_staff_number(school: Book) -> None:
    first = school.teachers.register(new(staff_no="001"), now())
    second = school.teachers.register(new(staff_no="002"), now())

    assert first != second
    assert school.teachers.register(new(staff_no="001"), now()) == first
    with pytest.raises(TeacherAmbiguous):
        school.teachers.register(new(), now())
    with pytest.raises(StaffNumberTaken):
        school.teachers.register(new("（示例）王老师", "001"), now())


def test_a_number_that_comes_later_belongs_to_the_teacher_of_that_name(school: Book) -> None:
    known = school.teachers.register(new(), now())
    assert school.teachers.register(new(staff_no="007"), now()) == known
    assert school.vault.open([known])[known].fields["staff_no"] == "007"


def test_typed_hours_are_awarded_once_and_taken_back_once(school: Book) -> None:
    li = school.teachers.register(new(), now())
    award_id = school.teachers.award(li, typed(), now())

    assert school.teachers.award(li, typed(), now()) == award_id
    with pytest.raises(HoursDiffer):
        school.teachers.award(li, typed(500), now())
    with pytest.raises(DayFull):
        school.teachers.award(li, typed(201, "阅读"), now())
    with pytest.raises(NoTeacherCycle):
        school.teachers.award(li, typed(day=date(2023, 12, 31)), now())
    school.teachers.reverse(li, award_id, ERROR, now())
    with pytest.raises(HoursAlreadyReversed):
        school.teachers.reverse(li, award_id, ERROR, now())
    assert hours(school, li) == 0


def test_nobody_enters_their_own_hours_but_a_colleague_does(school: Book) -> None:
    me, colleague = uuid4(), uuid4()
    li = school.teachers.register(new(), now())
    with pytest.raises(UnknownStaff):
        school.teachers.link(li, me, now())
    for staff_id in (me, colleague):
        school.registry.register_staff(staff_id, envelope())
    school.teachers.link(li, me, now())
    position = school.ledger.position()
    school.teachers.link(li, me, now())

    assert school.ledger.position() == position
    with pytest.raises(OwnCase):
        school.teachers.award(li, typed(), now(me))
    assert bring(school, row(), by=now(me)) == ["own_case"]
    school.teachers.award(li, typed(), now(colleague))
    assert hours(school, li) == 600


def test_one_person_is_one_teacher_and_one_member_of_staff(school: Book) -> None:
    me, other = uuid4(), uuid4()
    li = school.teachers.register(new(), now())
    wang = school.teachers.register(new("（示例）王老师"), now())
    for staff_id in (me, other):
        school.registry.register_staff(staff_id, envelope())
    school.teachers.link(li, me, now())

    with pytest.raises(LinkedOtherwise):
        school.teachers.link(wang, me, now())
    with pytest.raises(LinkedOtherwise):
        school.teachers.link(li, other, now())
    with pytest.raises(OwnCase):
        school.teachers.unlink(li, now(me))

    school.teachers.unlink(li, now(other))
    position = school.ledger.position()
    school.teachers.unlink(li, now(other))
    assert school.ledger.position() == position
    school.teachers.link(wang, me, now())
    school.teachers.link(li, other, now())
    assert [school.teachers.get(each).staff_id for each in (li, wang)] == [other, me]


def test_an_unknown_teacher_has_no_ledger(school: Book) -> None:
    for command in (
        lambda: school.teachers.award(uuid4(), typed(), now()),
        lambda: school.teachers.move(uuid4(), OTHER, date(2026, 9, 1), now()),
        lambda: school.teachers.leave(uuid4(), date(2026, 9, 1), now()),
        lambda: school.teachers.unlink(uuid4(), now()),
    ):
        with pytest.raises(UnknownTeacher):
            command()


def test_hours_follow_a_teacher_and_both_schools_find_them(school: Book) -> None:
    li = school.teachers.register(new(staff_no="001"), now())
    school.teachers.award(li, typed(), now())
    school.teachers.move(li, OTHER, date(2026, 9, 1), now())

    assert hours(school, li) == 600
    at_the_new = NamedTeacher(OTHER, LI, "A-9")
    assert bring(school, row(title="阅读", hours=100, named=at_the_new)) == ["new"]
    assert bring(school, row(3, title="写作", hours=100)) == ["new"]
    assert hours(school, li) == 800
    school.teachers.leave(li, date(2026, 10, 31), now())
    assert school.teachers.get(li).services[-1].ends == date(2026, 10, 31)


def test_a_cycle_is_closed_once_when_its_last_day_is_over(school: Book) -> None:
    li = school.teachers.register(new(), now())
    with pytest.raises(CycleNotOver):
        close(school, li, NOVEMBER)
    assert close(school, li) == 1
    assert close(school, li) == 0
    with pytest.raises(NoTeacherCycle):
        school.teachers.close("2025-2027", [li], now())
    with pytest.raises(CycleIsClosed):
        school.teachers.award(li, typed(), now(at=NEW_YEAR))
    assert bring(school, row(), by=now(at=NEW_YEAR)) == ["teacher_cycle_closed"]


def test_what_a_closed_cycle_asked_for_is_not_rewritten(school: Book) -> None:
    """Whoever leaves on its last day, or moves on the day after it, served all of it."""
    li = school.teachers.register(new(staff_no="001"), now())
    close(school, li)
    before = school.ledger.position()
    with pytest.raises(CycleIsClosed):
        school.teachers.leave(li, date(2026, 12, 30), now(at=NEW_YEAR))
    with pytest.raises(CycleIsClosed):
        school.teachers.move(li, OTHER, date(2026, 12, 31), now(at=NEW_YEAR))
    assert school.ledger.position() == before
    assert school.vault.open([li])[li].fields["staff_no"] == "001"
    school.teachers.move(li, OTHER, date(2027, 1, 1), now(at=NEW_YEAR))
    assert school.ledger.position() > before


def test_whoever_leaves_on_the_last_day_of_a_closed_cycle_leaves_it_as_it_is(school: Book) -> None:
    li = school.teachers.register(new(), now())
    close(school, li)
    school.teachers.leave(li, date(2026, 12, 31), now(at=NEW_YEAR))
    assert school.teachers.get(li).services[-1].ends == date(2026, 12, 31)
