"""Every kind of fact of the teachers' ledger once, for the read models."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from domain.envelope import Role
from domain.rules import ReversalReason
from ledger.book import Book
from ledger.registry import NewSchool
from ledger.teacher_names import NamedTeacher
from ledger.teachers import NewTeacher, TypedHours
from tests.acting import SCHOOL, envelope

NEXT_SCHOOL, NEXT_DISTRICT = "4401050003", "440105"
NOVEMBER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
ERROR = ReversalReason.ENTRY_ERROR


def training(title: str, hours: int = 600) -> TypedHours:
    day = date(2026, 3, 7)
    return TypedHours(title, "（示例）学院", day, day, hours)


def teach(book: Book) -> list[UUID]:
    """One moves, one leaves, one comes back; hours come, go, and are corrected after the close."""
    book.registry.register_school(
        NewSchool(NEXT_SCHOOL, "示例中学", ("junior",), NEXT_DISTRICT), envelope()
    )
    commands, now = book.teachers, envelope(NOVEMBER)
    ids = [
        commands.register(
            NewTeacher(NamedTeacher(SCHOOL, f"（示例）李{name}"), date(2015, 9, 1)), envelope()
        )
        for name in "甲乙丙"
    ]
    staff_id = uuid4()
    book.registry.register_staff(staff_id, envelope())
    commands.link(ids[0], staff_id, envelope())
    awards = [commands.award(each, training("研修"), envelope(NOVEMBER)) for each in ids]
    commands.award(ids[0], training("同日", 200), now)
    commands.reverse(ids[1], awards[1], ERROR, envelope(NOVEMBER))
    commands.move(ids[0], NEXT_SCHOOL, date(2026, 9, 1), envelope(NOVEMBER))
    for each in ids[1:]:
        commands.leave(each, date(2026, 6, 30), envelope(NOVEMBER))
    commands.move(ids[2], SCHOOL, date(2026, 10, 1), envelope(NOVEMBER))
    commands.close("2024-2026", ids, envelope(NEW_YEAR, Role.SYSTEM))
    correct(book, ids, awards)
    return ids


def correct(book: Book, ids: list[UUID], awards: list[UUID]) -> None:
    """One correction is confirmed, one declined, one waits."""
    corrections = book.teacher_corrections
    wanted = corrections.propose_hours(ids[1], training("补录"), envelope(NEW_YEAR))
    corrections.confirm(wanted, envelope(NEW_YEAR))
    unwanted = corrections.propose_reversal(ids[2], awards[2], ERROR, envelope(NEW_YEAR))
    corrections.decline(unwanted, envelope(NEW_YEAR))
    corrections.propose_reversal(ids[0], awards[0], ERROR, envelope(NEW_YEAR))
