"""Awards: what follows from an attested session or a counted exam; asked twice, done once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from domain.account import Account, entry_id_of
from domain.aggregate import LedgerAggregate
from domain.assessing import Assessment, Presence, SessionTimes, assess
from domain.attendance import Attendance
from domain.calendar import local_day
from domain.crediting import CreditClaim, hours_for
from domain.envelope import Envelope
from domain.learner import Learner
from domain.plan import SessionPlan
from domain.rulebook import Rulebook
from domain.session import Session, Standing
from ledger.evaluating import evaluated, system_envelope
from ledger.ledger import Ledger
from ledger.rulebooks import Rulebooks
from ledger.sessions import Sessions
from ledger.streams import Streams, streams_of_learners

LEARNERS_AT_ONCE = 100


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


class Awards:
    def __init__(
        self,
        ledger: Ledger,
        sessions: Sessions,
        rulebooks: Rulebooks,
        learners_at_once: int = LEARNERS_AT_ONCE,
    ) -> None:
        self._ledger = ledger
        self._sessions = sessions
        self._rulebooks = rulebooks
        self._at_once = learners_at_once

    def run(self, session_id: UUID, at: datetime, cause: UUID) -> int:
        """Assess and credit every attendance of an attested session, evaluate every learner.

        Returns how many learners were looked at; 0 for a session that is not attested (any more).
        """
        session = self._sessions.get(session_id)
        if session.standing is not Standing.ATTESTED:
            return 0
        run = Run(session, self._sessions.rulebook_of(session), at, cause)
        ids = sorted(self._sessions.attendance_ids(session_id))
        for start in range(0, len(ids), self._at_once):
            self._award(run, ids[start : start + self._at_once])
        return len(ids)

    def award_one(self, session_id: UUID, attendance_id: UUID, at: datetime, cause: UUID) -> None:
        """Judge one attendance again: staff confirmed a stay, or the days to confirm are over."""
        session = self._sessions.get(session_id)
        if session.standing is Standing.ATTESTED:
            run = Run(session, self._sessions.rulebook_of(session), at, cause)
            self._award(run, [attendance_id])

    def award_attendance(self, attendance_id: UUID, at: datetime, cause: UUID) -> None:
        """The same, for an attendance whose session is not at hand."""
        attendance = self._ledger.find(Attendance, attendance_id)
        if attendance is not None:
            self.award_one(attendance.session_id, attendance_id, at, cause)

    def evaluate(self, learner_id: UUID, at: datetime, cause: UUID) -> None:
        """Evaluate a learner in every stage and school year they were enrolled in.

        An exam was counted: it may have been of a year that is over.
        """
        command = system_envelope(at, "", cause, "evaluate", learner_id)

        def decide() -> list[LedgerAggregate]:
            rules_on = cache(self._rulebooks.on)
            streams = Streams(self._ledger.load(streams_of_learners([learner_id])))
            learner = streams.get(Learner, learner_id)
            if learner is None:
                return []
            stages = {place.stage: learner.years_enrolled(place.stage)
                      for place in learner.enrolments.values()}  # fmt: skip
            return [
                evaluated(streams, learner, stage, sorted(years), rules_on, command)
                for stage, years in sorted(stages.items())
            ]

        self._ledger.commit(command.command_id, decide)

    def _award(self, run: Run, ids: Sequence[UUID]) -> None:
        command = run.envelope(ids[0])

        def decide() -> list[LedgerAggregate]:
            attendances = Streams(self._ledger.load(ids)).all(Attendance)
            learner_ids = (attendance.learner_id for attendance in attendances)
            streams = Streams(self._ledger.load(streams_of_learners(learner_ids)))
            rules_on = cache(self._rulebooks.on)
            years = [run.session.plan.school_year]
            changed: list[LedgerAggregate] = []
            for attendance in attendances:
                account = self._award_learner(run, attendance, streams, command)
                changed += [attendance, account]
                # A year's hours count in every stage that the learner has a child in.
                if (learner := streams.get(Learner, attendance.learner_id)) is not None:
                    changed += [
                        evaluated(streams, learner, stage, years, rules_on, command)
                        for stage in stages_in(learner, run.session.plan)
                    ]
            return changed

        self._ledger.commit(command.command_id, decide)

    def _award_learner(
        self, run: Run, attendance: Attendance, streams: Streams, by: Envelope
    ) -> Account:
        ruled = by.under(run.rulebook.version)
        presence = Presence(attendance.checked_in_at, attendance.checked_out_at)
        judged = assess(run.rulebook.attendance, run.times, presence, run.at)
        attendance.assess(
            judged.result.value, judged.minutes, judged.planned_minutes, judged.rule_ref, ruled
        )
        learner_id = attendance.learner_id
        account = streams.get(Account, Account.create_id(learner_id)) or Account(
            learner_id=learner_id, envelope=by
        )
        streams.put(account)
        claim = claim_for(run, attendance, account.id, judged)
        if claim.hours:
            account.award(claim, run.rulebook, by)
        return account


def stages_in(learner: Learner, plan: SessionPlan) -> list[str]:
    """The stage of a session, and those that the learner is enrolled in that school year."""
    enrolled = (p.stage for p in learner.enrolments.values() if p.school_year == plan.school_year)
    return sorted({plan.stage, *enrolled})


def claim_for(
    run: Run, attendance: Attendance, account_id: UUID, judged: Assessment
) -> CreditClaim:
    """What an assessed attendance asks the learner's account to credit."""
    plan = run.session.plan
    return CreditClaim(
        entry_id=entry_id_of(account_id, attendance.id),
        source_kind="session",
        source_id=attendance.id,
        session_id=run.session.id,
        course_id=plan.course_id,
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
        hours=hours_for(run.rulebook, plan.mode, plan.class_hours, judged.result),
        rule_ref=judged.rule_ref,
    )
