"""What comes next in a session, as far as the asker may do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.access.actions import Action
from api.asking import Asking
from api.reaching import may_in
from domain.plan import Door
from domain.rules import AttendanceRules
from projections.session_board import SessionOnBoard


@dataclass(frozen=True)
class Rights:
    """What the asker may do in the sessions of one school."""

    may_open: bool
    may_close: bool
    may_present: bool
    may_count: bool
    may_attest_as_host: bool
    may_attest_as_coordinator: bool
    may_enter: bool
    may_see_list: bool
    may_see_register: bool
    may_see_learners: bool
    may_decide_leave: bool
    may_correct: bool
    may_see_sheets: bool
    may_void: bool


@dataclass(frozen=True)
class Step:
    """One button: its code, and where it leads. `posts` tells a command from a link."""

    code: str
    address: str
    posts: bool = False


def rights_in(asking: Asking, school_code: str) -> Rights:
    organisation = asking.runtime.organisation_of(school_code)

    def may(action: Action) -> bool:
        return may_in(asking, action, organisation)

    return Rights(
        may_open=may(Action.SESSION_OPEN),
        may_close=may(Action.SESSION_CLOSE),
        may_present=may(Action.SESSION_PRESENT),
        may_count=may(Action.SESSION_HEAD_COUNT),
        may_attest_as_host=may(Action.SESSION_ATTEST_AS_HOST),
        may_attest_as_coordinator=may(Action.SESSION_ATTEST_AS_COORDINATOR),
        may_enter=may(Action.ATTENDANCE_ENTER),
        may_see_list=may(Action.ATTENDANCE_ENTER) or may(Action.LEARNER_CONFIRM),
        may_see_register=may(Action.ATTENDANCE_READ),
        may_see_learners=may(Action.LEARNER_READ),
        may_decide_leave=may(Action.LEAVE_DECIDE),
        may_correct=may(Action.ATTENDANCE_CORRECT),
        may_see_sheets=may(Action.SHEET_READ),
        may_void=may(Action.SESSION_VOID_PROPOSE),
    )


def rules_of(asking: Asking, session: SessionOnBoard) -> AttendanceRules:
    """The rules of attendance the session was announced under, or else those of its day."""
    book = asking.runtime.book
    if session.rulebook_version is None:
        return book.sessions.rules_on(session.begins_at, session.school_code).attendance
    return book.rulebooks.version(session.rulebook_version).attendance


def door_of(asking: Asking, session: SessionOnBoard) -> Door:
    """The hours of the door under the rules the session was announced with."""
    rules = rules_of(asking, session)
    return Door(
        opens_minutes_before=rules.check_in_opens_minutes_before,
        closes_minutes_after_start=rules.check_in_closes_minutes_after_start,
    )


def next_step(session: SessionOnBoard, rights: Rights, door: Door, now: datetime) -> Step:
    """The one button of a session on the start page."""
    here = f"/staff/sessions/{session.session_id}"
    match session.standing:
        case "scheduled":
            opens_at, _ = door.hours(session.begins_at)
            if rights.may_open and opens_at <= now < session.ends_at:
                return Step("open", f"{here}/open", posts=True)
            return Step("wait", here)
        case "opened":
            return running_step(session, rights, here, now)
        case "closed":
            return closing_step(session, rights, here)
        case _:
            return Step("view", here)


def running_step(session: SessionOnBoard, rights: Rights, here: str, now: datetime) -> Step:
    if rights.may_close and now >= session.ends_at:
        return Step("close", f"{here}/close", posts=True)
    if rights.may_present:
        return Step("present", f"{here}/present")
    return Step("view", here)


def closing_step(session: SessionOnBoard, rights: Rights, here: str) -> Step:
    """Count, then host and coordinator confirm, each for themselves."""
    if session.head_count is None:
        return Step("count" if rights.may_count else "view", f"{here}#count")
    if session.host_id is None and rights.may_attest_as_host:
        return Step("attest_as_host", f"{here}#attest")
    if session.coordinator_id is None and rights.may_attest_as_coordinator:
        return Step("attest_as_coordinator", f"{here}#attest")
    return Step("view", here)
