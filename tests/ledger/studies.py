"""Micro-classes and pushes of the pilot's school, and studies that are enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.studying import Study, places_of_checks
from ledger.micro_classes import NewMicroClass
from ledger.pushes import NewPush
from tests.acting import SCHOOL, STARTS, Pilot, envelope
from tests.domain.studies import QUESTION, segments

LATER = STARTS + timedelta(days=1)


def micro_class(pilot: Pilot, title: str = "情绪微课", **different: Any) -> UUID:
    values: dict[str, Any] = {
        "school_code": SCHOOL, "school_year": 2026, "title": title, "family": "mental_health",
        "stage": "primary", "carrier": "in_school", "grades": ("三年级",), "class_hours": 200,
        "segments": segments(), "quiz": (QUESTION, QUESTION, QUESTION),
    }  # fmt: skip
    return pilot.book.micro_classes.publish(NewMicroClass(**(values | different)), envelope(LATER))


def whole(pilot: Pilot, micro_class_id: UUID, learner: UUID) -> Study:
    found = pilot.book.micro_classes.get(micro_class_id)
    rules = pilot.book.micro_classes.rules_of(found).micro_class
    places = places_of_checks(found.id, found.plan, learner, rules)
    return Study(frozenset(range(6)), dict.fromkeys(places, True), (0, 0, 0))


def push(pilot: Pilot, number: int = 0, **different: Any) -> UUID:
    values: dict[str, Any] = {
        "school_code": SCHOOL, "title": f"第{number}篇", "link": "https://read.example/1",
        "family": "mental_health", "stage": "primary", "carrier": "in_school",
        "grades": ("三年级",), "question": QUESTION,
    }  # fmt: skip
    return pilot.book.pushes.publish(NewPush(**(values | different)), envelope(LATER))
