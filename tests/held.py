"""More sessions of the pilot school, each planned and held whole: for tests of terms and years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from domain.envelope import Actor, Channel, Role
from ledger.check_in import CheckIn
from ledger.plans import Filing
from tests.acting import SCHOOL, STARTS, Pilot, envelope, planned

HOST, COORDINATOR = uuid4(), uuid4()
FIRST = STARTS + timedelta(days=1)  # the pilot's own session is the evening before


def plan(
    pilot: Pilot, title: str, class_hours: int, begins_at: datetime = FIRST, **other: object
) -> UUID:
    """Announce a session of so many class hours (hundredths), of 40 minutes each."""
    term_no, school = other.pop("term_no", 1), str(other.pop("school", SCHOOL))
    ends_at = begins_at + timedelta(minutes=class_hours * 40 // 100)
    row = planned(title, begins_at=begins_at, ends_at=ends_at, class_hours=class_hours, **other)
    assert isinstance(term_no, int)
    [result] = pilot.book.plans.file(
        Filing(school, 2026, term_no), [row], envelope(), dry_run=False, supplement=True
    )
    assert result.id is not None
    return result.id


def close(pilot: Pilot, session_id: UUID, learners: Sequence[UUID] = ()) -> None:
    """Held, and not attested yet; everybody stays to the end."""
    book = pilot.book
    session = book.sessions.get(session_id).plan
    starts, ends = session.begins_at, session.ends_at
    early = starts - timedelta(minutes=20)
    book.sessions.open(session_id, envelope(early, Role.HOST, HOST))
    for learner in learners:
        own = Actor(id=learner, role=Role.PARENT, organisation=SCHOOL)
        book.attendances.check_in(
            CheckIn(
                session_id=session_id, learner_id=learner, scan_id=uuid4(),
                channel=Channel.ROTATING_QR, actor=own, at=starts, now=starts,
            )
        )  # fmt: skip
        leave = envelope(ends, Role.PARENT, learner)
        book.attendances.check_out(session_id, learner, uuid4(), leave, by_staff=False)
    book.sessions.close(session_id, envelope(ends, Role.HOST, HOST))
    book.sessions.count_heads(session_id, len(learners), None, envelope(ends, Role.HOST, HOST))


def attest(pilot: Pilot, session_id: UUID, at: datetime | None = None) -> None:
    """By host and coordinator, with the award run that follows."""
    book = pilot.book
    when = at or book.sessions.get(session_id).plan.ends_at
    book.sessions.attest(session_id, Role.HOST, envelope(when, Role.HOST, HOST))
    second = envelope(when, Role.COORDINATOR, COORDINATOR)
    book.sessions.attest(session_id, Role.COORDINATOR, second)
    book.awards.run(session_id, when, second.command_id)


def hold(
    pilot: Pilot,
    title: str,
    class_hours: int,
    learners: Sequence[UUID] = (),
    begins_at: datetime = FIRST,
    **other: object,
) -> UUID:
    session_id = plan(pilot, title, class_hours, begins_at, **other)
    close(pilot, session_id, learners)
    attest(pilot, session_id)
    return session_id
