"""Achievements: what an evaluation said that a certificate can be issued for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import LiteralString
from uuid import UUID

from domain.calendar import CITY_ZONE, local_day
from domain.certificate import Award, CertificateKind
from domain.evaluation import CompletionKind, Evaluation
from projections.table import Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS achievement (
    evaluation_id uuid,
    certificate_id uuid,
    kind text NOT NULL,
    learner_id uuid NOT NULL,
    school_code text NOT NULL,
    stage text NOT NULL,
    school_year bigint,
    level bigint,
    hours bigint NOT NULL,
    face_to_face_hours bigint NOT NULL,
    achieved_on date NOT NULL,
    PRIMARY KEY (evaluation_id, certificate_id)
);
CREATE INDEX IF NOT EXISTS achievement_school ON achievement (school_code);
CREATE INDEX IF NOT EXISTS achievement_learner ON achievement (learner_id);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AchievementRow:
    """`certificate_id` is the one that its certificate would have; no school: ask the roster."""

    evaluation_id: UUID
    certificate_id: UUID
    kind: str
    learner_id: UUID
    school_code: str
    stage: str
    school_year: int | None
    level: int | None
    hours: int
    face_to_face_hours: int
    achieved_on: date


ACHIEVEMENT = Table(
    "achievement", AchievementRow, ("evaluation_id", "certificate_id"), stream="evaluation_id"
)

_KINDS = {
    CompletionKind.ANNUAL: CertificateKind.ANNUAL_COMPLETION,
    CompletionKind.STAGE: CertificateKind.STAGE_COMPLETION,
}


def completed(event: Evaluation.CompletionReached) -> AchievementRow:
    award = completion_award(event)
    return row(event, award.model_copy(update={
        "hours": event.hours, "face_to_face_hours": event.face_to_face_hours,
    }))  # fmt: skip


def completion_key(event: Evaluation.CompletionWithdrawn) -> tuple[UUID, UUID]:
    return event.originator_id, completion_award(event).certificate_id


def completion_award(event: Evaluation.CompletionReached | Evaluation.CompletionWithdrawn) -> Award:
    return Award(
        kind=_KINDS[event.kind],
        learner_id=event.learner_id,
        school_code=event.envelope.actor.organisation,
        district_code="",
        stage=event.stage,
        school_year=int(event.period) if event.kind is CompletionKind.ANNUAL else None,
        hours=0,
        achieved_on=local_day(event.envelope.at, CITY_ZONE),
    )


def starred(event: Evaluation.StarAwarded) -> AchievementRow:
    award = Award(
        kind=CertificateKind.STAR_LEVEL,
        learner_id=event.learner_id,
        school_code=event.envelope.actor.organisation,
        district_code="",
        stage=event.stage,
        level=event.level,
        hours=0,
        achieved_on=event.from_day,
    )
    return row(event, award)


def row(
    event: Evaluation.CompletionReached | Evaluation.StarAwarded, award: Award
) -> AchievementRow:
    return AchievementRow(
        evaluation_id=event.originator_id,
        certificate_id=award.certificate_id,
        kind=award.kind,
        learner_id=award.learner_id,
        school_code=award.school_code,
        stage=award.stage,
        school_year=award.school_year,
        level=award.level,
        hours=award.hours,
        face_to_face_hours=award.face_to_face_hours,
        achieved_on=award.achieved_on,
    )
