"""The archive of a term: what is there and what is missing, and the pack in one press."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from httpx2 import Response
from openpyxl import load_workbook

from api.closing import close_term, closings_of
from api.compliance import term_called
from domain.envelope import Role
from ledger.sheets import Picture
from tests import held
from tests.acting import ENDS, SCHOOL, envelope
from tests.api.desk import Desk
from tests.api.pages.test_staff_compliance import CLOSES
from tests.paper import print_sheets, typing

TERM = f"/staff/schools/{SCHOOL}/terms/2026-1"
PAGE, PACK = f"{TERM}/archive", f"{TERM}/archive.zip"
FOLDER = "440104-示例小学-2026学年第一学期-归档包"
SCAN = b"%PDF-1.4 signed %%EOF"
UTF_8 = 0x800


def whole(desk: Desk) -> None:
    """An evening of two learners, counted, attested by two persons and credited."""
    held.close(desk.pilot, desk.pilot.session_id, desk.pilot.learners[:2])
    held.attest(desk.pilot, desk.pilot.session_id)
    desk.clock.move_to(ENDS + timedelta(days=1))


@pytest.fixture
def evening(desk: Desk) -> Desk:
    """Of a whole evening, one sheet of paper was used and photographed."""
    [sheet] = print_sheets(desk.pilot, desk.pilot.learners[:1])
    whole(desk)
    desk.runtime.book.sheets.file_scan(sheet.id, Picture(SCAN, "application/pdf"), typing())
    desk.catch_up(desk.runtime.book.ledger.position())
    return desk


def read(desk: Desk, asker: str, address: str = PAGE) -> str:
    desk.catch_up(desk.runtime.book.ledger.position())
    answer = desk.browser(asker).get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def taken(desk: Desk, asker: str = "coordinator", query: str = "") -> Response:
    answer = desk.browser(asker).get(PACK + query)
    assert answer.status_code == 200, answer.text
    return answer


def unpacked(answer: Response, into: Path) -> Path:
    with ZipFile(BytesIO(answer.content)) as archive:
        archive.extractall(into)
    return into / FOLDER


def cells(file: Path) -> set[str]:
    book = load_workbook(file, read_only=True)
    return {str(value) for sheet in book for row in sheet.values for value in row}


def test_a_school_that_did_its_work_has_a_whole_file_and_typed_nothing_for_it(desk: Desk) -> None:
    whole(desk)

    page = read(desk, "coordinator")

    assert "完整度 100%" in page
    assert "应有 8 项，已有 8 项" in page
    assert f'href="{PACK}"' in page
    assert f'href="{PAGE}"' in read(desk, "head", f"/staff/schools/{SCHOOL}/compliance")
    [way] = re.findall(r'href="([^"]+/archive)"', read(desk, "coordinator", "/staff"))
    assert desk.browser("coordinator").get(way).headers["location"] == PAGE


def test_what_is_missing_is_named_with_whose_it_is_and_the_way_there(desk: Desk) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])
    desk.close()
    desk.clock.move_to(ENDS + timedelta(days=1))

    page = read(desk, "coordinator")

    assert "应有 8 项，已有 5 项" in page
    for item in ("现场清点人数", "主持人确认名单", "管理员确认名单"):
        assert f'{item} <span class="chip">' in page
    assert page.count(f'href="{desk.session}"') == 2  # the host's own attestation is the host's
    assert "可以补上的人：活动主持人</p>" in page
    english = read(desk, "coordinator", f"{PAGE}?lang=en")
    assert "Missing; can be added by: session host</p>" in english
    assert "Guangzhou plan, item 6: an attendance register" in english


def test_the_pack_is_the_school_s_own_and_an_auditor_reads_what_is_missing(desk: Desk) -> None:
    page = read(desk, "auditor")

    assert PACK not in page
    for asker in ("auditor", "host", "class_teacher", "coordinator_elsewhere", "district_officer"):
        assert desk.browser(asker).get(PACK).status_code == 403, asker
    for asker in ("coordinator_elsewhere", "auditor_elsewhere", "district_officer", "operator"):
        assert desk.browser(asker).get(PAGE).status_code == 403, asker
    assert desk.browser("coordinator").get(PACK.replace("2026-1", "2090-1")).status_code == 404
    assert desk.readings("archive_pack") == 0


def test_the_pack_holds_what_is_listed_and_sha256sum_finds_it_whole(
    evening: Desk, tmp_path: Path
) -> None:
    answer = taken(evening)

    named = unquote(answer.headers["content-disposition"].partition("''")[2])
    assert named == f"{FOLDER}.zip"
    folder = unpacked(answer, tmp_path)
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert len(checked.stdout.splitlines()) == len(files) - 1
    assert {
        "README.txt", "00目录与缺项.xlsx", "01组织与制度/规则-2026-1.json",
        "02教学计划/教学计划.xlsx", "03考勤登记/001-20260918-签到表.xlsx",
        "03考勤登记/001-20260918-扫描件-第01张-1.pdf", "03考勤登记/学时登记表-三年级2班.xlsx",
        "04活动记录/活动记录.xlsx", "05考核/考核.xlsx", "06证书登记/证书发放登记表.xlsx",
        "07总结/学期达标.xlsx", "07总结/合计由什么组成.xlsx", "07总结/更正.xlsx",
        "08校验清单/facts.jsonl", "08校验清单/events.jsonl", "08校验清单/leaves.txt",
        "SHA256SUMS",
    } == files  # fmt: skip
    assert (folder / "03考勤登记/001-20260918-扫描件-第01张-1.pdf").read_bytes() == SCAN
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    assert "应有 10 项，已有 9 项，完整度 90%" in readme
    assert "9 of 10 items that are due are there" in readme
    assert {"纸质签到表由第二人复核", "读懂孩子的情绪"} <= cells(folder / "00目录与缺项.xlsx")


def test_names_are_in_the_lists_alone_and_every_look_is_noted(
    evening: Desk, tmp_path: Path
) -> None:
    learner = evening.pilot.learners[0]
    evening.runtime.book.vault.put(learner, "learner", {"name": "=1+1"})

    folder = unpacked(taken(evening), tmp_path)

    register = cells(folder / "03考勤登记/001-20260918-签到表.xlsx")
    assert {"'=1+1", "（示例）陈建3"} <= register
    lines = (folder / "08校验清单/facts.jsonl").read_text(encoding="utf-8")
    assert "示例" not in lines
    assert "示例" not in (folder / "08校验清单/events.jsonl").read_text(encoding="utf-8")
    facts = [json.loads(line) for line in lines.splitlines()]
    assert {"session.scheduled", "attendance.checked_in", "session.attested", "sheet.printed",
            "account.credit_awarded"} <= {fact["topic"] for fact in facts}  # fmt: skip
    assert {fact["session_id"] for fact in facts} == {str(evening.pilot.session_id)}
    for purpose in ("archive_pack", "attendance_register", "sheet_scan", "statement_of_hours"):
        assert evening.readings(purpose) == 1, purpose


def test_a_scan_that_was_erased_keeps_nobody_from_the_rest(evening: Desk) -> None:
    [sheet] = evening.runtime.book.sheets.of_session(evening.pilot.session_id)
    [document_id] = sheet.scans
    evening.runtime.book.vault.discard(document_id, "sheet_scan")

    with ZipFile(BytesIO(taken(evening).content)) as archive:
        assert archive.testzip() is None
        assert not [name for name in archive.namelist() if name.endswith(".pdf")]


def test_the_same_ledger_gives_the_same_bytes_and_windows_reads_the_names(evening: Desk) -> None:
    evening.browser("head")  # a grant is a fact: the head has theirs already
    first = taken(evening).content
    evening.clock.move_to(evening.clock.at + timedelta(minutes=5))

    assert taken(evening, "head").content == first

    with ZipFile(BytesIO(first)) as archive:
        assert archive.testzip() is None
        for entry in archive.infolist():
            assert entry.flag_bits & UTF_8, entry.filename
            assert not set(entry.filename) & set('\\:*?"<>|'), entry.filename
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    english = ZipFile(BytesIO(taken(evening, query="?lang=en").content))
    contents = english.read(f"{FOLDER}/00目录与缺项.xlsx")
    [header] = load_workbook(BytesIO(contents)).worksheets[0].iter_rows(min_row=3, max_row=3)
    assert [cell.value for cell in header][:3] == ["No.", "Item", "Source"]


def test_of_a_closed_term_the_pack_holds_the_text_behind_its_hash(
    desk: Desk, tmp_path: Path
) -> None:
    whole(desk)
    desk.clock.move_to(CLOSES)
    runtime, term = desk.runtime, term_called(desk.runtime, "2026-1")
    assert "学期结账和合计 <span" in read(desk, "coordinator")
    desk.catch_up(runtime.book.ledger.position())
    desk.catch_up(close_term(runtime, SCHOOL, term, envelope(CLOSES, Role.COORDINATOR)))

    folder = unpacked(taken(desk), tmp_path)

    [closing] = closings_of(runtime, SCHOOL, term)
    listing = (folder / "07总结/结账明细-0.txt").read_bytes()
    assert hashlib.sha256(listing).hexdigest() == closing.sha256
