"""Closing: a school's term, then its school year; what comes later is a dated addendum."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.identity import derived


class TermTotals(BaseModel):
    """What a school's term adds up to: whole numbers, and hours in hundredths."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    activities: int
    class_hours: int
    attendances: int
    credited_hours: int
    learners: int
    households: int


class TermClosing(LedgerAggregate):
    """The books of one school and term: closed once, then only added to."""

    TOPIC: ClassVar[str] = "term_closing"

    class Closed(LedgerCreated):
        TOPIC = "term_closing.closed"

        school_code: str
        school_year: int
        term_no: int
        totals: TermTotals
        sha256: str
        forced: bool = False

    class AddendumFiled(LedgerEvent):
        TOPIC = "term_closing.addendum_filed"

        number: int
        totals: TermTotals
        sha256: str

    @staticmethod
    def create_id(school_code: str, term: str) -> UUID:
        """`term` as in 2026-1."""
        return derived("term_closing", school_code, term)

    @event(Closed)
    def __init__(
        self,
        id: UUID,  # noqa: A002 - the library's name
        school_code: str,
        school_year: int,
        term_no: int,
        totals: TermTotals,
        sha256: str,
        envelope: Envelope,
        forced: bool = False,
    ) -> None:
        self.school_code = school_code
        self.totals = totals
        self.sha256 = sha256
        self.addenda = 0

    def file_addendum(self, totals: TermTotals, sha256: str, envelope: Envelope) -> None:
        """Say what the term adds up to now; the same totals are no news."""
        if sha256 != self.sha256:
            self._addendum_filed(
                number=self.addenda + 1, totals=totals, sha256=sha256, envelope=envelope
            )

    @event(AddendumFiled)
    def _addendum_filed(
        self, number: int, totals: TermTotals, sha256: str, envelope: Envelope
    ) -> None:
        self.totals = totals
        self.sha256 = sha256
        self.addenda = number


class YearClosing(LedgerAggregate):
    """A school's year is over: what it offered to each grade is known for good."""

    TOPIC: ClassVar[str] = "year_closing"

    class Closed(LedgerCreated):
        TOPIC = "year_closing.closed"

        school_code: str
        school_year: int
        offered: dict[str, int]

    @staticmethod
    def create_id(school_code: str, school_year: int) -> UUID:
        return derived("year_closing", school_code, school_year)

    @event(Closed)
    def __init__(
        self, school_code: str, school_year: int, offered: dict[str, int], envelope: Envelope
    ) -> None:
        self.school_code = school_code
        self.school_year = school_year
        self.offered = offered  # hours offered by grade
