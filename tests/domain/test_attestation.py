"""Heads are counted, and two persons attest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import Role
from domain.session import (
    AttestsAlone,
    DifferenceUnexplained,
    Session,
    SessionState,
    Standing,
    needs_explanation,
)
from tests.domain.given import CHEN, LIN, news
from tests.domain.sessions import at, closed, counted


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_difference_is_large_above_three_persons_and_a_twentieth(
    present: int, recorded: int
) -> None:
    difference = abs(present - recorded)
    large = difference > 3 and difference * 20 > max(present, recorded)
    assert needs_explanation(present, recorded) == large


def test_a_large_difference_wants_its_reason() -> None:
    session = closed()
    news(session)
    with pytest.raises(DifferenceUnexplained):
        session.count_heads(20, 10, None, at(81))
    assert news(session) == []
    session.count_heads(20, 10, "grandparents", at(82))
    assert session.counted == 20


def test_heads_are_counted_again_until_somebody_attests() -> None:
    session = counted()
    session.count_heads(9, 10, None, at(82))
    session.attest(Role.HOST, "1", at(83))
    with pytest.raises(SessionState):
        session.count_heads(10, 10, None, at(84))
    assert session.counted == 9


def test_the_same_counting_command_again_is_no_news() -> None:
    session = closed()
    command = at(81)
    for _ in range(2):
        session.count_heads(10, 10, None, command)
    assert len(news(session)) == 4


def test_nobody_attests_before_the_count() -> None:
    with pytest.raises(SessionState):
        closed().attest(Role.HOST, "1", at(81))


def test_only_host_and_coordinator_attest() -> None:
    with pytest.raises(SessionState):
        counted().attest(Role.HEAD, "1", at(81))


def test_one_person_attests_once_and_never_for_both() -> None:
    session = counted()
    news(session)
    session.attest(Role.HOST, "1", at(82, LIN))
    session.attest(Role.HOST, "1", at(83, LIN))
    with pytest.raises(SessionState):
        session.attest(Role.HOST, "1", at(83, CHEN))
    with pytest.raises(AttestsAlone):
        session.attest(Role.COORDINATOR, "1", at(83, LIN))
    assert len(news(session)) == 1
    assert session.standing is Standing.CLOSED


def test_the_second_attestation_is_complete_and_comes_again_without_news() -> None:
    session = counted()
    session.attest(Role.COORDINATOR, "1", at(82, LIN))
    session.attest(Role.HOST, "1", at(83, CHEN))
    session.attest(Role.HOST, "1", at(84, CHEN))
    last = [event for event in news(session) if isinstance(event, Session.Attested)]
    assert [event.complete for event in last] == [False, True]
