"""A course of the parent school: what is taught, and to which course family it belongs (GZ-7)."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated
from domain.envelope import Envelope
from domain.identity import derived


class Course(LedgerAggregate):
    TOPIC: ClassVar[str] = "course"

    class Registered(LedgerCreated):
        TOPIC = "course.registered"

        school_code: str
        title: str
        family: str

    @staticmethod
    def create_id(school_code: str, title: str) -> UUID:
        return derived("course", school_code, title)

    @event(Registered)
    def __init__(self, school_code: str, title: str, family: str, envelope: Envelope) -> None:
        self.school_code = school_code
        self.title = title
        self.family = family
