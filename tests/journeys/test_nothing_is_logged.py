"""A term's work with every log line caught: no name, phone, code, token, key or password in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from api.signing import create_key
from tests.acting import SCHOOL
from tests.api.told import logging_in_earnest
from tests.database import TestDatabase
from tests.journeys.site import PASSWORD, Site
from tests.journeys.term import FAMILY_NAMES, Term, plan, roster
from tests.journeys.test_a_term import completion_follows_the_exam, head_authorises

WRONG_PASSWORD, WRONG_CODE = "wr0ng-password-2026", "7K2M-9QX4-TR5W-H"


@pytest.mark.slow
def test_a_term_leaves_nobody_in_the_log(
    site: Site, database: TestDatabase, capfd: pytest.CaptureFixture[str]
) -> None:
    with logging_in_earnest():
        term = Term(site)
        create_key(site.runtime, site.clock())
        site.clock.move_to(datetime(2026, 9, 10, 7, 0, tzinfo=UTC))
        term.upload("coordinator", "roster", roster())
        term.upload("coordinator", "plan", plan())
        term.enrol_everybody()
        for session in term.sessions():
            term.hold(session)
        completion_follows_the_exam(term)
        number = head_authorises(term).number
        problems = [*refusals(term), *bugs(term, database)]
    logged = capfd.readouterr()
    written = logged.err + logged.out

    assert '"event": "award_run"' in written
    assert written.count('"event": "request_failed"') == 1
    assert "Traceback" not in written
    told = {word for word in [*canaries(term), number] if word in written + "".join(problems)}
    assert told == set()


def refusals(term: Term) -> Iterator[str]:
    """What machines are told when somebody is turned away."""
    browser = term.site.browser()
    wrong = {"user": "coordinator", "password": WRONG_PASSWORD, "code": "123456"}
    assert browser.post("/staff/login", data=wrong).status_code == 401
    name, phone = FAMILY_NAMES[0][1], "10000000001"
    coordinator = term.site.sign_in("coordinator")
    for client in (browser, coordinator, term.phones[0]):
        for path, body in (
            ("/api/v1/me/links", {"name": name, "phone": phone, "code": WRONG_CODE}),
            (f"/api/v1/schools/{SCHOOL}/disputes", {"words": name, "learner_id": phone}),
            ("/staff/login", wrong),
            ("/enrol", {"code": WRONG_CODE, "name": name}),
        ):
            answer = client.post(path, json=body, headers={"Accept": "application/json"})
            assert 400 <= answer.status_code < 500, (path, answer.status_code)
            yield answer.text
        bad = roster().replace("10000000001", "1000000000x")
        file = {"file": ("roster.csv", bad.encode())}
        answer = client.post(f"/api/v1/schools/{SCHOOL}/imports/roster", files=file)
        if answer.status_code != 200:  # the report of rows is for whoever brought them
            yield answer.text


def bugs(term: Term, database: TestDatabase) -> Iterator[str]:
    """A page falls over: a table is gone that it reads."""
    with psycopg.connect(database.owner) as owner:
        owner.execute("ALTER TABLE ledger_views.account_line RENAME TO gone")
    statement = term.phones[0].get("/me/statement", headers={"Accept": "application/json"})
    assert statement.status_code == 500
    yield statement.text


def canaries(term: Term) -> Iterator[str]:
    for number, names in enumerate(FAMILY_NAMES, start=1):
        yield from (*names, f"100{number:08d}", f"2023{number:04d}")
    yield from (PASSWORD, WRONG_PASSWORD, WRONG_CODE, *term.site.totp.values())
    for browser in term.site.browsers:
        yield from (cookie.value for cookie in browser.cookies.jar if cookie.value)
    for file in term.site.runtime.settings.secrets_folder.iterdir():
        secret = file.read_text().strip()
        yield from re.findall(r"[\w+/=-]{16,}", secret)
