"""Star progress: completions, star and the last judged conditions of each learner and stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.completing import Condition
from domain.evaluation import Evaluation
from domain.suspension import NO_STAR_TERMS, is_suspension
from projections.database import Tx, Views, fetch
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS star_progress (
    evaluation_id uuid PRIMARY KEY,
    learner_id uuid NOT NULL,
    stage text NOT NULL,
    star_level bigint NOT NULL,
    awarded_on date,
    not_renewed_in bigint,
    needs_proposal boolean NOT NULL,
    conditions jsonb NOT NULL,
    hours bigint NOT NULL,
    as_of date
);
CREATE INDEX IF NOT EXISTS star_progress_learner ON star_progress (learner_id);
CREATE TABLE IF NOT EXISTS completion (
    evaluation_id uuid,
    kind text,
    period text,
    hours bigint NOT NULL,
    face_to_face_hours bigint NOT NULL,
    reached_at timestamptz NOT NULL,
    conditions jsonb NOT NULL,
    PRIMARY KEY (evaluation_id, kind, period)
);
"""
_PROGRESS: LiteralString = """
SELECT * FROM star_progress WHERE learner_id = %(learner)s ORDER BY stage
"""
_SUSPENDED: LiteralString = """
SELECT * FROM star_progress
 WHERE as_of <= %(day)s
   AND conditions @> jsonb_build_array(jsonb_build_object('ref', %(ref)s::text))
   AND learner_id NOT IN (SELECT merged_id FROM merged_record)
 ORDER BY evaluation_id
"""
_COMPLETIONS: LiteralString = """
SELECT * FROM completion WHERE evaluation_id = ANY(%(evaluations)s)
 ORDER BY kind, period
"""


@dataclass(frozen=True, slots=True)
class ProgressRow:
    evaluation_id: UUID
    learner_id: UUID
    stage: str
    star_level: int = 0
    awarded_on: date | None = None
    not_renewed_in: int | None = None
    needs_proposal: bool = False
    conditions: tuple[Condition, ...] = ()
    hours: int = 0
    as_of: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", conditions(self.conditions))


@dataclass(frozen=True, slots=True)
class Completion:
    evaluation_id: UUID
    kind: str
    period: str
    hours: int
    face_to_face_hours: int
    reached_at: datetime
    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "conditions", conditions(self.conditions))


@dataclass(frozen=True, slots=True)
class StarProgress(ProgressRow):
    """`hours` are those that the last judgement counted, `conditions` what it looked at.

    `not_renewed_in` is the school year whose hours were too few to keep the star renewed.
    """

    completions: tuple[Completion, ...] = ()


PROGRESS = Table("star_progress", ProgressRow, ("evaluation_id",), stream="evaluation_id")
COMPLETION = Table(
    "completion", Completion, ("evaluation_id", "kind", "period"), stream="evaluation_id"
)


class Stars:
    name = "star_progress"
    version = 2
    tables = ("star_progress", "completion")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Evaluation.Opened.TOPIC,
            Evaluation.CompletionReached.TOPIC,
            Evaluation.CompletionWithdrawn.TOPIC,
            Evaluation.StarEvaluated.TOPIC,
            Evaluation.StarAwarded.TOPIC,
            Evaluation.StarNotRenewed.TOPIC,
            Evaluation.StarRenewed.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        progress = Fold(tx, PROGRESS, facts)
        completions = Fold(tx, COMPLETION, facts)
        for fact in facts:
            me = fact.stream
            match fact.event:
                case Evaluation.Opened(learner_id=learner_id, stage=stage):
                    progress.put(ProgressRow(me, learner_id, stage))
                case Evaluation.CompletionReached() as event:
                    completions.put(reached(event))
                case Evaluation.CompletionWithdrawn(kind=kind, period=period):
                    completions.drop(me, kind, period)
                case Evaluation.StarEvaluated() as event:
                    progress.put(judged(progress[me,], event))
                case Evaluation.StarAwarded(level=level, from_day=day):
                    row = progress[me,]
                    progress.put(replace(row, star_level=level, awarded_on=day))
                case Evaluation.StarNotRenewed(upkeep=upkeep):
                    progress.put(replace(progress[me,], not_renewed_in=upkeep.school_year))
                case Evaluation.StarRenewed():
                    progress.put(replace(progress[me,], not_renewed_in=None))
                case _:
                    pass
        progress.save()
        completions.save()

    def progress_of(self, learner_id: UUID) -> list[StarProgress]:
        """A learner's progress, stage by stage."""
        with self._views.snapshot() as tx:
            rows = fetch(tx, ProgressRow, _PROGRESS, learner=learner_id)
            ids = [row.evaluation_id for row in rows]
            found = fetch(tx, Completion, _COMPLETIONS, evaluations=ids)
        return [with_completions(row, found) for row in rows]

    def suspended_on(self, day: date) -> list[ProgressRow]:
        """Whose stars were suspended when they were judged last, which was by a day.

        Nobody whom another record speaks for.
        """
        found = self._views.rows(ProgressRow, _SUSPENDED, day=day, ref=NO_STAR_TERMS)
        return [row for row in found if any(is_suspension(each) for each in row.conditions)]


def conditions(stored: Iterable[object]) -> tuple[Condition, ...]:
    return tuple(Condition.model_validate(each) for each in stored)


def reached(event: Evaluation.CompletionReached) -> Completion:
    return Completion(
        evaluation_id=event.originator_id,
        kind=event.kind,
        period=event.period,
        hours=event.hours,
        face_to_face_hours=event.face_to_face_hours,
        reached_at=event.envelope.at,
        conditions=event.conditions,
    )


def judged(row: ProgressRow, event: Evaluation.StarEvaluated) -> ProgressRow:
    of_level = f".levels.{max(event.level_after, 1)}.hours"  # what a certificate of it would name
    counted = (each.value for each in event.conditions if each.ref.endswith(of_level))
    return replace(
        row,
        needs_proposal=event.needs_proposal,
        conditions=event.conditions,
        hours=next(counted, row.hours),
        as_of=event.as_of,
    )


def with_completions(row: ProgressRow, found: Sequence[Completion]) -> StarProgress:
    return StarProgress(
        evaluation_id=row.evaluation_id,
        learner_id=row.learner_id,
        stage=row.stage,
        star_level=row.star_level,
        awarded_on=row.awarded_on,
        not_renewed_in=row.not_renewed_in,
        needs_proposal=row.needs_proposal,
        conditions=row.conditions,
        hours=row.hours,
        as_of=row.as_of,
        completions=tuple(each for each in found if each.evaluation_id == row.evaluation_id),
    )
