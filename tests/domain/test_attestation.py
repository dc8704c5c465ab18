"""Heads are counted, and two persons attest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import Role
from domain.head_count import CountAgain, DifferenceUnexplained, Recorded, needs_explanation
from domain.session import Session
from domain.session_refusals import AttestsAlone, SessionState
from domain.standing import Standing
from tests.domain.given import CHEN, LIN, news
from tests.domain.refusing import refused
from tests.domain.sessions import at, closed, counted, opened


def present_in(session: Session) -> int | None:
    return session.head_count.present if session.head_count else None


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
    with refused(DifferenceUnexplained, present=20, recorded=10):
        session.count_heads(20, Recorded(10, 10), None, at(81))
    assert news(session) == []
    session.count_heads(20, Recorded(10, 10), "grandparents", at(82))
    assert present_in(session) == 20


def test_heads_are_counted_again_until_somebody_attests() -> None:
    session = counted()
    session.count_heads(9, Recorded(10, 10), None, at(82))
    session.attest(Role.HOST, "1", 10, at(83))
    with pytest.raises(SessionState):
        session.count_heads(10, Recorded(10, 10), None, at(84))
    assert present_in(session) == 9


def test_the_same_counting_command_again_is_no_news() -> None:
    session = closed()
    command = at(81)
    for _ in range(2):
        session.count_heads(10, Recorded(10, 10), None, command)
    assert len(news(session)) == 4


def test_nobody_attests_before_the_count() -> None:
    with refused(SessionState, stands="not_counted"):
        closed().attest(Role.HOST, "1", 10, at(81))


def test_only_host_and_coordinator_attest() -> None:
    with refused(SessionState, stands="head"):
        counted().attest(Role.HEAD, "1", 10, at(81))


def test_one_person_attests_once_and_never_for_both() -> None:
    session = counted()
    news(session)
    session.attest(Role.HOST, "1", 10, at(82, LIN))
    session.attest(Role.HOST, "1", 10, at(83, LIN))
    with refused(SessionState, stands="attested_as_host"):
        session.attest(Role.HOST, "1", 10, at(83, CHEN))
    with pytest.raises(AttestsAlone):
        session.attest(Role.COORDINATOR, "1", 10, at(83, LIN))
    assert len(news(session)) == 1
    assert session.standing is Standing.CLOSED


def test_the_second_attestation_is_complete_and_comes_again_without_news() -> None:
    session = counted()
    session.attest(Role.COORDINATOR, "1", 10, at(82, LIN))
    session.attest(Role.HOST, "1", 10, at(83, CHEN))
    session.attest(Role.HOST, "1", 10, at(84, CHEN))
    last = [event for event in news(session) if isinstance(event, Session.Attested)]
    assert [event.complete for event in last] == [False, True]


def counted_early(present: int, recorded: int, explanation_code: str | None) -> Session:
    session = opened()
    session.count_heads(present, Recorded(recorded, recorded), explanation_code, at(5))
    session.close(at(80))
    return session


@pytest.mark.parametrize("explanation_code", [None, "", "grandparents"])
def test_names_added_after_the_count_are_counted_before_anybody_attests(
    explanation_code: str | None,
) -> None:
    """A reason that was given while nothing differed does not speak for what came later."""
    session = counted_early(5, 5, explanation_code)
    news(session)
    with refused(CountAgain, present=5, recorded=45):
        session.attest(Role.HOST, "1", 45, at(82))
    assert news(session) == []
    session.count_heads(45, Recorded(45, 45), None, at(83))
    session.attest(Role.HOST, "1", 45, at(84))


def test_a_difference_that_was_explained_and_a_small_one_need_no_second_count() -> None:
    counted_early(20, 10, "grandparents").attest(Role.HOST, "1", 11, at(82))
    counted_early(10, 10, None).attest(Role.HOST, "1", 13, at(82))


def test_between_the_two_attestations_nobody_has_to_count() -> None:
    """Heads cannot be counted any more then: the second must not wait for it for ever."""
    session = counted()
    session.attest(Role.HOST, "1", 10, at(82, LIN))
    session.attest(Role.COORDINATOR, "1", 20, at(83, CHEN))
    assert session.standing is Standing.ATTESTED


def test_the_room_is_compared_with_persons_beside_the_records_that_came_in() -> None:
    session = opened()
    news(session)
    session.count_heads(20, Recorded(24, 20), None, at(5))
    [counted_] = news(session)
    assert isinstance(counted_, Session.HeadCounted)
    assert (counted_.persons_recorded, counted_.distinct_persons) == (24, 20)
    session.close(at(80))
    session.attest(Role.HOST, "1", 20, at(82))


def test_a_count_of_before_persons_were_told_apart_reads_as_it_did() -> None:
    session = closed()
    session.trigger_event(
        Session.HeadCounted, persons_present=24, persons_recorded=24, envelope=at(5)
    )
    assert session.head_count is not None
    assert session.head_count.recorded == 24
