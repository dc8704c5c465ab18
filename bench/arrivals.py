"""A parent's whole way in: the scanned link, the page with the button, the tap, the tick."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import uvloop

from api import arrivals
from api.access.cookies import CookieKind
from api.access.tickets import ArrivalTicket, device_hash, new_device_id
from bench.children import child, python, wait_until_it_answers
from bench.ground import Ground
from bench.load import call
from bench.measuring import Figure, Question, Sample, Scale, interleaved
from bench.processors import seconds_of
from bench.world import World
from domain.envelope import Channel
from ledger.vault import Entry

CONNECTIONS = 64
FOUND, SEEN = 200, 303
QUESTION = Question(
    "arrivals",
    f"parents through the whole door, four requests each; one web process, {CONNECTIONS} waiting",
    "parents/s",
    "four answers of /livez",
)
Step = Callable[["Hall", "Phone"], bytes]


@dataclass(frozen=True)
class Phone:
    """An enrolled phone before one session's door."""

    session_id: UUID
    learner_id: UUID
    device_id: str
    login: str


class Hall:
    """Open sessions, and parents before them who have not been there yet."""

    def __init__(self, ground: Ground, world: World, sessions: int) -> None:
        self.runtime = ground.runtime
        begins_at = world.at + timedelta(minutes=5)
        opened = [world.open_session(begins_at, number) for number in range(sessions)]
        names = enumerate(world.learners)
        self.runtime.book.vault.admit(
            Entry(each, "learner", {"name": f"（示例）陈建{number}", "salt": "0" * 64})
            for number, each in names
        )
        logins = {
            each: self.runtime.logins.begin_device(each, world.at, confirmed=True).token
            for each in world.learners
        }
        self._phones = (
            Phone(session_id, each, new_device_id(), logins[each])
            for session_id, each in product(opened, world.learners)
        )

    def phones(self, count: int) -> list[Phone]:
        return [next(self._phones) for _ in range(count)]

    def scan(self, phone: Phone) -> bytes:
        session = self.runtime.book.sessions.get(phone.session_id)
        code = arrivals.codes_ahead(self.runtime, session)[0].code
        return self.request(f"GET /in/{arrivals.session_text(session.id)}/{code}", phone)

    def confirm(self, phone: Phone) -> bytes:
        return self.request("GET /in", phone, ticket=True)

    def tap(self, phone: Phone) -> bytes:
        return self.request("POST /in", phone, f"scan_id={uuid4()}".encode(), ticket=True)

    def tick(self, phone: Phone) -> bytes:
        return self.request(f"GET /in/{arrivals.session_text(phone.session_id)}", phone)

    def request(self, line: str, phone: Phone, body: bytes = b"", *, ticket: bool = False) -> bytes:
        runtime = self.runtime
        name = runtime.cookies.name
        held = [(name(CookieKind.PHONE), phone.device_id), (name(CookieKind.DEVICE), phone.login)]
        if ticket:
            held.append((arrivals.ticket_name(runtime.cookies), self.sealed(phone)))
        cookies = "; ".join(f"{name}={value}" for name, value in held)
        public = runtime.settings.public_url
        head = (
            f"{line} HTTP/1.1\r\nHost: {public.removeprefix('http://')}\r\nOrigin: {public}\r\n"
            f"Cookie: {cookies}\r\nAccept: text/html\r\nAccept-Language: zh-CN\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def sealed(self, phone: Phone) -> str:
        at = datetime.now(UTC)
        hashed = device_hash(phone.device_id)
        channel = Channel.ROTATING_QR
        return self.runtime.tickets.seal(
            ArrivalTicket(phone.session_id, hashed, at, 1, channel, phone.learner_id)
        )


STEPS: dict[str, tuple[Step, int]] = {
    "link": (Hall.scan, SEEN),
    "page": (Hall.confirm, FOUND),
    "tap": (Hall.tap, SEEN),
    "tick": (Hall.tick, FOUND),
}


def run(ground: Ground, scale: Scale) -> list[Figure]:
    parents = scale.pick(16, 500, 500)
    world = World(ground.runtime.book, datetime.now(UTC), parents)
    hall = Hall(ground, world, scale.rounds + 2)
    ground.runtime.projector.set_up()
    ground.runtime.projector.catch_up()
    profile = ["--profile"] if ground.profile else []
    with child(python("-m", "bench.web_process", *profile), ground.environment()) as process:
        wait_until_it_answers(process, ground.settings.port)
        walked(ground, process.pid, hall, hall.phones(parents))
        ours, bare = interleaved(
            scale.rounds,
            lambda _: walked(ground, process.pid, hall, hall.phones(parents)),
            lambda _: answered(ground, process.pid, hall, parents),
        )
    return [QUESTION.answer(ours, bare)]


def walked(ground: Ground, pid: int, hall: Hall, phones: Sequence[Phone]) -> Sample:
    """All of them through one step after the other, with what each step takes of a processor."""
    seconds, facts = 0.0, dict[str, float]()
    for name, (step, wanted) in STEPS.items():
        requests = [step(hall, phone) for phone in phones]
        took, used = asked(ground, pid, requests, wanted)
        seconds += took
        facts[f"{name}_cpu_ms"] = used / len(phones) * 1000
    return Sample(len(phones), seconds, facts | {"cpu_ms": sum(facts.values())})


def answered(ground: Ground, pid: int, hall: Hall, parents: int) -> Sample:
    [phone] = hall.phones(1)
    request = hall.request("GET /livez", phone)
    took, used = asked(ground, pid, [request] * parents * len(STEPS), FOUND)
    return Sample(parents, took, {"cpu_ms": used / parents * 1000})


def asked(ground: Ground, pid: int, requests: Sequence[bytes], wanted: int) -> tuple[float, float]:
    """Seconds, and seconds of a processor that the web process used."""
    host, port = ground.settings.host, ground.settings.port
    [before], began = seconds_of({pid}), time.perf_counter()
    uvloop.run(call(host, port, requests, CONNECTIONS, wanted))
    [after], took = seconds_of({pid}), time.perf_counter() - began
    return took, after - before
