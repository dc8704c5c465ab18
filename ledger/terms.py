"""Commands of the dates of the city's terms: put right, with the reason, until books are closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, Term, local_day
from domain.closing import TermClosing, YearClosing
from domain.envelope import Envelope
from domain.identity import derived
from domain.push import PushRecord
from domain.session import Session
from domain.studying import MicroClassCompletion
from domain.term import BoundDates, DatesCorrection, SchoolTerm, must_not_overlap
from ledger.ledger import Ledger
from ledger.registry import Registry, UnknownTerm, dates_of
from ledger.rulebooks import Rulebooks
from ledger.unmoved import of_terms, years_around
from ledger.vault import Vault

KIND = "term_correction"
PURPOSE = "term_dates"
# What puts a session on a day, or closes books, while the dates are decided about.
BINDING: Final = (
    Session.Scheduled.TOPIC,
    Session.Rescheduled.TOPIC,
    TermClosing.Closed.TOPIC,
    YearClosing.Closed.TOPIC,
)

# What a parent finishes is of the day on which it is recorded: asked about where today is left out.
FINISHED: Final = (MicroClassCompletion.Completed.TOPIC, PushRecord.AnsweredRight.TOPIC)

Bound = Callable[[Term], BoundDates]


class Terms:
    def __init__(
        self, ledger: Ledger, registry: Registry, rulebooks: Rulebooks, vault: Vault
    ) -> None:
        self._ledger = ledger
        self._registry = registry
        self._rulebooks = rulebooks
        self._vault = vault

    def correct_dates(self, dates: Term, bound: Bound, reason: str, by: Envelope) -> int:
        """Give a term other dates; the same ones are no news.

        `bound` is asked, once all that is recorded is known, what holds the term with the dates
        that it has. A term under rules stays under rules. Raises UnknownTerm, TermsOverlap,
        TermDatesClosed, TermLeavesOut, NoRulebookInForce.
        """
        correction_id = derived(KIND, by.command_id)

        def decide() -> list[LedgerAggregate]:
            term = self._get(dates.school_year, dates.term_no)
            if term.has(dates):
                return []
            if self._rulebooks.hold_on(term.begins):
                self._rulebooks.on(dates.begins)
            must_not_overlap(dates, self._registry.terms_around(dates))
            term.correct_dates(dates, bound(dates_of(term)), correction_id, by)
            # The words lie in the vault before the event names them.
            self._vault.put(correction_id, KIND, {"reason": reason})
            return [term]

        was = dates_of(self._get(dates.school_year, dates.term_no))
        finished = FINISHED if leaves_out_today(was, dates, by) else ()
        unmoved = of_terms(years_around(dates), *BINDING, *finished)
        return self._ledger.commit(by.command_id, decide, unmoved)

    def corrections(
        self, school_year: int, term_no: int, by: Envelope
    ) -> list[tuple[DatesCorrection, str]]:
        """What was put right of a term's dates, in order, each with its reason.

        The look into the vault is recorded. Raises UnknownTerm.
        """
        made = self._get(school_year, term_no).corrections
        keys = [each.id for each in made]
        words = self._vault.show(keys, to=by.actor, purpose=PURPOSE, at=by.at)
        return [(each, words[each.id].fields["reason"]) for each in made]

    def _get(self, school_year: int, term_no: int) -> SchoolTerm:
        key = SchoolTerm.create_id(school_year, term_no)
        return self._ledger.get(SchoolTerm, key, UnknownTerm)


def leaves_out_today(was: Term, dates: Term, by: Envelope) -> bool:
    """Whether other dates leave out today, or the day that is over for some clocks alone."""
    today = local_day(by.at, CITY_ZONE)
    return any(day in was and day not in dates for day in (today, today - timedelta(days=1)))
