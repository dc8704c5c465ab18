"""The application as a whole: headers, refusals as pages and as JSON, writes that run once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.access import totp
from api.access.cookies import CookieKind
from api.access.rate_limit import LOGIN_BY_NAME
from api.app import HEADERS, create_app
from api.bootstrap import Runtime
from domain.envelope import Role
from projections.runner import Runner
from tests.acting import SCHOOL, SET_UP, Pilot, envelope
from tests.api.pilot_school import PilotSchool

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Desk:
    """A coordinator's browser, and the school behind it."""

    pilot: Pilot
    browser: TestClient


@pytest.fixture(scope="session")
def beginning(school: PilotSchool) -> PilotSchool:
    return school


@pytest.fixture
def desk(runtime: Runtime, beginning: PilotSchool) -> Iterator[Desk]:
    pilot = beginning.pilot(runtime.book)
    staff_id, until = uuid4(), date(2027, 8, 31)
    registry = runtime.book.registry
    registry.register_staff(staff_id, envelope())
    registry.authorise(staff_id, Role.COORDINATOR, SCHOOL, SET_UP.date(), until, envelope())
    login = runtime.logins.begin_staff(staff_id, SET_UP)
    app = create_app(runtime)
    with Runner(runtime.projector), TestClient(app, headers=SAME_SITE) as browser:
        assert runtime.projector.wait_for(runtime.book.ledger.position(), timeout=30)
        browser.cookies.set(runtime.cookies.name(CookieKind.STAFF), login.token)
        yield Desk(pilot, browser)


def exam(desk: Desk, key: str, title: str = "期中考核") -> tuple[int, dict[str, object]]:
    answer = desk.browser.post(
        f"/api/v1/schools/{SCHOOL}/exams",
        json={"title": title, "held_on": "2026-09-12"},
        headers={"Idempotency-Key": key},
    )
    return answer.status_code, answer.json()


def test_a_write_with_a_key_runs_once_and_answers_alike(desk: Desk) -> None:
    key = str(uuid4())
    ledger = desk.pilot.book.ledger

    first = exam(desk, key)
    position = ledger.position()

    assert exam(desk, key) == first
    assert ledger.position() == position
    status, body = exam(desk, key, title="期末考核")
    assert (status, body["code"]) == (409, "idempotency_mismatch")


def test_an_answer_played_back_has_our_headers_too(desk: Desk) -> None:
    key, address = {"Idempotency-Key": str(uuid4())}, f"/api/v1/schools/{SCHOOL}/exams"
    body = {"title": "期中考核", "held_on": "2026-09-12"}
    desk.browser.post(address, json=body, headers=key)

    again = desk.browser.post(address, json=body, headers=key)

    assert again.headers["idempotency-replayed"] == "true"
    assert {name: again.headers.get(name) for name in HEADERS} == HEADERS


def test_a_bug_is_answered_with_our_headers_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("api.access.logins.Logins.who", stumble)
    with TestClient(
        desk.browser.app, raise_server_exceptions=False, cookies=desk.browser.cookies
    ) as browser:
        answer = browser.get("/staff")

    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_a_write_with_a_key_waits_for_a_database_that_is_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise psycopg.OperationalError

    monkeypatch.setattr("api.access.web_tables.WebTables.row", away)
    status, body = exam(desk, str(uuid4()))

    assert (status, body["code"], body["retry_after"]) == (503, "store_away", 5)


def test_a_write_set_off_by_another_site_is_refused(desk: Desk) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    address = f"/api/v1/sessions/{desk.pilot.session_id}/open"

    answer = desk.browser.post(address, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize(
    ("language", "text"), [("zh-CN", "您没有这项权限。"), ("en", "You are not allowed to do this.")]
)
def test_a_refusal_speaks_the_asker_s_language(desk: Desk, language: str, text: str) -> None:
    answer = desk.browser.get(f"/api/v1/sessions/{uuid4()}", params={"lang": language})

    assert answer.status_code == 403  # whether it exists is not told to those who may not see it
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/forbidden", "title": text, "status": 403, "code": "forbidden",
        "request_id": answer.headers["x-request-id"],
        "action": "session.read",
    }  # fmt: skip


