"""The teachers' ledger on the write side: registered, awarded, moved, closed, corrected."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from domain.envelope import Envelope, Role
from domain.rules import ReversalReason
from domain.school import UnknownSchool
from domain.staff import LinkedOtherwise, OwnCase
from domain.teacher import UnknownTeacher
from domain.teacher_correction import CorrectionNeedsSecondPerson, UnknownTeacherCorrection
from domain.teacher_cycle import CycleIsClosed, CycleNotClosed, CycleNotOver
from domain.teacher_programmes import NoTeacherCycle
from domain.training import DayFull, HoursAlreadyReversed, HoursDiffer
from ledger.book import Book
from ledger.registry import NewSchool, RegisteredOtherwise, UnknownStaff
from ledger.rulebooks import default_rulebook
from ledger.teacher_names import NamedTeacher, StaffNumberTaken, TeacherAmbiguous
from ledger.teacher_rows import HoursRow
from ledger.teachers import NewTeacher, TypedHours
from tests.acting import DISTRICT, SCHOOL, envelope

OTHER = "4401040003"
NOVEMBER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Guangzhou
SHA = "a" * 64
LI = "（示例）李老师"
ERROR = ReversalReason.ENTRY_ERROR


@pytest.fixture
def school(book: Book) -> Book:
    """Two schools under the rulebook."""
    book.rulebooks.publish_at_set_up(default_rulebook(), envelope())
    for code, name in ((SCHOOL, "示例小学"), (OTHER, "示例中学")):
        book.registry.register_school(NewSchool(code, name, ("primary",), DISTRICT), envelope())
    return book


def now(actor: UUID | None = None, at: datetime = NOVEMBER) -> Envelope:
    return envelope(at, actor_id=actor)


def new(name: str = LI, staff_no: str | None = None, school: str = SCHOOL) -> NewTeacher:
    return NewTeacher(NamedTeacher(school, name, staff_no), date(2015, 9, 1))


def typed(hours: int = 600, title: str = "沟通", day: date = date(2026, 3, 7)) -> TypedHours:
    return TypedHours(title, "（示例）学院", day, day, hours)


def row(number: int = 2, name: str = LI, **changes: object) -> HoursRow:
    values: dict[str, object] = {
        "row": number, "named": NamedTeacher(SCHOOL, name), "title": "沟通",
        "organiser": "（示例）学院", "begins": date(2026, 3, 7), "ends": date(2026, 3, 7),
        "hours": 600,
    }  # fmt: skip
    return HoursRow(**(values | changes))  # type: ignore[arg-type]  # values of many types


def bring(
    book: Book, *rows: HoursRow, dry_run: bool = False, by: Envelope | None = None
) -> list[str]:
    results = book.teacher_rows.take(rows, SHA, by or now(), dry_run=dry_run)
    return [each.code or each.outcome.value for each in results]


def close(book: Book, teacher_id: UUID, at: datetime = NEW_YEAR) -> int:
    by = envelope(at, Role.SYSTEM)
    return book.teachers.close("2024-2026", [teacher_id], by)


def hours(book: Book, teacher_id: UUID) -> int:
    return book.teachers.get(teacher_id).trainings.hours("2024-2026")


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


def test_an_unknown_teacher_has_no_ledger(school: Book) -> None:
    for command in (
        lambda: school.teachers.award(uuid4(), typed(), now()),
        lambda: school.teachers.move(uuid4(), OTHER, date(2026, 9, 1), now()),
        lambda: school.teachers.leave(uuid4(), date(2026, 9, 1), now()),
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
