"""The dates of a term, and what is dated in it at the same moment: one of the two is told no."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from uuid import uuid4

import pytest

from domain.calendar import CITY_ZONE, Term, local_day
from domain.planning import DateOutsideTerm
from domain.session import Session
from domain.term import BoundDates, TermLeavesOut, TermsOverlap
from ledger.plans import Filing, RowOutcome
from ledger.terms import Bound
from tests.acting import SCHOOL, STARTS, Pilot, envelope, planned

TERM = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
SECOND = Term(school_year=2026, term_no=2, begins=date(2027, 2, 22), ends=date(2027, 7, 11))
NEW_YEAR = STARTS + timedelta(days=105)
TO_NEW_YEAR = TERM.model_copy(update={"ends": date(2026, 12, 31)})
FILING = Filing(SCHOOL, 2026, 1)
ROW = planned("新年谈话", begins_at=NEW_YEAR, ends_at=NEW_YEAR + timedelta(hours=2))
SOON = 10.0


class Meeting:
    """A command that has read what it decides by, and another that is recorded before it goes on.

    It waits where the first of its decisions has read everything, and only there.
    """

    def __init__(self) -> None:
        self._has_read, self._may_go_on = Event(), Event()

    def here(self) -> None:
        self._has_read.set()
        assert self._may_go_on.wait(SOON)

    def around(self, first: Callable[[], object], then: Callable[[], object]) -> Future[object]:
        """`first` is begun, `then` done while it waits, and what became of `first`."""
        with ThreadPoolExecutor(1) as other:
            waiting = other.submit(first)
            try:
                assert self._has_read.wait(SOON)
                then()
            finally:
                self._may_go_on.set()
        return waiting


@pytest.fixture
def meeting() -> Meeting:
    return Meeting()


def sessions_on(pilot: Pilot) -> Bound:
    """What the read models are asked: here, by the events."""

    def bound(known: Term) -> BoundDates:
        stored = pilot.book.ledger.store.select_notifications(1, 10_000)
        keys = {e.originator_id for e in stored if e.topic == Session.Scheduled.TOPIC}
        found = [e for e in pilot.book.ledger.load(keys).values() if isinstance(e, Session)]
        days = [local_day(each.plan.begins_at, CITY_ZONE) for each in found]
        return BoundDates(days=tuple(day for day in days if day > TO_NEW_YEAR.ends))

    return bound


def correct(pilot: Pilot, dates: Term, bound: Bound) -> Callable[[], int]:
    return lambda: pilot.book.terms.correct_dates(dates, bound, "抄错了", envelope())


def test_a_session_announced_while_dates_are_corrected_is_seen_by_the_correction(
    pilot: Pilot, meeting: Meeting
) -> None:
    known = sessions_on(pilot)

    def slowly(term: Term) -> BoundDates:
        bound = known(term)
        meeting.here()
        return bound

    corrected = meeting.around(
        correct(pilot, TO_NEW_YEAR, slowly),
        lambda: pilot.book.plans.file(FILING, [ROW], envelope(), dry_run=False, supplement=True),
    )

    with pytest.raises(TermLeavesOut):
        corrected.result()
    assert pilot.book.registry.term(2026, 1) == TERM


@pytest.mark.parametrize("by_hand", ["announced", "changed"])
def test_dates_corrected_while_a_session_is_planned_are_seen_by_the_session(
    pilot: Pilot, meeting: Meeting, by_hand: str
) -> None:
    plan = pilot.book.plans.plan_of(FILING, ROW)

    def slowly(_: object) -> None:
        meeting.here()

    def plan_it() -> object:
        if by_hand == "announced":
            return pilot.book.sessions.announce(plan, envelope(), before=slowly)
        return pilot.book.sessions.schedule(pilot.session_id, plan, envelope(), before=slowly)

    made = meeting.around(plan_it, correct(pilot, TO_NEW_YEAR, sessions_on(pilot)))

    with pytest.raises(DateOutsideTerm):
        made.result()
    assert sessions_on(pilot)(TERM).days == ()


def test_a_row_of_a_file_is_left_for_a_person_to_decide(pilot: Pilot, meeting: Meeting) -> None:
    def filed() -> object:
        [result] = pilot.book.plans.file(
            FILING, [ROW], envelope(), dry_run=False, supplement=True,
            before=lambda _: meeting.here(),
        )  # fmt: skip
        return result.outcome, result.code

    made = meeting.around(filed, correct(pilot, TO_NEW_YEAR, sessions_on(pilot)))

    assert made.result() == (RowOutcome.DOUBTFUL, DateOutsideTerm.code)


@pytest.mark.parametrize("other", ["opened", "corrected"])
def test_two_terms_that_are_dated_at_once_share_no_day(
    pilot: Pilot, meeting: Meeting, other: str
) -> None:
    registry = pilot.book.registry
    longer = TERM.model_copy(update={"ends": date(2027, 3, 1)})
    later = SECOND.model_copy(update={"begins": date(2027, 3, 2)})
    if other == "corrected":
        registry.open_term(later, envelope())

    def slowly(_: Term) -> BoundDates:
        meeting.here()
        return BoundDates()

    def then() -> object:
        if other == "opened":
            return registry.open_term(SECOND, envelope())
        return correct(pilot, SECOND, lambda _: BoundDates())()

    with pytest.raises(TermsOverlap):
        meeting.around(correct(pilot, longer, slowly), then).result()


def test_of_two_corrections_at_once_the_later_asks_anew_with_the_dates_of_the_first(
    pilot: Pilot, meeting: Meeting
) -> None:
    asked: list[Term] = []

    def slowly(known: Term) -> BoundDates:
        asked.append(known)
        meeting.here()
        return BoundDates()

    shorter = TERM.model_copy(update={"ends": date(2027, 2, 1)})
    second = meeting.around(
        correct(pilot, TO_NEW_YEAR, slowly), correct(pilot, shorter, lambda _: BoundDates())
    )

    second.result()
    assert asked == [TERM, shorter]
    assert pilot.book.registry.term(2026, 1) == TO_NEW_YEAR


def test_what_nobody_else_moves_is_recorded_at_once(pilot: Pilot) -> None:
    """Facts of others that have nothing to do with the term hold no planning up."""
    asked: list[object] = []

    def before(key: object) -> None:
        asked.append(key)
        pilot.book.registry.register_staff(uuid4(), envelope())

    pilot.book.sessions.announce(pilot.book.plans.plan_of(FILING, ROW), envelope(), before=before)
    assert len(asked) == 1
