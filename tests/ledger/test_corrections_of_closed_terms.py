"""Corrections that touch closed books: a second person signs, wherever the hours move."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from domain.account import Account
from domain.closing import TermClosing, TermTotals
from domain.correction import Second, State
from tests.acting import SCHOOL, Pilot, envelope
from tests.ledger.evenings import balance
from tests.ledger.test_corrections import (
    COLLEAGUE,
    COORDINATOR,
    LATER,
    corrected,
    was_not_there,
    was_there,
)
from tests.ledger_evening import hold

ELSEWHERE = "4401040002"


def close_the_term(pilot: Pilot, school: str = SCHOOL) -> None:
    totals = TermTotals(
        activities=1,
        class_hours=200,
        sessions=1,
        attendances=2,
        credited_hours=400,
        learners=2,
        households=2,
    )
    closing = TermClosing(
        id=TermClosing.create_id(school, "2026-1"), school_code=school, school_year=2026,
        term_no=1, totals=totals, sha256="0" * 64, forced=False, obstacles={},
        envelope=envelope(LATER),
    )  # fmt: skip
    pilot.book.ledger.commit(uuid4(), lambda: [closing])


def account_of(pilot: Pilot, learner: UUID) -> Account:
    found = pilot.book.ledger.find(Account, Account.create_id(learner))
    assert found is not None
    return found


def attended_elsewhere(pilot: Pilot, learner: UUID) -> None:
    """The course of the evening, a week later at another school: it counts once."""
    account = account_of(pilot, learner)
    [credit] = account.standing
    week = timedelta(days=7)
    claim = credit.bare.model_copy(
        update={
            "entry_id": uuid4(), "source_id": uuid4(), "session_id": uuid4(),
            "school_code": ELSEWHERE, "day": credit.day + week,
            "begins_at": credit.begins_at + week, "ends_at": credit.ends_at + week,
        }
    )  # fmt: skip
    assert account.award(claim, pilot.rules, envelope(LATER)).hours == 0
    pilot.book.ledger.save(account)


def test_after_the_term_is_closed_a_colleague_signs_too(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    hold(pilot, [chen])
    close_the_term(pilot)

    waiting = corrected(pilot, was_there(pilot, chen, 0, 45))

    assert (waiting.second, waiting.effective_term) == (Second.COLLEAGUE, "2026-1")
    assert balance(pilot, chen) == 200
    pilot.book.corrections.approve(waiting.id, waiting.sha256, envelope(LATER, actor_id=COLLEAGUE))
    assert balance(pilot, chen) == 100


def test_a_colleague_signs_what_moves_hours_in_closed_books_elsewhere(pilot: Pilot) -> None:
    """The same course counts once: without it here it counts at the school that has closed."""
    chen = pilot.learners[0]
    hold(pilot, [chen])
    attended_elsewhere(pilot, chen)
    close_the_term(pilot, ELSEWHERE)

    order = was_not_there(pilot, chen)
    by = envelope(LATER, actor_id=COORDINATOR)
    assert pilot.book.corrections.preview(order, by).second is Second.COLLEAGUE
    waiting = corrected(pilot, order)

    assert (waiting.state, waiting.second) == (State.WAITING, Second.COLLEAGUE)
    pilot.book.corrections.approve(waiting.id, waiting.sha256, envelope(LATER, actor_id=COLLEAGUE))
    [credit] = account_of(pilot, chen).standing
    assert credit.school_code == ELSEWHERE


def test_nobody_else_signs_where_the_other_books_are_open(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    hold(pilot, [chen])
    attended_elsewhere(pilot, chen)
    assert corrected(pilot, was_not_there(pilot, chen)).second is Second.NOBODY
