"""What no browser sends, to a web process as it runs: bounded, answered, and nothing breaks."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import product

import pytest

from api.bootstrap import Runtime
from api.patience import MOST_HEAD_BYTES, MOST_HEADERS, PatientProtocol
from tests.fuzzing.interface import answering
from tests.journeys.site import free_port

SHORT = 0.6
DEEP = 100_000


class Hasty(PatientProtocol):
    """As it runs, with less patience."""

    head_seconds = SHORT
    body_silence_seconds = SHORT


@pytest.fixture
def port(runtime: Runtime) -> Iterator[int]:
    at = free_port()
    with answering(runtime, at, Hasty):
        yield at


def said(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """The whole answer to bytes sent one after the other, until the other side hangs up."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=15) as line:
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in parts:
                line.sendall(part)
                time.sleep(pause)
        with suppress(ConnectionResetError):
            while piece := line.recv(1 << 16):
                heard += piece
    return heard


def asked(path: bytes = b"/livez", headers: bytes = b"", body: bytes = b"") -> bytes:
    method = b"POST" if body else b"GET"
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    start = b"%b %b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" % (method, path)
    return start + length + headers + b"\r\n" + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def test_heads_have_an_end(port: int) -> None:
    many = b"".join(b"X-%d: y\r\n" % number for number in range(MOST_HEADERS + 1))
    endless = [b"GET /livez HTTP/1.1\r\nX-Long: ", *[b"a" * 4096] * (MOST_HEAD_BYTES // 4096 + 8)]

    assert status(said(port, asked(headers=many))) == 431
    assert status(said(port, asked(headers=b"X: " + b"a" * MOST_HEAD_BYTES + b"\r\n"))) == 431
    assert status(said(port, asked(b"/" + b"a" * MOST_HEAD_BYTES))) == 431
    assert status(said(port, *endless)) in {0, 431}  # hung up on while it still talked
    assert status(said(port, asked(headers=b"X: " + b"a" * 8000 + b"\r\n"))) == 200


def test_who_never_ends_a_request_is_hung_up_on(port: int) -> None:
    begun = time.monotonic()

    assert status(said(port)) == 408
    assert status(said(port, *[b"G", b"E", b"T", b" ", b"/"] * 2, pause=SHORT / 4)) in {0, 408}
    half = asked(b"/api/v1/check-ins/x", b"Content-Length: 100\r\n") + b"{"
    assert status(said(port, half.replace(b"GET", b"POST", 1))) in {400, 404, 405, 408}
    form = asked(b"/staff/login", b"Content-Length: 100\r\nContent-Type: application/json\r\n")
    assert status(said(port, form.replace(b"GET", b"POST", 1))) in {400, 408, 422}

    assert time.monotonic() - begun < 12 * SHORT


def test_an_answer_that_takes_long_is_not_cut_and_a_line_that_rests_is_closed(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=15) as line:
        for _ in range(2):
            line.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            assert status(line.recv(1 << 16)) == 200
            time.sleep(SHORT * 1.5)


JSONS = {
    "deep": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "NUL": b'{"token": "a\\u0000"}',
    "half a character": b'{"token": "\\ud800"}',
    "no UTF-8": b'{"token": "\xff\xfe"}',
    "a long number": b'{"token": ' + b"9" * 10_000 + b"}",
    "NaN": b'{"token": NaN}',
    "twice": b'{"token": "a", "token": "b"}',
    "nothing": b" ",
    "a list": b"[]",
}
KINDS = (
    b"application/json", b"application/json; charset=utf-7", b"text/plain", b"multipart/form-data",
    b"multipart/form-data; boundary=", b"application/x-www-form-urlencoded", b"\xff/\xfe", b"",
)  # fmt: skip
TO = (
    b"/api/v1/sessions/00000000-0000-0000-0000-000000000000/arrivals", b"/staff/login", b"/enrol",
    b"/api/v1/schools/4401040001/disputes",
)  # fmt: skip


def test_no_body_under_any_name_breaks_a_route(port: int) -> None:
    wrong = []
    for path, kind, (name, body) in product(TO, KINDS, JSONS.items()):
        headers = b"Sec-Fetch-Site: same-origin\r\nContent-Type: " + kind + b"\r\n"
        answer = said(port, asked(path, headers, body))
        if not 200 <= status(answer) < 500:
            wrong.append((name, path, kind, answer[:80]))
    assert wrong == []


def test_no_line_of_a_request_breaks_anything(port: int) -> None:
    lines = (
        b"GET /%00 HTTP/1.1", b"GET /..%2f..%2fetc/passwd HTTP/1.1", b"GET /%ff%fe HTTP/1.1",
        b"GET //staff HTTP/1.1", b"GET http://[/ HTTP/1.1", b"BREW /livez HTTP/1.1",
        b"GET /livez HTTP/9.9", b"\x16\x03\x01\x02\x00", b"GET /livez?" + b"a=b&" * 5000,
        b"GET /verify?number=%ED%A0%80 HTTP/1.1", b"GET /enrol?code=" + b"%00" * 50 + b" HTTP/1.1",
    )  # fmt: skip
    heads = (
        b"Cookie: " + b";" * 5000, b"Cookie: device=\xff\xfe", b"Accept-Language: \xff",
        b"Authorization: Bearer \xff\xfe", b"Range: bytes=0-0,-1", b"If-None-Match: \xff",
        b"Host: \xff", b"X-Forwarded-For: \xff", b"Content-Length: -1", b"Transfer-Encoding: x",
    )  # fmt: skip
    answers = {
        line: said(port, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n") for line in lines
    }
    for path in (b"/livez", b"/", b"/me", b"/staff", b"/metrics", b"/api/v1/me/statement"):
        answers |= {path + head: said(port, asked(path, head + b"\r\n")) for head in heads}

    assert {line: told[:60] for line, told in answers.items() if not 0 < status(told) < 500} == {}


def test_a_body_that_says_two_lengths_is_refused(port: int) -> None:
    smuggled = asked(b"/staff/login", b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\nGET / HTTP/1.1")

    assert status(said(port, smuggled)) == 400
    assert json.loads(said(port, asked()).rpartition(b"\r\n\r\n")[2]) == {"status": "ok"}


def chunked(*trailers: bytes) -> tuple[bytes, ...]:
    head = b"POST /livez HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    return (head, b"1\r\nx\r\n0\r\n", *trailers)


@pytest.mark.parametrize("lines", [b"x: y\r\n" * 1000, b"y" * 6000])
def test_what_follows_a_body_has_an_end(port: int, lines: bytes) -> None:
    """Trailers, by the ten thousand or one without an end, fill no memory."""
    heard = said(port, *chunked(b"x: y", *[lines] * 50))
    assert status(heard) == 431


def test_no_trailer_becomes_a_header(port: int) -> None:
    """A head was judged by then: what comes later may not add to it."""
    sent = b"x-request-id: " + b"a" * 32 + b"\r\n\r\n"
    heard = said(port, *chunked(sent), pause=0.05)
    assert status(heard) in {404, 405}
    assert b"a" * 32 not in heard
