"""The provider says that a session is over: the logins that came from it end, by its word alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from joserfc import jwt
from joserfc.jwk import RSAKey

from api.access.back_channel import EVENT, FRESH, LogoutRefused
from api.access.cookies import CookieKind
from api.access.provider_line import Line, SignOnBusy
from api.access.rate_limit import SIGN_ON_BY_ADDRESS
from api.access.sign_on_provider import LEEWAY
from api.app import create_app
from api.bootstrap import Runtime
from tests.api.desk import ORIGIN
from tests.api.sign_on.going import signed_on
from tests.api.sign_on.provider import CLIENT, SignOnServer
from tests.clock import TestClock

HERE = "/staff"
Altered = dict[str, Any]


def another(house: Runtime) -> TestClient:
    return TestClient(create_app(house), base_url=ORIGIN, follow_redirects=False)


def in_session(house: Runtime, provider: SignOnServer, session: str) -> TestClient:
    provider.session, browser = session, another(house)
    assert signed_on(browser).status_code == 303
    return browser


def claims(provider: SignOnServer, **changed: Any) -> dict[str, Any]:
    """A true notice; None leaves a claim out."""
    at = int(provider.now().timestamp())
    made = {
        "iss": provider.issuer, "aud": CLIENT, "iat": at, "exp": at + 120, "jti": str(uuid4()),
        "events": {EVENT: {}}, "sub": "teacher-7",
    } | changed  # fmt: skip
    return {key: value for key, value in made.items() if value is not None}


def notified(house: Runtime, provider: SignOnServer, token: str) -> Response:
    """As a server sends it: with no cookie, and no word of where it comes from."""
    answer = another(house).post("/staff/sign-on/logout", data={"logout_token": token})
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def told(house: Runtime, provider: SignOnServer, **changed: Any) -> Response:
    token = provider.signed(claims(provider, **changed), typ="logout+jwt")
    return notified(house, provider, token)


def is_in(browser: TestClient) -> bool:
    """Whether the page is shown; else it leads to the login."""
    return browser.get(HERE).status_code == 200


def test_a_session_that_is_over_ends_the_logins_that_came_from_it_and_no_other(
    house: Runtime, provider: SignOnServer, clock: TestClock
) -> None:
    one, two, none = (in_session(house, provider, each) for each in ("one", "two", ""))
    by_password = another(house)
    owner = house.accounts.owner_of("host")
    login = house.logins.begin_staff(owner, clock.at)
    by_password.cookies.set(house.cookies.name(CookieKind.STAFF), login.token)

    assert told(house, provider, sub=None, sid="one").status_code == 200
    assert [is_in(each) for each in (one, two, none, by_password)] == [False, True, True, True]
    assert told(house, provider, sub="teacher-8", sid="two").status_code == 200
    assert is_in(two), "the session is not that person's"
    assert told(house, provider, sid="another").status_code == 200
    assert [is_in(each) for each in (two, none)] == [True, False]
    assert told(house, provider).status_code == 200
    assert [is_in(each) for each in (two, by_password)] == [False, True]


def test_a_notice_is_taken_once_and_while_it_is_fresh(
    house: Runtime, provider: SignOnServer, clock: TestClock
) -> None:
    token = provider.signed(claims(provider, exp=None))
    assert notified(house, provider, token).status_code == 200
    browser = in_session(house, provider, "")
    again = notified(house, provider, token)
    assert (again.status_code, again.json()["code"]) == (400, LogoutRefused.code)
    unused = provider.signed(claims(provider, exp=None))
    clock.move(FRESH + LEEWAY + timedelta(seconds=1))
    assert notified(house, provider, unused).status_code == 400
    assert is_in(browser)

    rows = "select 1 from {web}.logout_token"
    assert len(house.tables.rows(rows, {})) == 1
    house.tables.forget_what_ended(clock.at)
    assert len(house.tables.rows(rows, {})) == 1, "as long as it could be believed"
    clock.move(LEEWAY)
    house.tables.forget_what_ended(clock.at)
    assert house.tables.rows(rows, {}) == []


FALSE: dict[str, Altered] = {
    "another issuer": {"iss": "https://other.example.cn"},
    "another audience": {"aud": "another-client"},
    "several audiences": {"aud": [CLIENT, "another-client"]},
    "no time": {"iat": None},
    "from the future": {"iat": 2_000_000_000, "exp": None},
    "over": {"exp": 1},
    "no id": {"jti": None},
    "an empty id": {"jti": ""},
    "an id that is a number": {"jti": 7},
    "no events": {"events": None},
    "another event": {"events": {"https://example.cn/event": {}}},
    "events in a list": {"events": [EVENT]},
    "an event that is a word": {"events": {EVENT: "yes"}},
    "a nonce": {"nonce": "any"},
    "nobody": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is a number": {"sub": 7},
    "a NUL in the session": {"sid": "a\0b"},
    "a session that is a list": {"sid": ["one"]},
}


@pytest.mark.parametrize("changed", FALSE.values(), ids=FALSE)
def test_a_notice_that_is_false_ends_nothing(
    house: Runtime, provider: SignOnServer, changed: Altered
) -> None:
    browser = in_session(house, provider, "one")
    answer = told(house, provider, **changed)
    assert (answer.status_code, answer.json()["code"]) == (400, LogoutRefused.code)
    assert is_in(browser)


def by_another(provider: SignOnServer) -> str:
    key = RSAKey.generate_key(2048, {"kid": "one"})
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims(provider), key)


def an_id_token(provider: SignOnServer) -> str:
    return provider.signed(provider.claims("a-nonce"))


@pytest.mark.parametrize("make", [by_another, an_id_token, lambda _: "", lambda _: "示例.x.y"])
def test_what_is_no_notice_of_the_providers_ends_nothing(
    house: Runtime, provider: SignOnServer, make: Callable[[SignOnServer], str]
) -> None:
    browser = in_session(house, provider, "")
    assert notified(house, provider, make(provider)).json()["code"] == LogoutRefused.code
    assert is_in(browser)


def test_guesses_are_limited_and_true_notices_are_not(
    house: Runtime, provider: SignOnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.staff_sign_on.SIGN_ON_BY_ADDRESS", few := few_tries())
    for _ in range(few.tries + 1):
        assert told(house, provider).status_code == 200
    for _ in range(few.tries):
        assert notified(house, provider, "示例").status_code == 400
    answer = notified(house, provider, "示例")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tries")


def few_tries() -> Any:
    kind = type(SIGN_ON_BY_ADDRESS)
    return kind("few_sign_ons_by_address", 3, SIGN_ON_BY_ADDRESS.per)


def test_a_notice_that_nobody_had_time_for_may_come_again(
    house: Runtime, provider: SignOnServer
) -> None:
    browser = in_session(house, provider, "")
    token = provider.signed(claims(provider))
    assert house.sign_on is not None
    house.sign_on.provider.line = Line(most=1)
    with house.sign_on.provider.place():
        answer = notified(house, provider, token)
    assert (answer.status_code, answer.json()["code"]) == (503, SignOnBusy.code)
    assert answer.headers["Retry-After"] == "5"
    assert notified(house, provider, token).status_code == 200
    assert not is_in(browser)


def test_without_a_provider_there_is_no_such_door(runtime: Runtime) -> None:
    assert another(runtime).post("/staff/sign-on/logout").status_code == 404
