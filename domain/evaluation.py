"""Evaluation of a learner in one stage: completions reached and withdrawn, stars awarded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.completing import (
    Condition,
    LearningRecord,
    annual_conditions,
    stage_conditions,
    still_met,
)
from domain.envelope import Envelope
from domain.identity import derived
from domain.rulebook import Rulebook
from domain.stars import StarJudgement, judge_stars, star_conditions
from domain.totals import Totals


class CompletionKind(StrEnum):
    """Of a school year, or of a whole stage."""

    ANNUAL = "annual"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Missing:
    """What lacks for the next completion and the next star; `next_star` is None after the last."""

    completion: tuple[Condition, ...]
    next_star: int | None
    star: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class _Completion:
    """A completion under judgement. What is under verification neither reaches nor withdraws it."""

    kind: CompletionKind
    period: str
    totals: Totals
    conditions: tuple[Condition, ...]
    conditions_with_held: tuple[Condition, ...]


class Evaluation(LedgerAggregate):
    TOPIC: ClassVar[str] = "evaluation"

    class Opened(LedgerCreated):
        TOPIC = "evaluation.opened"

        learner_id: UUID
        stage: str

    class CompletionReached(LedgerEvent):
        TOPIC = "evaluation.completion_reached"

        learner_id: UUID
        stage: str
        kind: CompletionKind
        period: str
        hours: int
        face_to_face_hours: int
        conditions: tuple[Condition, ...]

    class CompletionWithdrawn(LedgerEvent):
        TOPIC = "evaluation.completion_withdrawn"

        learner_id: UUID
        stage: str
        kind: CompletionKind
        period: str
        conditions: tuple[Condition, ...]

    class StarEvaluated(LedgerEvent):
        TOPIC = "evaluation.star_evaluated"

        learner_id: UUID
        stage: str
        level_before: int
        level_after: int
        needs_proposal: bool
        conditions: tuple[Condition, ...]
        as_of: date

    class StarAwarded(LedgerEvent):
        TOPIC = "evaluation.star_awarded"

        learner_id: UUID
        stage: str
        level: int
        from_day: date

    @staticmethod
    def create_id(learner_id: UUID, stage: str) -> UUID:
        return derived("evaluation", learner_id, stage)

    @event(Opened)
    def __init__(self, learner_id: UUID, stage: str, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.stage = stage
        self.completions: dict[tuple[CompletionKind, str], tuple[Condition, ...]] = {}
        self.star_level = 0
        self.last_judged = StarJudgement(level=0, needs_proposal=False, conditions=())

    def evaluate(
        self,
        record: LearningRecord,
        rulebook: Rulebook,
        school_year: int,
        as_of: date,
        envelope: Envelope,
    ) -> None:
        """Say what follows from a learner's record: what changed, and nothing else.

        A completion is withdrawn only where credit or an exam was taken back; a star never is.
        """
        ruled = envelope.under(rulebook.version)
        self._judge_completions(record, rulebook, school_year, ruled)
        judged = self._judge_stars(record, rulebook)
        if not judged.same_outcome(self.last_judged):
            self._record_stars(judged, as_of, ruled)

    def evaluate_on_request(
        self,
        record: LearningRecord,
        rulebook: Rulebook,
        school_year: int,
        as_of: date,
        envelope: Envelope,
    ) -> None:
        """Evaluate for somebody who asked, or at a term's close: the answer is always recorded."""
        ruled = envelope.under(rulebook.version)
        self._judge_completions(record, rulebook, school_year, ruled)
        self._record_stars(self._judge_stars(record, rulebook), as_of, ruled)

    @property
    def completed_years(self) -> frozenset[int]:
        """The school years with an annual completion."""
        return frozenset(
            int(period) for kind, period in self.completions if kind is CompletionKind.ANNUAL
        )

    def missing(self, record: LearningRecord, rulebook: Rulebook, school_year: int) -> Missing:
        """What the learner lacks, as conditions with value and threshold: nothing is compared."""
        free = record.free()
        done = school_year in self.completed_years
        asked = () if done else annual_conditions(free, rulebook, school_year)
        levels = star_conditions(free, rulebook, len(self.completed_years))
        next_star = min((number for number in levels if number > self.star_level), default=None)
        return Missing(
            completion=tuple(condition for condition in asked if not condition.met),
            next_star=next_star,
            star=tuple(
                condition
                for number, conditions in levels.items()
                for condition in conditions
                if next_star and number <= next_star and not condition.met
            ),
        )

    def _judge_completions(
        self, record: LearningRecord, rulebook: Rulebook, school_year: int, envelope: Envelope
    ) -> None:
        free = record.free()
        year = _Completion(
            CompletionKind.ANNUAL,
            str(school_year),
            free.of_year(school_year),
            annual_conditions(free, rulebook, school_year),
            annual_conditions(record, rulebook, school_year),
        )
        self._judge(year, rulebook, envelope)
        if record.enrolment.finished:
            asked = stage_conditions(record, rulebook, self.completed_years)
            stage = _Completion(CompletionKind.STAGE, self.stage, free.of_stage(), asked, asked)
            self._judge(stage, rulebook, envelope)

    def _judge(self, asked: _Completion, rulebook: Rulebook, envelope: Envelope) -> None:
        reached = self.completions.get((asked.kind, asked.period))
        if reached is None and all(condition.met for condition in asked.conditions):
            self._reached(
                learner_id=self.learner_id,
                stage=self.stage,
                kind=asked.kind,
                period=asked.period,
                hours=asked.totals.counted(rulebook.no_double_credit.online_max_percent),
                face_to_face_hours=asked.totals.face_to_face,
                conditions=asked.conditions,
                envelope=envelope,
            )
        elif reached is not None and not still_met(reached, asked.conditions_with_held):
            self._withdrawn(
                learner_id=self.learner_id,
                stage=self.stage,
                kind=asked.kind,
                period=asked.period,
                conditions=asked.conditions_with_held,
                envelope=envelope,
            )

    def _judge_stars(self, record: LearningRecord, rulebook: Rulebook) -> StarJudgement:
        return judge_stars(record.free(), rulebook, len(self.completed_years), self.star_level)

    def _record_stars(self, judged: StarJudgement, as_of: date, envelope: Envelope) -> None:
        before = self.star_level
        self._star_evaluated(
            learner_id=self.learner_id,
            stage=self.stage,
            level_before=before,
            level_after=judged.level,
            needs_proposal=judged.needs_proposal,
            conditions=judged.conditions,
            as_of=as_of,
            envelope=envelope,
        )
        if judged.level > before:
            self._star_awarded(
                learner_id=self.learner_id,
                stage=self.stage,
                level=judged.level,
                from_day=as_of,
                envelope=envelope,
            )

    @event(CompletionReached)
    def _reached(
        self,
        learner_id: UUID,
        stage: str,
        kind: CompletionKind,
        period: str,
        hours: int,
        face_to_face_hours: int,
        conditions: tuple[Condition, ...],
        envelope: Envelope,
    ) -> None:
        self.completions[kind, period] = conditions

    @event(CompletionWithdrawn)
    def _withdrawn(
        self,
        learner_id: UUID,
        stage: str,
        kind: CompletionKind,
        period: str,
        conditions: tuple[Condition, ...],
        envelope: Envelope,
    ) -> None:
        del self.completions[kind, period]

    @event(StarEvaluated)
    def _star_evaluated(
        self,
        learner_id: UUID,
        stage: str,
        level_before: int,
        level_after: int,
        needs_proposal: bool,
        conditions: tuple[Condition, ...],
        as_of: date,
        envelope: Envelope,
    ) -> None:
        self.last_judged = StarJudgement(level_after, needs_proposal, conditions)

    @event(StarAwarded)
    def _star_awarded(
        self, learner_id: UUID, stage: str, level: int, from_day: date, envelope: Envelope
    ) -> None:
        self.star_level = level
