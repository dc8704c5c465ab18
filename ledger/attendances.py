"""Commands of an attendance at the desk: staff record a learner, and learners check out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance, NotCheckedIn, ScanIdReused
from domain.envelope import Envelope
from domain.identity import attendance_id, derived
from ledger.check_in import CheckedIn, CheckIn, beside_merged, decide, merged_into
from ledger.ledger import Ledger
from ledger.own_case import refuse_own_case
from ledger.records import records_of
from ledger.scans import Scans
from ledger.sessions import Sessions


@dataclass(frozen=True)
class CheckOut:
    """One wish to leave; `now` is when we hear of it."""

    session_id: UUID
    learner_id: UUID
    scan_id: UUID
    now: datetime
    by_staff: bool


class Attendances:
    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        self._ledger = ledger
        self._sessions = sessions
        self._scans = Scans(ledger)

    def check_in(self, wish: CheckIn) -> CheckedIn:
        """One check-in, at once (the desk, the command line); phones go through the intake."""
        answer: list[CheckedIn] = []

        def attempt() -> list[LedgerAggregate]:
            outcome = self.admission(wish)
            if isinstance(outcome, CheckedIn):
                answer[:] = [outcome]
                return []
            answer[:] = [CheckedIn(outcome.checked_in_at)]
            return [outcome]

        position = self._ledger.commit(wish.scan_id, attempt)
        return CheckedIn(answer[0].checked_in_at, position)

    def admission(self, wish: CheckIn) -> Attendance | CheckedIn:
        """The attendance that a wish makes, unsaved. Raises as `ledger.check_in.decide`."""
        loaded = self._ledger.load(wish.streams)
        while survivor := merged_into(wish, loaded):
            wish = wish.of(survivor)
            loaded |= self._ledger.load(wish.streams)
        loaded |= self._ledger.load(beside_merged([wish], loaded))
        meaning = self._scans.remember({wish.scan_id: wish.attendance_id})[wish.scan_id]
        outcome = decide(wish, loaded, self._sessions.door_of, meaning)
        if isinstance(outcome, CheckedIn):
            return outcome
        if wish.by_staff:
            refuse_own_case(self._ledger, wish.actor.id, wish.learner_id)
        if outcome.id != meaning and not self._scans.mean_now(wish.scan_id, meaning, outcome.id):
            return self.admission(wish)  # another moved it meanwhile
        return outcome

    def check_out(
        self, session_id: UUID, learner_id: UUID, scan_id: UUID, by: Envelope, *, by_staff: bool
    ) -> int:
        """Leave, at the door or confirmed by staff afterwards (within the rulebook's days).

        Raises NotCheckedIn, AlreadyCheckedOut, OwnCase, SessionNotOpen, StayConfirmationOver,
        ScanIdReused.
        """
        return self.leave(CheckOut(session_id, learner_id, scan_id, by.at, by_staff), by)

    def leave(self, leaving: CheckOut, by: Envelope) -> int:
        """The same for a scan that is heard of later than it happened (`by` says when it did)."""
        return self._ledger.commit(by.command_id, lambda: [self.departure(leaving, by)])

    def departure(self, leaving: CheckOut, by: Envelope) -> Attendance:
        """The attendance that somebody leaves, unsaved; `by` says when. Raises as `check_out`."""
        key = self._attendance(leaving.session_id, leaving.learner_id)
        meaning = derived("check_out", key)
        if self._scans.remember({leaving.scan_id: meaning})[leaving.scan_id] != meaning:
            raise ScanIdReused
        session = self._sessions.get(leaving.session_id)
        rules = self._sessions.rulebook_of(session).attendance
        confirm_days = rules.missing_check_out_confirm_days if leaving.by_staff else None
        session.let_out(leaving.now, confirm_days)
        if leaving.by_staff:
            refuse_own_case(self._ledger, by.actor.id, leaving.learner_id)
        attendance = self._ledger.get(Attendance, key, NotCheckedIn)
        attendance.check_out(leaving.scan_id, by)
        return attendance

    def of_person(self, session_id: UUID, learner_id: UUID) -> Attendance | None:
        """The attendance of a person, under whichever of their records they came in."""
        return self._ledger.find(Attendance, self._attendance(session_id, learner_id))

    def _attendance(self, session_id: UUID, learner_id: UUID) -> UUID:
        keys = [attendance_id(session_id, each) for each in records_of(self._ledger, learner_id)]
        found = self._ledger.load(keys) if len(keys) > 1 else {}
        return next((key for key in keys if key in found), keys[0])
