"""What may be sent at all: so many bytes, and no character that the ledger could not keep."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from httpx import ASGITransport, AsyncClient
from starlette.types import Message, Receive

from api.app import site
from api.bodies import MOST_BYTES, UPLOADS, WORKBOOK, TextMalformed, is_no_text
from api.bootstrap import Runtime
from api.imports.receiving import received
from api.whole_bodies import BodyTooLarge
from tests.api.desk import Desk, at_work, two_schools
from tests.clock import TestClock
from tests.saying import says

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def desk(runtime: Runtime, clock: TestClock) -> Iterator[Desk]:
    with at_work(runtime, clock, two_schools(runtime)) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (r'"\u4e2d"', False), (r'"\u0000"', True), (r'"\\u0000"', False), (r'"\\\u0000"', True),
        (r'"\ud83d\ude00"', False), (r'"\ud83d"', True), (r'"\ude00"', True),
        (r'"\ud83dx\ude00"', True), (r'"\ud83d\ud83d\ude00"', True), (r'"\ud83d\n\ude00"', True),
        (r'"\ud83d\u4e2d"', True), (r'"\ud83d", "\u4e2d"', True),
        (r'"\uD83D\uDE00\uD83D"', True), ('"中文😀"', False), (r'"\u00zz"', False), ('"', False),
    ],
)  # fmt: skip
def test_json_holds_no_nul_and_no_half_of_a_character(text: str, *, wrong: bool) -> None:
    assert is_no_text(text.encode(), JSON) is wrong


def test_halves_in_bytes_are_found_and_whole_characters_are_left_alone() -> None:
    assert is_no_text(b'"\xed\xa0\x80"', JSON)
    assert json.loads(b'"\xed\xa0\x80"') == "\ud800"  # what the framework would have read
    assert not is_no_text("한국퟿".encode(), JSON)


@pytest.mark.parametrize(
    ("body", "kind", "wrong"),
    [
        (b"name=%00", FORM, True), (b"name=%E4%B8%AD", FORM, False), (b"a=\x00", FORM, True),
        (b"a=%2500", FORM, False), (b"--x\r\n\r\n\x00", "multipart/form-data; boundary=x", True),
        (b"--x\r\n\r\na", "multipart/form-data; boundary=x", False),
    ],
)  # fmt: skip
def test_forms_hold_no_nul(body: bytes, kind: str, *, wrong: bool) -> None:
    assert is_no_text(body, kind) is wrong


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_json_in_another_encoding_passes_nothing_by(encoding: str) -> None:
    assert is_no_text('{"title": "\\u0000"}'.encode(encoding), JSON)


def test_a_kind_is_read_in_any_case() -> None:
    assert is_no_text(b"title=%00", "Application/X-WWW-Form-URLEncoded; charset=utf-8")


def test_only_what_counts_as_it_reads_is_left_to_its_own_limit() -> None:
    def reads_a_file(route: APIRoute) -> bool:
        return any(each.call is received for each in route.dependant.dependencies)

    routes = [route for route in site() if isinstance(route, APIRoute)]
    uploads = {route.path for route in routes if reads_a_file(route)}
    writes = {route.path for route in routes if (route.methods or set()) - {"GET", "HEAD"}}
    assert uploads == {path for path in writes if UPLOADS.fullmatch(path)}
    assert len(uploads) == 4
    assert WORKBOOK in writes - uploads


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_nul_in_a_title_reaches_no_ledger_and_no_read_model(desk: Desk) -> None:
    path = "/api/v1/schools/4401040001/exams"
    by = desk.browser("coordinator")
    before = desk.runtime.book.ledger.position()
    for bad in ("\x00", "\ud800"):
        body = json.dumps({"title": f"示例{bad}", "held_on": "2026-09-10"})
        answer = by.post(path, content=body, headers={"Content-Type": JSON})
        assert refused(answer) == (400, TextMalformed.code)
    form = by.post("/staff/exams/4401040001", data={"title": "示例\x00", "held_on": "2026-09-10"})
    assert (form.status_code, says(form, TextMalformed.code)) == (400, True)
    assert desk.runtime.book.ledger.position() == before


@pytest.mark.parametrize("path", ["/staff/%00", "/staff?next=%00", "/api/v1/sessions/%00"])
def test_a_nul_in_an_address_is_refused(desk: Desk, path: str) -> None:
    assert desk.browser("coordinator").get(path).status_code == 400


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 50_000, "[" * 900 + "]" * 900])
def test_deep_json_is_refused_and_breaks_nothing(desk: Desk, deep: str) -> None:
    by = desk.browser("coordinator")
    for path in ("/api/v1/sessions", f"{desk.session_api}/scans", f"{desk.session_api}/check-ins"):
        answer = by.post(path, content=deep, headers={"Content-Type": JSON})
        assert answer.status_code in {400, 413}, (path, answer.text)


def test_a_body_may_have_the_bound_and_not_one_byte_more(desk: Desk) -> None:
    by, headers = desk.browser("coordinator"), {"Content-Type": JSON}
    fits = by.post("/api/v1/sessions", content=b" " * MOST_BYTES, headers=headers)
    assert refused(fits) == (400, "request_malformed")
    over = by.post("/api/v1/sessions", content=b" " * (MOST_BYTES + 1), headers=headers)
    assert refused(over) == (413, BodyTooLarge.code)
    page = by.post("/staff/exams/4401040001", data={"title": "长" * MOST_BYTES})
    assert (page.status_code, says(page, BodyTooLarge.code)) == (413, True)


def answered(desk: Desk, receive: Receive) -> list[Message]:
    """What the application says to a request without a length."""
    sent: list[Message] = []

    async def hear(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/sessions", "raw_path": b"",
        "query_string": b"", "scheme": "http", "server": ("127.0.0.1", 8000),
        "http_version": "1.1", "root_path": "", "client": ("127.0.0.1", 1),
        "headers": [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")],
    }  # fmt: skip
    asyncio.run(desk.app(scope, receive, hear))
    return sent


def test_what_comes_in_chunks_is_cut_off_at_the_bound_and_not_read_to_its_end(desk: Desk) -> None:
    piece, read = b" " * 65_536, list[int]()

    async def endless() -> Message:
        read.append(len(piece))
        return {"type": "http.request", "body": piece, "more_body": True}

    start, *_ = answered(desk, endless)
    assert start["status"] == 413
    assert sum(read) <= MOST_BYTES + len(piece)


def test_a_client_that_goes_away_meanwhile_is_no_fault_of_ours(desk: Desk) -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    assert answered(desk, gone) == []


@pytest.mark.parametrize("length", ["-1", "abc", "9" * 400])
def test_a_length_that_is_none_breaks_nothing(desk: Desk, length: str) -> None:
    async def send() -> int:
        transport = ASGITransport(desk.app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            headers = {"Content-Length": length, "Content-Type": JSON}
            answer = await client.post("/api/v1/sessions", content=b"{}", headers=headers)
            return answer.status_code

    assert asyncio.run(send()) in {400, 413}
