"""Commands of a session's inbox: keep a scan that was refused, take it after all, turn it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.envelope import Channel, Envelope
from domain.waiting_scan import ScanRefusal, WaitingScan, WaitingScanUnknown, Way
from ledger.attendances import Attendances, CheckOut
from ledger.check_in import CheckIn
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.sessions import Sessions


@dataclass(frozen=True)
class RefusedScan:
    """A scan with its own time, and why it could not be taken; nobody's where no code was read."""

    session_id: UUID
    scan_id: UUID
    way: Way
    scanned_at: datetime
    reason_code: str
    learner_id: UUID | None


class WaitingScans:
    def __init__(self, ledger: Ledger, sessions: Sessions, attendances: Attendances) -> None:
        self._ledger = ledger
        self._sessions = sessions
        self._attendances = attendances

    def keep(self, scan: RefusedScan, by: Envelope) -> int:
        """Let a scan wait. Uploaded again it is no news. Raises UnknownSession."""
        school_code = self._sessions.get(scan.session_id).plan.school_code

        def decide() -> list[LedgerAggregate]:
            if self.of(scan.session_id, scan.scan_id) is not None:
                return []
            kept = WaitingScan(
                session_id=scan.session_id,
                school_code=school_code,
                scan_id=scan.scan_id,
                way=scan.way,
                scanned_at=scan.scanned_at,
                reason_code=scan.reason_code,
                learner_id=scan.learner_id,
                envelope=by,
            )
            return [kept]

        return self._ledger.commit(by.command_id, decide)

    def of(self, session_id: UUID, scan_id: UUID) -> WaitingScan | None:
        return self._ledger.find(WaitingScan, WaitingScan.create_id(session_id, scan_id))

    def take(self, session_id: UUID, scan_id: UUID, by: Envelope) -> int:
        """Let a scan count at its own time.

        Raises WaitingScanUnknown, WaitingScanDecided, NobodyToTake, and what the check-in or
        check-out of the learner refuses.
        """

        def decide() -> list[LedgerAggregate]:
            scan = self._get(session_id, scan_id)
            learner_id = scan.take(by)
            if not scan.pending_events:
                return []
            attendance = self._attendance(scan, learner_id, by)
            return [scan, attendance] if attendance else [scan]

        return self._ledger.commit(by.command_id, decide)

    def turn_down(self, session_id: UUID, scan_id: UUID, why: ScanRefusal, by: Envelope) -> int:
        """Raises WaitingScanUnknown, OwnCase, WaitingScanDecided."""

        def decide() -> list[LedgerAggregate]:
            scan = self._get(session_id, scan_id)
            if scan.learner_id is not None:
                refuse_own_case(self._ledger, by.actor.id, scan.learner_id)
            scan.turn_down(why, by)
            return [scan]

        return self._ledger.commit(by.command_id, decide)

    def _attendance(self, scan: WaitingScan, learner_id: UUID, by: Envelope) -> Attendance | None:
        """What the scan records; None where the same scan is recorded already."""
        at = min(scan.scanned_at, by.at)
        if scan.way is Way.OUT:
            leaving = CheckOut(scan.session_id, learner_id, scan.scan_id, by.at, by_staff=True)
            left = by.model_copy(update={"occurred_at": at, "channel": scan.channel})
            return self._attendances.departure(leaving, left)
        wish = CheckIn(
            session_id=scan.session_id,
            learner_id=learner_id,
            scan_id=scan.scan_id,
            channel=Channel(scan.channel),
            actor=by.actor,
            at=at,
            now=by.at,
            waited=True,
        )
        outcome = self._attendances.admission(wish)
        return outcome if isinstance(outcome, Attendance) else None

    def _get(self, session_id: UUID, scan_id: UUID) -> WaitingScan:
        key = WaitingScan.create_id(session_id, scan_id)
        return self._ledger.get(WaitingScan, key, WaitingScanUnknown)
