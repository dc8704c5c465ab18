"""The routes of an evening, tried as every role, from the right school and from the wrong one."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from tests.acting import ENDS, SCHOOL, STARTS
from tests.api.desk import ASKERS, Desk

ON_DUTY = {"host", "coordinator"}
TEACHERS = {"class_teacher", "coordinator"}
IN_SCHOOL = {"host", "class_teacher", "coordinator", "head"}
ABOVE = {"district_officer", "auditor", "city_administrator"}
STAFF = set(ASKERS) - {"nobody", "parent"}
READS_REGISTERS = IN_SCHOOL | {"auditor"}
READS_LEARNERS = READS_REGISTERS - {"host"}
READS_ACCOUNTS = READS_LEARNERS | ABOVE | {"data_protection_officer"}
READS_HISTORIES = {"coordinator", "head", "data_protection_officer"} | ABOVE

SESSION, EXAM, LEARNER = "/staff/sessions/{session}", "/staff/exams/of/{exam}", "/staff/learners"
CLASS = {"grade": "三年级", "group": "2班"}
TAP = {"learner_id": "{learner}", "scan_id": "{scan}"}
SCORES = {**CLASS, "learner": "{learner}", "score": "80"}
PAGES: dict[str, tuple[set[str], dict[str, str]]] = {
    "GET /staff": (STAFF, {}),
    "GET /staff/schools/{school}": (IN_SCHOOL | ABOVE, {}),
    f"GET {SESSION}": (IN_SCHOOL | ABOVE, {}),
    f"GET {SESSION}/counts": (IN_SCHOOL | ABOVE, {}),
    f"POST {SESSION}/open": (ON_DUTY, {}),
    f"GET {SESSION}/list": (ON_DUTY | TEACHERS, {}),
    f"POST {SESSION}/check-in": (ON_DUTY, TAP),
    f"POST {SESSION}/check-out": (ON_DUTY, TAP),
    f"POST {SESSION}/close": (ON_DUTY, {}),
    f"POST {SESSION}/head-count": (ON_DUTY, {"present": "1"}),
    f"POST {SESSION}/attest-as-host": ({"host"}, {}),
    f"POST {SESSION}/attest-as-coordinator": ({"coordinator"}, {}),
    f"GET {SESSION}/register": (READS_REGISTERS, {}),
    f"POST {SESSION}/stays": (ON_DUTY, TAP),
    "GET /staff/classes/{school}": (READS_LEARNERS, {}),
    "GET /staff/classes/{school}/families?grade=三年级&group=2班": (READS_LEARNERS, {}),
    "POST /staff/classes/{school}/slips": (TEACHERS, CLASS),
    "GET /staff/exams/{school}": (TEACHERS | {"head"}, {}),
    "POST /staff/exams/{school}": ({"coordinator"}, {"title": "考核", "held_on": "2026-09-18"}),
    f"GET {EXAM}": (TEACHERS | {"head"}, {}),
    f"POST {EXAM}/results": (TEACHERS, SCORES),
    f"POST {EXAM}/checks": (TEACHERS | {"head"}, SCORES),
    f"GET {LEARNER}/{{learner}}": (READS_ACCOUNTS, {}),
    f"POST {LEARNER}/{{learner}}/name": (READS_LEARNERS, {}),
}
NEW_SESSION = {
    "school_code": SCHOOL, "school_year": 2026, "term_no": 1, "title": "亲子共读",
    "stage": "primary", "family": "parent_child_reading", "mode": "on_site", "carrier": "in_school",
    "class_hours": 200,
    "begins_at": STARTS.isoformat(), "ends_at": ENDS.isoformat(), "place": "图书馆",
}  # fmt: skip
V1, OF_SESSION = "/api/v1", "/api/v1/sessions/{session}"
RESULTS = {"results": [{"learner_id": "{learner}", "score": 80}]}
MACHINES: dict[str, tuple[set[str], dict[str, Any] | None]] = {
    f"GET {V1}/schools/{{school}}/sessions": (IN_SCHOOL | ABOVE, None),
    f"POST {V1}/sessions": (TEACHERS, NEW_SESSION),
    f"GET {OF_SESSION}": (IN_SCHOOL | ABOVE, None),
    f"POST {OF_SESSION}/open": (ON_DUTY, None),
    f"POST {OF_SESSION}/attendances": (ON_DUTY, TAP),
    f"POST {OF_SESSION}/attendances/{{learner}}/check-out": (ON_DUTY, {"scan_id": "{scan}"}),
    f"POST {OF_SESSION}/close": (ON_DUTY, None),
    f"POST {OF_SESSION}/head-counts": (ON_DUTY, {"persons_present": 1}),
    f"POST {OF_SESSION}/attestations": ({"host"}, {"attested_as": "host"}),
    f"GET {OF_SESSION}/register": (READS_REGISTERS, None),
    f"GET {V1}/schools/{{school}}/exams": (TEACHERS | {"head"}, None),
    f"POST {V1}/schools/{{school}}/exams": (
        {"coordinator"}, {"title": "考核", "held_on": "2026-09-18"},
    ),
    f"POST {V1}/exams/{{exam}}/results": (TEACHERS, RESULTS),
    f"POST {V1}/exams/{{exam}}/checks": (TEACHERS | {"head"}, RESULTS),
    f"GET {V1}/exams/{{exam}}/attempts": (TEACHERS | {"head"}, None),
    f"GET {V1}/learners/{{learner}}/statement": (READS_HISTORIES, None),
    f"GET {V1}/learners/{{learner}}/history": (READS_HISTORIES, None),
}  # fmt: skip


def outcome(status: int, location: str) -> str:
    """What became of a request: sent to log in, forbidden, or let through, whatever came then."""
    if location.startswith(("/staff/login", "/enrol")):
        return "login"
    return {401: "login", 403: "forbidden"}.get(status, "through")


def expected(asker: str, allowed: set[str]) -> str:
    # A parent at the staff's door is a stranger; a parent inside is somebody without the right.
    if asker == "nobody" or (asker == "parent" and allowed == STAFF):
        return "login"
    return "through" if asker in allowed else "forbidden"


def filled(value: Any, values: dict[str, str]) -> Any:
    """The placeholders of a path or a body, wherever they stand."""
    match value:
        case str():
            return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], value)
        case dict():
            return {key: filled(each, values) for key, each in value.items()}
        case list():
            return [filled(each, values) for each in value]
        case _:
            return value


@pytest.fixture
def values(desk: Desk) -> dict[str, str]:
    """The objects of the school that the paths name."""
    desk.at_the_door()
    published = desk.browser("coordinator").post(
        f"/staff/exams/{SCHOOL}", data={"title": "示例考核", "held_on": "2026-09-18"}
    )
    address = published.headers["location"]
    return {
        "session": str(desk.pilot.session_id),
        "learner": str(desk.pilot.learners[0]),
        "school": SCHOOL,
        "exam": address.rsplit("/", 1)[1],
        "scan": str(uuid4()),
    }


def outcomes(
    desk: Desk, values: dict[str, str], route: str, form: Any, **how: bool
) -> dict[str, str]:
    method, path = route.split(" ", 1)
    body = {"json" if how.get("as_json") else "data": filled(form, values)} if form else {}
    found: dict[str, str] = {}
    for asker in ASKERS:
        answer = desk.browser(asker).request(method, filled(path, values), **body)
        found[asker] = outcome(answer.status_code, answer.headers.get("location", ""))
    return found


def test_a_page_lets_in_whom_the_table_names_and_nobody_else(
    desk: Desk, values: dict[str, str]
) -> None:
    found = {route: outcomes(desk, values, route, form) for route, (_, form) in PAGES.items()}

    assert found == {route: told(allowed) for route, (allowed, _) in PAGES.items()}


def test_the_json_interface_lets_in_whom_the_table_names_and_nobody_else(
    desk: Desk, values: dict[str, str]
) -> None:
    found = {
        route: outcomes(desk, values, route, body, as_json=True)
        for route, (_, body) in MACHINES.items()
    }

    assert found == {route: told(allowed) for route, (allowed, _) in MACHINES.items()}


def told(allowed: set[str]) -> dict[str, str]:
    return {asker: expected(asker, allowed) for asker in ASKERS}
