"""Load over HTTP sends each prepared request once, and an unwanted answer fails the round."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import load, wrk

COUNT, CONNECTIONS = 100, 8


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(body)
        status = 200 if body in self.server.seen[:-1] else 201
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name where it is overridden
        pass


class Site(ThreadingHTTPServer):
    """Answers 201 to what it never saw and 200 to what it did, as a check-in does."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[bytes] = []


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.02,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture(params=[pytest.param("wrk", marks=pytest.mark.wrk), "bench/load.py"])
def generator(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "wrk":
        monkeypatch.setattr(wrk, "program", lambda: None)
    return str(request.param)


def requests(bodies: list[bytes]) -> list[bytes]:
    head = "POST /x HTTP/1.1\r\nHost: here\r\nContent-Length: {}\r\n\r\n"
    return [head.format(len(body)).encode() + body for body in bodies]


def test_each_request_is_sent_once(site: Site, generator: str) -> None:
    bodies = [b'{"scan": %d}' % number for number in range(COUNT)]
    answers = load.send("127.0.0.1", site.server_port, requests(bodies), CONNECTIONS)

    assert load.generator() == generator
    assert sorted(site.seen) == sorted(bodies)
    assert 0 < answers.p50_ms <= answers.p99_ms
    assert 0 < answers.seconds < 60


def test_an_answer_that_is_not_wanted_fails_the_round(site: Site, generator: str) -> None:
    assert load.generator() == generator
    with pytest.raises(AssertionError, match="200"):
        load.send("127.0.0.1", site.server_port, requests([b"once", b"once"]), 1)
