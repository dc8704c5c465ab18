"""Leave is asked for until the session begins and decided once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.learner import Enrolment
from domain.leave import (
    Leave,
    LeaveCategory,
    LeaveDecided,
    LeaveNotHandedInYet,
    LeaveRequestedOtherwise,
    LeaveTooLate,
)
from domain.session import Session
from domain.session_refusals import NotInvited
from tests.domain.given import CHEN, EVENING, LIN, by, history, news
from tests.domain.refusing import refused
from tests.domain.sessions import at, attested, cancelled, scheduled

PLACE = Enrolment(
    child_id=LIN, school_code="4401040001", stage="primary", grade="三年级", class_group="2班",
    school_year=2026,
)  # fmt: skip


def asked(session: Session, minutes: float = -60) -> Leave:
    return Leave.request(session, CHEN, (PLACE,), LeaveCategory.WORK, at(minutes, CHEN))


def test_leave_carries_a_category_and_nothing_more() -> None:
    session = scheduled()
    [event] = news(asked(session))
    assert isinstance(event, Leave.Requested)
    assert set(type(event).model_fields) - {
        "originator_id", "originator_version", "originator_topic", "timestamp", "envelope",
    } == {"session_id", "learner_id", "school_code", "category", "handed_in_on"}  # fmt: skip
    assert event.handed_in_on is None


@pytest.mark.parametrize("minutes", [-0.1, 0, 5])
def test_leave_is_asked_for_until_the_session_begins(minutes: float) -> None:
    session = scheduled()
    if minutes < 0:
        assert asked(session, minutes).is_granted is None
    else:
        with refused(LeaveTooLate, begins_at=EVENING):
            asked(session, minutes)


def on_paper(session: Session, days: int, noted_after: int = 5) -> Leave:
    """Handed in so many days after the session's, and noted down some days after it."""
    noted, handed_in_on = at(noted_after * 1440), (EVENING + timedelta(days=days)).date()
    return Leave.on_paper(session, CHEN, (PLACE,), LeaveCategory.WORK, handed_in_on, noted)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_paper_handed_in_before_the_session_is_in_time(days: int) -> None:
    if days < 1:
        [event] = news(on_paper(attested(), days))
        assert isinstance(event, Leave.Requested)
        assert event.handed_in_on == (EVENING + timedelta(days=days)).date()
    else:
        with refused(LeaveTooLate, begins_at=EVENING):
            on_paper(attested(), days)


def test_paper_is_not_noted_before_its_day_nor_for_what_was_cancelled_or_not_theirs() -> None:
    with pytest.raises(LeaveNotHandedInYet):
        on_paper(scheduled(), -1, noted_after=-2)
    on_paper(scheduled(), -2, noted_after=-2)
    with refused(LeaveTooLate, begins_at=EVENING):
        on_paper(cancelled(), -1)
    with pytest.raises(NotInvited):
        Leave.on_paper(attested(), CHEN, (), LeaveCategory.CARE, EVENING.date(), at(60))


def test_nobody_asks_for_leave_from_what_is_cancelled_or_not_for_them() -> None:
    with refused(LeaveTooLate, begins_at=EVENING):
        asked(cancelled())
    with pytest.raises(NotInvited):
        Leave.request(scheduled(), CHEN, (), LeaveCategory.CARE, at(-60))


def test_the_same_request_is_no_news_and_another_reason_is_refused() -> None:
    leave = asked(scheduled())
    leave.request_again(LeaveCategory.WORK)
    with refused(LeaveRequestedOtherwise, category="work"):
        leave.request_again(LeaveCategory.ILLNESS)


def test_leave_may_be_granted_after_all_and_is_not_taken_back() -> None:
    leave = asked(scheduled())
    for decide in (leave.turn_down, leave.turn_down, leave.grant, leave.grant):
        decide(by())
    with refused(LeaveDecided, is_granted=True):
        leave.turn_down(by())

    told = news(leave)

    assert [type(each) for each in told[1:]] == [Leave.TurnedDown, Leave.Granted]
    again = history(told)
    assert isinstance(again, Leave)
    assert again.is_granted is True
