"""Single sign-on against a provider over HTTP: begun once, come back once, only for the linked."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from pydantic import ValidationError

from api.access.cookies import CookieKind
from api.access.provider_line import SignOnAway
from api.access.rate_limit import LOGIN_BY_ADDRESS, SIGN_ON_BY_ADDRESS
from api.access.sign_on_provider import ASKED_AGAIN, SignOnFailed
from api.access.single_sign_on import LIFE, SubjectTaken, SubjectUnknown, link, unlink
from api.access.staff_accounts import LoginFailed
from api.app import create_app
from api.bootstrap import Runtime
from api.settings import Settings
from api.staffing import end_staff
from tests.acting import SCHOOL, envelope
from tests.api.desk import ORIGIN
from tests.api.sign_on.going import at_the_provider, is_in, sent_away, signed_on
from tests.api.sign_on.provider import SignOnServer
from tests.api.test_cli import Command
from tests.clock import TestClock
from tests.database import TestDatabase
from tests.saying import says


def test_who_is_linked_is_let_in_where_they_were_going(house: Runtime, browser: TestClient) -> None:
    here = f"/staff/schools/{SCHOOL}"
    answer = browser.get(at_the_provider(sent_away(browser, here)))
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert browser.get(here).status_code == 200


@pytest.mark.parametrize("after", ["https://elsewhere.example.cn/", "//elsewhere.example.cn"])
def test_nobody_is_sent_elsewhere_afterwards(browser: TestClient, after: str) -> None:
    answer = browser.get(at_the_provider(sent_away(browser, after)))
    assert "elsewhere" not in answer.headers["location"]


def test_an_address_of_mail_links_nobody(
    house: Runtime, browser: TestClient, provider: SignOnServer
) -> None:
    provider.subject = "desk"  # as the user name of somebody who is not linked
    answer = signed_on(browser)
    assert (answer.status_code, says(answer, SubjectUnknown.code)) == (403, True)
    assert "<code>desk</code>" in answer.text
    assert not is_in(house, browser)


def test_what_came_back_once_does_not_come_back_again(
    house: Runtime, browser: TestClient, clock: TestClock
) -> None:
    back = at_the_provider(sent_away(browser))
    cookie = browser.cookies[house.cookies.name(CookieKind.SIGN_ON)]
    assert browser.get(back).status_code == 303
    browser.cookies.clear()
    browser.cookies.set(house.cookies.name(CookieKind.SIGN_ON), cookie)
    assert says(browser.get(back), SignOnFailed.code)

    late_one = at_the_provider(sent_away(browser))
    clock.move(LIFE)
    assert says(browser.get(late_one), SignOnFailed.code)


def test_what_began_in_another_browser_is_refused_and_uses_nothing_up(
    house: Runtime, browser: TestClient
) -> None:
    back = at_the_provider(sent_away(browser))
    victim = TestClient(create_app(house), base_url=ORIGIN, follow_redirects=False)
    assert says(victim.get(back), SignOnFailed.code)
    sent_away(victim)  # has a sign-in of its own under way
    assert says(victim.get(back), SignOnFailed.code)
    assert not is_in(house, victim)
    assert browser.get(back).status_code == 303


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?error=access_denied"])
def test_coming_back_with_less_is_refused(browser: TestClient, query: str) -> None:
    sent_away(browser)
    assert says(browser.get(f"/staff/sign-on/return{query}"), SignOnFailed.code)


def test_a_code_of_another_challenge_is_refused_by_the_provider(
    browser: TestClient, provider: SignOnServer
) -> None:
    back = at_the_provider(sent_away(browser))
    code = parse_qs(urlsplit(back).query)["code"][0]
    provider.codes[code]["code_challenge"] = "another"
    assert says(browser.get(back), SignOnFailed.code)


def test_a_new_key_of_the_provider_is_asked_for_and_not_at_every_guess(
    browser: TestClient, provider: SignOnServer, clock: TestClock
) -> None:
    assert signed_on(browser).status_code == 303
    provider.key = RSAKey.generate_key(2048, {"kid": "two"})
    provider.make = lambda claims: provider.signed(claims, kid="two")
    assert says(signed_on(browser), SignOnFailed.code)  # asked for a moment ago
    assert provider.asked.count("/keys") == 1
    clock.move(ASKED_AGAIN)
    assert signed_on(browser).status_code == 303
    assert provider.asked.count("/keys") == 2


def test_a_provider_that_calls_itself_otherwise_or_is_away_lets_nobody_in(
    house: Runtime,
    browser: TestClient,
    provider: SignOnServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider.calls_itself = "https://other.example.cn"
    answer = browser.get("/staff/sign-on")
    assert (answer.status_code, says(answer, SignOnAway.code)) == (503, True)
    provider.calls_itself = ""
    back = at_the_provider(sent_away(browser))
    assert house.sign_on is not None
    house.sign_on.provider.line.close()
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert says(browser.get(back), SignOnAway.code)


def test_failures_are_limited_by_address_and_never_cost_a_login_by_password(
    house: Runtime, browser: TestClient
) -> None:
    """Pictures on a foreign page, or a provider that is away, would shut the other door, too."""
    for _ in range(LOGIN_BY_ADDRESS.tries + 1):
        assert says(browser.get("/staff/sign-on/return"), SignOnFailed.code)
    browser.cookies.set(house.cookies.name(CookieKind.SIGN_ON), "no-beginning-of-ours")
    back = "/staff/sign-on/return?state=guessed&code=guessed"
    for _ in range(SIGN_ON_BY_ADDRESS.tries):
        assert says(browser.get(back), SignOnFailed.code)
    assert browser.get(back).status_code == 429
    typed = {"user": "nobody", "password": "x", "code": "1"}
    login = browser.post("/staff/login", data=typed, headers={"Origin": ORIGIN})
    assert says(login, LoginFailed.code)


def test_the_login_page_offers_it_in_both_languages_where_it_is_set_and_only_there(
    house: Runtime, browser: TestClient, runtime: Runtime
) -> None:
    assert "用统一身份登录" in browser.get("/staff/login").text
    browser.post("/language", data={"lang": "en"}, headers={"Origin": ORIGIN})
    assert "Sign in with single sign-on" in browser.get("/staff/login").text
    without = TestClient(create_app(runtime), base_url=ORIGIN, follow_redirects=False)
    assert "/staff/sign-on" not in without.get("/staff/login").text
    assert without.get("/staff/sign-on").status_code == 404
    assert without.get("/staff/sign-on/return?state=a&code=b").status_code == 404


def test_an_identity_is_one_persons_until_it_is_unlinked_or_they_leave(
    house: Runtime, browser: TestClient, provider: SignOnServer, clock: TestClock
) -> None:
    host, desk = (house.accounts.owner_of(user) for user in ("host", "desk"))
    link(house.tables, provider.issuer, "teacher-7", host, clock.at)  # again is no news
    for subject, staff_id in (("teacher-7", desk), ("teacher-8", host)):
        with pytest.raises(SubjectTaken):
            link(house.tables, provider.issuer, subject, staff_id, clock.at)
    assert unlink(house.tables, host)
    assert not unlink(house.tables, host)
    assert says(signed_on(browser), SubjectUnknown.code)

    link(house.tables, provider.issuer, "teacher-7", desk, clock.at)
    assert signed_on(browser).status_code == 303
    end_staff(house, "desk", envelope(clock.at))
    browser.cookies.clear()
    assert says(signed_on(browser), SubjectUnknown.code)


def test_an_administrator_links_and_unlinks_by_command(
    house: Runtime, browser: TestClient, provider: SignOnServer, database: TestDatabase
) -> None:
    command = Command(database, house.settings.var)
    assert command("register", "link-sign-on", "desk", "teacher-9").exit_code != 0  # not set
    command.environment["PARENT_CREDITS_OIDC_ISSUER"] = provider.issuer
    assert command("register", "link-sign-on", "desk", "teacher-9").exit_code == 0
    provider.subject = "teacher-9"
    assert signed_on(browser).status_code == 303
    assert command("register", "unlink-sign-on", "desk").exit_code == 0
    assert browser.get("/staff").status_code == 303


@pytest.mark.parametrize("issuer", ["http://sso.example.cn", "sso.example.cn", "ftp://a"])
def test_an_issuer_is_an_https_address(issuer: str) -> None:
    with pytest.raises(ValidationError):
        Settings(oidc_issuer=issuer)


def test_nothing_of_a_sign_on_outlives_it(
    house: Runtime, browser: TestClient, clock: TestClock
) -> None:
    sent_away(browser)
    clock.move(LIFE - timedelta(microseconds=1))
    assert house.tables.rows("select 1 from {web}.sign_on", {}) != []
    house.tables.forget_what_ended(clock.at)
    assert house.tables.rows("select 1 from {web}.sign_on", {}) != []
    clock.move(timedelta(microseconds=1))
    house.tables.forget_what_ended(clock.at)
    assert house.tables.rows("select 1 from {web}.sign_on", {}) == []
