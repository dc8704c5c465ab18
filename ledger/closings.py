"""Commands of closing: a school's term, its school year, and the addenda that follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, Term, local_day
from domain.closing import (
    TERMS_OF_A_YEAR,
    ClosingDays,
    ForcedTooEarly,
    TermBooks,
    TermClosing,
    YearClosing,
)
from domain.envelope import Envelope, Role
from domain.identity import derived
from domain.rulebook_refusals import NoRulebookInForce
from domain.school import School
from domain.session import Session
from domain.term_listing import TermListing
from ledger.ledger import Ledger
from ledger.registry import Registry
from ledger.rulebooks import Rulebooks
from ledger.unmoved import of_term, of_terms
from ledger.vault import Vault

LISTING = "term_listing"


class Closings:
    def __init__(self, ledger: Ledger, vault: Vault, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._vault = vault
        self._rulebooks = rulebooks
        self._registry = Registry(ledger)

    def is_closed(self, school_code: str, term: str) -> bool:
        """Whether a school's term (as in 2026-1) is closed: corrections then need two persons."""
        return self.closing(school_code, term) is not None

    def closing(self, school_code: str, term: str) -> TermClosing | None:
        return self._ledger.find(TermClosing, TermClosing.create_id(school_code, term))

    def days(self, term: Term) -> ClosingDays:
        """From when a term may be closed, by the rules of its first day."""
        return ClosingDays.after(term, self._rulebooks.on(term.begins).calendar)

    def close_term(self, listing: TermListing, obstacles: Mapping[str, int], by: Envelope) -> int:
        """Close a term, as its school; again by the same person is no news.

        Raises TermNotOver, TermHasObstacles, TermAlreadyClosed, UnknownSchool, UnknownTerm.
        """

        def close() -> TermClosing:
            books = self._books(listing, obstacles)
            return TermClosing.close(books, self.days(books.term), by)

        return self._close(listing, close, by)

    def force_term(self, listing: TermListing, obstacles: Mapping[str, int], by: Envelope) -> int:
        """Close a term for its school, as the district; again by the same person is no news.

        Raises ForcedTooEarly, TermAlreadyClosed, UnknownSchool, UnknownTerm.
        """

        def force() -> TermClosing:
            books = self._books(listing, obstacles)
            return TermClosing.force(books, self.days(books.term), by)

        return self._close(listing, force, by)

    def file_addendum(self, listing: TermListing, by: Envelope) -> int:
        """Say what a closed term adds up to now; the same totals, or an open term, are no news."""

        def decide() -> list[LedgerAggregate]:
            closing = self.closing(listing.school_code, listing.term)
            if closing is None or closing.sha256 == listing.sha256:
                return []
            self._file(listing)
            closing.file_addendum(listing.totals, listing.sha256, by)
            return [closing]

        return self._ledger.commit(by.command_id, decide)

    def close_year(
        self, school_code: str, school_year: int, offered: Mapping[str, int], by: Envelope
    ) -> int:
        """Close a school year with the hours it offered to each grade; again is no news.

        The district does it for a school that did not, from the day on which it may force the
        last term. Raises TermsNotClosed, YearAlreadyClosed, UnknownSchool, ForcedTooEarly, and
        NoRulebookInForce for a year without a term under rules.
        """
        self._registry.school(school_code)

        def decide() -> list[LedgerAggregate]:
            year = self.year(school_code, school_year)
            if year is not None:
                year.must_be_by(by.actor.id)
                return []
            if not self.is_evaluated(school_year):
                raise NoRulebookInForce
            terms = self.open_terms(school_code, school_year)
            if not terms and by.actor.role is Role.DISTRICT_OFFICER:
                self._refuse_early(school_year, by.at)
            return [YearClosing.close(school_code, school_year, terms, offered, by)]

        return self._ledger.commit(by.command_id, decide, of_terms([school_year]))

    def file_year_addendum(
        self, school_code: str, school_year: int, offered: Mapping[str, int], by: Envelope
    ) -> int:
        """Say what a closed year did not offer after all; more, or an open year, is no news."""

        def decide() -> list[LedgerAggregate]:
            year = self.year(school_code, school_year)
            if year is None:
                return []
            year.file_addendum(offered, by)
            return [year]

        return self._ledger.commit(by.command_id, decide)

    def year(self, school_code: str, school_year: int) -> YearClosing | None:
        return self._ledger.find(YearClosing, YearClosing.create_id(school_code, school_year))

    def open_terms(self, school_code: str, school_year: int) -> tuple[str, ...]:
        """The terms of a year that the school has still to close: none that is not evaluated."""
        beside = self.not_evaluated(school_year)
        terms = (f"{school_year}-{term_no}" for term_no in TERMS_OF_A_YEAR)
        return tuple(
            term for term in terms if term not in beside and not self.is_closed(school_code, term)
        )

    def not_evaluated(self, school_year: int) -> tuple[str, ...]:
        """The terms of a year that begin before the first rules: no duty, and nothing to close."""
        terms = self._registry.terms_of(school_year)
        return tuple(each.code for each in terms if not self._rulebooks.hold_on(each.begins))

    def is_evaluated(self, school_year: int) -> bool:
        """Whether a year has a term that may be under rules: without one it is never closed."""
        return len(self.not_evaluated(school_year)) < len(TERMS_OF_A_YEAR)

    def may_force_year(self, school_year: int, at: datetime) -> bool:
        """Whether the district may close a year for its schools. Raises UnknownTerm."""
        return local_day(at, CITY_ZONE) >= self._last_days(school_year).district

    def _refuse_early(self, school_year: int, at: datetime) -> None:
        if not self.may_force_year(school_year, at):
            raise ForcedTooEarly(from_day=self._last_days(school_year).district)

    def _last_days(self, school_year: int) -> ClosingDays:
        return self.days(self._registry.term(school_year, TERMS_OF_A_YEAR[-1]))

    def filed_listing(self, school_code: str, term: str, sha256: str) -> str | None:
        """The text behind the hash of a closing or addendum, for whoever checks it."""
        content = self._vault.document(listing_id(school_code, term, sha256), LISTING)
        return content.decode() if content is not None else None

    def _books(self, listing: TermListing, obstacles: Mapping[str, int]) -> TermBooks:
        self._registry.school(listing.school_code)
        term = self._registry.term(*year_and_number(listing.term))
        return TermBooks(listing.school_code, term, listing.totals, listing.sha256, obstacles)

    def _close(self, listing: TermListing, close: Callable[[], TermClosing], by: Envelope) -> int:
        def decide() -> list[LedgerAggregate]:
            closing = self.closing(listing.school_code, listing.term)
            if closing is not None:
                closing.must_be_by(by.actor.id)
                return []
            closed = close()
            self._file(listing)
            return [closed]

        return self._ledger.commit(by.command_id, decide, of_term(*year_and_number(listing.term)))

    def _file(self, listing: TermListing) -> None:
        """Keep the text before the event holds its hash: accounts are named by id, so sealed."""
        school_id = School.create_id(listing.school_code)
        self._vault.put(school_id, "school", {})
        key = listing_id(listing.school_code, listing.term, listing.sha256)
        self._vault.file(key, LISTING, school_id, listing.text.encode())


def year_and_number(term: str) -> tuple[int, int]:
    """The parts of a term's code: 2026-1."""
    school_year, term_no = term.split("-")
    return int(school_year), int(term_no)


def in_closed_term(ledger: Ledger, session: Session) -> bool:
    """Whether the books that a session belongs to are closed: a second person signs then."""
    plan = session.plan
    return ledger.find(TermClosing, TermClosing.create_id(plan.school_code, plan.term)) is not None


def listing_id(school_code: str, term: str, sha256: str) -> UUID:
    return derived("term_listing", school_code, term, sha256)
