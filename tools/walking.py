"""Every page of a running pilot, found as people find them: by its links, from each one's home."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import httpx

from api.access.totp import code_of

HOMES: Final = ("/", "/verify", "/verify/batch", "/c", "/rules", "/enrol", "/staff/login", "/demo")
HOME_OF_STAFF: Final = "/staff"
HOME_OF_PARENTS: Final = "/me"
PARENTS: Final = ("parent", "accused")
OWN_THING: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{6}-\d{4}-\d{7}-\d|[0-9A-Z]{12,}|\d{4,}(?:\.\d+)?(?:-\d)?|%[0-9A-F%]+"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A page as somebody sees it; `shape` is its address without what is one school's own."""

    who: str
    path: str
    shape: str


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") if tag == "a" else None
        if address and address.startswith("/") and not address.startswith("//"):
            self.found.append(address.partition("#")[0])


def shape_of(path: str) -> str:
    """An address with its ids, numbers and words starred; of a query, the names."""
    parts = urlsplit(path)
    names = ",".join(sorted({name for name, _ in parse_qsl(parts.query)}))
    return OWN_THING.sub("*", parts.path) + (f"?{names}" if names else "")


@dataclass
class Pilot:
    """A running pilot, and one signed-in browser for each person of its `demo.json`."""

    base: str
    told: dict[str, Any]
    browsers: dict[str, httpx.Client] = field(default_factory=dict[str, httpx.Client])

    def people(self) -> list[str]:
        """Anybody, the staff, and of those that may be enrolled a parent and the accused one."""
        return ["anybody", *(login["user"] for login in self.told["logins"]), *PARENTS]

    def browser(self, who: str) -> httpx.Client:
        if who not in self.browsers:
            self.browsers[who] = httpx.Client(
                base_url=self.base, headers={"Origin": self.base}, timeout=30
            )
            self._sign_in(who, self.browsers[who])
        return self.browsers[who]

    def close(self) -> None:
        for browser in self.browsers.values():
            browser.close()

    def pages(self, people: Iterable[str] = ()) -> list[Found]:
        """Each shape once, as the first of the people saw it; what is no page is left out."""
        once: dict[str, Found] = {}
        for who in people or self.people():
            for found in self._pages_of(who):
                once.setdefault(found.shape, found)
        return [*once.values()]

    def _pages_of(self, who: str) -> Iterator[Found]:
        homes = HOMES if who == "anybody" else (self.home(who),)
        waiting, seen = list(homes), {shape_of(home) for home in homes}
        while waiting:
            path = waiting.pop(0)
            answer = self.browser(who).get(path)
            links = [answer.headers.get("location", "")]
            if answer.headers.get("content-type", "").startswith("text/html"):
                yield Found(who, path, shape_of(path))
                links += Links(answer.text).found
            for link in links:
                if link.startswith("/") and shape_of(link) not in seen:
                    seen.add(shape_of(link))
                    waiting.append(link)

    def home(self, who: str) -> str:
        """Where somebody lands who is signed in."""
        return HOME_OF_PARENTS if who in PARENTS else HOME_OF_STAFF

    def _sign_in(self, who: str, browser: httpx.Client) -> None:
        if who == "anybody":
            return
        if who in PARENTS:
            learners: list[dict[str, str]] = self.told["learners"]
            self._enrol(browser, learners if who == "parent" else learners[-1:])
            return
        login = next(each for each in self.told["logins"] if each["user"] == who)
        code = code_of(login["totp_secret"], datetime.now(UTC))
        given = {"user": who, "password": login["password"], "code": code}
        _redirected(browser.post("/staff/login", data=given))

    def _enrol(self, browser: httpx.Client, learners: list[dict[str, str]]) -> None:
        """By the first of these learners' links that was not used yet."""
        for learner in learners:
            code = learner["enrolment_url"].rsplit("/", 1)[1]
            consent = re.search(r'name="consent"[^>]*value="([^"]+)"', browser.get("/enrol").text)
            given = {"code": code, "consent": consent[1] if consent else ""}
            if browser.post("/enrol", data=given).is_redirect:
                return
        raise RuntimeError("every enrolment link was used: start the pilot again")


def _redirected(answer: httpx.Response) -> None:
    if not answer.is_redirect:
        raise RuntimeError(f"{answer.request.url.path} answered {answer.status_code}")
