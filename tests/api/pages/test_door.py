"""A device at a school's door: enrolled by a code, good for scans of its school, ended at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.door_devices import INVITATION_LASTS
from api.access.rate_limit import DOOR_CODE_BY_ADDRESS
from api.machines import UnknownKey
from domain.envelope import Role
from ledger.registry import UnknownStaff
from tests.acting import ENDS, SCHOOL, envelope
from tests.api.desk import ELSEWHERE, ORIGIN, Desk
from tests.saying import says

DEVICES = f"/staff/schools/{SCHOOL}/devices"
NAMES = ("（示例）陈建2", "（示例）陈小2")


def code_for(desk: Desk, days: str = "30") -> str:
    page = desk.browser("coordinator").post(DEVICES, data={"label": "东门平板", "days": days})
    assert page.status_code == 200, page.text
    found = re.search(r'<p class="code">([0-9A-Z-]+)</p>', page.text)
    assert found is not None
    return found[1]


def tablet(desk: Desk) -> TestClient:
    return desk.client(Origin=ORIGIN)


def enrolled(desk: Desk) -> TestClient:
    device = tablet(desk)
    answer = device.post("/door", data={"code": code_for(desk)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/door"), answer.text
    return device


def page_of(desk: Desk) -> str:
    return f"/door/sessions/{desk.pilot.session_id}"


def scan_of(desk: Desk, **different: Any) -> dict[str, Any]:
    learner = desk.pilot.learners[0]
    made = {
        "scan_id": str(uuid4()), "way": "in", "at": desk.clock.at.isoformat(),
        "code": desk.runtime.personal_codes.of([learner])[learner],
    }  # fmt: skip
    return made | different


def sent(desk: Desk, device: TestClient, *scans: dict[str, Any]) -> Response:
    body, headers = {"scans": list(scans)}, {"Accept": "application/json"}
    answer = device.post(f"{page_of(desk)}/scans", json=body, headers=headers)
    desk.catch_up(desk.runtime.book.ledger.position())
    return answer


def device_id(desk: Desk) -> UUID:
    return desk.runtime.door_devices.of_school(SCHOOL)[0].device_id


def test_a_device_scans_for_the_open_session_and_shows_masked_names_alone(desk: Desk) -> None:
    device = enrolled(desk)
    desk.open()
    assert page_of(desk) in device.get("/door").text

    kept = device.get(f"{page_of(desk)}/list")
    assert {each["name"] for each in kept.json()["people"]} != {""}
    scan = scan_of(desk, shift=kept.json()["shift"])
    [answer] = sent(desk, device, scan).json()["answers"]
    assert answer["answer"] == "taken"
    typed = device.post(page_of(desk), data={"scan_id": str(uuid4()), "code": scan["code"]})
    told = device.get(typed.headers["location"])
    assert "三年级2班" in told.text
    assert [name for name in NAMES if name in kept.text + told.text] == []

    [line] = desk.runtime.models.attendances.register_of(desk.pilot.session_id)
    assert (line.learner_id, line.channel) == (desk.pilot.learners[0], "staff_scan")


def test_a_device_taps_no_name_and_opens_nothing_else(desk: Desk) -> None:
    device = enrolled(desk)
    desk.open()
    tap = scan_of(desk, learner_id=str(desk.pilot.learners[0]))
    del tap["code"]
    assert sent(desk, device, tap).status_code == 403
    for path in ("/staff", f"{desk.session}/scan", f"{desk.session}/scan/list", DEVICES, "/me"):
        assert device.get(path).status_code == 303, path
    assert device.get(f"{desk.session_api}/inbox").status_code == 401
    assert device.post(f"{desk.session_api}/scans", json={"scans": [tap]}).status_code == 401


def test_a_device_is_of_one_school(desk: Desk) -> None:
    desk.open()
    by = desk.browser("coordinator_elsewhere")
    page = by.post(f"/staff/schools/{ELSEWHERE}/devices", data={"label": "平板", "days": "9"})
    found = re.search(r'<p class="code">([0-9A-Z-]+)</p>', page.text)
    device = tablet(desk)
    assert device.post("/door", data={"code": found[1] if found else ""}).status_code == 303

    assert page_of(desk) not in device.get("/door").text
    assert device.get(page_of(desk)).status_code == 403
    assert device.get(f"{page_of(desk)}/list").status_code == 403
    assert sent(desk, device, scan_of(desk)).status_code == 403


def test_what_comes_late_from_a_device_waits_in_the_inbox(desk: Desk) -> None:
    desk.open()
    device = enrolled(desk)
    scan = scan_of(desk)
    desk.close()
    desk.clock.move_to(ENDS + timedelta(hours=30))
    [answer] = sent(desk, device, scan).json()["answers"]
    assert answer["answer"] == "waiting"
    assert desk.runtime.models.scan_inbox.waiting_in(desk.pilot.session_id) == 1


def test_a_code_is_used_once_and_within_an_hour(desk: Desk) -> None:
    code, late = code_for(desk), code_for(desk)
    assert tablet(desk).post("/door", data={"code": code}).status_code == 303
    assert says(tablet(desk).post("/door", data={"code": code}), "code_used")
    desk.clock.move(INVITATION_LASTS)
    assert says(tablet(desk).post("/door", data={"code": late}), "code_expired")
    assert says(tablet(desk).post("/door", data={"code": "0" * 13}), "code_unknown")
    assert says(tablet(desk).post("/door", data={"code": "示例"}), "code_malformed")


def test_guesses_are_limited_by_address(desk: Desk) -> None:
    for _ in range(DOOR_CODE_BY_ADDRESS.tries):
        assert says(tablet(desk).post("/door", data={"code": "0" * 13}), "code_unknown")
    answer = tablet(desk).post("/door", data={"code": code_for(desk)})
    assert (answer.status_code, says(answer, "too_many_tries")) == (429, True)


def test_a_device_that_is_ended_is_out_at_once_and_so_is_one_whose_days_are_over(
    desk: Desk,
) -> None:
    device, other = enrolled(desk), enrolled(desk)
    desk.open()
    listed = desk.browser("coordinator").get(DEVICES)
    assert listed.text.count("东门平板") >= 2

    ending = f"{DEVICES}/{device_id(desk)}/ending"
    by = desk.browser("coordinator")
    assert by.post(ending).status_code == 303
    statuses = [each.get(page_of(desk)).status_code for each in (device, other)]
    assert sorted(statuses) == [200, 303]
    assert by.post(ending).status_code == 404
    assert says(by.post(ending), UnknownKey.code)

    desk.clock.move(timedelta(days=30))
    assert {each.get(page_of(desk)).headers["location"] for each in (device, other)} == {"/door"}
    assert sent(desk, other, scan_of(desk)).status_code == 401


def test_the_ledger_says_whose_device_it_is_and_a_code_dies_with_the_right_of_who_gave_it(
    desk: Desk,
) -> None:
    enrolled(desk)
    staff_id, code = desk.people["coordinator"], code_for(desk)
    kept = desk.runtime.machine_keys.of(device_id(desk)) or desk.runtime.machine_keys.all()[0]
    ledger = desk.runtime.book.ledger
    facts = [ledger.events_mapper.to_domain_event(x)
             for x in ledger.store.select_events(kept.machine_id)]  # fmt: skip
    assert [fact.TOPIC for fact in facts] == ["machine.registered", "machine.key_made"]
    assert {fact.envelope.actor.id for fact in facts} == {staff_id}

    registry, today = desk.runtime.book.registry, desk.clock.at.date()
    registry.end_authority(staff_id, Role.COORDINATOR, SCHOOL, today, "left", envelope())
    assert tablet(desk).post("/door", data={"code": code}).status_code == 403
    with pytest.raises(UnknownStaff):
        registry.end_every_authority(uuid4(), today, "left", envelope())
