"""Programs with a key on the interface: what they do is theirs, and pages know none of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from api.access.rate_limit import BY_MACHINE, MACHINE_KEY_BY_ADDRESS
from api.access.scopes import Scope
from api.files.template import Kind, template_file
from api.machines import KeyRefused, end_key, make_key
from domain.envelope import Role
from domain.machine import Machine
from domain.session import Session
from tests.acting import SCHOOL, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.api.doors.spine import PLANNED

LIFE = timedelta(days=30)
PLAN = {**PLANNED, "school_code": SCHOOL}
SESSIONS = f"/api/v1/schools/{SCHOOL}/sessions"


def key_for(desk: Desk, *scopes: Scope, organisation: str = SCHOOL, name: str = "office") -> str:
    at = desk.clock.at
    return make_key(desk.runtime, name, organisation, scopes, at + LIFE, envelope(at)).text


def program(desk: Desk, key: str, scheme: str = "Bearer") -> TestClient:
    """A program: no cookies, no Origin, the key in every request."""
    return desk.client(Authorization=f"{scheme} {key}")


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_program_announces_a_session_and_the_ledger_says_that_it_did(desk: Desk) -> None:
    office = program(desk, key_for(desk, Scope.SESSIONS_SCHEDULE, Scope.SESSIONS_READ))
    answer = office.post("/api/v1/sessions", json=PLAN)
    assert answer.status_code == 201, answer.text
    assert office.get(SESSIONS).json()["total"] == 2

    ledger = desk.runtime.book.ledger
    [stored] = ledger.store.select_events(answer.json()["session_id"])
    fact = ledger.events_mapper.to_domain_event(stored)
    assert isinstance(fact, Session.Scheduled)
    actor = fact.envelope.actor
    assert (actor.role, actor.organisation) == (Role.MACHINE, SCHOOL)
    assert actor.id == Machine.create_id("office", SCHOOL)


def test_the_scheme_is_read_in_any_case_and_no_other_scheme_is_a_key(desk: Desk) -> None:
    key = key_for(desk, Scope.SESSIONS_READ)
    assert program(desk, key, "bearer").get(SESSIONS).status_code == 200
    assert refused(program(desk, key, "Basic").get(SESSIONS)) == (401, "login_required")


def test_a_key_that_ended_is_told_so_and_a_login_beside_it_does_not_help(desk: Desk) -> None:
    key = key_for(desk, Scope.SESSIONS_READ)
    browser = desk.browser("coordinator")
    assert browser.get(SESSIONS).status_code == 200
    browser.headers["Authorization"] = f"Bearer {key}"
    assert browser.get(SESSIONS).status_code == 200

    key_id = desk.runtime.machine_keys.all()[0].key_id
    end_key(desk.runtime, key_id, envelope(desk.clock.at))

    answer = browser.get(SESSIONS)
    assert refused(answer) == (401, KeyRefused.code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert key not in answer.text


def test_a_key_is_nothing_on_a_page(desk: Desk) -> None:
    office = program(desk, key_for(desk, *Scope))
    for page in ("/staff", f"/staff/schools/{SCHOOL}", desk.session, f"{desk.session}/scan"):
        answer = office.get(page)
        assert answer.status_code == 303, page
        assert answer.headers["location"].startswith("/staff/login")


def test_a_key_of_the_district_reads_its_schools_and_one_of_a_school_only_its_own(
    desk: Desk,
) -> None:
    elsewhere = f"/api/v1/schools/{ELSEWHERE}/sessions"
    school = program(desk, key_for(desk, Scope.SESSIONS_READ))
    district = program(desk, key_for(desk, Scope.SESSIONS_READ, organisation="440104"))
    other = program(desk, key_for(desk, Scope.SESSIONS_READ, organisation="440105"))
    told = [each.get(path).status_code for each in (school, district, other)
            for path in (SESSIONS, elsewhere)]  # fmt: skip
    assert told == [200, 403, 200, 200, 403, 403]


def test_an_idempotency_key_belongs_to_the_machine_and_outlives_the_exchange_of_its_keys(
    desk: Desk,
) -> None:
    scopes = (Scope.SESSIONS_SCHEDULE,)
    old, new = (program(desk, key_for(desk, *scopes)) for _ in range(2))
    other = program(desk, key_for(desk, *scopes, name="another"))
    sent: dict[str, Any] = {"headers": {"Idempotency-Key": "plan-1"}, "json": PLAN}

    first = old.post("/api/v1/sessions", **sent)
    again = new.post("/api/v1/sessions", **sent)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    changed = {**sent, "json": {**PLAN, "title": "另一场"}}
    assert refused(new.post("/api/v1/sessions", **changed)) == (409, "idempotency_mismatch")
    assert "idempotency-replayed" not in other.post("/api/v1/sessions", **sent).headers
    wrong = program(desk, f"{key_for(desk, *scopes, name='third')[:-1]}_")
    assert refused(wrong.post("/api/v1/sessions", **sent)) == (401, KeyRefused.code)


def test_guessed_keys_are_limited_by_address_and_good_ones_by_machine(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = program(desk, key_for(desk, Scope.SESSIONS_READ))
    guesser = program(desk, "pcl_guess")
    for _ in range(MACHINE_KEY_BY_ADDRESS.tries):
        assert refused(guesser.get(SESSIONS)) == (401, KeyRefused.code)
    limited = guesser.get(SESSIONS)
    assert refused(limited) == (429, "too_many_tries")
    assert int(limited.headers["Retry-After"]) > 0
    assert office.get(SESSIONS).status_code == 200, "a good key pays for nobody's guesses"

    desk.clock.move(MACHINE_KEY_BY_ADDRESS.per)
    machine_id = str(Machine.create_id("office", SCHOOL))
    for _ in range(BY_MACHINE.tries):
        desk.runtime.limits.spend(BY_MACHINE, machine_id, desk.clock.at)
    assert refused(office.get(SESSIONS)) == (429, "too_many_tries")
    desk.clock.move(BY_MACHINE.price)
    assert office.get(SESSIONS).status_code == 200
    assert refused(office.get(SESSIONS)) == (429, "too_many_tries")


def test_a_program_brings_a_roster_in_and_no_plan(desk: Desk) -> None:
    office = program(desk, key_for(desk, Scope.ROSTERS_IMPORT))
    path = f"/api/v1/schools/{SCHOOL}/imports"
    brought = office.post(
        f"{path}/roster", files={"file": ("roster.csv", template_file(Kind.ROSTER))}
    )
    assert brought.status_code == 200, brought.text
    assert sum(brought.json()["counts"].values()) > 0
    plan = office.post(f"{path}/plan", files={"file": ("plan.csv", b"1,2\n")})
    assert refused(plan) == (403, "forbidden")


def test_a_program_sends_codes_that_were_read_and_taps_no_name(desk: Desk) -> None:
    office = program(desk, key_for(desk, Scope.SCANS_SEND))
    desk.open()
    learner, at = desk.pilot.learners[0], desk.clock.at.isoformat()
    code = desk.runtime.personal_codes.of([learner])[learner]
    read = {"scan_id": str(uuid4()), "way": "in", "at": at, "code": code}
    tapped = {"scan_id": str(uuid4()), "way": "in", "at": at, "learner_id": str(learner)}
    scans = f"{desk.session_api}/scans"

    assert refused(office.post(scans, json={"scans": [read, tapped]})) == (403, "forbidden")
    answer = office.post(scans, json={"scans": [read]})
    assert [each["answer"] for each in answer.json()["answers"]] == ["taken"]
