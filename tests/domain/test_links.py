"""A link is asked for once, answered, and answered anew only from nobody to somebody."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from domain.attendance import Attendance
from domain.enrolment import ClassPlace
from domain.links import LinkAlreadyConfirmed, LinkRefusal, Links, LinkState, UnknownLink
from tests.domain.given import CHEN, LIN, by, news
from tests.domain.refusing import refused

MARCH = date(2027, 3, 1)
LINK, CHILD = UUID(int=1), UUID(int=2)
CLASS = ClassPlace(
    school_code="4401040001", stage="primary", grade="三年级", class_group="2班", school_year=2026
)


def asked() -> Links:
    links = Links(learner_id=CHEN, envelope=by())
    links.request(LINK, CLASS, "c", "0" * 64, by())
    links.collect_events()
    return links


def test_the_same_form_again_is_no_news() -> None:
    links = asked()
    links.request(LINK, CLASS, "c", "0" * 64, by())
    assert news(links) == []
    assert list(links.waiting()) == [(LINK, CLASS)]


def test_not_known_may_become_known_and_never_back() -> None:
    links = asked()
    links.turn_down(LINK, LinkRefusal.NOT_KNOWN, by())
    links.turn_down(LINK, LinkRefusal.NOT_KNOWN, by())
    assert list(links.waiting()) == []
    assert links.confirm(LINK, CHILD, LIN, by())
    assert not links.confirm(LINK, CHILD, LIN, by())
    assert len(news(links)) == 2
    with refused(LinkAlreadyConfirmed):
        links.turn_down(LINK, LinkRefusal.NOT_KNOWN, by())
    with refused(LinkAlreadyConfirmed):
        links.confirm(LINK, uuid4(), LIN, by())
    assert links.link(LINK).state is LinkState.CONFIRMED


def test_a_waiting_link_goes_to_another_class_and_an_answered_one_stays() -> None:
    links, there = asked(), CLASS.model_copy(update={"school_code": "4401130001"})
    for _ in range(2):
        links.move(LINK, there, MARCH, by())
    [moved] = news(links)
    assert (moved.model_dump()["moved_on"], links.link(LINK).place) == (MARCH, there)
    assert links.link(LINK).before == ((CLASS, MARCH),)
    links.turn_down(LINK, LinkRefusal.NOT_KNOWN, by())
    news(links)
    links.move(LINK, CLASS, MARCH, by())
    assert news(links) == []


def test_what_nobody_asked_for_is_unknown() -> None:
    other = uuid4()
    with refused(UnknownLink, id=other):
        asked().confirm(other, CHILD, LIN, by())


def test_an_attendance_is_vouched_for_once() -> None:
    attendance = Attendance(
        session_id=uuid4(), learner_id=CHEN, school_code="4401040001", child_ids=(),
        scan_id=uuid4(), link_id=LINK, envelope=by(),
    )  # fmt: skip
    attendance.collect_events()
    for _ in range(2):
        attendance.vouch((CHILD,), by())
    [vouched] = news(attendance)
    assert isinstance(vouched, Attendance.Vouched)
    assert (vouched.child_ids, attendance.awaits_link) == ((CHILD,), False)
