"""Judging attendances: what the rules of a session make of a stay, and what it claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.account import entry_id_of
from domain.assessing import Assessment, Result, SessionTimes, assess
from domain.attendance import Attendance
from domain.crediting import CreditClaim
from domain.earned import Seat, seat_claim
from domain.envelope import Envelope
from domain.make_up import MakeUps
from domain.making_up import as_made_up
from domain.rulebook import Rulebook
from domain.session import Session
from ledger.evaluating import system_envelope


@dataclass(frozen=True)
class Run:
    """One award run: the session, its rules, and the moment it is judged at."""

    session: Session
    rulebook: Rulebook
    at: datetime
    cause: UUID

    def envelope(self, *parts: UUID | str) -> Envelope:
        """The system acts for the school; its command id is made of what it follows from."""
        school = self.session.plan.school_code
        return system_envelope(self.at, school, self.cause, "award", self.session.id, *parts)

    @property
    def times(self) -> SessionTimes:
        plan = self.session.plan
        planned = self.session.planned or plan
        assert self.session.opened_at is not None
        assert self.session.closed_at is not None
        return SessionTimes(
            begins_at=planned.begins_at,
            ends_at=planned.ends_at,
            opened_at=self.session.opened_at,
            closed_at=self.session.closed_at,
            class_hours=plan.class_hours,
        )

    def judge(self, attendance: Attendance, by: Envelope) -> Assessment:
        """Assess an attendance under the rules of the session, and have it say so."""
        judged = assess(self.rulebook.attendance, self.times, attendance.presence, self.at)
        attendance.assess(
            judged.result.value,
            judged.minutes,
            judged.planned_minutes,
            judged.rule_ref,
            by.under(self.rulebook.version),
        )
        return judged


def claim_for(
    run: Run,
    attendance: Attendance,
    account_id: UUID,
    judged: Assessment,
    make_ups: MakeUps | None = None,
) -> CreditClaim:
    """What an assessed attendance asks an account to credit, as a make-up if it is one.

    Whoever came in through a link earns nothing until the school has said who it is.
    """
    turn = attendance.corrections + run.session.corrections
    entry_id = entry_id_of(account_id, attendance.id, turn)
    result = Result.NONE if attendance.awaits_link else judged.result
    seat = Seat(entry_id, attendance.id, judged.minutes, result, judged.rule_ref)
    claim = seat_claim(run.session.id, run.session.plan, seat, run.rulebook)
    if make_ups is None:
        return claim
    return as_made_up(claim, make_ups.assigned.get(run.session.id), run.rulebook)
