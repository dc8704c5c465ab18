"""Studying a micro-class: what was watched, attended to and understood, in figures alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated
from domain.envelope import Envelope
from domain.identity import derived
from domain.micro_class import MicroClass, MicroClassPlan
from domain.refusals import Refused
from domain.rules import MicroClassRules

_WHOLE = 100


class StudyIncomplete(Refused):
    """Not enough was watched, attended to or understood; `lacks` names what, with its figures."""

    code = "study_incomplete"


@dataclass(frozen=True, slots=True)
class Study:
    """How far somebody is: the segments watched, the checks answered (right or not), the quiz.

    A check asks whether somebody is there, the quiz what they understood.
    """

    watched: frozenset[int]
    checks: frozenset[int]
    answers: tuple[int | None, ...] = ()


class Achieved(BaseModel):
    """The figures of a study; nothing of what was answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    watched_percent: int
    checks_asked: int
    checks_answered: int
    quiz_percent: int


def least_seconds(seconds: int, rules: MicroClassRules) -> int:
    """The real time a segment takes at the fastest speed allowed."""
    return -(-seconds * _WHOLE // (rules.max_speed_percent or _WHOLE))


def places_of_checks(
    micro_class_id: UUID, plan: MicroClassPlan, learner_id: UUID, rules: MicroClassRules
) -> frozenset[int]:
    """After which segments a check is asked: elsewhere for each learner, and always the same."""
    numbers = sorted(
        range(len(plan.segments)),
        key=lambda number: derived("check", micro_class_id, learner_id, number),
    )
    return frozenset(numbers[: plan.checks(rules)])


def achieved(
    plan: MicroClassPlan, places: Iterable[int], study: Study, rules: MicroClassRules
) -> Achieved:
    """What a study comes to. Raises StudyIncomplete, which names everything that lacks."""
    asked = frozenset(places)
    seconds = sum(s.seconds for n, s in enumerate(plan.segments) if n in study.watched)
    right = sum(
        q.right == a for q, a in zip(plan.quiz, study.answers, strict=False)
    )  # fewer answers than questions: the others are wrong
    found = Achieved(
        watched_percent=seconds * _WHOLE // max(plan.seconds, 1),
        checks_asked=len(asked),
        checks_answered=len(asked & study.checks),
        quiz_percent=right * _WHOLE // max(len(plan.quiz), 1),
    )
    answered = found.checks_answered * _WHOLE // max(found.checks_asked, 1)
    lacks = {
        "watched": found.watched_percent < rules.min_watched_percent,
        "checks": bool(asked) and answered < rules.min_checks_answered_percent,
        "quiz": found.quiz_percent < rules.quiz_pass_percent,
    }
    if any(lacks.values()):
        named = [name for name, is_lacking in lacks.items() if is_lacking]
        # How many answers were right is not told: it would show the way to all of them.
        raise StudyIncomplete(lacks=named, **found.model_dump(exclude={"quiz_percent"}))
    return found


class MicroClassCompletion(LedgerAggregate):
    """Its id is made of micro-class, learner and school year: it is completed once a year."""

    TOPIC: ClassVar[str] = "micro_class_completion"

    class Completed(LedgerCreated):
        TOPIC = "micro_class.completed"

        micro_class_id: UUID
        course_id: UUID
        course_version: int
        learner_id: UUID
        school_code: str
        school_year: int
        term: str
        segments_sha256: str
        achieved: Achieved

    @staticmethod
    def create_id(micro_class_id: UUID, learner_id: UUID, school_year: int) -> UUID:
        return derived("micro_class_completion", micro_class_id, learner_id, school_year)

    @classmethod
    def record(
        cls,
        micro_class: MicroClass,
        learner_id: UUID,
        term: tuple[int, str],
        figures: Achieved,
        envelope: Envelope,
    ) -> MicroClassCompletion:
        """What was achieved, with the school year and term it falls into."""
        school_year, code = term
        return cls(
            micro_class_id=micro_class.id,
            course_id=micro_class.plan.course_id,
            course_version=micro_class.plan.course_version,
            learner_id=learner_id,
            school_code=micro_class.plan.school_code,
            school_year=school_year,
            term=code,
            segments_sha256=micro_class.plan.segments_sha256,
            achieved=figures,
            envelope=envelope,
        )

    @event(Completed)
    def __init__(
        self,
        micro_class_id: UUID,
        course_id: UUID,
        course_version: int,
        learner_id: UUID,
        school_code: str,
        school_year: int,
        term: str,
        segments_sha256: str,
        achieved: Achieved,
        envelope: Envelope,
    ) -> None:
        self.micro_class_id = micro_class_id
        self.learner_id = learner_id
        self.school_year = school_year
        self.term = term
        self.completed_at = envelope.at
