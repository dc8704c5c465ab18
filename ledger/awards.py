"""Awards: what follows from an attested session or a counted exam; asked twice, done once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.attendance import Attendance
from domain.calendar import local_day
from domain.envelope import Envelope
from domain.evaluation import Evaluation
from domain.learner import Learner
from domain.make_up import MakeUps
from domain.standing import Standing
from ledger.evaluating import (
    case_of,
    evaluated_after,
    evaluated_everywhere,
    system_envelope,
    year_closed,
)
from ledger.judging import Run, claim_for
from ledger.ledger import Ledger
from ledger.records import survivors
from ledger.reviews import reviews_after
from ledger.rulebooks import Rulebooks, RulesOn
from ledger.session_credits import credit_of, noted
from ledger.sessions import Sessions
from ledger.streams import Streams

LEARNERS_AT_ONCE = 100


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
        asked = Run(session, self._sessions.rulebook_of(session), at, cause)
        ids = sorted(self._sessions.attendance_ids(session_id))
        for start in range(0, len(ids), self._at_once):
            self._award(asked, ids[start : start + self._at_once])
        return len(ids)

    def award_one(self, session_id: UUID, attendance_id: UUID, at: datetime, cause: UUID) -> None:
        """Judge one attendance again: staff confirmed a stay, or the days to confirm are over."""
        session = self._sessions.get(session_id)
        if session.standing is Standing.ATTESTED:
            asked = Run(session, self._sessions.rulebook_of(session), at, cause)
            self._award(asked, [attendance_id])

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
            rules_on = RulesOn(self._rulebooks)
            streams = Streams.of_learners(self._ledger.load, [learner_id])
            learner = streams.get(Learner, streams.speaker(learner_id))
            if learner is None:
                return []
            found = evaluated_everywhere(streams, learner, rules_on, command)
            return [*found, *reviews_after(self._ledger, found, streams.records_of, command)]

        self._ledger.commit(command.command_id, decide)

    def evaluate_at_year_close(
        self, learner_id: UUID, school_year: int, at: datetime, cause: UUID
    ) -> None:
        """Evaluate a learner whose school has closed a year: supply guard, stage, upkeep of a star.

        The judgement is recorded even where nothing changes; asked again, it is no news, whichever
        record of the person is asked about.
        """
        speaker = survivors(self._ledger, [learner_id])[learner_id]
        command = system_envelope(at, "", cause, "year_close", speaker, str(school_year))

        def decide() -> list[LedgerAggregate]:
            rules_on = RulesOn(self._rulebooks)
            streams = Streams.of_learners(self._ledger.load, [learner_id])
            learner = streams.get(Learner, streams.speaker(learner_id))
            if learner is None:
                return []
            found = year_closed(streams, learner, school_year, rules_on, command)
            return [*found, *reviews_after(self._ledger, found, streams.records_of, command)]

        self._ledger.commit(command.command_id, decide)

    def evaluate_at_term_end(self, learner_id: UUID, stage: str, news: str, at: datetime) -> None:
        """Evaluate a suspended star: a term is over or has other dates, the suspension may be, too.

        `news` names what happened to the terms. The judgement is recorded even where nothing
        changes; asked again about the same, it is no news.
        """
        cause = Evaluation.create_id(learner_id, stage)
        command = system_envelope(at, "", cause, "term_end", news)

        def decide() -> list[LedgerAggregate]:
            streams = Streams.of_learners(self._ledger.load, [learner_id])
            learner = streams.get(Learner, learner_id)
            if learner is None or learner.merged_into:
                return []
            case = case_of(streams, learner, stage, [], RulesOn(self._rulebooks), command)
            case.evaluation.evaluate_on_request(case.record, case.rules, case.by)
            return [case.evaluation]

        self._ledger.commit(command.command_id, decide)

    def _award(self, asked: Run, ids: Sequence[UUID]) -> None:
        """The session may have been corrected or voided since it was asked about."""
        command, session_id = asked.envelope(ids[0]), asked.session.id

        def decide() -> list[LedgerAggregate]:
            credit = credit_of(self._ledger, session_id, command)
            run = replace(asked, session=self._sessions.get(session_id))
            if run.session.standing is not Standing.ATTESTED:
                return []
            return noted(credit, self._awarded(run, ids, command), len(ids), command)

        self._ledger.commit(command.command_id, decide)

    def _awarded(self, run: Run, ids: Sequence[UUID], command: Envelope) -> list[LedgerAggregate]:
        attendances = Streams(self._ledger.load(ids)).all(Attendance)
        learner_ids = (attendance.learner_id for attendance in attendances)
        streams = Streams.of_learners(self._ledger.load, learner_ids)
        rules_on = RulesOn(self._rulebooks)
        plan = run.session.plan
        changed: list[LedgerAggregate] = []
        for attendance in attendances:
            account = self._award_learner(run, attendance, streams, command)
            changed += [attendance, account, *made_up(streams, attendance, run, command)]
            if (learner := streams.get(Learner, account.learner_id)) is not None:
                changed += evaluated_after(
                    streams, learner, plan.stage, plan.school_year, rules_on, command
                )
        return [*changed, *reviews_after(self._ledger, changed, streams.records_of, command)]

    def _award_learner(
        self, run: Run, attendance: Attendance, streams: Streams, by: Envelope
    ) -> Account:
        judged = run.judge(attendance, by)
        learner_id = streams.speaker(attendance.learner_id)
        account = streams.get(Account, Account.create_id(learner_id)) or Account(
            learner_id=learner_id, envelope=by
        )
        streams.put(account)
        make_ups = streams.making_up(attendance.learner_id, run.session.id)
        claim = claim_for(run, attendance, account.id, judged, make_ups)
        if claim.hours:
            account.award(claim, run.rulebook, by)
        return account


def made_up(streams: Streams, attendance: Attendance, run: Run, by: Envelope) -> list[MakeUps]:
    """The person's make-ups, where this attendance completes one of them."""
    make_ups = streams.making_up(attendance.learner_id, run.session.id)
    if make_ups is None or not attendance.is_settled:
        return []
    day = local_day(run.session.plan.begins_at, run.rulebook.time_zone)
    make_ups.complete(run.session.id, day, by)
    return [make_ups]