def test_a_person_gets_a_page_and_a_program_gets_json(desk: Desk) -> None:
    address = f"/staff/sessions/{uuid4()}"

    page = desk.browser.get(address, headers={"Accept": "text/html"})
    told = desk.browser.get(address, headers={"Accept": "application/json"})

    assert page.headers["content-type"].startswith("text/html")
    assert "您没有这项权限。" in page.text
    assert told.json()["code"] == "forbidden"


@pytest.mark.parametrize("address", ["/", "/staff", "/verify", "/livez", "/nowhere"])
def test_every_answer_carries_the_headers_that_keep_others_out(desk: Desk, address: str) -> None:
    headers = desk.browser.get(address).headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_a_malformed_request_names_its_field(desk: Desk) -> None:
    answer = desk.browser.post(
        f"/api/v1/schools/{SCHOOL}/exams", json={"title": "", "held_on": "2026-02-30"}
    )

    assert answer.status_code == 400
    assert {".".join(each["field"]) for each in answer.json()["errors"]} == {
        "body.title", "body.held_on"
    }  # fmt: skip


def test_the_process_says_that_it_lives_and_is_ready(desk: Desk) -> None:
    desk.pilot.book.ledger.position()

    assert desk.browser.get("/livez").json() == {"status": "ok"}
    ready = desk.browser.get("/readyz").json()
    assert (ready["status"], ready["late"]) == ("ok", [])
    assert ready["projections"]["roster"]["lag_events"] == 0


def test_a_chosen_language_and_size_stay_and_no_foreign_page_is_followed(desk: Desk) -> None:
    browser = desk.browser
    chosen = browser.post(
        "/language", data={"lang": "en", "next": "//evil.example"}, follow_redirects=False
    )
    browser.post("/size", data={"size": "large"})

    assert chosen.headers["location"] == "/"
    page = browser.get("/staff/login").text
    assert 'lang="en"' in page
    assert 'data-size="large"' in page
    assert "Sign in" in page


def test_an_address_that_is_not_there_is_told_in_words(desk: Desk) -> None:
    page = desk.browser.get("/nowhere", headers={"Accept": "text/html"})
    told = desk.browser.get("/api/v1/nowhere")

    assert (page.status_code, told.status_code) == (404, 404)
    assert "没有这个页面" in page.text
    assert told.json()["code"] == "page_not_there"


def test_one_account_has_one_count_of_tries_however_its_name_is_spelt(desk: Desk) -> None:
    spellings = ("desk", "Desk", " desk", "DESK ")
    wrong = {"password": "not this one", "code": "000000"}

    answers = [
        desk.browser.post("/staff/login", data={"user": spellings[n % 4], **wrong}).status_code
        for n in range(11)
    ]

    assert answers == [401] * 10 + [429]


def test_a_stranger_who_knows_a_user_name_keeps_its_owner_out_nowhere_else(
    desk: Desk, runtime: Runtime
) -> None:
    secret = runtime.accounts.open_account(uuid4(), "desk", "a-long-password-2026", SET_UP)
    stranger, owner = (
        TestClient(desk.browser.app, headers=SAME_SITE, client=(address, 1), follow_redirects=False)
        for address in ("203.0.113.9", "198.51.100.7")
    )
    wrong = {"user": "desk", "password": "not this one", "code": "000000"}
    tried = [stranger.post("/staff/login", data=wrong).status_code for _ in range(11)]
    right = {"user": "desk", "password": "a-long-password-2026"}
    right["code"] = totp.code_of(secret, runtime.now())

    assert tried[-1] == 429
    assert owner.post("/staff/login", data=right).status_code == 303


def test_a_user_name_has_a_bound_for_all_places_together(desk: Desk, runtime: Runtime) -> None:
    for _ in range(LOGIN_BY_NAME.tries):
        runtime.limits.spend(LOGIN_BY_NAME, "desk", runtime.now())
    wrong = {"user": "ｄesk", "password": "not this one", "code": "000000"}
    assert desk.browser.post("/staff/login", data=wrong).status_code == 429
