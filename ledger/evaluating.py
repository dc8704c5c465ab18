"""Evaluating a learner: the record that an evaluation looks at, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.completing import LearningRecord, PassedExam, StageEnrolment
from domain.envelope import Actor, Channel, Envelope, Role
from domain.evaluation import Evaluation
from domain.exam import ExamRecord
from domain.grades import grade_called
from domain.identity import derived
from domain.learner import Learner
from domain.rulebook import Rulebook
from domain.stars import terms_remaining
from ledger.streams import Streams

RulesOn = Callable[[date, str], Rulebook]  # the rules of a day in a school


def evaluated(
    streams: Streams,
    learner: Learner,
    stage: str,
    school_years: Iterable[int],
    rules_on: RulesOn,
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
    rulebook = rules_on(day, school_of(learner, stage))
    record = record_of(streams, learner, stage, rulebook)
    for school_year in school_years:
        evaluation.evaluate(record, rulebook, school_year, day, by)
    return evaluation


def evaluated_everywhere(
    streams: Streams, learner: Learner, rules_on: RulesOn, command: Envelope
) -> list[LedgerAggregate]:
    """A learner's evaluations in every stage and school year they were enrolled in."""
    stages = {place.stage for place in learner.enrolments.values()}
    return [
        evaluated(streams, learner, stage, sorted(learner.years_enrolled(stage)), rules_on, command)
        for stage in sorted(stages)
    ]


def record_of(streams: Streams, learner: Learner, stage: str, rulebook: Rulebook) -> LearningRecord:
    """All that an evaluation looks at, of one learner in one stage."""
    account = streams.get(Account, Account.create_id(learner.id))
    passed = sorted(set[tuple[UUID, int]]().union(*(r.passed for r in exams_of(streams, learner))))
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


def school_of(learner: Learner, stage: str) -> str:
    """The school whose rules a learner is evaluated by: the last one in that stage, or none."""
    places = [place for place in learner.enrolments.values() if place.stage == stage]
    last = max(places, key=lambda place: place.school_year, default=None)
    return last.school_code if last else ""


def exams_of(streams: Streams, learner: Learner) -> list[ExamRecord]:
    """What a person's exams count for, under every record they were ever known by."""
    keys = (ExamRecord.create_id(each) for each in streams.records_of(learner.id))
    return [found for key in keys if (found := streams.get(ExamRecord, key))]


def latest_of(streams: Streams, learner_id: UUID, evaluation_id: UUID) -> datetime:
    """The date of the last fact that an evaluation rests on."""
    exams = (ExamRecord.create_id(each) for each in streams.records_of(learner_id))
    keys = (learner_id, Account.create_id(learner_id), evaluation_id, *exams)
    found = (streams.get(LedgerAggregate, key) for key in keys)
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
