"""Leave is asked for until the session begins and decided once."""

from __future__ import annotations

import pytest

from domain.learner import Enrolment
from domain.leave import (
    Leave,
    LeaveCategory,
    LeaveDecided,
    LeaveRequestedOtherwise,
    LeaveTooLate,
)
from domain.session import Session
from domain.session_refusals import NotInvited
from tests.domain.given import CHEN, EVENING, LIN, by, history, news
from tests.domain.refusing import refused
from tests.domain.sessions import at, cancelled, scheduled

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
    } == {"session_id", "learner_id", "school_code", "category"}  # fmt: skip


@pytest.mark.parametrize("minutes", [-0.1, 0, 5])
def test_leave_is_asked_for_until_the_session_begins(minutes: float) -> None:
    session = scheduled()
    if minutes < 0:
        assert asked(session, minutes).is_granted is None
    else:
        with refused(LeaveTooLate, begins_at=EVENING):
            asked(session, minutes)


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
