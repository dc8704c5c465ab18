"""A change of details is asked for, waits alone, and is answered once."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.details import (
    Detail,
    DetailsRefusal,
    DetailsRequestAnswered,
    DetailsRequests,
    DetailsRequestWaits,
    DetailsUnchanged,
    UnknownDetailsRequest,
)
from tests.domain.given import CHEN, by, news
from tests.domain.refusing import refused

FIRST, SECOND = UUID(int=1), UUID(int=2)
NAME = (Detail.NAME,)


def asked() -> DetailsRequests:
    requests = DetailsRequests(learner_id=CHEN, envelope=by())
    requests.ask(FIRST, NAME, "c", by())
    requests.collect_events()
    return requests


def test_one_request_waits_at_a_time() -> None:
    requests = asked()
    with refused(DetailsRequestWaits):
        requests.ask(SECOND, NAME, "c", by())
    requests.withdraw(FIRST, by())
    requests.ask(SECOND, NAME, "c", by())
    assert requests.waiting == SECOND


def test_nothing_is_asked_for_that_is_so_already() -> None:
    with refused(DetailsUnchanged):
        DetailsRequests(learner_id=CHEN, envelope=by()).ask(FIRST, (), "c", by())


@pytest.mark.parametrize("answer", ["grant", "refuse", "withdraw"])
def test_an_answer_again_is_no_news_and_another_one_is_refused(answer: str) -> None:
    requests = asked()

    def say(which: str) -> None:
        if which == "refuse":
            requests.refuse(FIRST, DetailsRefusal.NOT_SO, by())
        else:
            getattr(requests, which)(FIRST, by())

    say(answer)
    say(answer)
    assert len(news(requests)) == 1
    assert requests.waiting is None
    for other in {"grant", "refuse", "withdraw"} - {answer}:
        with refused(DetailsRequestAnswered):
            say(other)


def test_what_nobody_asked_for_is_unknown() -> None:
    other = uuid4()
    with refused(UnknownDetailsRequest, id=other):
        asked().grant(other, by())
