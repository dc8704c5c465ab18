"""The pilot that `parent-credits run` brings up, in a database and a folder of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from api.access.totp import code_of
from tests.database import TestDatabase, write_role_secrets
from tests.journeys.site import free_port

MOST_QUIET, MOST = 200.0, 280.0  # seconds; a test has 300
CONSOLE = Path(sys.executable).with_name("parent-credits")


@dataclass
class Demo:
    """What a newcomer has before them: addresses, logins, and one browser for each person."""

    base: str
    var: Path
    browsers: dict[str, httpx.Client] = field(default_factory=dict)

    @property
    def told(self) -> dict[str, Any]:
        """What `/demo` and the terminal tell."""
        found: dict[str, Any] = json.loads((self.var / "demo.json").read_text(encoding="utf-8"))
        return found

    def browser(self, who: str) -> httpx.Client:
        if who not in self.browsers:
            self.browsers[who] = httpx.Client(
                base_url=self.base, headers={"Origin": self.base}, timeout=30
            )
        return self.browsers[who]

    def staff(self, user: str) -> httpx.Client:
        if user in self.browsers:
            return self.browsers[user]
        login = next(each for each in self.told["logins"] if each["user"] == user)
        form = {
            "user": user,
            "password": login["password"],
            "code": code_of(login["totp_secret"], datetime.now(UTC)),
        }
        browser = self.browser(user)
        assert browser.post("/staff/login", data=form).status_code == 303
        return browser

    def press(self, user: str, address: str, **form: object) -> httpx.Response:
        answer = self.staff(user).post(address, data=form)
        assert answer.status_code == 303, answer.text
        return answer

    def is_up(self) -> bool:
        try:
            ready = httpx.get(f"{self.base}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False
        return ready and "open_session" in self.told

    def is_announced(self) -> bool:
        """Whether the terminal says where the pages are."""
        return f"→ {self.base} " in (self.var.parent / "terminal").read_text(encoding="utf-8")


def until_it_says(
    said: Path,
    is_said: Callable[[], bool],
    lives: Callable[[], bool],
    quiet: float = MOST_QUIET,
    most: float = MOST,
) -> None:
    """Wait as long as a process lives and goes on saying something; what it said is the failure."""
    began = heard = time.monotonic()
    size = 0
    while not is_said():
        now, longer = time.monotonic(), said.stat().st_size
        if longer > size:
            size, heard = longer, now
        goes_on = lives() and now - heard < quiet and now - began < most
        assert goes_on, f"after {now - began:.0f} s: {said.read_text(encoding='utf-8')}"
        time.sleep(0.05)


@contextmanager
def running_demo(database: TestDatabase, folder: Path) -> Generator[Demo]:
    port, var = free_port(), folder / "var"
    write_role_secrets(var / "secrets")
    made = Demo(f"http://127.0.0.1:{port}", var)
    environment = {
        "PATH": "/usr/bin:/bin",
        "PARENT_CREDITS_DATABASE_URL": database.owner,
        "PARENT_CREDITS_VAR": str(var),
        "PARENT_CREDITS_PORT": str(port),
        "PARENT_CREDITS_PUBLIC_URL": made.base,
    }
    said = folder / "terminal"
    with said.open("wb") as terminal:
        run = subprocess.Popen(
            [CONSOLE, "run"], env=environment, stdout=terminal, stderr=subprocess.STDOUT
        )
        try:
            until_it_says(said, made.is_announced, lambda: run.poll() is None)
            assert made.is_up()  # no sooner than that
            yield made
        finally:
            run.terminate()
            run.wait()
            for browser in made.browsers.values():
                browser.close()
