"""Teachers of two schools: who is registered, what is typed, what a file brings."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from domain.envelope import Envelope, Role
from domain.rules import ReversalReason
from ledger.book import Book
from ledger.teacher_names import NamedTeacher
from ledger.teacher_rows import HoursRow
from ledger.teachers import NewTeacher, TypedHours
from tests.acting import SCHOOL, envelope

OTHER = "4401040003"
NOVEMBER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Guangzhou
SHA = "a" * 64
LI = "（示例）李老师"
ERROR = ReversalReason.ENTRY_ERROR


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
