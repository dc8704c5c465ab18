"""When something cannot be done now: a page that waits and tries again, and words for the rest."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import OperationalError
from starlette.requests import Request
from starlette.testclient import TestClient

from api.answers import CODES, path_again, told
from api.language.refusals import ANSWERS
from api.pages.error_words import WAYS_ON
from domain.envelope import Envelope
from ledger.events_table import lock_key
from ledger.sessions import Sessions
from tests.acting import SCHOOL
from tests.api.desk import ORIGIN, Desk


def test_while_the_database_is_away_a_page_tries_again_by_itself(desk: Desk) -> None:
    host = desk.browser("host")
    desk.runtime.pool.close()

    answer = host.get("/staff")

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert '<meta http-equiv="refresh" content="' in answer.text
    assert "请不要关闭" in answer.text


def test_the_button_asks_the_same_again(desk: Desk) -> None:
    nobody = desk.browser("nobody")
    desk.runtime.pool.close()
    asked = {"number": "440104-2027-0000001-4", "code": "ABCD-EFGH"}

    page = nobody.get("/verify", params=asked).text

    assert 'href="/verify?number=440104-2027-0000001-4&amp;code=ABCD-EFGH"' in page


@pytest.mark.parametrize("path", ["/staff/x", "//staff/x"])
def test_the_button_never_leads_to_another_host(path: str) -> None:
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"a=1", "headers": [],
        "scheme": "https", "server": ("ledger.example", 443),
    }  # fmt: skip
    assert path_again(Request(scope)) == "/staff/x?a=1"


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


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/staff/login", {"user": "host", "password": "示例密码-very-long-1", "code": "123456"}),
        ("/staff/password", dict.fromkeys(("old", "new", "repeated"), "示例密码-very-long-1")),
        ("/door", {"code": "0123-4567-89AB-C"}),
    ],
)
def test_no_secret_is_written_into_a_page(desk: Desk, path: str, typed: dict[str, str]) -> None:
    host = desk.browser("host")
    desk.runtime.pool.close()
    answer = host.post(path, data=typed)
    assert answer.status_code == 503
    assert [each for each in typed.values() if len(each) > 6 and each in answer.text] == []
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


def earlier_version(desk: Desk, version: int) -> None:
    """The register of attendances as an upgrade finds it: without a column of today."""
    views = desk.runtime.connections.names.views
    with psycopg.connect(desk.runtime.connections.owner) as owner:
        owner.execute(f"ALTER TABLE {views}.attendance_register RENAME COLUMN minutes TO was")
        owner.execute(
            f"UPDATE {views}.checkpoint SET version = version - %s WHERE projection = %s",
            (version, "attendance_register"),
        )


@contextmanager
def being_rebuilt(desk: Desk) -> Generator[None]:
    """Somebody is at it: the worker makes the tables anew only when they have gone."""
    key = lock_key(desk.runtime.connections.names.shadow, "attendance_register")
    with psycopg.connect(desk.runtime.connections.owner, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (key,))
        yield


@pytest.mark.parametrize(
    ("version", "status", "code"), [(1, 503, "read_models_rebuilt"), (0, 500, "internal")]
)
def test_after_an_upgrade_people_wait_until_the_pages_are_made_anew(
    desk: Desk, version: int, status: int, code: str
) -> None:
    desk.open()
    desk.tap(desk.pilot.learners[0])
    cookies = desk.browser("host").cookies
    host = TestClient(desk.app, ORIGIN, raise_server_exceptions=False, cookies=dict(cookies))
    with being_rebuilt(desk):
        earlier_version(desk, version)
        page = host.get(f"{desk.session}/register")
        told_so = host.get(f"{desk.session_api}/register")

    assert page.status_code == status
    assert ("程序刚刚升级" in page.text) is (status == 503)
    assert (told_so.status_code, told_so.json()["code"]) == (status, code)


def test_a_school_that_the_pages_do_not_know_yet_is_waited_for(desk: Desk) -> None:
    views = desk.runtime.connections.names.views
    with psycopg.connect(desk.runtime.connections.owner) as owner:
        owner.execute(f"DELETE FROM {views}.school")
    coordinator = desk.browser("coordinator")

    for address in ("/staff", f"/staff/plans/{SCHOOL}/2026-1"):
        answer = coordinator.get(address)
        assert answer.status_code == 503
        assert "数据还在汇总" in answer.text
