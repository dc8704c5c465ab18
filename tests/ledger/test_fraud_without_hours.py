"""Confirmed fraud in what brought no hours: a limit had kept them out, or nobody had attested."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.account import Account
from domain.attendance import Stay
from domain.correction import AttendanceOrder
from domain.rules import ReversalReason
from domain.suspension import Frauds
from tests.acting import ENDS, STARTS, Pilot, envelope
from tests.ledger.evenings import attest, balance, hold_until_counted
from tests.ledger.school_years import SchoolYears
from tests.ledger.test_fraud import (
    CONFIRMED,
    FRAUD,
    conditions,
    four_evenings_and_the_exam,
    signed,
    was_not_there,
    years,
)
from tests.ledger_evening import hold

__all__ = ["years"]  # fixtures

WHOLE = Stay(begins=STARTS, ends=ENDS)
HALF = Stay(begins=STARTS, ends=STARTS + timedelta(minutes=50))


def stay(pilot: Pilot, learner: UUID, there: Stay | None, why: ReversalReason) -> AttendanceOrder:
    return AttendanceOrder(
        session_id=pilot.session_id, learner_id=learner, stay=there, reason_code=why
    )


def frauds(pilot: Pilot, learner: UUID) -> Frauds:
    account = pilot.book.ledger.find(Account, Account.create_id(learner))
    return account.frauds if account else Frauds()


def attested(pilot: Pilot) -> None:
    attest(pilot)
    pilot.book.awards.run(pilot.session_id, ENDS, pilot.session_id)


@pytest.fixture
def chen(pilot: Pilot) -> UUID:
    """Entered for an evening that nobody has attested."""
    chen = pilot.learners[0]
    hold_until_counted(pilot, [chen])
    return chen


def test_it_suspends_though_a_limit_had_kept_the_hours_out(years: SchoolYears) -> None:
    years.evening(date(2026, 10, 9), "读懂青春")
    again = years.evening(date(2026, 10, 16), "读懂青春")
    assert years.balance == 200

    signed(years.book, was_not_there(years, again))

    four_evenings_and_the_exam(years)
    assert (years.evaluation().star_level, conditions(years.evaluation())) == (0, [(0, 1)])


@pytest.mark.parametrize("there", [None, HALF])
def test_it_is_noted_before_anybody_attests(pilot: Pilot, chen: UUID, there: Stay | None) -> None:
    signed(pilot.book, stay(pilot, chen, there, FRAUD))
    attested(pilot)

    assert frauds(pilot, chen).latest == CONFIRMED
    assert balance(pilot, chen) == (100 if there else 0)


def test_it_is_seen_in_the_preview(pilot: Pilot, chen: UUID) -> None:
    order = stay(pilot, chen, None, FRAUD)
    [change] = pilot.book.corrections.preview(order, envelope(CONFIRMED)).effects.changes
    assert [effect.what for effect in change.effects] == ["fraud_confirmed"]


def test_who_had_been_there_all_the_time_is_not_suspended(pilot: Pilot, chen: UUID) -> None:
    signed(pilot.book, stay(pilot, chen, HALF, FRAUD))
    signed(pilot.book, stay(pilot, chen, WHOLE, ReversalReason.ENTRY_ERROR))
    attested(pilot)

    assert (frauds(pilot, chen), balance(pilot, chen)) == (Frauds(), 200)


def test_any_other_reason_notes_nothing(pilot: Pilot, chen: UUID) -> None:
    signed(pilot.book, stay(pilot, chen, None, ReversalReason.ENTRY_ERROR))
    assert frauds(pilot, chen) == Frauds()


def test_who_is_added_to_the_list_has_not_been_caught(pilot: Pilot, chen: UUID) -> None:
    lin = pilot.learners[1]
    signed(pilot.book, stay(pilot, lin, WHOLE, FRAUD))
    assert frauds(pilot, lin) == Frauds()


def test_a_line_that_stands_tells_of_it_itself(pilot: Pilot) -> None:
    chen = pilot.learners[0]
    hold(pilot, [chen])
    signed(pilot.book, stay(pilot, chen, None, FRAUD))

    facts = pilot.book.ledger.events.get(Account.create_id(chen))
    assert [fact for fact in facts if isinstance(fact, Account.FraudConfirmed)] == []
    assert frauds(pilot, chen).latest == CONFIRMED
