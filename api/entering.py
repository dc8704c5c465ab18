"""Attendance entered by hand: one way for the class list, the register and the JSON interface."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from api.bootstrap import Runtime
from domain.envelope import Channel, Envelope
from ledger.check_in import CheckedIn, CheckIn


@dataclass(frozen=True)
class Tap:
    """One tap on a name; sent twice with the same scan id it is still one."""

    session_id: UUID
    learner_id: UUID
    scan_id: UUID


def enter(runtime: Runtime, tap: Tap, by: Envelope) -> CheckedIn:
    """Check a learner in by hand. Raises what `ledger.check_in.decide` refuses."""
    answer = runtime.book.attendances.check_in(
        CheckIn(
            session_id=tap.session_id,
            learner_id=tap.learner_id,
            scan_id=tap.scan_id,
            channel=Channel.STAFF_ENTRY,
            actor=by.actor,
            at=by.at,
            now=by.at,
        )
    )
    if answer.position is not None:
        runtime.settle(answer.position)
    return answer


def leave(runtime: Runtime, tap: Tap, by: Envelope) -> int:
    """Check a learner out by hand, or confirm afterwards that they stayed.

    Raises NotCheckedIn, AlreadyCheckedOut, OwnCase, SessionNotOpen.
    """
    entered = by.model_copy(update={"channel": Channel.STAFF_ENTRY})
    position = runtime.book.attendances.check_out(
        tap.session_id, tap.learner_id, tap.scan_id, entered, by_staff=True
    )
    return runtime.settle(position)
