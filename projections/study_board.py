"""The study board: micro-classes and pushes of a school, and who has done with which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from domain.micro_class import MicroClass
from domain.push import PushItem, PushRecord
from domain.studying import MicroClassCompletion
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS micro_class (
    micro_class_id uuid PRIMARY KEY,
    school_code text NOT NULL,
    school_year bigint NOT NULL,
    course_id uuid NOT NULL,
    title text NOT NULL,
    family text NOT NULL,
    stage text NOT NULL,
    grades text[] NOT NULL,
    class_hours bigint NOT NULL,
    seconds bigint NOT NULL,
    segments bigint NOT NULL,
    published_at timestamptz NOT NULL,
    is_withdrawn boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS micro_class_school ON micro_class (school_code, school_year);
CREATE TABLE IF NOT EXISTS micro_class_completed (
    completion_id uuid PRIMARY KEY,
    micro_class_id uuid NOT NULL,
    learner_id uuid NOT NULL,
    completed_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS micro_class_completed_learner ON micro_class_completed (learner_id);
CREATE INDEX IF NOT EXISTS micro_class_completed_class ON micro_class_completed (micro_class_id);
CREATE TABLE IF NOT EXISTS push_item (
    item_id uuid PRIMARY KEY,
    school_code text NOT NULL,
    school_year bigint NOT NULL,
    term text NOT NULL,
    title text NOT NULL,
    link text NOT NULL,
    family text NOT NULL,
    stage text NOT NULL,
    grades text[] NOT NULL,
    published_at timestamptz NOT NULL,
    is_withdrawn boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS push_item_school ON push_item (school_code, school_year);
CREATE TABLE IF NOT EXISTS push_answered (
    learner_id uuid,
    item_id uuid,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (learner_id, item_id)
);
CREATE INDEX IF NOT EXISTS push_answered_item ON push_answered (item_id);
"""
_MINE: LiteralString = """
EXISTS (SELECT 1 FROM roster_place p
         WHERE p.learner_id = %(learner)s AND p.relation_code IS NOT NULL
           AND p.school_code = m.school_code
           AND p.school_year = m.school_year AND p.ended_on IS NULL
           AND (m.grades = '{}' OR p.grade = ANY(m.grades)))
"""
# Whoever has done with it under two records that became one is one person.
_MICRO: LiteralString = """
SELECT m.*, (SELECT count(DISTINCT coalesce(r.speaker_id, c.learner_id))
               FROM micro_class_completed c
               LEFT JOIN merged_record r ON r.merged_id = c.learner_id
              WHERE c.micro_class_id = m.micro_class_id) AS completed
  FROM micro_class m
"""
_OF: LiteralString = " WHERE m.school_code = %(school)s ORDER BY m.published_at DESC, m."
_MICRO_OF = _MICRO + _OF + "micro_class_id"
_MICRO_ONE = _MICRO + " WHERE m.micro_class_id = %(micro_class)s"
_OWN: LiteralString = """
WITH own AS (SELECT %(learner)s::uuid AS id UNION ALL
             SELECT merged_id FROM merged_record WHERE speaker_id = %(learner)s)
"""
_WATCH: LiteralString = """
SELECT m.*, (SELECT max(c.completed_at) FROM micro_class_completed c
              WHERE c.micro_class_id = m.micro_class_id
                AND c.learner_id = ANY(ARRAY(SELECT id FROM own))) AS done_at
  FROM micro_class m
 WHERE NOT m.is_withdrawn AND (m.micro_class_id IN
       (SELECT by_id FROM make_up WHERE learner_id = ANY(ARRAY(SELECT id FROM own)))
        OR m.school_year = coalesce(%(year)s::int, m.school_year) AND """
_MICRO_FOR = _OWN + _WATCH + _MINE + ") ORDER BY m.published_at DESC, m.micro_class_id"
_PUSHES: LiteralString = """
SELECT m.*, (SELECT count(DISTINCT coalesce(r.speaker_id, a.learner_id))
               FROM push_answered a LEFT JOIN merged_record r ON r.merged_id = a.learner_id
              WHERE a.item_id = m.item_id) AS answered
  FROM push_item m
"""
_PUSHES_OF = _PUSHES + _OF + "item_id"
_PUSH_ONE = _PUSHES + " WHERE m.item_id = %(item)s"
_READ: LiteralString = """
SELECT m.*, (SELECT max(a.answered_at) FROM push_answered a
           WHERE a.item_id = m.item_id AND a.learner_id = ANY(ARRAY(SELECT id FROM own))) AS done_at
  FROM push_item m WHERE NOT m.is_withdrawn AND m.term = %(term)s AND """
_PUSHES_FOR = _OWN + _READ + _MINE + " ORDER BY m.published_at DESC, m.item_id"


