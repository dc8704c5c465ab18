"""Staff change their own password on a page; nobody else's, and nothing of it stays anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg.errors import UndefinedColumn

from api.access import totp
from api.access.rate_limit import LOGIN_BY_NAME_THERE
from api.language.catalogue import Language
from api.problems import text_of
from tests.api.desk import Desk
from tests.api.told import logging_in_earnest

USER, OLD, NEW = "host.chen", "a-long-password-2026", "dragon boat 31"
PAGE = "/staff/password"
FORM = {"old": OLD, "new": NEW, "repeated": NEW}


@dataclass
class Host:
    """A host with an account, signed in in one browser; other browsers are theirs as well."""

    desk: Desk
    browser: TestClient = field(init=False)
    secret: str = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.desk.browser("host")
        accounts, person = self.desk.runtime.accounts, self.desk.people["host"]
        self.secret = accounts.open_account(person, USER, OLD, self.desk.clock.at)

    def sign_in(self, password: str) -> int:
        code = totp.code_of(self.secret, self.desk.clock.at)
        form = {"user": USER, "password": password, "code": code}
        return self.desk.browser("nobody").post("/staff/login", data=form).status_code


@pytest.fixture
def host(desk: Desk) -> Host:
    return Host(desk)


def test_the_new_password_signs_in_and_every_other_login_has_ended(host: Host) -> None:
    elsewhere = host.desk.browser("host")
    assert f'href="{PAGE}"' in host.browser.get("/staff").text

    answer = host.browser.post(PAGE, data=FORM)

    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done=1")
    assert "密码已修改" in host.browser.get(answer.headers["location"]).text
    assert elsewhere.get("/staff").headers["location"].startswith("/staff/login")
    assert (host.sign_in(OLD), host.sign_in(NEW)) == (401, 303)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"old": "not-this-one-2026"}, "password_wrong"),
        ({"repeated": "dragon boat 32"}, "passwords_differ"),
        ({"new": OLD, "repeated": OLD}, "password_same"),
        ({"new": "dragon 31", "repeated": "dragon 31"}, "password_too_short"),
        ({"new": f"{USER}2026", "repeated": f"{USER}2026"}, "password_obvious"),
    ],
)
def test_a_refused_change_leaves_the_old_password_and_says_why(
    host: Host, form: dict[str, str], code: str
) -> None:
    elsewhere = host.desk.browser("host")

    answers = {
        language: host.browser.post(f"{PAGE}?lang={language.value}", data=FORM | form)
        for language in Language
    }

    assert {answer.status_code for answer in answers.values()} == {422}
    assert {lang for lang, a in answers.items() if text_of(code, lang) in a.text} == set(Language)
    assert elsewhere.get("/staff").status_code == 200
    assert host.sign_in(OLD) == 303


def test_guesses_are_counted_with_those_at_the_login(host: Host) -> None:
    wrong = FORM | {"old": "not-this-one-2026"}
    for _ in range(LOGIN_BY_NAME_THERE.tries):
        assert host.browser.post(PAGE, data=wrong).status_code == 422

    assert host.browser.post(PAGE, data=FORM).status_code == 429
    assert host.sign_in(OLD) == 429


def test_what_is_wrong_with_the_new_one_alone_costs_no_try(host: Host) -> None:
    short = FORM | {"new": "dragon 31", "repeated": "dragon 31"}
    for _ in range(LOGIN_BY_NAME_THERE.tries):
        host.browser.post(PAGE, data=short)

    assert host.browser.post(PAGE, data=FORM).status_code == 303


def test_who_has_no_password_is_told_so_and_sets_none(desk: Desk) -> None:
    browser = desk.browser("host")

    assert "没有密码" in browser.get(PAGE).text
    assert '<form method="post" action="/staff/password"' not in browser.get(PAGE).text
    assert browser.post(PAGE, data=FORM).status_code == 409


def test_neither_password_is_in_the_log_when_the_page_falls_over(
    host: Host, capfd: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(host.desk.runtime.connections.owner) as owner:
        owner.execute("ALTER TABLE ledger_web.staff_account RENAME password_hash TO gone")
    with logging_in_earnest(), pytest.raises(UndefinedColumn):
        host.browser.post(PAGE, data=FORM)

    told = "".join(capfd.readouterr())

    assert '"event": "request_failed"' in told
    assert [word for word in (OLD, NEW) if word in told] == []
