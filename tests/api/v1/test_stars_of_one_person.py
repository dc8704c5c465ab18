"""A star to be proposed, of a person whose records became one: proposed once, of the person."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.api.desk import Desk
from tests.api.v1.test_explanations import Tree, of_kind
from tests.api.v1.test_star_proposals import LIST, proposed, ready
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.ledger.stars import READY_ON

__all__ = ["ready"]


@pytest.fixture
def other(ready: Desk) -> UUID:
    """The record into which the one with four stars is merged, and which then has them."""
    return ready.pilot.learners[1]


def become_one(desk: Desk) -> None:
    merged, survivor, _ = desk.pilot.learners
    signed_by_two(desk.pilot, merge_of(survivor, merged))
    desk.catch_up(desk.runtime.book.ledger.position())


def propose(desk: Desk, learner: UUID) -> tuple[int, str]:
    """The status, and the proposal's address or the refusal's code."""
    body = {"learner_id": str(learner), "stage": "primary"}
    answer = desk.browser("coordinator").post(LIST, json=body)
    told = answer.json()
    if answer.status_code != 201:
        return answer.status_code, told["code"]
    return 201, f"/api/v1/star-proposals/{told['proposal_id']}"


def candidates(desk: Desk) -> list[str]:
    found = desk.browser("coordinator").get(LIST).json()["candidates"]
    return [each["learner_id"] for each in found]


def test_only_the_record_that_speaks_is_a_candidate_and_proposed(ready: Desk, other: UUID) -> None:
    become_one(ready)
    assert candidates(ready) == [str(other)]
    assert propose(ready, ready.pilot.learners[0]) == (404, "learner_unknown")
    assert propose(ready, other)[0] == 201


def test_who_was_proposed_under_the_merged_record_is_proposed_already(
    ready: Desk, other: UUID
) -> None:
    address = proposed(ready)
    become_one(ready)
    assert candidates(ready) == []
    assert propose(ready, other) == (201, address)


def test_what_the_head_refused_is_not_proposed_again_that_year_under_another_record(
    ready: Desk, other: UUID
) -> None:
    address = proposed(ready)
    ready.clock.move_to(READY_ON + timedelta(days=8))
    refused = ready.browser("head").post(
        f"{address}/decision", json={"refused_because": "no_example"}
    )
    assert refused.status_code == 201
    become_one(ready)
    assert propose(ready, other) == (409, "star_proposal_decided")


def test_the_explanation_of_a_star_finds_the_proposal_of_the_record_that_was_merged(
    ready: Desk, other: UUID
) -> None:
    address = proposed(ready)
    become_one(ready)
    ready.clock.move_to(READY_ON + timedelta(days=8))
    assert ready.browser("head").post(f"{address}/decision", json={}).status_code == 201

    def proposals() -> list[Tree]:
        told = ready.browser("parent", other).get("/api/v1/me/stars/primary/5/explanation").json()
        return of_kind(told["tree"], "proposal")

    while_one = proposals()
    assert len(while_one) == 1
    signed_by_two(ready.pilot, parting(other, ready.pilot.learners[0]))
    ready.catch_up(ready.runtime.book.ledger.position())
    assert proposals() == while_one
