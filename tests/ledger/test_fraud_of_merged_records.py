"""Confirmed fraud of somebody with two records: it stays with whoever did it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.account import Account
from domain.attendance import Stay
from domain.correction import AttendanceOrder
from domain.rules import ReversalReason
from tests.acting import Pilot
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.ledger.school_years import SchoolYears, evening_of
from tests.ledger.test_fraud import (
    CONFIRMED,
    caught,
    conditions,
    four_evenings_and_the_exam,
    signed,
    was_not_there,
    years,
)

__all__ = ["caught", "years"]  # fixtures

OCTOBER_16 = date(2026, 10, 16)


def was_there(session_id: UUID, learner: UUID) -> AttendanceOrder:
    begins = evening_of(OCTOBER_16)
    return AttendanceOrder(
        session_id=session_id, learner_id=learner,
        stay=Stay(begins=begins, ends=begins + timedelta(minutes=80)),
        reason_code=ReversalReason.ENTRY_ERROR,
    )  # fmt: skip


def school_years_of(pilot: Pilot, learner: UUID, but: UUID | None = None) -> SchoolYears:
    [child] = {key[0] for key in pilot.book.learners.get(learner).enrolments} - {but}
    return SchoolYears(pilot.book, learner, child)


@pytest.fixture
def parted(pilot: Pilot, years: SchoolYears) -> UUID:
    """Fraud that was confirmed while another record spoke for the learner; then they are two."""
    session_id = years.evening(OCTOBER_16, "读懂青春")
    signed_by_two(pilot, merge_of(pilot.learners[1], years.learner))
    signed(years.book, was_not_there(years, session_id))
    signed_by_two(pilot, parting(pilot.learners[1], years.learner))
    return session_id


def test_hours_given_back_after_a_merge_were_no_fraud(
    pilot: Pilot, years: SchoolYears, caught: UUID
) -> None:
    survivor = pilot.learners[1]
    signed_by_two(pilot, merge_of(survivor, years.learner))
    signed(years.book, was_there(caught, years.learner), CONFIRMED + timedelta(days=3))

    both = school_years_of(pilot, survivor, but=years.child)
    assert both.balance == 200
    four_evenings_and_the_exam(both)
    assert (both.evaluation().star_level, conditions(both.evaluation())) == (1, [])


@pytest.mark.usefixtures("parted")
def test_who_was_taken_for_somebody_else_is_not_suspended_for_them(pilot: Pilot) -> None:
    innocent = school_years_of(pilot, pilot.learners[1])
    four_evenings_and_the_exam(innocent)
    assert (innocent.evaluation().star_level, conditions(innocent.evaluation())) == (1, [])


@pytest.mark.usefixtures("parted")
def test_fraud_goes_back_to_whoever_did_it(years: SchoolYears) -> None:
    four_evenings_and_the_exam(years)
    assert (years.evaluation().star_level, conditions(years.evaluation())) == (0, [(0, 1)])


def test_hours_given_back_after_the_parting_were_no_fraud(years: SchoolYears, parted: UUID) -> None:
    signed(years.book, was_there(parted, years.learner), CONFIRMED + timedelta(days=3))
    four_evenings_and_the_exam(years)
    assert (years.evaluation().star_level, conditions(years.evaluation())) == (1, [])


def test_both_accounts_say_who_answers_now(pilot: Pilot, years: SchoolYears, caught: UUID) -> None:
    survivor, ledger = pilot.learners[1], pilot.book.ledger
    signed_by_two(pilot, merge_of(survivor, years.learner))

    for record in (survivor, years.learner):
        facts = ledger.events.get(Account.create_id(record))
        [said] = [fact for fact in facts if isinstance(fact, Account.HandedOver)]
        assert (said.from_learner_id, said.to_learner_id) == (years.learner, survivor)
        assert [fraud.hours for fraud in said.frauds] == [200]
