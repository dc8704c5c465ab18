"""A provider that hangs holds few threads of the pages, and none for long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.provider_line import Line, SignOnAway, SignOnBusy
from api.access.sign_on_provider import Provider
from api.app import create_app
from api.bootstrap import Runtime
from tests.api.desk import ORIGIN
from tests.api.sign_on.going import at_the_provider, sent_away, signed_on
from tests.api.sign_on.provider import MOST_SECONDS, SignOnServer
from tests.clock import TestClock
from tests.saying import says

PATIENCE = 1.5  # in which a question reaches the provider also from a busy machine
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def hasty(house: Runtime) -> Provider:
    """The house's provider, at the end of a line that is soon out of patience."""
    assert house.sign_on is not None
    provider = house.sign_on.provider
    provider.line = Line(PATIENCE, most=2)
    return provider


@pytest.fixture
def others() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


def seconds(asked: Callable[[], Response]) -> tuple[Response, float]:
    began = time.monotonic()
    return asked(), time.monotonic() - began


def met(sure: Callable[[], bool]) -> None:
    until = time.monotonic() + MOST_SECONDS
    while not sure():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("path", [DISCOVERY, "/keys", "/token"])
def test_an_answer_that_comes_byte_by_byte_is_given_up_in_time(
    hasty: Provider, browser: TestClient, provider: SignOnServer, path: str
) -> None:
    back = at_the_provider(sent_away(browser)) if path == "/token" else "/staff/sign-on"
    provider.drips = path
    answer, taken = seconds(lambda: browser.get(back))
    assert (answer.status_code, says(answer, SignOnAway.code)) == (503, True)
    assert taken < MOST_SECONDS / 2, "a read that got a byte is no reason to wait on"
    assert path in provider.asked
    assert provider.was_cut.wait(MOST_SECONDS / 2), "nothing waits on behind whoever gave up"
    provider.drips = ""
    browser.cookies.clear()
    assert signed_on(browser).status_code == 303


def test_few_wait_and_the_others_are_refused_at_once_and_lose_nothing(
    hasty: Provider, house: Runtime, browser: TestClient, provider: SignOnServer,
    others: ThreadPoolExecutor,
) -> None:  # fmt: skip
    hasty.line = Line(MOST_SECONDS, most=2)
    back = at_the_provider(sent_away(browser))
    provider.drips = "/token"
    more = [TestClient(create_app(house), base_url=ORIGIN, follow_redirects=False) for _ in "12"]
    backs = [at_the_provider(sent_away(each)) for each in more]
    waiting = [others.submit(each.get, way) for each, way in zip(more, backs, strict=True)]
    met(lambda: provider.asked.count("/token") == 2)

    answer, taken = seconds(lambda: browser.get(back))
    assert (answer.status_code, says(answer, SignOnBusy.code)) == (503, True)
    assert answer.headers["Retry-After"] == "5"
    assert taken < MOST_SECONDS / 4
    provider.drips = ""
    assert [each.result(MOST_SECONDS).status_code for each in waiting] == [503, 503]
    assert browser.get(back).status_code == 303, "what was refused is not used up"


def test_one_asks_where_the_provider_is_and_the_others_hear_of_it_within_a_moment(
    clock: TestClock, provider: SignOnServer, others: ThreadPoolExecutor
) -> None:
    asking = Provider(provider.issuer, "", "", "")
    provider.held.clear()
    addresses = [others.submit(asking.address, "", "", "", clock.at) for _ in range(3)]
    met(lambda: "/keys" in provider.asked)
    provider.held.set()
    assert len({each.result(MOST_SECONDS) for each in addresses}) == 1
    assert provider.asked.count(DISCOVERY) == provider.asked.count("/keys") == 1
    asking.line.close()


def test_who_waited_their_moment_is_refused_while_the_one_goes_on(
    clock: TestClock, provider: SignOnServer, others: ThreadPoolExecutor
) -> None:
    asking = Provider(provider.issuer, "", "", "")
    provider.held.clear()
    first: Future[str] = others.submit(asking.address, "", "", "", clock.at)
    met(lambda: "/keys" in provider.asked)
    began = time.monotonic()
    with pytest.raises(SignOnBusy):
        asking.address("", "", "", clock.at)
    assert time.monotonic() - began < MOST_SECONDS / 2
    provider.held.set()
    assert first.result(MOST_SECONDS).startswith(f"{provider.issuer}/authorize?")
    asking.line.close()
