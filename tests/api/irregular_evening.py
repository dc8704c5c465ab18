"""An odd evening: one phone for everybody, and a host who closed before half of it was over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from api.irregularities import follow_irregularities
from domain.envelope import Actor, Channel, Role
from ledger.check_in import CheckIn
from projections.following import Follower, Following
from projections.irregularity_board import IrregularityFile
from tests.acting import ENDS, SCHOOL, STARTS, envelope
from tests.api.desk import Desk

EARLY = STARTS + timedelta(minutes=30)


def hold_oddly(desk: Desk) -> None:
    book, session_id = desk.runtime.book, desk.pilot.session_id
    host, coordinator = (
        desk.person(who, role, SCHOOL, None)
        for who, role in (("host", Role.HOST), ("coordinator", Role.COORDINATOR))
    )
    book.sessions.open(session_id, envelope(STARTS, Role.HOST, host))
    for learner in desk.pilot.learners:
        scan(desk, learner)
    book.sessions.close(session_id, envelope(EARLY, Role.HOST, host))
    present = len(desk.pilot.learners)
    book.sessions.count_heads(session_id, present, None, envelope(ENDS, Role.HOST, host))
    book.sessions.attest(session_id, Role.HOST, envelope(ENDS, Role.HOST, host))
    by = envelope(ENDS, Role.COORDINATOR, coordinator)
    desk.catch_up(book.sessions.attest(session_id, Role.COORDINATOR, by))
    desk.clock.move_to(ENDS + timedelta(hours=12))


def scan(desk: Desk, learner: UUID) -> None:
    desk.runtime.book.attendances.check_in(
        CheckIn(
            session_id=desk.pilot.session_id, learner_id=learner, scan_id=uuid4(),
            channel=Channel.ROTATING_QR, actor=Actor(id=learner, role=Role.PARENT), at=STARTS,
            now=STARTS, code_step=int(STARTS.timestamp()) // 12, device_hash="00ff",
        )
    )  # fmt: skip


def follow(desk: Desk) -> list[IrregularityFile]:
    """The worker follows the feed from 0, so it looks at everything again."""
    asked = follow_irregularities(desk.runtime)
    again = Follower(f"desk-{uuid4()}", asked.topics, asked.on_batch)
    following = Following(desk.runtime.views, again)
    following.set_up()
    following.catch_up()
    desk.catch_up(desk.runtime.book.ledger.position())
    return desk.runtime.models.irregularities.waiting(school_code=SCHOOL)
