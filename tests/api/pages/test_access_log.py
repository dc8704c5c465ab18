"""Who looked at personal data: logged by the vault, read by its officer and by the person."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import psycopg
import pytest
from openpyxl import load_workbook

from api.access.record_codes import learner_code, staff_code
from api.pages import parent_looks, staff_access_log
from ledger.access_log import Wanted
from tests.acting import SCHOOL
from tests.api.desk import Desk
from tests.api.pilot_school import PilotSchool

LOG = "/staff/access-log"
FAMILIES = f"/staff/classes/{SCHOOL}/families"


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


@pytest.fixture
def looked(desk: Desk) -> Desk:
    """A coordinator and an auditor look at one learner, a host at the register."""
    learner = f"/staff/learners/{desk.pilot.learners[0]}"
    desk.browser("coordinator").get(learner)
    desk.browser("auditor").post(f"{learner}/name", data={"reason": "audit_sample"})
    desk.browser("host").get(f"{desk.session}/register")
    return desk


def shown(desk: Desk, asker: str = "data_protection_officer", **asked: str) -> list[str]:
    """The purposes on the log's page, the newest first."""
    page = desk.browser(asker).get(LOG, params=asked).text
    return re.findall(r"</a></td><td>([^<]*)</td>", page)


def test_the_officer_reads_who_looked_when_why_and_at_whom(looked: Desk) -> None:
    page = looked.browser("data_protection_officer").get(LOG).text

    assert shown(looked)[:4] == ["签到表", "学员账本", "显示姓名：审计抽查", "学员账本"]
    assert "审计员 · 示例小学" in page
    assert learner_code(looked.pilot.learners[0]) in page
    assert staff_code(looked.people["auditor"]) in page
    assert "4 人" in page
    assert "陈" not in page


def test_what_is_no_learner_is_counted_and_not_printed_as_one(looked: Desk) -> None:
    officer = looked.browser("data_protection_officer")
    page = officer.get(LOG).text
    sheet = load_workbook(BytesIO(officer.get(f"{LOG}.xlsx").content)).worksheets[0]
    told = {str(row[-2]) for row in sheet.iter_rows(values_only=True)}

    assert "孩子 2" in page
    assert set(re.findall(r"P[0-9A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)) <= {
        learner_code(each) for each in looked.pilot.learners
    }
    assert any(each.startswith("孩子×2 P") for each in told)


def test_looks_at_who_was_erased_are_found_by_the_same_code(looked: Desk) -> None:
    first, log = looked.pilot.learners[0], looked.runtime.book.vault.access_log
    ids = {each for look in log.looks(Wanted(), 50) for each in look.subject_ids}
    child = next(each for each, kind in log.kinds(ids).items() if kind == "child")
    erasing = looked.runtime.book.erasures._forgetting
    erasing.erase([first, child])
    page = looked.browser("data_protection_officer").get(LOG).text

    assert learner_code(first) in page
    assert "4 人" in page
    assert "已删除信息的人 1" in page
    assert "文字与文件" not in page


def test_the_log_is_filtered_and_a_mistyped_code_is_named_at_its_field(looked: Desk) -> None:
    first, second, _ = looked.pilot.learners
    day = looked.clock.at.date()

    assert shown(looked, learner=learner_code(second)) == ["签到表"]
    assert len(shown(looked, learner=learner_code(first))) > 3
    assert set(shown(looked, actor=staff_code(looked.people["host"]))) >= {"签到表"}
    assert shown(looked, purpose="name_shown.audit_sample") == ["显示姓名：审计抽查"]
    assert shown(looked, role="auditor") == ["学员账本", "显示姓名：审计抽查"]
    assert shown(looked, since=str(day + timedelta(days=1))) == []
    assert shown(looked, until=str(day - timedelta(days=1))) == []
    assert len(shown(looked, since=str(day), until=str(day))) > 3

    mistyped = looked.browser("data_protection_officer").get(LOG, params={"actor": "S123"})
    assert mistyped.status_code == 400
    assert 'value="S123" autocomplete="off" aria-invalid="true"' in mistyped.text
    assert "代码有误" in mistyped.text


def test_a_long_log_is_read_page_by_page(looked: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = shown(looked)
    monkeypatch.setattr(staff_access_log, "LOOKS_ON_A_PAGE", 2)
    page = looked.browser("data_protection_officer").get(LOG).text
    [older] = re.findall(r'name="before" value="(\d+)"', page)

    assert shown(looked) == whole[:2]
    assert shown(looked, before=older) == whole[2:4]


def test_nobody_else_reads_the_log(desk: Desk) -> None:
    for asker in ("coordinator", "head", "auditor", "city_administrator", "operator"):
        assert desk.browser(asker).get(LOG).status_code == 403
        assert LOG not in desk.browser(asker).get("/staff").text
    assert LOG in desk.browser("data_protection_officer").get("/staff").text


def test_a_parent_reads_who_looked_at_them_and_at_nobody_else(
    looked: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = looked.pilot.learners
    page = looked.browser("parent", second).get("/me/looks").text
    assert "活动主持人</b> · 示例小学" in page
    assert "签到表" in page
    assert "审计员" not in page
    assert "审计员</b> · 示例小学" in looked.browser("parent", first).get("/me/looks").text
    assert "还没有人看过。" not in page
    assert "/me/looks" in looked.browser("parent", third).get("/me/data").text

    monkeypatch.setattr(parent_looks, "LOOKS_ON_A_PAGE", 2)
    parent = looked.browser("parent", first)
    [older] = re.findall(r"\?before=(\d+)", parent.get("/me/looks").text)
    assert "显示姓名：审计抽查" in parent.get("/me/looks", params={"before": older}).text


def test_the_log_is_only_ever_added_to(looked: Desk) -> None:
    """The vault's own role may neither change nor delete what it wrote."""
    for statement in ("DELETE FROM ledger_vault.access_log",
                      "UPDATE ledger_vault.access_log SET purpose = 'nothing'"):  # fmt: skip
        with (
            psycopg.connect(looked.runtime.connections.vault) as vault,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            vault.execute(statement)
