"""Corrections through the pages: a form, the preview, a signature, and the district's word."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from domain.account import Account
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, entry, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.api.pilot_school import PilotSchool


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.clock.move_to(ENDS + timedelta(days=1))
    return desk


def balance(desk: Desk, number: int = 0) -> int:
    key = Account.create_id(desk.pilot.learners[number])
    account = desk.runtime.book.ledger.find(Account, key)
    return account.balance if account else 0


def form_of(desk: Desk, number: int) -> str:
    return f"{desk.session}/attendances/{desk.pilot.learners[number]}/correction"


def hidden(page: Response) -> dict[str, str]:
    """The fields of the form that signs."""
    found = re.findall(r'name="(order|sha256)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in found}


def signed(desk: Desk, client: TestClient, page: Response) -> str:
    answer = client.post("/staff/corrections", data=hidden(page))
    assert answer.status_code == 303, answer.text
    desk.catch_up(desk.runtime.book.ledger.position())
    return answer.headers["location"]


def test_a_coordinator_puts_an_attendance_right(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    assert "（示例）陈建2" in coordinator.get(form_of(desk, 0)).text
    times = {"presence": "there", "begins": "19:00", "ends": "19:45", "reason": "entry_error"}

    page = coordinator.get(form_of(desk, 0), params=times)
    assert page.status_code == 200
    assert "冲正 2.00 学时（录入有误）" in page.text
    assert "入账 1.00 学时" in page.text
    assert balance(desk) == 200
    address = signed(desk, coordinator, page)

    assert balance(desk) == 100
    assert "已生效" in coordinator.get(address).text
    assert "更正考勤" in coordinator.get(f"/staff/corrections/{SCHOOL}").text
    assert "已更正" in coordinator.get(f"{desk.session}/register").text


def test_what_was_found_untrue_waits_for_a_colleague(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    absent = {"presence": "absent", "reason": "fraud_confirmed"}
    page = coordinator.get(form_of(desk, 0), params=absent)
    assert "冲正 2.00 学时（经核实不实）" in page.text

    address = signed(desk, coordinator, page)

    assert "要先告知本人" in coordinator.get(address).text
    assert balance(desk) == 200
    head = desk.browser("head")
    [sha256] = set(re.findall(r"[0-9a-f]{64}", head.get(address).text))
    signature = {"sha256": sha256}
    assert head.post(f"{address}/approval", data=signature).status_code == 409
    hearing = address.replace("corrections/of", "hearings")
    assert f'href="{hearing}"' in head.get(address).text
    assert "不会有任何决定" in coordinator.get(f"{hearing}/question").text
    assert coordinator.post(f"{hearing}/telling", data={"how": "on_paper"}).status_code == 303
    assert "以前可以说明" in head.get(address).text
    assert head.post(f"{address}/approval", data=signature).status_code == 409
    said = {"heard_by": "on_paper", "words": "当晚我不在场（示例）"}
    assert coordinator.post(f"{hearing}/statements", data=said).status_code == 303
    told = head.get(address).text
    assert said["words"] in told
    assert "已听取说明，可以复核" in told
    assert said["words"] not in desk.browser("auditor").get(address).text
    assert head.post(f"{address}/approval", data=signature).status_code == 303
    assert balance(desk) == 0
    assert "经核实不实" not in coordinator.get(f"{desk.session}/correction").text


def test_nobody_is_named_whom_the_school_does_not_have(desk: Desk) -> None:
    roster = Roster(ELSEWHERE, 2026)
    [result] = desk.runtime.book.rosters.take(roster, [entry(30)], envelope(), dry_run=False)
    desk.catch_up(desk.runtime.book.ledger.position())
    page = desk.browser("coordinator").get(f"{desk.session}/attendances/{result.id}/correction")
    assert page.status_code == 404
    assert "（示例）" not in page.text


def test_somebody_without_a_check_in_is_entered_late(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    assert "没有签到记录" in coordinator.get(form_of(desk, 2)).text
    times = {"presence": "there", "begins": "19:00", "ends": "20:20", "reason": "entry_error"}

    signed(desk, coordinator, coordinator.get(form_of(desk, 2), params=times))

    assert balance(desk, 2) == 200


def test_what_makes_no_sense_is_told_on_the_form(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    wrong = [
        {"presence": "there", "begins": "19:45", "ends": "19:00", "reason": "entry_error"},
        {"presence": "there", "begins": "soon", "ends": "19:00", "reason": "entry_error"},
        {"presence": "there", "begins": "19:00", "ends": "19:45", "reason": "bad mood"},
    ]
    for params in wrong:
        page = coordinator.get(form_of(desk, 0), params=params)
        assert page.status_code == 422
        assert 'name="sha256"' not in page.text
    malformed = {"order": "{}", "sha256": "0" * 64}
    assert coordinator.post("/staff/corrections", data=malformed).status_code == 422


def test_an_outdated_preview_is_not_signed(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    page = coordinator.get(form_of(desk, 0), params={"presence": "absent", "reason": "not_present"})
    old = hidden(page)
    signed(desk, coordinator, page)

    assert coordinator.post("/staff/corrections", data=old).status_code == 409


def test_a_shorter_session_is_previewed_for_everybody(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    times = {"opened": "19:00", "closed": "19:50", "class_hours": "2", "reason": "entry_error"}

    page = coordinator.get(f"{desk.session}/correction", params=times)
    signed(desk, coordinator, page)

    assert balance(desk) == 100


def test_a_session_is_voided_by_school_and_district(desk: Desk) -> None:
    coordinator, officer = desk.browser("coordinator"), desk.browser("district_officer")
    page = coordinator.get(f"{desk.session}/voiding")
    assert "须由区级管理员确认" in page.text

    assert "更正等您复核签字" not in officer.get("/staff").text
    address = signed(desk, coordinator, page)

    assert balance(desk) == 200
    assert "更正等您复核签字" in officer.get("/staff").text
    assert address in officer.get("/staff/corrections").text
    seen = officer.get(address)
    assert "陈建" not in seen.text  # the district sees no parent's name
    sha256 = hidden(seen)["sha256"]
    assert coordinator.post(f"{address}/approval", data={"sha256": sha256}).status_code == 403
    assert officer.post(f"{address}/approval", data={"sha256": sha256}).status_code == 303
    desk.catch_up(desk.runtime.book.ledger.position())
    assert balance(desk) == 0
    assert "已作废" in coordinator.get(desk.session).text
    assert officer.post(f"{address}/approval", data={"sha256": sha256}).status_code == 409


def test_a_waiting_correction_is_refused_withdrawn_or_outdated(desk: Desk) -> None:
    coordinator, officer = desk.browser("coordinator"), desk.browser("district_officer")
    first = signed(desk, coordinator, coordinator.get(f"{desk.session}/voiding"))
    second = signed(desk, coordinator, coordinator.get(f"{desk.session}/voiding"))

    assert officer.post(f"{first}/refusal", data={"reason": "not_founded"}).status_code == 303
    desk.catch_up(desk.runtime.book.ledger.position())
    assert "与事实不符" in coordinator.get(first).text
    times = {"presence": "absent", "reason": "not_present"}
    signed(desk, coordinator, coordinator.get(form_of(desk, 0), params=times))
    assert "签署之后情况有变" in coordinator.get(second).text
    assert coordinator.post(f"{second}/withdrawal").status_code == 303
    desk.catch_up(desk.runtime.book.ledger.position())
    assert "已撤回" in coordinator.get(second).text


def test_the_same_by_the_json_interface(desk: Desk) -> None:
    coordinator, officer = desk.browser("coordinator"), desk.browser("district_officer")
    session_id = str(desk.pilot.session_id)
    order = {"kind": "session_void", "session_id": session_id, "reason_code": "session_voided"}

    preview = coordinator.post("/api/v1/corrections/preview", json={"order": order}).json()
    assert [change["hours_after"] for change in preview["changes"]] == [0]
    wish = {"order": order, "sha256": preview["sha256"]}
    done = coordinator.post("/api/v1/corrections", json=wish).json()
    assert done["state"] == "waiting"
    desk.catch_up(desk.runtime.book.ledger.position())
    path = f"/api/v1/corrections/{done['correction_id']}"
    [listed] = officer.get(f"/api/v1/schools/{SCHOOL}/corrections?state=waiting").json()[
        "corrections"
    ]
    assert officer.get(path).json() == listed
    signature = {"sha256": preview["sha256"]}
    assert officer.post(f"{path}/approval", json=signature).json()["state"] == "applied"
    again = officer.post(f"{path}/refusal", json={"reason_code": "not_founded"})
    assert again.json()["code"] == "correction_decided"
    assert coordinator.post(f"{path}/withdrawal").status_code == 409
    assert coordinator.get("/api/v1/corrections/" + session_id).status_code == 403
