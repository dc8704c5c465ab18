"""A child moves: out, in, confirmed by both; nothing before its day, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid5

import pytest

from domain.enrolment import Enrolment, Leaving
from domain.learner import Learner
from domain.transfer import (
    NotEffectiveYet,
    Transfer,
    TransferAnnouncedOtherwise,
    TransferClaimed,
    TransferElsewhere,
    TransferNotClaimed,
    TransferOver,
    TransferState,
)
from tests.domain.given import CHEN, by, history, news
from tests.domain.refusing import refused

YUEXIU, PANYU, HAIZHU = "4401040001", "4401130001", "4401050001"
CHILD = uuid5(NAMESPACE_OID, "陈小明（示例）")
MARCH = date(2027, 3, 1)


def place(school: str = PANYU, group: str = "1班") -> Enrolment:
    return Enrolment(
        child_id=CHILD, school_code=school, stage="primary", grade="三年级", class_group=group,
        school_year=2026,
    )  # fmt: skip


def leaving(to: str | None = None) -> Transfer:
    made = Transfer(child_id=CHILD, from_school_code=YUEXIU, school_year=2026, envelope=by())
    made.announce(MARCH, to, by())
    return made


def test_out_in_and_confirmed_gives_the_new_place() -> None:
    moving = leaving()
    moving.claim(place(), by())
    assert moving.confirm(MARCH, by()) == place()
    assert moving.state is TransferState.CONFIRMED
    kinds = [type(event).__name__ for event in news(moving)]
    assert kinds == ["Opened", "Announced", "Claimed", "Confirmed"]


def test_the_same_step_again_is_no_news() -> None:
    moving = leaving()
    moving.announce(MARCH, None, by())
    moving.claim(place(), by())
    moving.claim(place(), by())
    assert len(news(moving)) == 3


def test_a_withdrawn_transfer_may_be_announced_again() -> None:
    moving = leaving()
    moving.claim(place(), by())
    for _ in range(2):
        moving.withdraw(by())
    moving.announce(MARCH + timedelta(days=7), HAIZHU, by())
    assert (moving.state, moving.place) == (TransferState.ANNOUNCED, None)


def over() -> Transfer:
    moving = leaving()
    moving.claim(place(), by())
    moving.confirm(MARCH, by())
    return moving


def claimed() -> Transfer:
    moving = leaving()
    moving.claim(place(), by())
    return moving


Refusal = AbstractContextManager[object]
REFUSALS: list[tuple[Callable[[], Transfer], Callable[[Transfer], object], Refusal]] = [
    (leaving, lambda t: t.announce(MARCH, YUEXIU, by()), refused(TransferElsewhere)),
    (
        leaving,
        lambda t: t.announce(MARCH, HAIZHU, by()),
        refused(TransferAnnouncedOtherwise, effective_on=MARCH),
    ),
    (leaving, lambda t: t.claim(place(YUEXIU), by()), refused(TransferElsewhere)),
    (lambda: leaving(HAIZHU), lambda t: t.claim(place(), by()), refused(TransferElsewhere)),
    (claimed, lambda t: t.claim(place(group="2班"), by()), refused(TransferClaimed)),
    (over, lambda t: t.claim(place(), by()), refused(TransferOver)),
    (leaving, lambda t: t.confirm(MARCH, by()), refused(TransferNotClaimed)),
    (
        claimed,
        lambda t: t.confirm(MARCH - timedelta(days=1), by()),
        refused(NotEffectiveYet, effective_on=MARCH),
    ),
    (over, lambda t: t.confirm(MARCH, by()), refused(TransferOver)),
    (over, lambda t: t.withdraw(by()), refused(TransferOver)),
]


@pytest.mark.parametrize(("given", "step", "refusal"), REFUSALS)
def test_a_step_out_of_turn_is_refused_and_nothing_is_recorded(
    given: Callable[[], Transfer], step: Callable[[Transfer], object], refusal: Refusal
) -> None:
    moving = given()
    news(moving)
    with refusal:
        step(moving)
    assert news(moving) == []


def test_a_transfer_is_the_same_after_a_reload() -> None:
    moving = over()
    assert vars(history(news(moving))) == vars(moving)


def mother() -> Learner:
    made = Learner(id=CHEN, name_commitment="c0ffee", envelope=by())
    made.link_child(CHILD, "52", True, "roster", by())
    made.enrol(place(YUEXIU), by())
    return made


def test_the_old_place_ends_on_its_day_and_the_new_one_has_an_enrolment_of_its_own() -> None:
    parent = mother()
    for _ in range(2):
        parent.end_enrolment(place(YUEXIU), MARCH, Leaving.TRANSFERRED, by())
        parent.enrol(place(), by(), MARCH)

    events = news(parent)
    enrolled = [event for event in events if isinstance(event, Learner.Enrolled)]
    assert len({event.enrolment_id for event in enrolled}) == len(enrolled) == 2
    assert parent.enrolments_at(YUEXIU, 2026) == ()
    assert parent.enrolments_at(YUEXIU, 2026, MARCH - timedelta(days=1)) == (place(YUEXIU),)
    assert parent.enrolments_at(YUEXIU, 2026, MARCH) == ()
    assert parent.enrolments_at(PANYU, 2026) == (place(),)
    assert parent.years_enrolled("primary") == {2026}


def test_a_child_that_comes_back_has_its_place_again() -> None:
    parent = mother()
    parent.end_enrolment(place(YUEXIU), MARCH, Leaving.LEFT, by())
    parent.enrol(place(YUEXIU), by(), MARCH)
    assert parent.enrolments_at(YUEXIU, 2026) == (place(YUEXIU),)
    assert len(parent.enrolments) == len(list(parent.enrolments)) == 1
