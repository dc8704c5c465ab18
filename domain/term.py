"""A school term: its dates are data of the city, never computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import Term
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused


class TermsOverlap(Refused):
    """Another term (`term`, `begins` to `ends`) has some of these days: a day is of one term."""

    code = "terms_overlap"


class TermDatesClosed(Refused):
    """Schools (`closed_by`) have closed the term or its year: its dates are kept."""

    code = "term_dates_closed"


class TermLeavesOut(Refused):
    """Sessions (`sessions`) and hours of the term, on some `days`, would lie outside of it."""

    code = "term_leaves_out"


@dataclass(frozen=True)
class BoundDates:
    """What holds a term to its dates: who closed it, and what other dates would leave outside."""

    closed_by: tuple[str, ...] = ()
    sessions: tuple[UUID, ...] = ()
    days: tuple[date, ...] = ()


@dataclass(frozen=True)
class DatesCorrection:
    """Dates that a term was given instead of those it had; the vault has the reason by `id`."""

    id: UUID
    begins: date
    ends: date
    at: datetime


class SchoolTerm(LedgerAggregate):
    TOPIC: ClassVar[str] = "term"

    class Opened(LedgerCreated):
        TOPIC = "term.opened"

        school_year: int
        term_no: int
        begins: date
        ends: date

    class DatesCorrected(LedgerEvent):
        TOPIC = "term.dates_corrected"

        correction_id: UUID
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
        self.corrections: tuple[DatesCorrection, ...] = ()

    def has(self, dates: Term) -> bool:
        """Whether those are its dates."""
        return (self.begins, self.ends) == (dates.begins, dates.ends)

    def correct_dates(
        self, dates: Term, bound: BoundDates, correction_id: UUID, envelope: Envelope
    ) -> None:
        """Put the dates right; the same ones are no news. Raises TermDatesClosed, TermLeavesOut."""
        if self.has(dates):
            return
        if bound.closed_by:
            raise TermDatesClosed(closed_by=bound.closed_by)
        if bound.days:
            raise TermLeavesOut(days=bound.days, sessions=bound.sessions)
        self._dates_corrected(
            correction_id=correction_id, begins=dates.begins, ends=dates.ends, envelope=envelope
        )

    @event(DatesCorrected)
    def _dates_corrected(
        self, correction_id: UUID, begins: date, ends: date, envelope: Envelope
    ) -> None:
        self.begins, self.ends = begins, ends
        self.corrections += (DatesCorrection(correction_id, begins, ends, envelope.at),)


def must_not_overlap(term: Term, others: Iterable[Term]) -> None:
    """Asked of the dates that a term is to have, beside all others. Raises TermsOverlap."""
    for other in others:
        if other.code != term.code and other.begins <= term.ends and term.begins <= other.ends:
            raise TermsOverlap(term=other.code, begins=other.begins, ends=other.ends)
