"""A suspended star is judged by the terms as they are dated: again, where an end was corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from api.bootstrap import Runtime
from api.housekeeping import Housekeeping
from domain.evaluation import Evaluation
from domain.term import BoundDates
from tests.acting import envelope
from tests.api.test_worker import caught
from tests.ledger.school_years import SchoolYears, evening_of


@pytest.fixture
def years(runtime: Runtime) -> SchoolYears:
    return caught(runtime)


@pytest.fixture
def housekeeping(runtime: Runtime) -> Callable[[date], None]:
    def once(day: date) -> None:
        for _ in range(2):
            runtime.projector.catch_up()
            Housekeeping(runtime).once(evening_of(day))

    return once


def end(runtime: Runtime, term_no: int, ends: date, on: date) -> None:
    """The end of a term is put right on a day."""
    dates = runtime.book.registry.term(2026, term_no).model_copy(update={"ends": ends})
    by = envelope(evening_of(on))
    runtime.book.terms.correct_dates(dates, lambda _: BoundDates(), "抄错了", by)


def test_an_end_that_moves_before_the_last_judgement_ends_the_suspension(
    runtime: Runtime, years: SchoolYears, housekeeping: Callable[[date], None]
) -> None:
    august = date(2027, 8, 20)
    runtime.book.awards.evaluate_at_term_end(years.learner, "primary", "asked", evening_of(august))
    housekeeping(august)
    assert years.evaluation().star_level == 0

    end(runtime, 2, date(2027, 8, 15), on=august)
    housekeeping(august)

    assert years.evaluation().star_level == 1


def test_an_end_that_moves_on_is_waited_for_again(
    runtime: Runtime, years: SchoolYears, housekeeping: Callable[[date], None]
) -> None:
    early, later = date(2027, 2, 11), date(2027, 2, 22)

    def judgements() -> int:
        stored = runtime.book.ledger.events.get(years.evaluation().id)
        return sum(isinstance(each, Evaluation.StarEvaluated) for each in stored)

    end(runtime, 1, date(2027, 2, 10), on=date(2027, 1, 10))
    housekeeping(early)
    told = judgements()
    end(runtime, 1, date(2027, 2, 21), on=early)

    counts: list[int] = []
    for day in (early, later, later):
        housekeeping(day)
        counts.append(judgements() - told)
    assert counts == [1, 2, 2]
