"""Given: a credited evening with a parent who does not agree, and the holiday week after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from domain.account import Account
from domain.attendance import Stay
from domain.correction import AttendanceOrder
from domain.dispute import Subject, SubjectKind
from domain.envelope import Envelope, Role
from domain.identity import attendance_id
from domain.rules import ReversalReason
from domain.working_days import DaysOfYear
from ledger.book import Book
from tests.acting import STARTS, Pilot, envelope

TEACHER, HEAD, OFFICER, CLERK = uuid4(), uuid4(), uuid4(), uuid4()

# Friday 18 September is the evening. The invented holiday week is off from 1 to 7 October; the
# Sunday before it and the Saturday after it are worked instead.
HOLIDAYS = DaysOfYear.of(
    2026,
    [date(2026, 10, day) for day in range(1, 8)],
    [date(2026, 9, 27), date(2026, 10, 10)],
)


def noon(month: int, day: int) -> datetime:
    """Noon in the city."""
    return datetime(2026, month, day, 4, 0, tzinfo=UTC)


def parent(learner_id: UUID, at: datetime) -> Envelope:
    return envelope(at, Role.PARENT, learner_id)


def attendance(pilot: Pilot, number: int = 0) -> Subject:
    key = attendance_id(pilot.session_id, pilot.learners[number])
    return Subject(kind=SubjectKind.ATTENDANCE, id=key, session_id=pilot.session_id)


def correction(pilot: Pilot, number: int = 0, actor_id: UUID = CLERK) -> UUID:
    """A learner was there for an hour: signed and applied."""
    stay = Stay(begins=STARTS, ends=STARTS + timedelta(minutes=60))
    order = AttendanceOrder(
        session_id=pilot.session_id,
        learner_id=pilot.learners[number],
        stay=stay,
        reason_code=ReversalReason.ENTRY_ERROR,
    )
    by = envelope(noon(9, 22), actor_id=actor_id)
    preview = pilot.book.corrections.preview(order, by)
    return pilot.book.corrections.propose(order, preview.sha256, by).id


def account_of(book: Book, learner_id: UUID) -> Account:
    found = book.ledger.find(Account, Account.create_id(learner_id))
    assert found is not None
    return found


def publish_holidays(book: Book) -> None:
    book.calendars.publish(HOLIDAYS, envelope(noon(9, 1), Role.CITY_ADMINISTRATOR))
