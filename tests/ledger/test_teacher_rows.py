"""Files of training hours: whom they mean, what they register, why a row is not taken."""

from __future__ import annotations

from datetime import date

from ledger.book import Book
from ledger.teacher_names import NamedTeacher
from tests.acting import SCHOOL
from tests.ledger.staffroom import (
    ERROR,
    LI,
    SHA,
    bring,
    hours,
    new,
    now,
    row,
    typed,
)


def test_a_file_registers_whom_it_names_with_a_date_and_nobody_else(school: Book) -> None:
    newcomer = row(3, "（示例）王老师", in_service_from=date(2026, 9, 1))

    assert bring(school, row(), newcomer, dry_run=True) == ["teacher_unknown", "new"]
    assert bring(school, row(), newcomer) == ["teacher_unknown", "new"]
    position = school.ledger.position()
    assert bring(school, row(), newcomer) == ["teacher_unknown", "same"]
    assert school.ledger.position() == position


def test_a_file_says_of_every_row_why_it_was_not_taken(school: Book) -> None:
    known = school.teachers.register(new(), now())
    school.teachers.award(known, typed(), now())
    rows = [
        row(2),
        row(3, hours=700),
        row(4, title="阅读", hours=0),
        row(5, title="阅读", hours=300),
        row(6, title="阅读", cycle="2027-2029"),
        row(7, title="阅读", begins=date(2020, 1, 1)),
        row(8, title="阅读", hours=200, cycle="2024-2026", details={"document": "示例-1"}),
    ]

    assert bring(school, *rows) == [
        "same", "teacher_hours_differ", "teacher_hours_malformed", "teacher_day_full",
        "teacher_cycle_disagrees", "teacher_cycle_unknown", "new",
    ]  # fmt: skip
    assert hours(school, known) == 800
    [award_id] = [
        key
        for key, (_, each) in school.teachers.get(known).trainings.standing.items()
        if each.row == 8
    ]
    assert school.vault.open([award_id])[award_id].fields["document"] == "示例-1"


def test_two_rows_of_one_new_teacher_make_one_teacher(school: Book) -> None:
    since = date(2026, 9, 1)
    rows = [row(2, in_service_from=since), row(3, title="阅读", hours=100, in_service_from=since)]
    assert bring(school, *rows) == ["new", "new"]
    known = school.vault.identify("teacher_place", [NamedTeacher(SCHOOL, LI).place])
    assert hours(school, known[NamedTeacher(SCHOOL, LI).place]) == 700


def test_a_large_file_is_taken_in_parts(school: Book) -> None:
    rows = [
        row(number, f"（示例）王{chr(0x4E00 + number)}", in_service_from=date(2020, 9, 1))
        for number in range(2, 232)
    ]
    heard: list[int] = []
    results = school.teacher_rows.take(rows, SHA, now(), dry_run=False, progress=heard.append)
    assert {each.outcome.value for each in results} == {"new"}
    assert heard == [200, 230]
    assert bring(school) == []


def test_a_reversed_row_does_not_come_back_with_its_file(school: Book) -> None:
    li = school.teachers.register(new(), now())
    assert bring(school, row()) == ["new"]
    [award_id] = school.teachers.get(li).trainings.standing
    school.teachers.reverse(li, award_id, ERROR, now())
    assert bring(school, row()) == ["teacher_hours_reversed_before"]
    assert bring(school, row(hours=300)) == ["new"]
