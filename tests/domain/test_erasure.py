"""A request to be erased: asked once at a time, answered once, and for good."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.envelope import Role
from domain.erasure import (
    CertificateWish,
    Erasure,
    ErasureAnswered,
    ErasureGround,
    ErasureState,
    ErasureWaits,
    PersonErased,
    Scope,
    UnknownErasure,
)
from tests.acting import SCHOOL, envelope
from tests.domain.refusing import refused

LEARNER, REQUEST = uuid4(), uuid4()
SCOPE = Scope(records=(LEARNER,), subjects=(LEARNER,))
KEEP, GIVE_UP = CertificateWish.KEEP, CertificateWish.WITHDRAW


def asked(wish: CertificateWish = GIVE_UP, request_id: UUID = REQUEST) -> Erasure:
    erasure = Erasure(learner_id=LEARNER, envelope=envelope())
    erasure.request(request_id, SCHOOL, wish, envelope(role=Role.PARENT))
    return erasure


def test_the_same_again_is_no_news_and_another_wish_waits() -> None:
    erasure = asked()
    erasure.request(uuid4(), SCHOOL, GIVE_UP, envelope())
    assert list(erasure.known) == [REQUEST]
    with refused(ErasureWaits):
        erasure.request(uuid4(), SCHOOL, KEEP, envelope())


def test_whoever_took_it_back_or_was_refused_may_ask_again() -> None:
    erasure = asked()
    for _ in range(2):
        erasure.withdraw(REQUEST, envelope())
    second = uuid4()
    erasure.request(second, SCHOOL, KEEP, envelope())
    for _ in range(2):
        erasure.refuse(second, ErasureGround.NOT_IDENTIFIED, envelope())
    third = uuid4()
    erasure.request(third, SCHOOL, KEEP, envelope())
    assert erasure.waiting == third


def test_carried_out_is_for_good() -> None:
    erasure = asked()
    assert erasure.carry_out(REQUEST, SCOPE, envelope())
    before = erasure.version
    assert not erasure.carry_out(REQUEST, SCOPE, envelope())
    assert (erasure.version, erasure.scope) == (before, SCOPE)
    assert erasure.known[REQUEST].state is ErasureState.CARRIED_OUT
    with refused(PersonErased):
        erasure.request(uuid4(), SCHOOL, KEEP, envelope())


@pytest.mark.parametrize("answer", ["withdraw", "refuse"])
def test_it_is_answered_once(answer: str) -> None:
    erasure = asked()
    if answer == "withdraw":
        erasure.withdraw(REQUEST, envelope())
    else:
        erasure.refuse(REQUEST, ErasureGround.DUTY_TO_KEEP, envelope())
    with refused(ErasureAnswered):
        erasure.carry_out(REQUEST, SCOPE, envelope())


def test_nobody_answers_what_nobody_asked() -> None:
    stranger = uuid4()
    for answered in (
        lambda: asked().withdraw(stranger, envelope()),
        lambda: asked().refuse(stranger, ErasureGround.NOT_IDENTIFIED, envelope()),
        lambda: asked().carry_out(stranger, SCOPE, envelope()),
    ):
        with refused(UnknownErasure, id=stranger):
            answered()


def test_what_was_carried_out_holds_where_nobody_remembers_the_request() -> None:
    erasure = Erasure(learner_id=LEARNER, envelope=envelope())
    for _ in range(2):
        erasure.carry_out_again(REQUEST, SCOPE, envelope())
    assert erasure.scope == SCOPE
    assert [type(each).__name__ for each in erasure.pending_events] == ["Opened", "CarriedOut"]
