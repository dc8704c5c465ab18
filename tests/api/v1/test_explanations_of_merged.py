"""Why and as-of once two records of one person were merged: down to the scans of either of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.account import Account
from tests.api.desk import Desk
from tests.api.v1.test_explanations import of_kind
from tests.ledger.merging import evening, merge_of, parting, signed_by_two


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
