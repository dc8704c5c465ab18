"""Attendances as JSON: entered by hand, once, never in one's own case."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx2 import Response

from tests.api.desk import Desk


def check_in(
    desk: Desk, client: TestClient, learner: UUID, scan_id: UUID | None = None
) -> Response:
    body = {"learner_id": str(learner), "scan_id": str(scan_id or uuid4())}
    return client.post(f"{desk.session_api}/attendances", json=body)


def check_out(desk: Desk, client: TestClient, learner: UUID) -> Response:
    path = f"{desk.session_api}/attendances/{learner}/check-out"
    return client.post(path, json={"scan_id": str(uuid4())})


def code_of(response: Response) -> str:
    code: str = response.json()["code"]
    return code


def test_staff_check_a_learner_in_and_out(desk: Desk) -> None:
    desk.open()
    host, learner = desk.browser("host"), desk.pilot.learners[0]

    assert check_in(desk, host, learner).status_code == 201
    assert check_out(desk, host, learner).status_code == 200

    [line] = host.get(f"{desk.session_api}/register").json()["attendances"]
    assert (line["learner_id"], line["channel"]) == (str(learner), "staff_entry")
    assert line["checked_out_at"] is not None


def test_the_same_scan_gets_the_first_answer_again(desk: Desk) -> None:
    desk.open()
    host, scan = desk.browser("host"), uuid4()
    first = check_in(desk, host, desk.pilot.learners[0], scan).json()

    again = check_in(desk, host, desk.pilot.learners[0], scan)

    assert again.status_code == 201
    assert again.json()["checked_in_at"] == first["checked_in_at"]
    assert again.json()["position"] >= first["position"]


def test_a_scan_id_means_one_learner(desk: Desk) -> None:
    desk.open()
    host, scan = desk.browser("host"), uuid4()
    first, second = desk.pilot.learners[:2]
    check_in(desk, host, first, scan)

    assert code_of(check_in(desk, host, second, scan)) == "scan_id_reused"


def test_a_second_check_in_says_since_when(desk: Desk) -> None:
    desk.open()
    host, learner = desk.browser("host"), desk.pilot.learners[0]
    check_in(desk, host, learner)

    answer = check_in(desk, host, learner)

    assert (answer.status_code, code_of(answer)) == (409, "already_checked_in")
    assert answer.json()["checked_in_at"].startswith("2026-09-18T10:50")


def test_nobody_enters_their_own_attendance(desk: Desk) -> None:
    desk.open()
    own = desk.pilot.learners[0]

    answer = check_in(desk, desk.browser("host", learner_id=own), own)

    assert (answer.status_code, code_of(answer)) == (403, "own_case")


def test_before_the_opening_nobody_is_entered(desk: Desk) -> None:
    answer = check_in(desk, desk.browser("host"), desk.pilot.learners[0])

    assert (answer.status_code, code_of(answer)) == (409, "session_not_open")


def test_nobody_leaves_who_was_not_there_and_nobody_twice(desk: Desk) -> None:
    desk.open()
    host = desk.browser("host")
    there, absent = desk.pilot.learners[:2]
    check_in(desk, host, there)
    check_out(desk, host, there)

    assert code_of(check_out(desk, host, absent)) == "not_checked_in"
    assert code_of(check_out(desk, host, there)) == "already_checked_out"


def test_an_unknown_learner_is_refused(desk: Desk) -> None:
    desk.open()

    answer = check_in(desk, desk.browser("host"), uuid4())

    assert (answer.status_code, code_of(answer)) == (404, "learner_unknown")


def test_the_register_holds_no_name_and_no_phone(desk: Desk) -> None:
    desk.open()
    check_in(desk, desk.browser("host"), desk.pilot.learners[0])

    text = desk.browser("auditor").get(f"{desk.session_api}/register").text

    assert "陈" not in text
    assert re.search(r"\b100\d{8}\b", text) is None
