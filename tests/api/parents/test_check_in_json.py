"""The JSON twins of arrival and check-in: tickets, first answers again, problems with codes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

from fastapi.testclient import TestClient
from httpx2 import Response

from tests.acting import STARTS
from tests.api.parents.conftest import Evening


def arrive(evening: Evening, phone: TestClient, **code: str) -> Response:
    body = code or {"token": evening.token()}
    return phone.post(f"/api/v1/sessions/{evening.session_id}/arrivals", json=body)


def check_in(evening: Evening, phone: TestClient, ticket: str, scan_id: str) -> Response:
    body = {"ticket": ticket, "scan_id": scan_id}
    return phone.post(f"/api/v1/sessions/{evening.session_id}/check-ins", json=body)


def test_the_first_answer_is_201_and_the_same_scan_again_200(evening: Evening) -> None:
    phone, scan_id = evening.enrolled_phone(), str(uuid4())
    arrived = arrive(evening, phone)
    assert arrived.status_code == 201
    first = check_in(evening, phone, arrived.json()["ticket"], scan_id)
    assert first.status_code == 201
    assert first.json()["checked_in_at"] == "2026-09-18T10:50:00Z"
    assert first.json()["position"] > 0
    assert first.json()["receipt"].startswith("parent-credit-ledger/receipt/v1\n")
    again = check_in(evening, phone, arrived.json()["ticket"], scan_id)
    assert (again.status_code, again.json()["checked_in_at"]) == (200, "2026-09-18T10:50:00Z")
    assert again.json()["receipt"] == first.json()["receipt"]
    other = check_in(evening, phone, arrived.json()["ticket"], str(uuid4()))
    assert (other.status_code, other.json()["code"]) == (409, "already_checked_in")
    assert other.json()["checked_in_at"].startswith("2026-09-18T10:50:00")
    assert other.headers["content-type"] == "application/problem+json"


def test_a_body_that_no_check_in_needs_is_refused_before_all_of_it_is_read(
    evening: Evening,
) -> None:
    answer = check_in(evening, evening.phone(), "x" * 20_000, str(uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.json()["most"] == 16 * 1024


def test_a_typed_code_needs_a_login_and_gives_a_ticket(evening: Evening) -> None:
    code = evening.typed_code()
    assert arrive(evening, evening.phone(), typed_code=code).json()["code"] == "login_required"
    phone = evening.enrolled_phone()
    ticket = arrive(evening, phone, typed_code=code).json()["ticket"]
    assert check_in(evening, phone, ticket, str(uuid4())).status_code == 201


def test_a_device_may_enrol_between_the_scan_and_the_tap(evening: Evening) -> None:
    phone = evening.phone()
    ticket = arrive(evening, phone).json()["ticket"]
    refused = check_in(evening, phone, ticket, str(uuid4()))
    assert (refused.status_code, refused.json()["code"]) == (401, "login_required")
    for name, value in evening.enrolled_phone().cookies.items():
        phone.cookies.set(name, value)
    assert check_in(evening, phone, ticket, str(uuid4())).status_code == 201


def test_every_refusal_has_its_code(evening: Evening) -> None:
    phone, token = evening.enrolled_phone(), evening.token()
    ticket = arrive(evening, phone).json()["ticket"]
    other = evening.enrolled_phone()
    arrive(evening, other)
    assert check_in(evening, other, ticket, str(uuid4())).json()["code"] == "ticket_other_device"
    assert check_in(evening, phone, "x" * 152, str(uuid4())).json()["code"] == "ticket_invalid"
    wrong_session = {"ticket": ticket, "scan_id": str(uuid4())}
    answer = phone.post(f"/api/v1/sessions/{uuid4()}/check-ins", json=wrong_session)
    assert answer.json()["code"] == "ticket_invalid"
    assert arrive(evening, phone, token="0123456789").json()["code"] == "code_wrong"
    evening.clock.move(timedelta(minutes=1))
    expired = arrive(evening, phone, token=token)
    assert (expired.status_code, expired.json()["code"]) == (410, "code_expired")
    evening.clock.move_to(STARTS + timedelta(minutes=30))
    late = arrive(evening, phone).json()["ticket"]
    closed = check_in(evening, phone, late, str(uuid4()))
    assert (closed.status_code, closed.json()["code"]) == (409, "check_in_closed")
    assert closed.json()["opens_at"].startswith("2026-09-18T10:30:00")
    assert evening.attended() == 0


def test_an_arrival_names_one_code(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    for body in ({}, {"token": "A", "typed_code": "1"}, {"token": "A", "learner_id": "x"}):
        path = f"/api/v1/sessions/{evening.session_id}/arrivals"
        assert phone.post(path, json=body).status_code in {400, 422}


def test_what_is_malformed_names_its_place_and_rule_and_is_not_sent_back(evening: Evening) -> None:
    phone, good = evening.enrolled_phone(), f"/api/v1/sessions/{evening.session_id}/check-ins"
    sent = {"ticket": "t" * 401, "scan_id": "secret", "learner_id": "secret"}
    answer = phone.post(good, json=sent)
    assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")
    assert {(each["field"][-1], each["rule"]) for each in answer.json()["errors"]} == {
        ("ticket", "string_too_long"),
        ("scan_id", "uuid_parsing"),
        ("learner_id", "extra_forbidden"),
    }
    assert "secret" not in answer.text
    for content, kind in (
        (b"{", "application/json"),
        (b"\xff", "application/json"),
        (b"a=b", "x/y"),
    ):
        refused = phone.post(good, content=content, headers={"Content-Type": kind})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, ["body"])
    wrong = phone.post("/api/v1/sessions/none/check-ins", json={"ticket": "t", "scan_id": "s"})
    assert wrong.json()["errors"][0]["field"] == ["path", "session_id"]
    assert phone.get(good).status_code == 405
    assert phone.post(good, json=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    described = phone.get("/api/v1/openapi.json").json()["paths"]
    told = described["/api/v1/sessions/{session_id}/check-ins"]["post"]
    assert told["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Tap")
    assert "CheckedInAt" in str(told["responses"]["201"])


def test_twelve_requests_at_once_are_one_attendance(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    ticket = arrive(evening, phone).json()["ticket"]

    def once(_: int) -> int:
        finger = evening.phone()
        finger.cookies.update(phone.cookies)
        return check_in(evening, finger, ticket, str(uuid4())).status_code

    with ThreadPoolExecutor(12) as pool:
        answers = sorted(pool.map(once, range(12)))
    assert answers == [201] + [409] * 11
    assert evening.attended() == 1
