"""Evaluation of a learner in one stage: completions reached and withdrawn, stars awarded."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain import evaluation_facts as facts
from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import CITY_ZONE, local_day
from domain.completing import Completion, CompletionKind, Condition, LearningRecord
from domain.envelope import Envelope
from domain.identity import derived
from domain.judging import CompletionJudgement, RulesOfDay, judge_stage, judge_year
from domain.rulebook import Rulebook
from domain.stars import Star, StarJudgement, StarNotDue, judge_stars
from domain.upkeep import Upkeep, UpkeepTold, is_asked, upkeep_of

__all__ = ["CompletionKind", "Evaluation", "StarNotDue"]


class Evaluation(LedgerAggregate):
    TOPIC: ClassVar[str] = "evaluation"

    StarNotRenewed = facts.StarNotRenewed
    StarRenewed = facts.StarRenewed

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
        last_year: int | None = None  # of a stage: the school year in which it ended

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
        needed_proposal: bool = False  # the same star, by the judgement before

    class StarAwarded(LedgerEvent):
        TOPIC = "evaluation.star_awarded"

        learner_id: UUID
        stage: str
        level: int
        from_day: date
        taken_over_from: UUID | None = None  # the merged record that was awarded it

    @staticmethod
    def create_id(learner_id: UUID, stage: str) -> UUID:
        return derived("evaluation", learner_id, stage)

    @event(Opened)
    def __init__(self, learner_id: UUID, stage: str, envelope: Envelope) -> None:
        self.learner_id = learner_id
        self.stage = stage
        self.completions: dict[tuple[CompletionKind, str], Completion] = {}
        self.star_level = 0
        self.star_since: date | None = None
        self.stars: dict[int, Star] = {}
        self.upkeep = UpkeepTold()
        self.judged_by: UUID | None = None  # the command that the last judgement answered
        self.last_judged = StarJudgement(level=0, needs_proposal=False, conditions=())

    def evaluate(self, record: LearningRecord, rules: RulesOfDay, envelope: Envelope) -> None:
        """Say what follows from a learner's record: what changed, and nothing else.

        A completion is withdrawn only where credit, an exam or a place was taken back; a star
        never is.
        """
        self._judge_years(record, rules, envelope)
        judged = self._judged(record, rules.rulebook)
        if not judged.same_outcome(self.last_judged):
            self._record_stars(judged, rules, envelope)

    def evaluate_on_request(
        self, record: LearningRecord, rules: RulesOfDay, envelope: Envelope
    ) -> None:
        """Evaluate for somebody who asked, or at a close: the answer is recorded, once."""
        if envelope.command_id == self.judged_by:
            return
        self._judge_years(record, rules, envelope)
        self._record_stars(self._judged(record, rules.rulebook), rules, envelope)

    def close_year(
        self, record: LearningRecord, rulebook: Rulebook, school_year: int, envelope: Envelope
    ) -> None:
        """Say of a star whose holder learned too little in a school year: not renewed.

        Asked of years that began after the star was awarded; the same year again is no news.
        """
        upkeep = upkeep_of(record, rulebook, school_year)
        if upkeep.met or self.star_since is None or self.upkeep.has_word_on(school_year):
            return
        if is_asked(record, rulebook, school_year, self.star_since):
            self._not_renewed(
                learner_id=self.learner_id,
                stage=self.stage,
                upkeep=upkeep,
                envelope=envelope.under(rulebook.version),
            )

    def grant_star(
        self, level: int, record: LearningRecord, rules: RulesOfDay, envelope: Envelope
    ) -> None:
        """Award the star that the school proposed; a star held is no news. Raises StarNotDue."""
        if self.star_level >= level:
            return
        judged = self._judged(record, rules.rulebook)
        if judged.proposable != level:
            raise StarNotDue(level=level)
        granted = StarJudgement(level, needs_proposal=False, conditions=judged.conditions)
        self._record_stars(granted, rules, envelope)

    def proposable(self, record: LearningRecord, rulebook: Rulebook) -> int:
        """The star that the school may propose now. Raises StarNotDue."""
        level = self._judged(record, rulebook).proposable
        if level is None:
            raise StarNotDue
        return level

    @property
    def completed_years(self) -> frozenset[int]:
        """The school years with an annual completion."""
        return frozenset(
            int(period) for kind, period in self.completions if kind is CompletionKind.ANNUAL
        )

    @property
    def not_renewed_in(self) -> int | None:
        """The school year for want of whose hours the star is not renewed."""
        return None if self.upkeep.renewed else self.upkeep.school_year

    def _judge_years(self, record: LearningRecord, rules: RulesOfDay, envelope: Envelope) -> None:
        for school_year, rulebook in sorted(rules.years.items()):
            self._settle(judge_year(record, rules, school_year, self.completions), envelope)
            self._renew(upkeep_of(record, rulebook, school_year), rulebook, envelope)
        if record.enrolment.finished or (CompletionKind.STAGE, self.stage) in self.completions:
            done = self.completed_years
            self._settle(judge_stage(record, rules, done, self.completions), envelope)

    def _settle(self, judged: CompletionJudgement, envelope: Envelope) -> None:
        ruled = envelope.under(judged.rulebook_version)
        if judged.reaches:
            self._reached(
                learner_id=self.learner_id,
                stage=self.stage,
                kind=judged.kind,
                period=judged.period,
                hours=judged.hours,
                face_to_face_hours=judged.face_to_face_hours,
                conditions=judged.conditions,
                last_year=judged.last_year,
                envelope=ruled,
            )
        elif not judged.stands:
            self._withdrawn(
                learner_id=self.learner_id,
                stage=self.stage,
                kind=judged.kind,
                period=judged.period,
                conditions=judged.conditions,
                envelope=ruled,
            )

    def _renew(self, upkeep: Upkeep, rulebook: Rulebook, envelope: Envelope) -> None:
        lapsed = self.not_renewed_in
        if lapsed is not None and lapsed <= upkeep.school_year and upkeep.met:
            self._renewed(
                learner_id=self.learner_id,
                stage=self.stage,
                upkeep=upkeep,
                envelope=envelope.under(rulebook.version),
            )

    def _judged(self, record: LearningRecord, rulebook: Rulebook) -> StarJudgement:
        return judge_stars(record.free(), rulebook, len(self.completed_years), self.star_level)

    def _record_stars(self, judged: StarJudgement, rules: RulesOfDay, envelope: Envelope) -> None:
        before, ruled = self.star_level, envelope.under(rules.rulebook.version)
        self._star_evaluated(
            learner_id=self.learner_id,
            stage=self.stage,
            level_before=before,
            level_after=judged.level,
            needs_proposal=judged.needs_proposal,
            conditions=judged.conditions,
            as_of=rules.day,
            needed_proposal=self.last_judged.proposable == before + 1,
            envelope=ruled,
        )
        if judged.level > before:
            self._star_awarded(
                learner_id=self.learner_id,
                stage=self.stage,
                level=judged.level,
                from_day=rules.day,
                envelope=ruled,
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
        last_year: int | None = None,
    ) -> None:
        version = envelope.rulebook_version or ""
        day = local_day(envelope.at, CITY_ZONE)
        self.completions[kind, period] = Completion(conditions, version, last_year, day)

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
        needed_proposal: bool = False,
    ) -> None:
        self.judged_by = envelope.command_id
        self.last_judged = StarJudgement(level_after, needs_proposal, conditions)

    @event(StarAwarded)
    def _star_awarded(
        self,
        learner_id: UUID,
        stage: str,
        level: int,
        from_day: date,
        envelope: Envelope,
        taken_over_from: UUID | None = None,
    ) -> None:
        self.star_level = level
        self.star_since = from_day
        asked, version = self.last_judged.hours_asked(level), envelope.rulebook_version or ""
        self.stars[level] = Star(from_day, version, asked, taken_over_from)

    @event(StarNotRenewed)
    def _not_renewed(
        self, learner_id: UUID, stage: str, upkeep: Upkeep, envelope: Envelope
    ) -> None:
        self.upkeep = UpkeepTold(upkeep.school_year, renewed=False, lacked=upkeep)

    @event(StarRenewed)
    def _renewed(self, learner_id: UUID, stage: str, upkeep: Upkeep, envelope: Envelope) -> None:
        self.upkeep = UpkeepTold(upkeep.school_year, renewed=True)
