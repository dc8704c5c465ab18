"""Closing a term and a year: when, by whom, with what unfinished, and what is added later."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.aggregate import LedgerEvent
from domain.calendar import Term
from domain.closing import (
    ClosingDays,
    ForcedTooEarly,
    TermAlreadyClosed,
    TermBooks,
    TermClosing,
    TermHasObstacles,
    TermNotOver,
    TermsNotClosed,
    TermTotals,
    YearAlreadyClosed,
    YearClosing,
)
from domain.envelope import Envelope
from tests.domain.given import CHEN, LIN, RULES, by
from tests.domain.refusing import refused

TERM = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
DAYS = ClosingDays.after(TERM, RULES.calendar)
TOTALS = TermTotals(
    activities=2, class_hours=800, sessions=3, attendances=40, credited_hours=9000,
    learners=30, households=28,
)  # fmt: skip
SCHOOL = "4401040001"


def on(day: date) -> Envelope:
    return by(at=datetime.combine(day, time(4), UTC))


def books(**obstacles: int) -> TermBooks:
    return TermBooks(SCHOOL, TERM, TOTALS, "a" * 64, obstacles)


def said(closing: TermClosing | YearClosing) -> list[LedgerEvent]:
    return [event for event in closing.collect_events() if isinstance(event, LedgerEvent)]


def test_a_school_closes_14_days_after_the_term_and_the_district_14_days_later() -> None:
    days = ClosingDays.after(TERM, RULES.calendar)
    assert days == ClosingDays(school=date(2027, 3, 7), district=date(2027, 3, 21))


def test_a_term_is_closed_with_its_totals_and_their_hash() -> None:
    [closed] = said(TermClosing.close(books(), DAYS, on(DAYS.school)))

    assert isinstance(closed, TermClosing.Closed)
    assert (closed.totals, closed.sha256, closed.forced) == (TOTALS, "a" * 64, False)
    assert closed.originator_id == TermClosing.create_id(SCHOOL, "2026-1")


def test_a_term_is_not_closed_while_late_facts_are_still_posted() -> None:
    with pytest.raises(TermNotOver) as refused:
        TermClosing.close(books(), DAYS, on(DAYS.school - timedelta(days=1)))
    assert refused.value.facts == {"from_day": date(2027, 3, 7)}


def test_a_school_closes_no_term_with_something_unfinished() -> None:
    with pytest.raises(TermHasObstacles) as refused:
        TermClosing.close(books(session_unattested=2), DAYS, on(DAYS.school))
    assert refused.value.facts == {"obstacles": {"session_unattested": 2}}


def test_the_district_closes_it_for_the_school_and_what_is_unfinished_is_recorded() -> None:
    with refused(ForcedTooEarly, from_day=date(2027, 3, 21)):
        TermClosing.force(books(), DAYS, on(DAYS.district - timedelta(days=1)))

    [closed] = said(TermClosing.force(books(session_unattested=2), DAYS, on(DAYS.district)))

    assert isinstance(closed, TermClosing.Closed)
    assert (closed.forced, closed.obstacles) == (True, {"session_unattested": 2})


def test_only_whoever_closed_a_term_may_say_so_again() -> None:
    closing = TermClosing.close(books(), DAYS, on(DAYS.school))

    closing.must_be_by(LIN)
    with pytest.raises(TermAlreadyClosed):
        closing.must_be_by(CHEN)


def test_other_totals_are_a_numbered_addendum_and_the_same_ones_are_no_news() -> None:
    closing = TermClosing.close(books(), DAYS, on(DAYS.school))
    said(closing)
    less = TOTALS.model_copy(update={"class_hours": 600})

    closing.file_addendum(TOTALS, "a" * 64, on(DAYS.district))
    closing.file_addendum(less, "b" * 64, on(DAYS.district))
    closing.file_addendum(less, "b" * 64, on(DAYS.district))
    closing.file_addendum(TOTALS, "a" * 64, on(DAYS.district))

    filed = [e for e in said(closing) if isinstance(e, TermClosing.AddendumFiled)]
    assert [(each.number, each.totals) for each in filed] == [(1, less), (2, TOTALS)]


def test_a_year_is_closed_after_both_its_terms_with_what_it_offered() -> None:
    with pytest.raises(TermsNotClosed) as refused:
        YearClosing.close(SCHOOL, 2026, ("2026-2",), {}, by())
    assert refused.value.facts == {"terms": ("2026-2",)}

    year = YearClosing.close(SCHOOL, 2026, (), {"三年级": 1200}, by())

    [closed] = said(year)
    assert isinstance(closed, YearClosing.Closed)
    assert closed.offered == {"三年级": 1200}
    assert year.id == YearClosing.create_id(SCHOOL, 2026)
    year.must_be_by(LIN)
    with pytest.raises(YearAlreadyClosed):
        year.must_be_by(CHEN)


def test_what_a_closed_year_offered_only_ever_gets_less() -> None:
    """Nobody is asked for more afterwards: what comes late adds nothing to the offer."""
    year = YearClosing.close(SCHOOL, 2026, (), {"三年级": 1200, "四年级": 800}, by())
    said(year)

    year.file_addendum({"三年级": 1600, "四年级": 800}, by())
    year.file_addendum({"三年级": 1600, "四年级": 400}, by())
    year.file_addendum({"三年级": 1600, "四年级": 400}, by())
    year.file_addendum({"三年级": 800}, by())

    filed = [e for e in said(year) if isinstance(e, YearClosing.AddendumFiled)]
    assert [(each.number, each.offered) for each in filed] == [
        (1, {"三年级": 1200, "四年级": 400}),
        (2, {"三年级": 800, "四年级": 400}),
    ]
    assert year.offered == filed[-1].offered
