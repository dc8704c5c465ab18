"""The demo served: how long a parent's pages take, and what memory its two processes keep."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

from api.access.totp import code_of
from bench import pages
from bench.children import ROOT, child, program, wait_until_it_answers
from bench.ground import Ground
from bench.machine import memory_of
from bench.measuring import Figure, Goal, NotRun, Row, Scale

BUDGETS = {"web": 200.0, "worker": 300.0}
PATHS = ("/", "/staff/login", "/enrol", "/verify", "/readyz", "/api/v1/openapi.json", "/staff")
WINDOWS = 4
SETTLED_WITHIN = 60.0


def run(ground: Ground, scale: Scale) -> Sequence[Row]:
    """Load the demo, serve it, ask for its pages; the worker has brought everything up by then."""
    if scale is Scale.QUICK:
        return [NotRun("demo", "the demo's pages and memory", "only in the full form")]
    environment, projector = ground.environment(), ground.runtime.projector
    quiet = subprocess.DEVNULL
    subprocess.run(program("demo"), env=environment, cwd=ROOT, check=True, stdout=quiet)
    with ExitStack() as running:
        worker = running.enter_context(child(program("work"), environment))
        web = running.enter_context(child(program("serve"), environment))
        wait_until_it_answers(web, ground.settings.port)
        visit(ground, scale.pick(40, 100, 300))
        position = ground.runtime.book.ledger.position()
        assert projector.wait_for(position, timeout=SETTLED_WITHIN)
        kept = [figure("web", web.pid), figure("worker", worker.pid)]
        return [*pages.figures(ground, scale), *(each for each in kept if each)]


def visit(ground: Ground, looks: int) -> None:
    """Four windows of one login look at everything at once, so many pages each."""
    first = Browser(ground)
    first.sign_in()
    windows = [first, *(Browser(ground, first.cookie) for _ in range(WINDOWS - 1))]
    with ThreadPoolExecutor(WINDOWS) as threads:
        list(threads.map(lambda window: window.visit(looks), windows))


class Browser:
    """Somebody who looks at all that the demo leads to, certificates included."""

    def __init__(self, ground: Ground, cookie: str = "") -> None:
        self._base = ground.settings.public_url
        self._kept = json.loads((ground.settings.var / "demo.json").read_text(encoding="utf-8"))
        settings = ground.settings
        self._connection = HTTPConnection(settings.host, settings.port, timeout=60)
        self.cookie = cookie

    def visit(self, looks: int) -> None:
        for path in islice(cycle([*PATHS, *addresses(self._kept, self._base)]), looks):
            answer = self._ask("GET", path)
            assert answer.status < 500, (path, answer.status)
        self._connection.close()

    def sign_in(self) -> None:
        [login] = [login for login in self._kept["logins"] if login["user"] == "coordinator"]
        code = code_of(login["totp_secret"], datetime.now(UTC))
        form = {"user": login["user"], "password": login["password"], "code": code}
        answer = self._ask("POST", "/staff/login", urlencode(form))
        assert answer.status == 303, answer.status
        self.cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]

    def _ask(self, method: str, path: str, form: str | None = None) -> HTTPResponse:
        headers = {"Origin": self._base, "Accept": "text/html", "Cookie": self.cookie}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, form, headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer


def addresses(kept: Any, base: str) -> Iterator[str]:
    """Every address of this server in what the demo kept."""
    match kept:
        case str() if kept.startswith(f"{base}/"):
            yield kept.removeprefix(base).partition("#")[0]
        case dict():
            for value in kept.values():
                yield from addresses(value, base)
        case list():
            for value in kept:
                yield from addresses(value, base)
        case _:
            pass


def figure(name: str, pid: int) -> Figure | None:
    memory = memory_of(pid)
    if memory is None:
        return None
    what = f"resident memory of the {name} process after the demo load and its pages"
    goal = Goal("memory", what, "MB", BUDGETS[name], "budget")
    return goal.answer(1, [memory.resident], {"peak_MB": memory.peak})
