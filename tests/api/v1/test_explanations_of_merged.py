"""Why and as-of once two records of one person were merged: down to the scans of either of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.account import Account
from domain.evaluation import Evaluation
from domain.rules import ReversalReason
from tests.acting import STARTS, envelope
from tests.api.desk import Desk
from tests.api.v1.test_explanations import of_kind
from tests.ledger.merging import evening, merge_of, parting, signed_by_two
from tests.ledger.school_years import SchoolYears, evening_of
from tests.ledger.test_fraud import four_evenings_and_the_exam
from tests.ledger.test_merged_stars import granted
from tests.projections.term import Term


@pytest.fixture
def records(desk: Desk) -> tuple[UUID, UUID]:
    """The first learner was at one evening, the second at another; then they are one person."""
    one, other, _ = desk.pilot.learners
    evening(desk.pilot, 1, [one])
    evening(desk.pilot, 2, [other])
    signed_by_two(desk.pilot, merge_of(one, other))
    desk.catch_up(desk.runtime.book.ledger.position())
    return one, other


def lines(desk: Desk, learner: UUID) -> list[UUID]:
    account = desk.runtime.book.ledger.find(Account, Account.create_id(learner))
    return [each.entry_id for each in account.standing] if account else []


def why(desk: Desk, learner: UUID, line: UUID) -> dict[str, Any]:
    address = f"/api/v1/learners/{learner}/lines/{line}/explanation"
    found: dict[str, Any] = desk.browser("auditor").get(address).json()
    return found


def test_a_line_that_came_by_a_merge_opens_to_the_scans_of_the_other_record(
    desk: Desk, records: tuple[UUID, UUID]
) -> None:
    one, _ = records
    own, moved = lines(desk, one)
    for line in (own, moved):
        tree = why(desk, one, line)["tree"]
        [check_in] = of_kind(tree, "check_in")
        assert check_in["event"]["channel"] == "rotating_qr"
        [assessed] = of_kind(tree, "assessment")
        assert assessed["rule"]["version"] == "2026.1"


def test_what_was_taken_back_by_the_merge_says_so(desk: Desk, records: tuple[UUID, UUID]) -> None:
    _, other = records
    [gone] = [each.entry_id for each in desk.runtime.models.accounts.statement(other)][:1]
    told = why(desk, other, gone)
    assert told["tree"]["values"]["stands"] is False
    [taken] = of_kind(told["tree"], "reversed")
    assert taken["values"]["reason_code"] == "merged"


def test_as_known_while_they_were_one_the_record_that_spoke_had_it_all(
    desk: Desk, records: tuple[UUID, UUID]
) -> None:
    one, other = records
    as_of = desk.runtime.models.as_of
    while_one = datetime.now(UTC)

    signed_by_two(desk.pilot, parting(one, other))
    desk.catch_up(desk.runtime.book.ledger.position())

    assert [as_of.then(each).balance for each in records] == [200, 200]
    assert [as_of.then(each, known_by=while_one).balance for each in records] == [400, 0]


def test_a_star_taken_over_opens_to_the_award_under_the_other_record(desk: Desk) -> None:
    one, other, _ = desk.pilot.learners
    evening(desk.pilot, 1, [one])
    evening(desk.pilot, 2, [other])
    granted(desk.pilot, other, 3)
    signed_by_two(desk.pilot, merge_of(one, other))
    desk.catch_up(desk.runtime.book.ledger.position())

    address = f"/api/v1/learners/{one}/stars/primary/3/explanation"
    told = desk.browser("auditor").get(address).json()

    assert told["answer"] == "小学 三星家长，2026-09-18 起，带自另一份记录"
    [award] = told["tree"]["children"]
    assert award["event"]["stream"] == str(Evaluation.create_id(other, "primary"))
    assert award["says"] == "小学 三星家长，2026-09-18 起"


def test_a_star_that_had_to_wait_names_the_fraud_under_the_other_record(desk: Desk) -> None:
    one, other, _ = desk.pilot.learners
    fraud = caught(desk, other)
    signed_by_two(desk.pilot, merge_of(one, other))
    years = years_of(desk, one)
    four_evenings_and_the_exam(years)
    years.close(2026)
    desk.catch_up(desk.runtime.book.ledger.position())

    address = f"/api/v1/learners/{one}/stars/primary/1/explanation"
    tree = desk.browser("auditor").get(address).json()["tree"]

    [waited] = [each for each in of_kind(tree, "condition") if "fraud" in each["rule"]["ref"]]
    [confirmed] = waited["children"]
    assert confirmed["event"]["stream"] == str(fraud)


def test_a_certificate_of_the_other_record_is_explained_to_its_parent(desk: Desk) -> None:
    one, other, _ = desk.pilot.learners
    term = Term(desk.pilot)
    term.evening(desk.pilot.session_id, STARTS, desk.pilot.learners)
    term.issue()
    signed_by_two(desk.pilot, merge_of(other, one))
    desk.catch_up(desk.runtime.book.ledger.position())
    parent = desk.browser("parent", other)

    held = desk.runtime.models.certificates.certificates_of_learner(other)
    [number, *_] = [each.number for each in held if each.learner_id == one]

    path = f"/me/certificates/{number}/explanation"
    assert parent.get(f"/api/v1{path}").json()["answer"] == f"学时证明 {number}"
    assert parent.get(path).status_code == 200


def years_of(desk: Desk, learner: UUID) -> SchoolYears:
    [(child, *_), *_] = desk.pilot.book.learners.get(learner).enrolments
    years = SchoolYears(desk.pilot.book, learner, child)
    years.begin(2026, "三年级")
    return years


def caught(desk: Desk, learner: UUID) -> UUID:
    """The account of somebody who was entered for an evening and had not been at it."""
    years_of(desk, learner).evening(date(2026, 10, 16), "读懂青春")
    account = desk.runtime.book.ledger.find(Account, Account.create_id(learner))
    assert account is not None
    at = envelope(evening_of(date(2026, 10, 20)))
    account.reverse(account.standing[-1].entry_id, ReversalReason.FRAUD_CONFIRMED, at)
    desk.runtime.book.ledger.save(account)
    return account.id
