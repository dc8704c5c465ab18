"""A running installation for journeys: web process, worker and a clock that starts in the past."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import httpx
import uvicorn

from api.access.totp import code_of
from api.app import create_app
from api.bootstrap import Runtime
from api.serving import make_runner
from api.staffing import Newcomer, open_staff
from domain.calendar import Term
from domain.envelope import Role
from ledger.registry import NewSchool
from ledger.rulebooks import default_rulebook
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.clock import TestClock

PASSWORD = "a-long-password-2026"
STAFF = {
    "coordinator": (Role.COORDINATOR, SCHOOL),
    "host": (Role.HOST, SCHOOL),
    "teacher": (Role.CLASS_TEACHER, SCHOOL),
    "head": (Role.HEAD, SCHOOL),
    "district": (Role.DISTRICT_OFFICER, DISTRICT),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Site:
    """Addresses, the clock, and the secrets of the staff's code apps."""

    base: str
    runtime: Runtime
    clock: TestClock
    totp: dict[str, str] = field(default_factory=dict)
    browsers: list[httpx.Client] = field(default_factory=list)

    def sign_in(self, user: str) -> httpx.Client:
        """A browser of a member of staff, signed in with password and one-time code."""
        browser = self.browser()
        # A code is used once: the next step of the clock gives the next one.
        self.clock.move_seconds(30)
        code = code_of(self.totp[user], self.clock())
        answer = browser.post(
            "/staff/login", data={"user": user, "password": PASSWORD, "code": code}
        )
        assert answer.status_code == 303, answer.text
        return browser

    def browser(self) -> httpx.Client:
        made = httpx.Client(
            base_url=self.base, headers={"Origin": self.base}, timeout=30, follow_redirects=False
        )
        self.browsers.append(made)
        return made

    def close(self) -> None:
        for browser in self.browsers:
            browser.close()

    def until(self, what: Callable[[], object]) -> None:
        until(what)


def until(what: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something is there: the worker does its part beside us."""
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.05)


@contextmanager
def running(runtime: Runtime, clock: TestClock) -> Generator[Site]:
    """Serve and work until the block ends."""
    settings = runtime.settings
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(runtime), host=settings.host, port=settings.port, log_level="warning",
            log_config=None, timeout_graceful_shutdown=3,
        )
    )  # fmt: skip
    thread = threading.Thread(target=server.run, name="web")
    thread.start()
    try:
        with make_runner(runtime):
            site = Site(settings.public_url, runtime, clock)
            site.until(lambda: server.started)
            set_up(site)
            try:
                yield site
            finally:
                site.close()
    finally:
        server.should_exit = True
        thread.join()


def set_up(site: Site) -> None:
    """The school, its term and its staff, as the operator registers them."""
    runtime = site.runtime
    registry = runtime.book.registry
    runtime.book.rulebooks.publish_at_set_up(default_rulebook(), envelope(site.clock()))
    new = NewSchool(SCHOOL, "示例小学", ("primary",), DISTRICT, established_on=date(2020, 9, 1))
    registry.register_school(new, envelope(site.clock()))
    registry.open_classes(SCHOOL, 2026, [("三年级", "2班")], envelope(site.clock()))
    term = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 20))
    registry.open_term(term, envelope(site.clock()))
    for user, (role, organisation) in STAFF.items():
        newcomer = Newcomer(user, f"示例{user}", (role,), organisation, date(2027, 8, 31))
        _, site.totp[user] = open_staff(runtime, newcomer, PASSWORD, envelope(site.clock()))