@dataclass(frozen=True, slots=True)
class MicroClassRow:
    micro_class_id: UUID
    school_code: str
    school_year: int
    course_id: UUID
    title: str
    family: str
    stage: str
    grades: tuple[str, ...]
    class_hours: int
    seconds: int
    segments: int
    published_at: datetime
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroClassOnBoard(MicroClassRow):
    """How many have completed it (None: too few to be told), and nothing about who has not."""

    completed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroClassToWatch(MicroClassRow):
    """For one learner: when it was completed."""

    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class CompletedRow:
    completion_id: UUID
    micro_class_id: UUID
    learner_id: UUID
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class PushRow:
    item_id: UUID
    school_code: str
    school_year: int
    term: str
    title: str
    link: str
    family: str
    stage: str
    grades: tuple[str, ...]
    published_at: datetime
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOnBoard(PushRow):
    """How many have answered it; None: too few to be told."""

    answered: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PushToRead(PushRow):
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    learner_id: UUID
    item_id: UUID
    answered_at: datetime


MICRO = Table("micro_class", MicroClassRow, key=("micro_class_id",), stream="micro_class_id")
COMPLETED = Table(
    "micro_class_completed", CompletedRow, key=("completion_id",), stream="completion_id"
)
PUSH = Table("push_item", PushRow, key=("item_id",), stream="item_id")
ANSWERED = Table("push_answered", AnsweredRow, key=("learner_id", "item_id"), stream="item_id")


class StudyBoard:
    name = "study_board"
    version = 3
    tables = ("micro_class", "micro_class_completed", "push_item", "push_answered")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            MicroClass.Published.TOPIC,
            MicroClass.Withdrawn.TOPIC,
            MicroClass.OfferedAgain.TOPIC,
            MicroClassCompletion.Completed.TOPIC,
            PushItem.Published.TOPIC,
            PushItem.Withdrawn.TOPIC,
            PushItem.OfferedAgain.TOPIC,
            PushRecord.AnsweredRight.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        classes = Fold(tx, MICRO, facts)
        completed: list[CompletedRow] = []
        pushes = Fold(tx, PUSH, facts)
        answered: list[AnsweredRow] = []
        for fact in facts:
            match fact.event:
                case MicroClass.Published() as event:
                    classes.put(micro_class(event))
                case MicroClass.Withdrawn():
                    classes.put(replace(classes[fact.stream,], is_withdrawn=True))
                case MicroClass.OfferedAgain():
                    classes.put(replace(classes[fact.stream,], is_withdrawn=False))
                case MicroClassCompletion.Completed(micro_class_id=key, learner_id=learner_id):
                    completed.append(CompletedRow(fact.stream, key, learner_id, fact.at))
                case PushItem.Published() as event:
                    pushes.put(push(event))
                case PushItem.Withdrawn():
                    pushes.put(replace(pushes[fact.stream,], is_withdrawn=True))
                case PushItem.OfferedAgain():
                    pushes.put(replace(pushes[fact.stream,], is_withdrawn=False))
                case PushRecord.AnsweredRight(learner_id=learner_id, item_id=item_id):
                    answered.append(AnsweredRow(learner_id, item_id, fact.at))
                case _:
                    pass
        classes.save()
        pushes.save()
        COMPLETED.add(tx, completed)
        ANSWERED.add(tx, answered)

    def micro_classes_of(self, school_code: str) -> list[MicroClassOnBoard]:
        return self._views.rows(MicroClassOnBoard, _MICRO_OF, school=school_code)

    def micro_class(self, micro_class_id: UUID) -> MicroClassOnBoard | None:
        return self._views.row(MicroClassOnBoard, _MICRO_ONE, micro_class=micro_class_id)

    def micro_classes_for(
        self, learner_id: UUID, school_year: int | None
    ) -> list[MicroClassToWatch]:
        """What a year (None: any) offers to a learner's grades, or makes up for a session."""
        return self._views.rows(MicroClassToWatch, _MICRO_FOR, learner=learner_id, year=school_year)

    def pushes_of(self, school_code: str) -> list[PushOnBoard]:
        return self._views.rows(PushOnBoard, _PUSHES_OF, school=school_code)

    def push(self, item_id: UUID) -> PushOnBoard | None:
        return self._views.row(PushOnBoard, _PUSH_ONE, item=item_id)

    def pushes_for(self, learner_id: UUID, term: str) -> list[PushToRead]:
        """The pushes of a term for a learner's children's grades."""
        return self._views.rows(PushToRead, _PUSHES_FOR, learner=learner_id, term=term)


def micro_class(event: MicroClass.Published) -> MicroClassRow:
    plan = event.plan
    return MicroClassRow(
        micro_class_id=event.originator_id,
        school_code=plan.school_code,
        school_year=plan.school_year,
        course_id=plan.course_id,
        title=plan.title,
        family=plan.family,
        stage=plan.stage,
        grades=plan.grades,
        class_hours=plan.class_hours,
        seconds=plan.seconds,
        segments=len(plan.segments),
        published_at=event.envelope.at,
    )


def push(event: PushItem.Published) -> PushRow:
    plan = event.plan
    return PushRow(
        item_id=event.originator_id,
        school_code=plan.school_code,
        school_year=plan.school_year,
        term=plan.term,
        title=plan.title,
        link=plan.link,
        family=plan.family,
        stage=plan.stage,
        grades=plan.grades,
        published_at=event.envelope.at,
    )
