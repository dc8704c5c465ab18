"""Sheets on the staff's pages: printed, typed by one, checked by another, with the scan at hand."""

from __future__ import annotations

import hashlib
import html
import re
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from tests.api.desk import Desk
from tests.case_acting import attendance, noon, parent

GUEST = {"guest_class": ["三年级|2班"]}


@pytest.fixture
def sheet(desk: Desk) -> str:
    """The address of the sheet of an evening that is over."""
    desk.at_the_door()
    answer = desk.browser("host").post(f"{desk.session}/sheets")
    assert answer.status_code == 303
    desk.open()
    desk.close()
    [line] = desk.runtime.models.sheets.of_session(desk.pilot.session_id)
    return f"/staff/sheets/{line.sheet_id}"


def picture(form: str = "JPEG") -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (40, 60), "white").save(drawn, form)
    return drawn.getvalue()


def send(desk: Desk, asker: str, address: str, **form: Any) -> tuple[int, str]:
    answer = desk.browser(asker).post(address, data=form)
    desk.catch_up(desk.runtime.book.ledger.position())
    return answer.status_code, html.unescape(answer.text)


def present(desk: Desk) -> set[UUID]:
    lines = desk.runtime.models.attendances.register_of(desk.pilot.session_id)
    return {line.learner_id for line in lines}


def test_the_printed_sheet_names_the_invited_and_no_phone(desk: Desk, sheet: str) -> None:
    """DOMAIN 6.5: head, columns, foot, a code for the sheet and one for each of its 25 rows."""
    page = desk.browser("host").get(f"{desk.session}/sheets/print").text
    for said in (
        "广州市越秀区示例小学家长学校签到表",
        "活动主题",
        "应到",
        "家长签名",
        "考勤员（签名）",
    ):
        assert said in page
    assert page.count('class="row-code') == 25
    assert page.count("sheet-code") == 1
    assert page.count("（示例）陈建") == 3
    assert not re.search(r"100\d{8}", page)
    assert desk.readings("sign_in_sheet") > 0
    assert (
        desk.browser("host").get(f"{desk.session}/sheets/print?only={uuid4()}").status_code == 200
    )


def test_two_persons_make_an_attendance_of_a_signature(desk: Desk, sheet: str) -> None:
    """P2.2, P4.4: the register names the sheet."""
    assert send(desk, "coordinator", f"{sheet}/entry", came=[1, 3], left=[1])[0] == 303
    assert present(desk) == set()
    assert send(desk, "coordinator", f"{sheet}/check", came=[1, 3], left=[1])[0] == 403
    assert send(desk, "class_teacher", f"{sheet}/check", came=[1, 3], left=[1])[0] == 303

    assert len(present(desk)) == 2
    register = desk.browser("coordinator").get(f"{desk.session}/register").text
    assert register.count(f'href="{sheet}"') == 2
    entries = desk.browser("host").get(f"{desk.session_api}/register").json()["attendances"]
    assert {(each["channel"], each["sheet_id"]) for each in entries} == {
        ("paper_import", sheet.rsplit("/", 1)[1])
    }


def test_a_difference_is_named_by_row_and_the_form_stays_as_it_was(desk: Desk, sheet: str) -> None:
    send(desk, "coordinator", f"{sheet}/entry", came=[1, 2])
    status, page = send(desk, "class_teacher", f"{sheet}/check", came=[1, 3])
    assert status == 409
    assert page.count("与录入不一致，请看原表这一行。") == 2
    assert re.search(r'value="3" checked', page)
    assert present(desk) == set()
    assert "第 2、3 行" in html.unescape(desk.browser("host").get(sheet).text)


def test_the_second_person_sees_the_paper_and_not_what_was_typed(desk: Desk, sheet: str) -> None:
    send(desk, "coordinator", f"{sheet}/entry", came=[1], came_at=["19:15"])
    for page in (sheet, f"{sheet}/check", f"/api/v1{sheet.removeprefix('/staff')}"):
        seen = desk.browser("class_teacher").get(page).text
        assert " checked" not in seen
        assert "19:15" not in seen
        assert '"said":[{' not in seen
    mine = desk.browser("coordinator").get(f"{sheet}/entry").text
    assert re.search(r'value="1" checked', mine)
    assert 'value="19:15"' in mine


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"came": [1], "came_at": ["25:00"]}, "时间请写成19:05或1905。"),
    ({"came": [1], "came_at": ["2359"]}, "时间不对：离场须晚于到场，到场须早于活动结束。"),
    ({"left": [2]}, "只有签退，没有签到。请看原表。"),
    ({"came": [4]}, "请填写这一行的班级和家长姓名。"),
    ({"came": [4], **GUEST, "guest_name": ["陈不在"]}, "这个班没有这位家长，请核对班级和姓名。"),
    ({**GUEST, "guest_name": ["（示例）陈建2"]}, "填了姓名，请点“到”。"),
    (
        {"came": [4], **GUEST, "guest_name": ["（示例）陈建2"]},
        "这位家长已在表上另一行，或时间不对。",
    ),
]


def test_a_row_that_cannot_be_says_why_and_keeps_what_was_typed(desk: Desk, sheet: str) -> None:
    for form, fault in FAULTS:
        status, page = send(desk, "coordinator", f"{sheet}/entry", **form)
        assert (status, fault in page) == (422, True), fault
        for value in form.get("guest_name", []) + form.get("came_at", []):
            assert f'value="{value}"' in page
    line = desk.runtime.models.sheets.sheet(UUID(sheet.rsplit("/", 1)[1]))
    assert line is not None
    assert line.standing == "printed"


