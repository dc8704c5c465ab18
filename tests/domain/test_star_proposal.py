"""A star by proposal: published first, decided by somebody who took no part, never in secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import Role
from domain.refusals import Refused
from domain.staff import OwnCase
from domain.star_proposal import (
    ObjectionOpen,
    ObjectionReason,
    ProposalDecided,
    ProposalState,
    PublicityNotOver,
    PublicityOver,
    RefusalReason,
    StarProposal,
    TookPart,
    UnknownObjection,
)
from tests.domain import refusing
from tests.domain.given import CHEN, by, history, news

UNTIL = date(2027, 6, 18)
AFTER = UNTIL + timedelta(days=1)
COORDINATOR, HEAD, NEIGHBOUR = uuid4(), uuid4(), uuid4()
OTHER = ObjectionReason.OTHER


def proposal(*objectors: UUID) -> StarProposal:
    made = StarProposal(
        learner_id=CHEN, school_code="4401040001", stage="primary", level=5, school_year=2026,
        published_until=UNTIL, envelope=by(COORDINATOR, role=Role.COORDINATOR),
    )  # fmt: skip
    for objector in objectors:
        made.object(OTHER, UNTIL, by(objector))
    made.collect_events()
    return made


def refused(
    kind: type[Refused], act: Callable[[], object], made: StarProposal, **facts: object
) -> None:
    with refusing.refused(kind, **facts):
        act()
    assert news(made) == []


def test_a_proposal_is_one_a_school_year() -> None:
    made = proposal()
    assert made.id == StarProposal.create_id(CHEN, "primary", 5, 2026)
    assert made.id != StarProposal.create_id(CHEN, "primary", 5, 2027)


@given(days=st.integers(-2, 2))
def test_nobody_decides_before_the_publicity_is_over(days: int) -> None:
    made, today = proposal(), UNTIL + timedelta(days=days)
    if days > 0:
        made.grant(today, by(HEAD))
        assert [type(fact) for fact in news(made)] == [StarProposal.Granted]
    else:
        refused(PublicityNotOver, lambda: made.grant(today, by(HEAD)), made, until=UNTIL)


@given(days=st.integers(-2, 2))
def test_objections_are_made_while_it_is_published(days: int) -> None:
    made, today = proposal(), UNTIL + timedelta(days=days)
    if days > 0:
        refused(PublicityOver, lambda: made.object(OTHER, today, by(NEIGHBOUR)), made, until=UNTIL)
    else:
        objection = made.object(OTHER, today, by(NEIGHBOUR))
        [fact] = news(made)
        assert isinstance(fact, StarProposal.Objected)
        assert (fact.objection_id, fact.reason_code) == (objection, OTHER)


def test_somebody_objects_once() -> None:
    made = proposal(NEIGHBOUR)
    made.object(ObjectionReason.NO_EXAMPLE, UNTIL, by(NEIGHBOUR))
    made.dismiss(made.objection_id_of(NEIGHBOUR), by(HEAD))
    made.object(OTHER, UNTIL, by(NEIGHBOUR))
    assert [type(fact) for fact in news(made)] == [StarProposal.ObjectionDismissed]


def test_an_open_objection_stops_the_decision_until_it_is_dismissed() -> None:
    made = proposal(NEIGHBOUR)
    refused(ObjectionOpen, lambda: made.grant(AFTER, by(HEAD)), made, open=1)
    made.dismiss(made.objection_id_of(NEIGHBOUR), by(HEAD))
    made.grant(AFTER, by(HEAD))
    assert made.state is ProposalState.GRANTED


def test_an_objection_that_holds_refuses_the_star() -> None:
    made = proposal(NEIGHBOUR)
    made.uphold(made.objection_id_of(NEIGHBOUR), by(HEAD))
    made.uphold(made.objection_id_of(NEIGHBOUR), by(HEAD))
    upheld, fact = news(made)
    assert isinstance(upheld, StarProposal.ObjectionUpheld)
    assert isinstance(fact, StarProposal.Refused)
    assert fact.reason_code is RefusalReason.OBJECTION_UPHELD
    refused(ProposalDecided, lambda: made.grant(AFTER, by(HEAD)), made, state="refused")


def test_an_objection_is_answered_once_and_only_one_that_was_made() -> None:
    made = proposal(NEIGHBOUR)
    for _ in range(2):
        made.dismiss(made.objection_id_of(NEIGHBOUR), by(HEAD))
    assert len(news(made)) == 1
    for unknown in (made.objection_id_of(NEIGHBOUR), uuid4()):
        act = partial(made.uphold, unknown, by(HEAD))
        refused(UnknownObjection, act, made, id=unknown)


@pytest.mark.parametrize("actor", [COORDINATOR, NEIGHBOUR])
def test_whoever_proposed_or_objected_decides_nothing(actor: UUID) -> None:
    made = proposal(NEIGHBOUR)
    objection = made.objection_id_of(NEIGHBOUR)
    refused(TookPart, lambda: made.dismiss(objection, by(actor)), made)
    made.dismiss(objection, by(HEAD))
    made.collect_events()
    refused(TookPart, lambda: made.grant(AFTER, by(actor)), made)
    refused(TookPart, lambda: made.refuse(RefusalReason.OTHER, AFTER, by(actor)), made)


def test_the_same_decision_again_is_no_news_and_another_one_is_refused() -> None:
    granted, turned_down = proposal(), proposal()
    granted.grant(AFTER, by(HEAD))
    turned_down.refuse(RefusalReason.NO_EXAMPLE, AFTER, by(HEAD))
    for made in (granted, turned_down):
        made.collect_events()
    granted.grant(AFTER, by(HEAD))
    turned_down.refuse(RefusalReason.NO_EXAMPLE, AFTER, by(HEAD))
    act = partial(granted.refuse, RefusalReason.OTHER, AFTER, by(HEAD))
    refused(ProposalDecided, act, granted, state="granted")
    refused(
        ProposalDecided, lambda: turned_down.grant(AFTER, by(HEAD)), turned_down, state="refused"
    )
    refused(
        ProposalDecided, lambda: granted.object(OTHER, UNTIL, by(NEIGHBOUR)), granted,
        state="granted",
    )  # fmt: skip


def test_nobody_acts_in_their_own_case() -> None:
    made = proposal()
    refused(OwnCase, lambda: made.refuse_own_case([CHEN]), made)
    made.refuse_own_case([])


def test_a_proposal_comes_back_from_its_history() -> None:
    made = StarProposal(
        learner_id=CHEN, school_code="4401040001", stage="primary", level=5, school_year=2026,
        published_until=UNTIL, envelope=by(COORDINATOR),
    )  # fmt: skip
    made.object(OTHER, UNTIL, by(NEIGHBOUR))
    made.uphold(made.objection_id_of(NEIGHBOUR), by(HEAD))
    again = history(news(made))
    assert isinstance(again, StarProposal)
    assert (again.state, again.took_part) == (made.state, made.took_part)
