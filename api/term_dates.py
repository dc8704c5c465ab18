"""Dates of terms put right: what the read models know of them, handed to the ledger to decide."""

from __future__ import annotations

from api.bootstrap import Runtime
from api.closing import must_show
from domain.calendar import Term
from domain.envelope import Envelope
from domain.term import BoundDates


def correct_dates(runtime: Runtime, dates: Term, reason: str, by: Envelope) -> int:
    """See `Terms.correct_dates` for what it raises; and ReadModelsBehind."""

    def bound(known: Term) -> BoundDates:
        must_show(runtime, runtime.book.ledger.position(), "study_board")
        return runtime.models.term_bounds.of(known, dates)

    return runtime.book.terms.correct_dates(dates, bound, reason, by)
