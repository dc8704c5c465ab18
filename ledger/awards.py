"""Awards: what follows from an attested session or a counted exam; asked twice, done once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TypeVar
from uuid import UUID

from domain.account import Account, entry_id_of
from domain.aggregate import LedgerAggregate
from domain.assessing import Assessment, Presence, SessionTimes, assess
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day
from domain.completing import LearningRecord, PassedExam, StageEnrolment
from domain.crediting import CreditClaim, hours_for
from domain.envelope import Actor, Channel, Envelope, Role
from domain.evaluation import Evaluation
from domain.exam import ExamRecord
from domain.grades import Stage, grade_called
from domain.identity import derived
from domain.learner import Learner
from domain.plan import SessionPlan
from domain.rulebook import Rulebook
from domain.session import Session, Standing
from domain.stars import terms_remaining
from ledger.ledger import Ledger
from ledger.rulebooks import Rulebooks
from ledger.sessions import Sessions

LEARNERS_AT_ONCE = 100

A = TypeVar("A", bound=LedgerAggregate)


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
            streams = self._streams([learner_id])
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
            streams = self._streams(a.learner_id for a in attendances)
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

    def _streams(self, learner_ids: Iterable[UUID]) -> Streams:
        ids: list[UUID] = []
        for learner_id in learner_ids:
            ids += [learner_id, Account.create_id(learner_id), ExamRecord.create_id(learner_id)]
            ids += [Evaluation.create_id(learner_id, stage) for stage in Stage]
        return Streams(self._ledger.load(ids))


def stages_in(learner: Learner, plan: SessionPlan) -> list[str]:
    """The stage of a session, and those that the learner is enrolled in that school year."""
    enrolled = (p.stage for p in learner.enrolments.values() if p.school_year == plan.school_year)
    return sorted({plan.stage, *enrolled})


class Streams:
    """Aggregates read together, asked for by kind."""

    def __init__(self, found: dict[UUID, LedgerAggregate]) -> None:
        self._found = found

    def get(self, kind: type[A], key: UUID) -> A | None:
        found = self._found.get(key)
        return found if isinstance(found, kind) else None

    def put(self, aggregate: LedgerAggregate) -> None:
        self._found[aggregate.id] = aggregate

    def all(self, kind: type[A]) -> list[A]:
        return [found for found in self._found.values() if isinstance(found, kind)]


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


def evaluated(
    streams: Streams,
    learner: Learner,
    stage: str,
    school_years: Iterable[int],
    rules_on: Callable[[date], Rulebook],
    command: Envelope,
) -> Evaluation:
    """A learner's evaluation in a stage, with what follows now.

    The record is read as it is now: asked about an old moment, an evaluation must not judge later
    facts by the rules of that moment, nor date before them what follows from them.
    """
    key = Evaluation.create_id(learner.id, stage)
    at = max(command.at, latest_of(streams, learner.id, key))
    by = command.model_copy(update={"occurred_at": at})
    evaluation = streams.get(Evaluation, key) or Evaluation(
        learner_id=learner.id, stage=stage, envelope=by
    )
    day = local_day(at, CITY_ZONE)
    rulebook = rules_on(day)
    record = record_of(streams, learner, stage, rulebook)
    for school_year in school_years:
        evaluation.evaluate(record, rulebook, school_year, day, by)
    return evaluation


def record_of(streams: Streams, learner: Learner, stage: str, rulebook: Rulebook) -> LearningRecord:
    """All that an evaluation looks at, of one learner in one stage."""
    account = streams.get(Account, Account.create_id(learner.id))
    exams = streams.get(ExamRecord, ExamRecord.create_id(learner.id))
    passed = sorted(exams.passed) if exams else []
    return LearningRecord(
        credits=account.standing if account else (),
        exams_passed=tuple(PassedExam(exam_id=e, school_year=year) for e, year in passed),
        enrolment=StageEnrolment(
            stage,
            tuple(sorted(learner.years_enrolled(stage))),
            terms_remaining_at_entry=terms_ahead(learner, stage, rulebook),
        ),
        held=frozenset(account.held) if account else frozenset(),
    )


def latest_of(streams: Streams, learner_id: UUID, evaluation_id: UUID) -> datetime:
    """The date of the last fact that an evaluation rests on."""
    account, exams = Account.create_id(learner_id), ExamRecord.create_id(learner_id)
    found = (
        streams.get(LedgerAggregate, key) for key in (learner_id, account, exams, evaluation_id)
    )
    return max(aggregate.latest_at for aggregate in found if aggregate is not None)


def terms_ahead(learner: Learner, stage: str, rulebook: Rulebook) -> int | None:
    """Terms of the stage that lay ahead of the learner at the first enrolment; None for all.

    Of several children the one with most terms ahead counts. An enrolment names no term: whoever
    came in the second one is taken to have had the first one, too.
    """
    grades = [grade_called(place.grade) for place in learner.first_places(stage)]
    years = [grade.year for grade in grades if grade is not None and grade.stage == stage]
    return terms_remaining(rulebook, stage, min(years), term_no=1) if years else None


def system_envelope(at: datetime, organisation: str, cause: UUID, *parts: UUID | str) -> Envelope:
    """The envelope of what the program itself does as a consequence of a command."""
    return Envelope(
        command_id=derived("system", cause, *parts),
        actor=Actor(id=derived("system"), role=Role.SYSTEM, organisation=organisation),
        channel=Channel.SYSTEM,
        occurred_at=at,
        causation_id=cause,
    )
