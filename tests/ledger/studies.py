"""What parents of the pilot's school learn outside its sessions: studies, pushes, elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.envelope import Role
from domain.external import IssuerKind
from domain.push import PushRecord
from domain.studying import MicroClassCompletion, Study, places_of_checks
from ledger.external_hours import NewExternalHours
from ledger.micro_classes import NewMicroClass
from ledger.pushes import NewPush
from tests.acting import SCHOOL, STARTS, Pilot, envelope
from tests.domain.studies import QUESTION, QUIZ, segments

LATER = STARTS + timedelta(days=1)
OFFICER, COORDINATOR = uuid4(), uuid4()


def micro_class(pilot: Pilot, title: str = "情绪微课", **different: Any) -> UUID:
    values: dict[str, Any] = {
        "school_code": SCHOOL, "school_year": 2026, "title": title, "family": "mental_health",
        "stage": "primary", "carrier": "in_school", "grades": ("三年级",), "class_hours": 200,
        "segments": segments(), "quiz": QUIZ,
    }  # fmt: skip
    return pilot.book.micro_classes.publish(NewMicroClass(**(values | different)), envelope(LATER))


def whole(pilot: Pilot, micro_class_id: UUID, learner: UUID) -> Study:
    found = pilot.book.micro_classes.get(micro_class_id)
    rules = pilot.book.micro_classes.rules_of(found).micro_class
    places = places_of_checks(found.id, found.plan, learner, rules)
    return Study(frozenset(range(6)), frozenset(places), (0, 0, 0))


def push(pilot: Pilot, number: int = 0, **different: Any) -> UUID:
    values: dict[str, Any] = {
        "school_code": SCHOOL, "title": f"第{number}篇", "link": "https://read.example/1",
        "family": "mental_health", "stage": "primary", "carrier": "in_school",
        "grades": ("三年级",), "question": QUESTION,
    }  # fmt: skip
    return pilot.book.pushes.publish(NewPush(**(values | different)), envelope(LATER))


def complete(pilot: Pilot, micro_class_id: UUID, learner: UUID, study: Study | None = None) -> None:
    """A micro-class is completed, and credited."""
    by = envelope(LATER, Role.PARENT, learner)
    study = study or whole(pilot, micro_class_id, learner)
    pilot.book.micro_classes.complete(micro_class_id, learner, study, by)
    key = MicroClassCompletion.create_id(micro_class_id, learner, 2026)
    pilot.book.earning.of_micro_class(key, LATER, uuid4())


def answer(pilot: Pilot, item: UUID, learner: UUID) -> None:
    """A push is answered right, and credited once there are enough."""
    pilot.book.pushes.answer(item, learner, 0, envelope(LATER, Role.PARENT, learner))
    pilot.book.earning.of_pushes(PushRecord.create_id(learner, "2026-1"), LATER, uuid4())


def elsewhere(pilot: Pilot, **different: Any) -> NewExternalHours:
    """Hours from elsewhere, as they stand on the document."""
    values: dict[str, Any] = {
        "school_code": SCHOOL, "learner_id": pilot.learners[0], "family": "mental_health",
        "issuer": IssuerKind.COMMUNITY_STATION, "document_number": "社 2026-001",
        "reason": "（示例）社区家长学校结业", "hours": 430, "school_year": 2026, "term_no": 1,
    }  # fmt: skip
    return NewExternalHours(**(values | different))


def enter(pilot: Pilot, **different: Any) -> UUID:
    """Hours from elsewhere, as the coordinator enters them: the district has not confirmed them."""
    by = envelope(LATER, actor_id=COORDINATOR)
    return pilot.book.external_hours.enter(elsewhere(pilot, **different), by)


def confirm(pilot: Pilot, external: UUID) -> None:
    """The district confirms hours from elsewhere: they are credited."""
    officer = envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)
    pilot.book.external_hours.confirm(external, officer)
    pilot.book.earning.of_external(external, LATER, uuid4())
