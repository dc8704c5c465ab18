"""A parent who speaks or helps is named before the session is attested, with fitting hours."""

from __future__ import annotations

from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest

from domain.envelope import Role
from domain.service import Service, ServiceExceedsSession, ServiceKind
from domain.session import Session
from domain.session_refusals import SessionState
from tests.domain.given import CHEN, by, history, news
from tests.domain.refusing import refused
from tests.domain.sessions import STANDINGS, at, attested, counted, plan, scheduled

TALK = ServiceKind.PARENT_LECTURER


def named(session: Session, class_hours: int = 100) -> Service:
    return Service.name(session, CHEN, TALK, class_hours, by())


@pytest.mark.parametrize("standing", ["scheduled", "opened", "closed"])
def test_somebody_is_named_until_the_session_is_attested(standing: str) -> None:
    session = STANDINGS[next(s for s in STANDINGS if s.value == standing)]()

    [event] = news(named(session))

    assert isinstance(event, Service.Named)
    assert (event.session_id, event.learner_id, event.kind) == (session.id, CHEN, TALK)
    assert event.originator_id == Service.create_id(session.id, CHEN, TALK)
    assert event.originator_id.bytes[:6] == session.id.bytes[:6]


@pytest.mark.parametrize("standing", ["attested", "cancelled"])
def test_what_two_persons_attest_is_not_added_to(standing: str) -> None:
    session = STANDINGS[next(s for s in STANDINGS if s.value == standing)]()
    with refused(SessionState, stands=standing):
        named(session)


def test_after_the_first_attestation_the_list_stands() -> None:
    session = counted()
    session.attest(Role.HOST, "attestation/1", 10, at(82))
    with pytest.raises(SessionState):
        named(session)


def test_nobody_serves_longer_than_the_session() -> None:
    session = scheduled()
    named(session, session.plan.class_hours)
    with refused(ServiceExceedsSession, class_hours=200):
        named(session, session.plan.class_hours + 1)


def test_a_name_is_taken_off_and_put_on_again() -> None:
    session = scheduled()
    service = named(session)
    service.name_again(session, 100, by())  # the same: no news
    service.withdraw(session, by())
    service.withdraw(session, by())
    assert not service.stands
    service.name_again(session, 200, by())

    told = news(service)

    assert [event.TOPIC for event in told] == [
        "service.named", "service.withdrawn", "service.named_again",
    ]  # fmt: skip
    again = history(told)
    assert isinstance(again, Service)
    assert (again.stands, again.class_hours) == (True, 200)


def test_a_name_stays_once_the_session_is_attested() -> None:
    session = scheduled()
    service = named(session)
    with pytest.raises(SessionState):
        service.withdraw(attested(), by())


def test_kinds_of_one_person_are_two_services() -> None:
    session_id = uuid5(NAMESPACE_OID, "session")
    ids = {Service.create_id(session_id, CHEN, kind) for kind in ServiceKind}
    assert len(ids) == len(ServiceKind)


def test_a_name_comes_back_with_the_same_hours_and_stays_with_others() -> None:
    session = scheduled()
    service = named(session)
    service.name_again(session, 200, by())
    assert service.class_hours == 200
    service.withdraw(session, by())
    service.name_again(session, 200, by())
    assert service.stands


def test_who_helped_where_no_class_hour_was_given_is_taken_off_the_list() -> None:
    session = Session(id=uuid4(), plan=plan(class_hours=0), envelope=at(-9000))
    service = named(session, 0)
    service.withdraw(session, by())
    assert not service.stands
