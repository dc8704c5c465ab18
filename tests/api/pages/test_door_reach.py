"""What a device at the door may not: confirm stays, let late comers in, name who is not there."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from domain.attendance import Attendance
from domain.envelope import Role
from domain.identity import attendance_id
from domain.session_refusals import CheckInClosed
from tests.acting import ENDS, STARTS
from tests.api.desk import Desk
from tests.api.pages.test_door import enrolled, page_of, scan_of, sent


def left(desk: Desk) -> object:
    key = attendance_id(desk.pilot.session_id, desk.pilot.learners[0])
    found = desk.runtime.book.ledger.find(Attendance, key)
    assert found is not None
    return found.checked_out_at


def attest(desk: Desk) -> None:
    desk.browser("host").post(f"{desk.session}/head-count", data={"present": "1"})
    for role in ("host", "coordinator"):
        desk.browser(role).post(f"{desk.session}/attest-as-{role}")
    desk.catch_up(desk.runtime.book.ledger.position())
    assert desk.runtime.book.sessions.get(desk.pilot.session_id).standing == "attested"


@pytest.mark.parametrize("attested", [False, True])
def test_a_device_confirms_no_stay_afterwards(desk: Desk, attested: bool) -> None:
    """A tablet that nobody watches would turn the codes of who left early into hours."""
    desk.open()
    device = enrolled(desk)
    [answer] = sent(desk, device, scan_of(desk)).json()["answers"]
    assert answer["answer"] == "taken"
    desk.close()
    if attested:
        attest(desk)
    desk.clock.move_to(ENDS + timedelta(hours=30))
    late = scan_of(desk, way="out", at=ENDS.isoformat())
    [answer] = sent(desk, device, late).json()["answers"]
    assert answer["answer"] == "waiting"
    now = scan_of(desk, way="out")
    [answer] = sent(desk, device, now).json()["answers"]
    assert answer["answer"] == "refused"
    assert left(desk) is None


def test_who_leaves_as_the_session_ends_scans_out(desk: Desk) -> None:
    device = enrolled(desk)
    desk.open()
    sent(desk, device, scan_of(desk))
    desk.clock.move_to(ENDS - timedelta(minutes=2))
    [answer] = sent(desk, device, scan_of(desk, way="out")).json()["answers"]
    assert (answer["answer"], left(desk)) == ("taken", desk.clock.at)


def test_late_comers_are_let_in_by_a_person_and_by_no_device(desk: Desk) -> None:
    device = enrolled(desk)
    desk.open()
    desk.clock.move_to(STARTS + timedelta(minutes=70))
    [answer] = sent(desk, device, scan_of(desk)).json()["answers"]
    assert (answer["answer"], answer["code"]) == ("refused", CheckInClosed.code)
    desk.tap(desk.pilot.learners[0])
    assert left(desk) is None


def test_where_nothing_is_on_it_names_nobody_and_still_uploads(desk: Desk) -> None:
    device = enrolled(desk)
    there = f"{page_of(desk)}/list"
    assert device.get(there).json()["people"] == []
    desk.open()
    assert len(device.get(there).json()["people"]) == 3
    desk.close()
    assert device.get(there).json()["people"] == []
    assert device.get(page_of(desk)).status_code == 200


def test_one_name_is_unsealed_to_tell_one_person(desk: Desk) -> None:
    device = enrolled(desk)
    desk.open()
    code = scan_of(desk)["code"]
    typed = device.post(page_of(desk), data={"scan_id": str(uuid4()), "code": code})
    assert "三年级2班" in device.get(typed.headers["location"]).text
    with psycopg.connect(desk.runtime.connections.owner) as owner:
        looks = owner.execute(
            "SELECT subject_ids FROM ledger_vault.access_log WHERE role = %s", (Role.MACHINE,)
        ).fetchall()
    assert looks == [([desk.pilot.learners[0]],)]
