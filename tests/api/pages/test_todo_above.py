"""What waits for those above a school: on their start page, with the way to where it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import LiteralString
from uuid import uuid4

from api.backup_notes import BackupNotes
from domain.erasure import CertificateWish
from tests.acting import SCHOOL, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.api.pages.test_staff_todo import todos

NO_GRANT = "您目前没有有效的授权"
HOURS: LiteralString = """
INSERT INTO external_hours
SELECT gen_random_uuid(), gen_random_uuid(), %(school)s, gen_random_uuid(), 'school', 200,
       'mental_health', 2026, 1, gen_random_uuid(), now(), confirmed, NULL, NULL, false
  FROM unnest(%(confirmed)s::boolean[]) AS confirmed
"""
MERGE: LiteralString = """
INSERT INTO correction
VALUES (gen_random_uuid(), 'merge', %(school)s, '2026-1', '{"kind": "merge"}', 'district',
        repeat('0', 64), '{}', 'waiting', gen_random_uuid(), now())
"""


def test_what_schools_send_up_waits_on_the_district_s_page_school_by_school(desk: Desk) -> None:
    with desk.runtime.views.transaction() as tx:
        tx.execute(HOURS, {"school": SCHOOL, "confirmed": [None, None, True]})
        tx.execute(HOURS, {"school": ELSEWHERE, "confirmed": [False]})
        tx.execute(MERGE, {"school": SCHOOL})

    waits = todos(desk, "district_officer")

    assert waits == {
        "校外学时等待区级认定": ("2", f"/staff/external/{SCHOOL}"),
        "更正等您复核签字": ("1", "/staff/corrections"),
    }
    assert desk.browser("district_officer").get("/staff").text.count("示例小学") > 1
    for asker in ("district_officer_elsewhere", "auditor"):
        assert todos(desk, asker) == {}, asker


def test_erasures_wait_on_the_page_of_the_officer_who_answers(desk: Desk) -> None:
    desk.runtime.book.erasures.request(
        desk.pilot.learners[0], SCHOOL, CertificateWish.KEEP, envelope(desk.clock.at)
    )

    assert todos(desk, "data_protection_officer") == {
        "删除个人信息的申请等待答复": ("1", "/staff/erasures")
    }
    assert todos(desk, "district_officer") == {}
    for asker in ("data_protection_officer", "operator", "city_administrator"):
        assert NO_GRANT not in desk.browser(asker).get("/staff").text, asker


def test_an_operator_reads_what_needs_a_look_and_nobody_s_name(desk: Desk) -> None:
    notes = BackupNotes(desk.runtime.settings.backup_notes)
    notes.note("drill", desk.clock.at - timedelta(days=3), desk.runtime.settings.backup_notes)

    waits = todos(desk, "operator")
    page = desk.browser("operator").get("/staff/status").text

    assert waits["运行状况需要查看"][1] == "/staff/status"
    lines = [line for line in page.splitlines() if "<tr><th" in line]
    assert [("正常" in line, "没有记录" in line) for line in lines if "备份" in line] == [
        (False, True)
    ]
    assert [("正常" in line, "没有记录" in line) for line in lines if "演练" in line] == [
        (True, False)
    ]
    assert "Backup" in desk.browser("operator").get("/staff/status?lang=en").text
    for asker in ("auditor", "city_administrator"):
        assert desk.browser(asker).get("/staff/status").status_code == 200, asker
        assert "运行状况需要查看" not in todos(desk, asker), asker
    for asker in ("district_officer", "coordinator", "head", "host", "data_protection_officer"):
        assert desk.browser(asker).get("/staff/status").status_code == 403, asker
        assert "/staff/status" not in desk.browser(asker).get("/staff").text, asker


def test_a_read_model_that_stopped_is_named(desk: Desk) -> None:
    desk.browser("operator")
    with desk.runtime.views.transaction() as tx:
        tx.execute(
            "UPDATE checkpoint SET stopped_reason = %s WHERE projection = 'roster'", (str(uuid4()),)
        )

    page = desk.browser("operator").get("/staff/status").text

    assert "roster" in page
    assert "需要处理" in page
