"""Workbooks through the pages: cells marked, sheets chosen, the work watched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import cycle
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.access.cookies import CookieKind
from api.app import create_app
from api.bootstrap import Runtime
from api.files.template import Kind
from tests.api.imports.conftest import IN_SEPTEMBER
from tests.api.imports.given import COORDINATOR, establish, families, sheet, workbook
from tests.api.pages.test_staff_imports import BAD_PHONE, PUBLIC, bring
from tests.clock import TestClock
from tests.database import Beginning


@pytest.fixture(scope="session")
def beginning(nothing: Beginning) -> Beginning:
    return nothing


@pytest.fixture
def client(runtime: Runtime, clock: TestClock) -> Iterator[TestClient]:
    """The coordinator, signed in."""
    staff = establish(runtime)
    clock.move_to(IN_SEPTEMBER)
    login = runtime.logins.begin_staff(staff[COORDINATOR], runtime.now())
    with TestClient(create_app(runtime), base_url=PUBLIC["Origin"]) as client:
        client.headers.update(PUBLIC)
        client.cookies.set(runtime.cookies.name(CookieKind.STAFF), login.token)
        yield client


def test_a_preview_marks_the_wrong_cell_and_says_how_the_file_was_read(client: TestClient) -> None:
    """By cell: letter, column, value, code and sentence (P4.1)."""
    page = bring(client, Kind.ROSTER, workbook(Kind.ROSTER, {}, BAD_PHONE)).text

    assert "<mark>1000000000</mark>" in page
    assert "<b>I3</b> 手机号码：" in page
    assert "<code>phone_not_11_digits</code>" in page
    assert "工作表“花名册”，第1行是表头" in page


def test_the_failed_rows_of_a_workbook_come_back_as_one(client: TestClient) -> None:
    preview = bring(client, Kind.ROSTER, workbook(Kind.ROSTER, {}, BAD_PHONE))
    client.post(preview.url.path)

    failed = client.get(f"{preview.url.path}/failed")

    assert 'filename="roster.failed.xlsx"' in failed.headers["content-disposition"]
    row = [cell.value for cell in load_workbook(io.BytesIO(failed.content)).worksheets[0][2]]
    assert "1000000000" in row
    assert "phone_not_11_digits" in row
    assert "林小红" in bring(client, Kind.ROSTER, failed.content).text


def test_of_several_sheets_one_is_chosen(client: TestClient) -> None:
    content = workbook(Kind.ROSTER, {}, sheets=("三年级", "四年级"))

    choice = bring(client, Kind.ROSTER, content)
    too_early = client.post(choice.url.path)
    preview = client.post(f"{choice.url.path}/sheet", data={"sheet": "四年级"})
    wrong = client.post(f"{choice.url.path}/sheet", data={"sheet": "五年级"})

    assert "选择工作表" in choice.text
    assert "选择工作表" in too_early.text
    assert "工作表“四年级”" in preview.text
    assert wrong.status_code == 422
    assert "没有这个工作表" in wrong.text


def test_a_page_that_waits_hears_how_far_the_work_is(client: TestClient) -> None:
    upload_id = uuid4()
    assert client.get(f"/staff/uploads/{upload_id}/progress").status_code == 410

    preview = bring(client, Kind.ROSTER, sheet(Kind.ROSTER, *families(3)), upload=upload_id.hex)
    again = bring(client, Kind.ROSTER, sheet(Kind.ROSTER), upload=upload_id.hex)

    told = client.get(f"/staff/uploads/{upload_id}/progress")
    assert preview.url.path == f"/staff/uploads/{upload_id}"
    assert told.json() == {"done": 3, "in_all": 3}
    assert again.url.path != preview.url.path


def test_a_thousand_four_hundred_rows_are_previewed_and_taken(client: TestClient) -> None:
    """Half of them wrong; a page shows fifty (P4.1)."""
    relations = cycle([{}, {"与学生关系": "邻居"}])
    rows = [{**family, **next(relations)} for family in families(1400)]
    content = workbook(Kind.ROSTER, *rows)

    preview = bring(client, Kind.ROSTER, content)
    last = client.get(f"{preview.url.path}?rows=all&page=99")
    result = client.post(preview.url.path)

    assert "确认导入 700 行" in preview.text
    assert preview.text.count('<tr class="noted">') == 50
    assert "28 / 28" in last.text
    assert "已导入" in result.text
