"""Bringing a file with a real browser, on a phone: choose, preview, confirm, fetch what failed."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page

from api.access.cookies import CookieKind
from api.app import create_app
from api.bootstrap import Runtime
from api.files.template import Kind
from tests.acting import SCHOOL
from tests.api.imports.conftest import IN_SEPTEMBER
from tests.api.imports.given import COORDINATOR, establish, workbook
from tests.browsing import SMALL_PHONE
from tests.clock import TestClock
from tests.database import Beginning

pytestmark = pytest.mark.browser

BAD_PHONE = {"学生姓名": "（示例）林小红", "校内学号": "2", "手机号码": "1000000000"}


# What a page said of its progress, kept for the page after it.
WATCHING = """
new MutationObserver(() => {
  const place = document.querySelector(".far:not([hidden])");
  if (place) sessionStorage.seen = place.innerText;
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


@pytest.fixture(scope="session")
def beginning(nothing: Beginning) -> Beginning:
    return nothing


@pytest.fixture
def address(runtime: Runtime) -> Iterator[str]:
    server = uvicorn.Server(
        uvicorn.Config(create_app(runtime), host="127.0.0.1", port=0, log_level="warning")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(runtime: Runtime, clock: TestClock, address: str, chromium: Browser) -> Iterator[Page]:
    """The phone of the coordinator, signed in. No script fails and nothing is left out."""
    staff = establish(runtime)
    clock.move_to(IN_SEPTEMBER)
    login = runtime.logins.begin_staff(staff[COORDINATOR], runtime.now())
    said: list[str] = []
    context = chromium.new_context(viewport=SMALL_PHONE, locale="zh-CN", base_url=address)
    name = runtime.cookies.name(CookieKind.STAFF)
    context.add_cookies([{"name": name, "value": login.token, "url": address}])
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert said == []


def test_a_roster_is_brought_looked_at_and_confirmed(page: Page, tmp_path: Path) -> None:
    """Watched while it is read; what failed comes back as the workbook it was."""
    file = tmp_path / "roster.xlsx"
    file.write_bytes(workbook(Kind.ROSTER, {}, BAD_PHONE))
    page.add_init_script(WATCHING)
    page.goto(f"/staff/imports/{SCHOOL}")
    page.set_input_files("#roster-file", file)
    page.get_by_role("button", name="检查并预览").first.click()
    page.get_by_role("cell", name="1000000000", exact=True).wait_for()
    assert "正在读取文件" in page.evaluate("sessionStorage.seen")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("button", name="确认导入 1 行").click()

    with page.expect_download() as download:
        page.get_by_role("link", name="下载未导入的行").click()
    failed = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    assert "（示例）林小红" in [cell.value for cell in failed[2]]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_file_that_is_too_large_is_not_even_sent(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as huge:
        huge.truncate(200 * 1024 * 1024)
    page.goto(f"/staff/imports/{SCHOOL}")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))

    page.set_input_files("#roster-file", file)
    page.get_by_role("button", name="检查并预览").first.click()

    page.get_by_text("文件超过20 MB").wait_for()
    assert "POST" not in sent
