"""How long pages take in a city, beside the same pages of ten thousand learners."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median, quantiles

from bench.children import child, program, wait_until_it_answers
from bench.district import Size
from bench.ground import Ground
from bench.kept import Kept
from bench.large.readers import Look, Readers
from bench.measuring import Figure, Scale

GOAL = 1.5
KEPT_ALIVE = 4.0  # seconds; the server lets an idle connection go after five
Ask = Callable[[Readers, str], Look]


@dataclass(frozen=True)
class Page:
    name: str
    ask: Ask
    path: str
    status: int = 200


PARENT = (
    Page("a parent's home", Readers.parent, "/me"),
    Page("a parent's statement", Readers.parent, "/me/statement"),
    Page("a parent's certificates", Readers.parent, "/me/certificates"),
    Page("a parent's stars", Readers.parent, "/me/stars"),
    Page("a parent's looks", Readers.parent, "/me/looks"),
)
STAFF = (
    Page("the register of a session", Readers.of_session, "/staff/sessions/{}/register"),
    Page("the class list of a session", Readers.of_session, "/staff/sessions/{}/list"),
    Page("a learner, for their school", Readers.of_learner, "/staff/learners/{}"),
    Page("a learner found by the code", Readers.by_code, "/staff/find?q={}", 303),
    Page(
        "a school's duty of a term", Readers.of_school, "/staff/schools/{}/compliance?term=2025-1"
    ),
    Page("a certificate verified", Readers.of_certificate, "/verify?number={}&code={}"),
)
# A district of the city has about as many institutions as the pilot: as many rows on a page.
DISTRICT = (
    Page(
        "the duties of a district's schools",
        Readers.of_district,
        "/staff/districts/{}/compliance?term=2025-1",
    ),
    Page("a district's coverage", Readers.of_district, "/staff/districts/{}/coverage?year=2025"),
)


@dataclass
class Times:
    """Milliseconds of a page on one side: asked by somebody new, and again by the same."""

    first: list[float] = field(default_factory=list[float])
    again: list[float] = field(default_factory=list[float])


class Side:
    """One set, served by a web process of its own."""

    def __init__(self, ground: Ground, readers: Readers) -> None:
        self.readers = readers
        self.connection = HTTPConnection("127.0.0.1", ground.settings.port, timeout=120)
        self.answered = 0.0

    def ask(self, page: Page, times: Times) -> None:
        look = page.ask(self.readers, page.path)
        times.first.append(self.milliseconds(look, page.status))
        times.again.append(self.milliseconds(look, page.status))

    def milliseconds(self, look: Look, expected: int) -> float:
        if time.monotonic() - self.answered > KEPT_ALIVE:
            self.connection.close()  # the server has, while the other side was asked
            self.connection.connect()
        began = time.perf_counter()
        self.connection.request(
            "GET", look.path, headers={"Cookie": look.cookie, "Accept": "text/html"}
        )
        answer = self.connection.getresponse()
        answer.read()
        took = (time.perf_counter() - began) * 1000
        self.answered = time.monotonic()
        assert answer.status == expected, (look.path, answer.status)
        return took


def beside_small(kept: Kept, on: str, scale: Scale) -> list[Figure]:
    return compared(kept, on, scale.pick(2, 20, 100), "small", (*PARENT, *STAFF))


def beside_district(kept: Kept, on: str, scale: Scale) -> list[Figure]:
    return compared(kept, on, scale.pick(2, 4, 10), "district", DISTRICT)  # seconds each


def compared(
    kept: Kept, on: str, rounds: int, beside: str, pages: tuple[Page, ...]
) -> list[Figure]:
    """Both served at once, one asked after the other: the load hits both alike."""
    warming = min(rounds // 2, 5)
    with side(kept, on, "city") as ours, side(kept, on, beside) as other:
        sides = {"city": ours, beside: other}
        for name in sides:
            kept.read_indexes(on, name)
        for page in pages:
            for each in sides.values():
                for _ in range(warming):
                    each.ask(page, Times())
        times = {page: {name: Times() for name in sides} for page in pages}
        for number in range(rounds):
            for page in pages:
                for name in sorted(sides, reverse=number % 2 == 1):
                    sides[name].ask(page, times[page][name])
        counts = {name: kept.read()[name]["events"] for name in sides}
    return [figure(page, times[page], beside, counts) for page in pages]


@contextmanager
def side(kept: Kept, on: str, name: str) -> Generator[Side]:
    with ExitStack() as stack:
        ground = stack.enter_context(kept.ground(on, name))
        web = stack.enter_context(child(program("serve"), ground.environment()))
        wait_until_it_answers(web, ground.settings.port)
        size = Size(**kept.read()[name]["size"])
        reading = Side(ground, Readers(ground, name, size, seed=1))
        stack.callback(reading.connection.close)
        yield reading


def figure(page: Page, times: dict[str, Times], beside: str, counts: dict[str, int]) -> Figure:
    ours, other = times["city"], times[beside]
    return Figure(
        benchmark="large",
        what=f"95th percentile of {page.name}, in a city of {counts['city']:,} events",
        unit="ms",
        n=len(ours.first),
        rounds=1,
        ours=high(ours.first),
        yardstick=f"the same page among {counts[beside]:,} events ({beside})",
        yardstick_n=len(other.first),
        beside=high(other.first),
        reach=GOAL,
        more_is_better=False,
        facts={
            "median_ms": median(ours.first),
            "yardstick_median_ms": median(other.first),
            "again_p95_ms": high(ours.again),
            "yardstick_again_p95_ms": high(other.again),
        },
    )


def high(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]
