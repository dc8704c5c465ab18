"""Officers who change rules, and a worker at hand: for tests of rules by API and pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi.testclient import TestClient

from api.access.cookies import CookieKind
from api.rulebooks.executing import work_once
from domain.envelope import Role
from ledger.rulebooks import default_rulebook
from tests.acting import DISTRICT, ENDS, SCHOOL
from tests.api.desk import CITY, ORIGIN, Desk

PLACES = {
    Role.CITY_ADMINISTRATOR: CITY,
    Role.AUDITOR: CITY,
    Role.DISTRICT_OFFICER: DISTRICT,
    Role.COORDINATOR: SCHOOL,
    Role.HEAD: SCHOOL,
}
RULES = f"/api/v1/organisations/{CITY}/rulebooks"
NEXT = date(2027, 3, 1)


def officer(desk: Desk, number: int = 1, role: Role = Role.CITY_ADMINISTRATOR) -> TestClient:
    """The browser of the n-th officer of a role."""
    person = desk.person(f"{role.value} {number}", role, PLACES[role], None)
    login = desk.runtime.logins.begin_staff(person, desk.clock.at)
    client = desk.client(Origin=ORIGIN)
    client.cookies.set(desk.runtime.cookies.name(CookieKind.STAFF), login.token)
    return client


def an_evening(desk: Desk) -> None:
    """The first of three on time and to the end, the second without a check-out: half."""
    desk.attested()
    late = ENDS + timedelta(days=8)
    desk.clock.move_to(late)
    book, models = desk.runtime.book, desk.runtime.models
    for stay in models.attendances.pending_before(late):
        book.awards.award_one(stay.session_id, stay.attendance_id, late, stay.attendance_id)
    desk.catch_up(book.ledger.position())


def rules(version: str = "2026.2", on: date = NEXT, **figures: Any) -> dict[str, Any]:
    """A draft as a file: the default rules with some figures changed."""
    data = default_rulebook().model_dump(mode="json")
    data |= {"version": version, "effective_from": on.isoformat()}
    del data["rulebook_id"]
    for ref, value in figures.items():
        *path, name = ref.split("__")
        group = data
        for step in path:
            group = group[step]
        group[name] = value
    return data


def work(desk: Desk) -> None:
    """The worker takes everything that waits."""
    while work_once(desk.runtime):
        pass
    desk.catch_up(desk.runtime.book.ledger.position())


def tried(desk: Desk, client: TestClient, rules_at: str, version: str, **body: Any) -> Any:
    """Ask for a dry run and have it done; the finished run."""
    answer = client.post(f"{rules_at}/{version}/dry-runs", json=body)
    assert answer.status_code == 202, answer.text
    work(desk)
    return client.get(f"/api/v1/dry-runs/{answer.json()['run_id']}").json()
