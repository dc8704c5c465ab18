"""A school term: its dates are data of the city, never computed."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated
from domain.envelope import Envelope
from domain.identity import derived


class SchoolTerm(LedgerAggregate):
    TOPIC: ClassVar[str] = "term"

    class Opened(LedgerCreated):
        TOPIC = "term.opened"

        school_year: int
        term_no: int
        begins: date
        ends: date

    @staticmethod
    def create_id(school_year: int, term_no: int) -> UUID:
        return derived("term", school_year, term_no)

    @event(Opened)
    def __init__(
        self, school_year: int, term_no: int, begins: date, ends: date, envelope: Envelope
    ) -> None:
        self.school_year = school_year
        self.term_no = term_no
        self.begins = begins
        self.ends = ends
