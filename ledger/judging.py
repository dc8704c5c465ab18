"""Judging attendances: what the rules of a session make of a stay, and what it claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.account import entry_id_of
from domain.assessing import Assessment, SessionTimes, assess
from domain.attendance import Attendance
from domain.calendar import local_day
from domain.crediting import CreditClaim, hours_for
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
        assert self.session.opened_at is not None
        assert self.session.closed_at is not None
        return SessionTimes(
            begins_at=plan.begins_at,
            ends_at=plan.ends_at,
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
    """What an assessed attendance asks an account to credit, as a make-up if it is one."""
    claim = seat_claim(run, attendance, account_id, judged)
    if make_ups is None:
        return claim
    return as_made_up(claim, make_ups.assigned.get(run.session.id), run.rulebook)


def seat_claim(
    run: Run, attendance: Attendance, account_id: UUID, judged: Assessment
) -> CreditClaim:
    plan = run.session.plan
    return CreditClaim(
        entry_id=entry_id_of(
            account_id, attendance.id, attendance.corrections + run.session.corrections
        ),
        source_kind="session",
        source_id=attendance.id,
        session_id=run.session.id,
        course_id=plan.course_id,
        course_version=plan.course_version,
        school_code=plan.school_code,
        school_year=plan.school_year,
        term=plan.term,
        stage=plan.stage,
        family=plan.family,
        mode=plan.mode,
        carrier=plan.carrier,
        class_hours=plan.class_hours,
        minutes=judged.minutes,
        day=local_day(plan.begins_at, run.rulebook.time_zone),
        begins_at=plan.begins_at,
        ends_at=plan.ends_at,
        hours=hours_of(run, attendance, judged),
        rule_ref=judged.rule_ref,
    )


def hours_of(run: Run, attendance: Attendance, judged: Assessment) -> int:
    """Whoever came in through a link earns nothing until the school has said who it is."""
    plan = run.session.plan
    if attendance.awaits_link:
        return 0
    return hours_for(run.rulebook, plan.mode, plan.class_hours, judged.result)
