"""A sign-in sheet of the pilot's evening: printed, signed, typed by one, checked by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from domain.envelope import Envelope, Role
from domain.sheet import ListedRow, PaperRow, Sheet
from tests.acting import ENDS, STARTS, Pilot, envelope

TYPIST, CHECKER = uuid4(), uuid4()
NEXT_DAY = ENDS + timedelta(days=1)


def print_sheets(pilot: Pilot, learners: Sequence[UUID]) -> list[Sheet]:
    """The sheets of the evening with one class on them."""
    listed = [listed_row(pilot, learner) for learner in learners]
    pilot.book.sheets.print(pilot.session_id, [listed], envelope(STARTS - timedelta(hours=2)))
    return pilot.book.sheets.of_session(pilot.session_id)


def listed_row(pilot: Pilot, learner: UUID) -> ListedRow:
    return ListedRow(
        learner_id=learner, child_id=min(pilot.book.learners.get(learner).guardianships)
    )


def signed(sheet: Sheet, *rows: int, left_at: datetime | None = ENDS) -> list[PaperRow]:
    """These rows say that somebody came in time and left at the end."""
    return [
        PaperRow(
            row=row, learner_id=sheet.listed[row - 1].learner_id, came_at=STARTS, left_at=left_at
        )
        for row in rows
    ]


def typing(at: datetime = NEXT_DAY) -> Envelope:
    return envelope(at, Role.COORDINATOR, TYPIST)


def checking(at: datetime = NEXT_DAY) -> Envelope:
    return envelope(at, Role.CLASS_TEACHER, CHECKER)


def hold_and_close(pilot: Pilot) -> None:
    """An evening at which nobody had a phone."""
    book, session_id = pilot.book, pilot.session_id
    book.sessions.open(session_id, envelope(STARTS - timedelta(minutes=20), Role.HOST))
    book.sessions.close(session_id, envelope(ENDS, Role.HOST))
