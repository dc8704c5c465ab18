"""When something cannot be done now: a page that waits and tries again, and words for the rest."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from psycopg import OperationalError
from starlette.requests import Request

from api.answers import CODES, told
from api.language.refusals import ANSWERS
from api.pages.error_words import WAYS_ON
from domain.envelope import Envelope
from ledger.sessions import Sessions
from tests.acting import SCHOOL
from tests.api.desk import Desk


def test_while_the_database_is_away_a_page_tries_again_by_itself(desk: Desk) -> None:
    host = desk.browser("host")
    desk.runtime.pool.close()

    answer = host.get("/staff")

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert '<meta http-equiv="refresh" content="' in answer.text
    assert "请不要关闭" in answer.text


def test_a_tap_meanwhile_is_in_the_page_and_goes_again_with_its_scan_id(desk: Desk) -> None:
    host, scan_id = desk.browser("host"), str(uuid4())
    form = {"learner_id": str(desk.pilot.learners[0]), "scan_id": scan_id}
    desk.runtime.pool.close()

    page = host.post(f"{desk.session}/check-in", data=form).text

    assert re.search(rf'action="{desk.session}/check-in(\?again=[0-9a-f-]+)?" data-again="', page)
    assert dict(re.findall(r'<textarea name="(\w+)" hidden>\r?\n(.*?)</textarea>', page)) == form
    assert "http-equiv" not in page  # a GET there would mean nothing


def test_what_is_sent_again_by_the_page_is_the_same_command(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer was lost after the commit: once more is no second link."""
    said: list[UUID] = []

    def lost(self: Sessions, _session: UUID, _present: int, _why: str | None, by: Envelope) -> int:
        said.append(by.command_id)
        raise OperationalError

    monkeypatch.setattr(Sessions, "count_heads", lost)
    desk.open()
    desk.close()
    address = f"{desk.session}/head-count"
    page = desk.browser("host").post(address, data={"present": "0"}).text
    again = re.search(r'action="([^"]+)" data-again', page)
    assert again is not None

    desk.browser("host").post(again[1], data={"present": "0"})
    desk.browser("coordinator").post(again[1], data={"present": "0"})

    assert said[0] == said[1] != said[2]


def test_a_password_is_never_written_into_a_page(desk: Desk) -> None:
    form = {"user": "host", "password": "示例密码-very-long-1", "code": "123456"}
    desk.runtime.pool.close()

    answer = desk.browser("nobody").post("/staff/login", data=form)

    assert answer.status_code == 503
    assert form["password"] not in answer.text
    assert "data-again" not in answer.text


def test_a_file_has_to_be_chosen_again_and_a_program_is_told_in_json(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    desk.runtime.pool.close()

    page = coordinator.post(
        f"/staff/imports/{SCHOOL}/roster", files={"file": ("roster.csv", b"1")}
    ).text
    told_so = coordinator.get(f"/api/v1/sessions/{desk.pilot.session_id}")

    assert "重新选择文件" in page
    assert "data-again" not in page
    assert (told_so.status_code, told_so.json()["code"]) == (503, "store_away")
    assert told_so.headers["retry-after"]


@pytest.mark.parametrize(("language", "root"), [("zh-CN", "回到首页"), ("en", "Back to the start")])
@pytest.mark.parametrize("status", sorted(WAYS_ON))
def test_every_refusal_has_a_way_on_in_both_languages(
    status: int, language: str, root: str
) -> None:
    of_status = (c for c, answer in ANSWERS.items() if answer.status == status)
    code = {**CODES, 500: "internal"}.get(status) or next(of_status)
    scope = {
        "type": "http", "method": "GET", "path": "/staff/x", "query_string": b"",
        "headers": [(b"accept", b"text/html"), (b"accept-language", language.encode())],
    }  # fmt: skip

    answer = told(Request(scope), code, status)

    page = bytes(answer.body).decode()
    assert answer.status_code == status
    assert root in page
    assert ANSWERS[code].zh in page or ANSWERS[code].en in page
    assert (WAYS_ON[status] in page) is (language == "zh-CN")
    assert 'href="/staff"' in page


def test_a_field_that_is_wrong_is_named_in_words(desk: Desk) -> None:
    answer = desk.browser("host").post(f"{desk.session}/head-count", data={"present": "many"})

    assert answer.status_code == 400
    assert "present" in answer.text
    assert "请填整数" in answer.text
