"""What the program makes of an evening: assessments, hours, evaluations; in memory, by its rules.

The same functions as in the award process, over aggregates that are at hand instead of loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bench.evening import Evening
from bench.institution import Step, Year
from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.envelope import Envelope
from domain.learner import Learner
from ledger.awards import LEARNERS_AT_ONCE, stages_in
from ledger.evaluating import evaluated
from ledger.judging import Run, claim_for


@dataclass(frozen=True)
class Judging(Step):
    """An award run over a session, or over one attendance whose stay nobody confirmed."""

    session_id: UUID
    at: datetime
    cause: UUID
    attendance_id: UUID | None = None


def judged(evening: Evening) -> Iterator[Judging]:
    """The award run that follows the attestation, and a week later the stays left open."""
    year, session = evening.year, evening.session
    run = Run(session, year.rules, evening.attested_at, evening.cause)
    ordered = sorted(evening.attendances, key=lambda each: each.id)
    changed: list[LedgerAggregate] = []
    for start in range(0, len(ordered), LEARNERS_AT_ONCE):
        changed += awarded(year, run, ordered[start : start + LEARNERS_AT_ONCE])
    yield Judging(changed, session.id, run.at, run.cause)
    days = year.rules.attendance.missing_check_out_confirm_days
    later = evening.attested_at + timedelta(days=days, minutes=1)
    for attendance in ordered:
        if not attendance.is_settled and attendance.checked_out_at is None:
            again = Run(session, year.rules, later, attendance.id)
            changed = awarded(year, again, [attendance])
            yield Judging(changed, session.id, later, attendance.id, attendance.id)


def awarded(year: Year, run: Run, attendances: Sequence[Attendance]) -> list[LedgerAggregate]:
    """One command of a run: assess, credit and evaluate, learner by learner."""
    command = run.envelope(attendances[0].id)
    changed: list[LedgerAggregate] = []
    for attendance in attendances:
        changed += [attendance, credited(year, run, attendance, command)]
        learner = year.streams.get(Learner, attendance.learner_id)
        assert learner is not None
        for stage in stages_in(learner, run.session.plan):
            years = [run.session.plan.school_year]
            found = evaluated(year.streams, learner, stage, years, year.rules_on, command)
            year.streams.put(found)
            changed.append(found)
    return changed


def credited(year: Year, run: Run, attendance: Attendance, by: Envelope) -> Account:
    verdict = run.judge(attendance, by)
    key = Account.create_id(attendance.learner_id)
    account = year.streams.get(Account, key) or Account(
        learner_id=attendance.learner_id, envelope=by
    )
    year.streams.put(account)
    claim = claim_for(run, attendance, account.id, verdict)
    if claim.hours:
        account.award(claim, run.rulebook, by)
    return account