def test_nobody_types_a_sheet_that_they_signed(desk: Desk, sheet: str) -> None:
    """P3.8."""
    browser = desk.browser("coordinator", learner_id=desk.pilot.learners[0])
    rows = desk.runtime.book.sheets.of_session(desk.pilot.session_id)[0].listed
    own = next(n for n, row in enumerate(rows, 1) if row.learner_id == desk.pilot.learners[0])
    answer = browser.post(f"{sheet}/entry", data={"came": [own]})
    assert answer.status_code == 403
    assert "本人由同事登记" in html.unescape(answer.text)


def test_an_entry_is_taken_back_and_typed_anew_by_another(desk: Desk, sheet: str) -> None:
    assert send(desk, "host", f"{sheet}/withdrawal")[0] == 409
    send(desk, "coordinator", f"{sheet}/entry", came=[1])
    assert send(desk, "class_teacher", f"{sheet}/entry", came=[2])[0] == 409
    assert send(desk, "class_teacher", f"{sheet}/withdrawal")[0] == 303
    assert send(desk, "class_teacher", f"{sheet}/entry", came=[2])[0] == 303


def test_a_photo_is_kept_byte_for_byte_and_every_look_is_noted(desk: Desk, sheet: str) -> None:
    for number, form in enumerate(["JPEG", "PNG", "WEBP"]):
        brought = picture(form)
        answer = desk.browser("host").post(f"{sheet}/scans", files={"file": ("a.bin", brought)})
        assert answer.status_code == 303
        page = desk.browser("head").get(sheet).text
        found = re.findall(rf'src="({sheet}/scans/[^"]+)"', page)[number]
        before = desk.readings("sheet_scan")
        answer = desk.browser("auditor").get(found)
        assert answer.content == brought
        assert answer.headers["content-type"] == f"image/{form.lower()}"
        assert answer.headers["content-disposition"].startswith("inline")
        over_api = desk.browser("auditor").get(f"/api/v1{found.removeprefix('/staff')}")
        assert over_api.content == brought
        assert over_api.headers["content-disposition"].startswith("attachment")
        for each in (answer, over_api):
            assert "sandbox" in each.headers["content-security-policy"]
            assert each.headers["x-content-type-options"] == "nosniff"
        assert desk.readings("sheet_scan") == before + 2
        told = desk.browser("auditor").get(f"/api/v1{sheet.removeprefix('/staff')}").json()
        assert told["pictures"][number]["sha256"] == hashlib.sha256(brought).hexdigest()


def test_what_is_no_scan_is_refused(desk: Desk, sheet: str) -> None:
    for brought in (b"%PDF-1.7 cut", b"MZ" + b"\0" * 90, b"", b"GIF89a" + b"\0" * 90):
        files = {"file": ("sheet.jpg", brought)}
        told = desk.browser("host").post(
            f"/api/v1{sheet.removeprefix('/staff')}/scans", files=files
        )
        assert (told.status_code, told.json()["code"]) == (422, "sheet_scan_unreadable")
        assert desk.browser("host").post(f"{sheet}/scans", files=files).status_code == 422
    missing = desk.browser("host").get(f"/api/v1{sheet.removeprefix('/staff')}/scans/{uuid4()}")
    assert (missing.status_code, missing.json()["code"]) == (404, "sheet_scan_missing")


def test_the_sheet_is_one_click_from_the_line_that_it_earned(desk: Desk, sheet: str) -> None:
    """P6.1: total, line, sheet with its scan."""
    send(desk, "coordinator", f"{sheet}/entry", came=[1], left=[1])
    send(desk, "class_teacher", f"{sheet}/check", came=[1], left=[1])
    desk.browser("host").post(f"{desk.session}/head-count", data={"present": "1"})
    desk.browser("host").post(f"{desk.session}/attest-as-host")
    desk.browser("coordinator").post(f"{desk.session}/attest-as-coordinator")
    book = desk.runtime.book
    book.awards.run(desk.pilot.session_id, desk.clock.at, uuid4())
    desk.catch_up(book.ledger.position())
    learner = next(iter(present(desk)))
    [line] = desk.runtime.models.accounts.statement(learner)
    page = desk.browser("auditor").get(f"/staff/learners/{learner}/lines/{line.entry_id}").text
    assert f'href="{sheet}#scans"' in page
    names = desk.browser("auditor").get(sheet).text
    assert "（示例）陈建" not in names


def test_the_district_sees_a_sheet_while_an_appeal_about_its_evening_lies_before_it(
    desk: Desk, sheet: str
) -> None:
    assert desk.browser("district_officer").get(sheet).status_code == 403
    send(desk, "coordinator", f"{sheet}/entry", came=[1])
    send(desk, "class_teacher", f"{sheet}/check", came=[1])
    appeals, learner = desk.runtime.book.appeals, next(iter(present(desk)))
    number = desk.pilot.learners.index(learner)
    case_id = appeals.lodge(
        learner, attendance(desk.pilot, number), "", parent(learner, noon(9, 21))
    )
    assert desk.browser("district_officer").get(sheet).status_code == 403
    appeals.escalate(case_id, "", parent(learner, noon(10, 21)))
    desk.catch_up(desk.runtime.book.ledger.position())
    assert desk.browser("district_officer").get(sheet).status_code == 200
    assert desk.browser("district_officer_elsewhere").get(sheet).status_code == 403
