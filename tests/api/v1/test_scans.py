"""Scans of a device: each is answered once and for ever, and what comes late waits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from api.scanning import shift_of
from tests.acting import ENDS, envelope
from tests.api.desk import Desk


def code_of(desk: Desk, learner_id: UUID) -> str:
    return desk.runtime.personal_codes.of([learner_id])[learner_id]


def scanned(desk: Desk, learner: UUID, **different: Any) -> dict[str, Any]:
    made = {
        "scan_id": str(uuid4()),
        "way": "in",
        "at": desk.clock.at.isoformat(),
        "code": code_of(desk, learner),
    }
    return made | different


def upload(desk: Desk, *scans: dict[str, Any], by: str = "host") -> list[dict[str, Any]]:
    answer = desk.browser(by).post(f"{desk.session_api}/scans", json={"scans": list(scans)})
    assert answer.status_code == 200, answer.text
    desk.catch_up(desk.runtime.book.ledger.position())
    found: list[dict[str, Any]] = answer.json()["answers"]
    return found


def said(answers: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(each["answer"], each["code"]) for each in answers]


def register(desk: Desk) -> list[tuple[UUID, str, datetime, datetime | None]]:
    lines = desk.runtime.models.attendances.register_of(desk.pilot.session_id)
    return [(x.learner_id, x.channel, x.checked_in_at, x.checked_out_at) for x in lines]


def inbox(desk: Desk) -> list[tuple[UUID | None, str]]:
    found = desk.runtime.models.scan_inbox.of_session(desk.pilot.session_id)
    return [(line.learner_id, line.reason_code) for line in found if line.is_taken is None]


def test_a_scan_counts_at_its_own_time_and_gets_the_same_answer_again(desk: Desk) -> None:
    desk.open()
    learner, at = desk.pilot.learners[0], desk.clock.at
    scan = scanned(desk, learner)
    desk.clock.move(timedelta(minutes=15))

    first, again = upload(desk, scan), upload(desk, scan)

    assert said(first) == said(again) == [("taken", None)]
    assert first[0]["at"] == again[0]["at"]
    assert register(desk) == [(learner, "staff_scan", at, None)]


def test_a_second_scan_says_since_when_and_a_tap_is_an_entry_by_hand(desk: Desk) -> None:
    desk.open()
    learner, since = desk.pilot.learners[0], desk.clock.at
    upload(desk, scanned(desk, learner, code=None, learner_id=str(learner)))
    desk.clock.move(timedelta(minutes=3))

    [answer] = upload(desk, scanned(desk, learner))

    assert answer["answer"] == "already"
    assert datetime.fromisoformat(answer["at"]) == since
    assert register(desk) == [(learner, "staff_entry", since, None)]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_time_of_no_evening_is_refused_with_its_field(desk: Desk, at: str) -> None:
    desk.open()
    scan = scanned(desk, desk.pilot.learners[0], at=at)

    answer = desk.browser("host").post(f"{desk.session_api}/scans", json={"scans": [scan]})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"][-1] == "at"
    assert inbox(desk) == []


def test_two_devices_that_scan_one_learner_at_once_make_one_attendance(desk: Desk) -> None:
    desk.open()
    learner, together = desk.pilot.learners[0], Barrier(2)
    devices = [
        (desk.browser("host"), scanned(desk, learner)),
        (desk.browser("coordinator"), scanned(desk, learner)),
    ]

    def send(device: tuple[TestClient, dict[str, Any]]) -> str:
        client, scan = device
        together.wait()
        answer = client.post(f"{desk.session_api}/scans", json={"scans": [scan]})
        return str(answer.json()["answers"][0]["answer"])

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(send, devices))

    desk.catch_up(desk.runtime.book.ledger.position())
    assert answers == ["already", "taken"]
    assert len(register(desk)) == 1


def test_out_comes_after_in_of_the_same_upload(desk: Desk) -> None:
    desk.open()
    learner, came = desk.pilot.learners[0], desk.clock.at
    left = ENDS - timedelta(minutes=1)
    scans = [scanned(desk, learner), scanned(desk, learner, way="out", at=left.isoformat())]
    desk.clock.move_to(ENDS + timedelta(minutes=1))

    assert said(upload(desk, *scans)) == [("taken", None), ("taken", None)]

    assert register(desk) == [(learner, "staff_scan", came, left)]


def test_what_is_refused_while_the_person_stands_there_is_told_at_once(desk: Desk) -> None:
    desk.open()
    learner = desk.pilot.learners[0]
    lost = scanned(desk, learner)
    desk.runtime.book.personal_codes.replace(learner, envelope())

    answers = upload(desk, lost, scanned(desk, learner, code="PC1.NOT-OURS"))

    assert said(answers) == [("refused", "personal_code_void"), ("refused", "scan_code_unknown")]
    assert "请用新码" in answers[0]["text"]
    assert (inbox(desk), register(desk)) == ([], [])


def test_an_upload_after_the_close_waits_in_the_inbox_and_is_taken_at_its_own_time(
    desk: Desk,
) -> None:
    desk.open()
    learner, came = desk.pilot.learners[0], desk.clock.at
    scan = scanned(desk, learner)
    desk.close()
    desk.clock.move(timedelta(hours=1))

    assert said(upload(desk, scan)) == [("waiting", "session_not_open")]
    assert said(upload(desk, scan)) == [("waiting", None)]
    assert inbox(desk) == [(learner, "session_not_open")]
    page = desk.browser("coordinator").get(f"{desk.session}/inbox")
    assert "（示例）陈建2" in page.text
    taken = desk.browser("coordinator").post(f"{desk.session}/inbox/{scan['scan_id']}/taken")
    desk.catch_up(desk.runtime.book.ledger.position())

    assert (taken.status_code, inbox(desk)) == (303, [])
    assert register(desk) == [(learner, "staff_scan", came, None)]
    assert said(upload(desk, scan)) == [("taken", None)]


def test_a_late_scan_that_was_turned_down_is_not_recorded_by_sending_it_again(desk: Desk) -> None:
    desk.open()
    scan = scanned(desk, desk.pilot.learners[0])
    desk.close()
    desk.clock.move(timedelta(hours=1))
    upload(desk, scan)

    form = {"reason": "not_present"}
    answer = desk.browser("host").post(f"{desk.session}/inbox/{scan['scan_id']}/refused", data=form)
    desk.catch_up(desk.runtime.book.ledger.position())

    assert answer.status_code == 303
    assert "本人未到场" in desk.browser("host").get(f"{desk.session}/inbox").text
    assert said(upload(desk, scan)) == [("turned_down", None)]
    again = desk.browser("host").post(f"{desk.session}/inbox/{scan['scan_id']}/taken")
    assert (again.status_code, "已经处理过" in again.text) == (409, True)
    assert register(desk) == []


def test_the_inbox_is_read_and_decided_by_programs_too(desk: Desk) -> None:
    desk.open()
    first, second = (scanned(desk, each) for each in desk.pilot.learners[:2])
    desk.close()
    desk.clock.move(timedelta(hours=1))
    upload(desk, first, second)
    host, address = desk.browser("host"), f"{desk.session_api}/inbox"

    taken = host.post(f"{address}/{first['scan_id']}/decision", json={})
    refused = host.post(
        f"{address}/{second['scan_id']}/decision", json={"refused_because": "wrong_person"}
    )
    unknown = host.post(f"{address}/{uuid4()}/decision", json={})

    assert (taken.status_code, refused.status_code) == (200, 200)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "waiting_scan_unknown")
    scans = {each["scan_id"]: each for each in host.get(address).json()["scans"]}
    assert scans[first["scan_id"]]["is_taken"] is True
    assert scans[second["scan_id"]]["refusal_code"] == "wrong_person"
    assert [line[0] for line in register(desk)] == [desk.pilot.learners[0]]
    history = desk.runtime.models.history.history(desk.pilot.learners[1])
    assert [line.topic for line in history if line.topic.startswith("waiting_scan")] == [
        "waiting_scan.kept",
        "waiting_scan.refused",
    ]


def test_a_clock_ahead_is_flagged_up_to_five_minutes_and_beyond_that_the_scan_waits(
    desk: Desk,
) -> None:
    desk.open()
    near, far = desk.clock.at + timedelta(minutes=5), desk.clock.at + timedelta(minutes=6)
    first, second = desk.pilot.learners[:2]

    answers = upload(
        desk, scanned(desk, first, at=near.isoformat()), scanned(desk, second, at=far.isoformat())
    )

    assert said(answers) == [("taken", None), ("waiting", "time_in_the_future")]
    assert inbox(desk) == [(second, "time_in_the_future")]
    [line] = desk.runtime.models.attendances.register_of(desk.pilot.session_id)
    assert "ahead_of_clock" in line.flags


def test_a_scan_made_while_a_colleague_was_signed_in_is_not_put_down_to_somebody_else(
    desk: Desk,
) -> None:
    desk.open()
    session_id = desk.pilot.session_id
    shift = shift_of(session_id, uuid4())
    desk.browser("host")
    own = shift_of(session_id, desk.people["host"])
    others = scanned(desk, desk.pilot.learners[0], shift=str(shift))
    mine = scanned(desk, desk.pilot.learners[1], shift=str(own))
    desk.clock.move(timedelta(minutes=5))

    assert said(upload(desk, others, mine)) == [("waiting", "scan_of_another"), ("taken", None)]


def test_nobody_scans_themselves_in(desk: Desk) -> None:
    own = desk.pilot.learners[0]
    desk.browser("host", learner_id=own)
    desk.open()

    assert said(upload(desk, scanned(desk, own))) == [("refused", "own_case")]


def test_a_scan_that_is_none_is_refused_with_its_field(desk: Desk) -> None:
    host = desk.browser("host")
    for wrong in (
        {"code": None},
        {"learner_id": str(uuid4())},
        {"at": "2026-09-18T19:00:00"},
        {"code": "P" * 65},
        {"way": "through"},
        {"name": "（示例）陈建2"},
    ):
        scan = scanned(desk, desk.pilot.learners[0]) | wrong
        answer = host.post(f"{desk.session_api}/scans", json={"scans": [scan]})
        assert answer.status_code == 400, wrong
        assert answer.json()["errors"][0]["field"][:3] == ["body", "scans", "0"]


def test_scans_of_no_session_and_of_another_school_go_nowhere(desk: Desk) -> None:
    body = {"scans": [scanned(desk, desk.pilot.learners[0])]}

    foreign = desk.browser("host_elsewhere").post(f"{desk.session_api}/scans", json=body)
    unknown = desk.browser("host").post(f"/api/v1/sessions/{uuid4()}/scans", json=body)

    assert foreign.status_code == 403
    assert unknown.status_code in {403, 404}


def test_no_answer_names_anybody(desk: Desk) -> None:
    desk.open()
    body = {"scans": [scanned(desk, each) for each in desk.pilot.learners]}

    text = desk.browser("host").post(f"{desk.session_api}/scans", json=body).text

    assert "陈" not in text
    assert "PC1." not in text
