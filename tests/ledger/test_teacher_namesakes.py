"""Whose hours a row without a staff number is: nobody else's, however alike the names are."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from domain.teacher_service import ServiceDatesCross
from ledger.book import Book
from ledger.teacher_names import NamedTeacher, StaffNumberTaken
from ledger.teachers import NewTeacher
from tests.acting import SCHOOL
from tests.ledger.staffroom import LI, OTHER, bring, hours, new, now, row

NEWCOMER = date(2025, 9, 1)
AT_THE_OTHER = NamedTeacher(OTHER, LI)


@pytest.fixture
def gone(school: Book) -> UUID:
    """A teacher who left in 2024, in the middle of the cycle."""
    li = school.teachers.register(new(), now())
    school.teachers.leave(li, date(2024, 6, 30), now())
    return li


def test_a_refused_move_changes_nothing(school: Book) -> None:
    li = school.teachers.register(new(staff_no="001"), now())
    with pytest.raises(ServiceDatesCross):
        school.teachers.move(li, OTHER, date(2001, 9, 1), now())  # a slip of the pen

    assert school.vault.open([li])[li].fields["staff_no"] == "001"
    assert bring(school, row(named=AT_THE_OTHER, in_service_from=NEWCOMER)) == ["new"]
    assert hours(school, li) == 0


def test_a_move_that_is_repeated_leaves_the_number_of_the_new_school(school: Book) -> None:
    li = school.teachers.register(new(staff_no="001"), now())
    school.teachers.move(li, OTHER, NEWCOMER, now())
    assert bring(school, row(named=NamedTeacher(OTHER, LI, "A-9"))) == ["new"]
    school.teachers.move(li, OTHER, NEWCOMER, now())
    assert school.vault.open([li])[li].fields["staff_no"] == "A-9"


def test_a_newcomer_is_not_the_namesake_who_left(school: Book, gone: UUID) -> None:
    rows = [row(in_service_from=NEWCOMER), row(3, title="阅读")]
    for dry_run in (True, False):
        assert bring(school, *rows, dry_run=dry_run) == ["teacher_ambiguous"] * 2
    numbered = row(named=NamedTeacher(SCHOOL, LI, "T-9"), in_service_from=NEWCOMER)
    assert bring(school, numbered) == ["new"]
    assert hours(school, gone) == 0


def test_who_left_still_gets_the_hours_of_their_own_time(school: Book, gone: UUID) -> None:
    spring = date(2024, 3, 2)
    assert bring(school, row(begins=spring, ends=spring)) == ["new"]
    assert hours(school, gone) == 600


def test_a_number_that_comes_after_the_leaving_is_theirs_who_came_on_that_day(
    school: Book, gone: UUID
) -> None:
    assert school.teachers.register(new(staff_no="007"), now()) == gone
    newcomer = NewTeacher(NamedTeacher(SCHOOL, LI, "008"), NEWCOMER)
    assert school.teachers.register(newcomer, now()) != gone


def test_a_newcomer_is_not_the_namesake_who_serves(school: Book) -> None:
    li = school.teachers.register(new(), now())
    assert bring(school, row(in_service_from=NEWCOMER)) == ["teacher_ambiguous"]
    assert bring(school, row(in_service_from=date(2015, 9, 1))) == ["new"]
    assert hours(school, li) == 600


def test_a_number_that_was_written_small_before_is_found_as_it_is_written_now(
    school: Book,
) -> None:
    before = school.teachers.register(new(staff_no="t-001"), now())
    mixed = school.teachers.register(new("（示例）周老师", staff_no="Tk-2"), now())
    assert school.teachers.register(new(staff_no="T-001"), now()) == before
    assert school.teachers.register(new("（示例）周老师", staff_no="TK-2"), now()) == mixed
    with pytest.raises(StaffNumberTaken):
        school.teachers.register(new("（示例）吴老师", staff_no="T-001"), now())
    held = school.vault.open([before])[before]
    assert held.fields["staff_no"] == "T-001"
