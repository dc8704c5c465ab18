"""One whole evening on the write side, to the award run: for tests that need hours to be there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from domain.envelope import Actor, Channel, Role
from ledger.check_in import CheckIn
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope

HOST, COORDINATOR = uuid4(), uuid4()


def hold(pilot: Pilot, learners: Sequence[UUID]) -> None:
    """Everybody comes on time, leaves at the end, and is credited."""
    sessions, session_id = pilot.book.sessions, pilot.session_id
    sessions.open(session_id, envelope(STARTS - timedelta(minutes=20), Role.HOST, HOST))
    for learner in learners:
        attend(pilot, learner)
    sessions.close(session_id, envelope(ENDS, Role.HOST, HOST))
    sessions.count_heads(session_id, len(learners), None, envelope(ENDS, Role.HOST, HOST))
    sessions.attest(session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))
    second = envelope(ENDS, Role.COORDINATOR, COORDINATOR)
    sessions.attest(session_id, Role.COORDINATOR, second)
    pilot.book.awards.run(session_id, ENDS, second.command_id)


def attend(pilot: Pilot, learner: UUID, *, checked_out: bool = True) -> None:
    own = Actor(id=learner, role=Role.PARENT, organisation=SCHOOL)
    pilot.book.attendances.check_in(
        CheckIn(
            session_id=pilot.session_id, learner_id=learner, scan_id=uuid4(),
            channel=Channel.ROTATING_QR, actor=own, at=STARTS, now=STARTS,
        )
    )  # fmt: skip
    if checked_out:
        leave = envelope(ENDS, Role.PARENT, learner)
        pilot.book.attendances.check_out(pilot.session_id, learner, uuid4(), leave, by_staff=False)
