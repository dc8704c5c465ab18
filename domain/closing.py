"""Closing: a school's term, then its school year; what comes later is a dated addendum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict, Field

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.calendar import CITY_ZONE, Term, local_day
from domain.envelope import Envelope
from domain.identity import derived
from domain.refusals import Refused
from domain.rules import Calendar

TERMS_OF_A_YEAR = (1, 2)


class TermNotOver(Refused):
    """A school closes its term once late posting is over; `from_day` says when."""

    code = "term_close_too_early"


class ForcedTooEarly(Refused):
    """The district closes a term or year for the school later than it could; see `from_day`."""

    code = "term_force_too_early"


class TermHasObstacles(Refused):
    """Something of the term is not finished: `obstacles` says how many of what."""

    code = "term_has_obstacles"


class TermAlreadyClosed(Refused):
    """Somebody else has closed the term: what comes now is an addendum."""

    code = "term_closed_already"


class TermsNotClosed(Refused):
    """A school year closes after both of its terms; `terms` are still open."""

    code = "year_terms_not_closed"


class YearAlreadyClosed(Refused):
    """Somebody else has closed the school year."""

    code = "year_closed_already"


class TermTotals(BaseModel):
    """What a school's term adds up to: whole numbers, and hours in hundredths.

    `activities` and `class_hours` are those that count for the school's duty; `sessions` are all
    that were attested; a household is a child for whom somebody attended.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    activities: int
    class_hours: int
    sessions: int
    attendances: int
    credited_hours: int
    learners: int
    households: int


@dataclass(frozen=True)
class TermBooks:
    """A school's term as it is closed: its totals, their hash, and what is not finished."""

    school_code: str
    term: Term
    totals: TermTotals
    sha256: str
    obstacles: Mapping[str, int]


@dataclass(frozen=True)
class ClosingDays:
    """From when a term may be closed by its school, and by the district for the school."""

    school: date
    district: date

    @classmethod
    def after(cls, term: Term, calendar: Calendar) -> Self:
        school = term.ends + timedelta(days=calendar.late_posting_days_after_term_end)
        longer = timedelta(days=calendar.forced_close_days_after_late_posting)
        return cls(school, school + longer)


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
        obstacles: dict[str, int] = Field(default_factory=dict)

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
        forced: bool,
        obstacles: dict[str, int],
        envelope: Envelope,
    ) -> None:
        self.school_code = school_code
        self.totals = totals
        self.sha256 = sha256
        self.closed_by = envelope.actor.id
        self.addenda = 0

    @classmethod
    def close(cls, books: TermBooks, days: ClosingDays, envelope: Envelope) -> TermClosing:
        """By the school, with nothing left to finish. Raises TermNotOver, TermHasObstacles."""
        if local_day(envelope.at, CITY_ZONE) < days.school:
            raise TermNotOver(from_day=days.school)
        if books.obstacles:
            raise TermHasObstacles(obstacles=dict(books.obstacles))
        return cls._closed(books, envelope, forced=False)

    @classmethod
    def force(cls, books: TermBooks, days: ClosingDays, envelope: Envelope) -> TermClosing:
        """By the district for a school that did not; what is unfinished is recorded by count.

        Raises ForcedTooEarly.
        """
        if local_day(envelope.at, CITY_ZONE) < days.district:
            raise ForcedTooEarly(from_day=days.district)
        return cls._closed(books, envelope, forced=True)

    def must_be_by(self, actor_id: UUID) -> None:
        """Whoever closed the term may say so again. Raises TermAlreadyClosed for others."""
        if actor_id != self.closed_by:
            raise TermAlreadyClosed

    def file_addendum(self, totals: TermTotals, sha256: str, envelope: Envelope) -> None:
        """Say what the term adds up to now; the same totals are no news."""
        if sha256 != self.sha256:
            self._addendum_filed(
                number=self.addenda + 1, totals=totals, sha256=sha256, envelope=envelope
            )

    @classmethod
    def _closed(cls, books: TermBooks, envelope: Envelope, *, forced: bool) -> TermClosing:
        return cls(
            id=cls.create_id(books.school_code, books.term.code),
            school_code=books.school_code,
            school_year=books.term.school_year,
            term_no=books.term.term_no,
            totals=books.totals,
            sha256=books.sha256,
            forced=forced,
            obstacles=dict(books.obstacles),
            envelope=envelope,
        )

    @event(AddendumFiled)
    def _addendum_filed(
        self, number: int, totals: TermTotals, sha256: str, envelope: Envelope
    ) -> None:
        self.totals = totals
        self.sha256 = sha256
        self.addenda = number


class YearClosing(LedgerAggregate):
    """A school's year is over: what it offered to each grade is known, and only ever gets less."""

    TOPIC: ClassVar[str] = "year_closing"

    class Closed(LedgerCreated):
        TOPIC = "year_closing.closed"

        school_code: str
        school_year: int
        offered: dict[str, int]

    class AddendumFiled(LedgerEvent):
        TOPIC = "year_closing.addendum_filed"

        number: int
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
        self.closed_by = envelope.actor.id
        self.addenda = 0

    @classmethod
    def close(
        cls,
        school_code: str,
        school_year: int,
        open_terms: tuple[str, ...],
        offered: Mapping[str, int],
        envelope: Envelope,
    ) -> YearClosing:
        """Once both terms are closed. Raises TermsNotClosed."""
        if open_terms:
            raise TermsNotClosed(terms=open_terms)
        return cls(
            school_code=school_code,
            school_year=school_year,
            offered=dict(offered),
            envelope=envelope,
        )

    def must_be_by(self, actor_id: UUID) -> None:
        """Whoever closed the year may say so again. Raises YearAlreadyClosed for others."""
        if actor_id != self.closed_by:
            raise YearAlreadyClosed

    def file_addendum(self, offered: Mapping[str, int], envelope: Envelope) -> None:
        """Say what was not offered after all. More is no news: nobody is asked for more later."""
        less = {
            grade: min(hours, offered.get(grade, hours)) for grade, hours in self.offered.items()
        }
        if less != self.offered:
            self._addendum_filed(
                number=self.addenda + 1,
                school_code=self.school_code,
                school_year=self.school_year,
                offered=less,
                envelope=envelope,
            )

    @event(AddendumFiled)
    def _addendum_filed(
        self,
        number: int,
        school_code: str,
        school_year: int,
        offered: dict[str, int],
        envelope: Envelope,
    ) -> None:
        self.offered = offered
        self.addenda = number
