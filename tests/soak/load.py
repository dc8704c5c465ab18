"""The load: evening after evening, phones that ask again until they hear, staff who attest.

Each evening another sixty come, and the next one opens when the judging is not far behind: else an
hour would give everybody a thousand evenings of one day, which nobody has.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import httpx

from api import arrivals
from domain.envelope import Actor, Channel, Role
from domain.plan import SessionPlan
from domain.session import Session
from ledger.check_in import CheckIn
from projections.checkpoints import checkpoints
from tests.acting import envelope
from tests.soak.ground import Ground, insist

HOST, COORDINATOR = uuid4(), uuid4()
AT_THE_DESK = 0.15
PATIENCE = 60.0
COME = 60
MOST_EVENTS_BEHIND = 3_000  # of the follower that judges


@dataclass(frozen=True)
class Scan:
    """A check-in that was asked for: it must be in the store, once."""

    scan_id: UUID
    session_id: UUID
    learner_id: UUID


@dataclass
class Told:
    """What the load was told: whoever was acknowledged, and since when."""

    acknowledged: dict[Scan, datetime] = field(default_factory=dict)
    positions: dict[Scan, int] = field(default_factory=dict)
    attested: list[UUID] = field(default_factory=list)
    repeats: int = 0
    in_doubt: int = 0
    wrong: list[str] = field(default_factory=list)


class Load:
    """Evenings of one school, each with every parent of it, until it is told to stop."""

    def __init__(self, ground: Ground, seed: int, phones: int = 6) -> None:
        self.ground, self.runtime = ground, ground.runtime
        self.told = Told()
        self.stop = threading.Event()
        self.chance = random.Random(seed)
        self._phones = phones
        self._clients = threading.local()
        self._opened: list[httpx.Client] = []
        self._cookies = {each: ground.made.phone(each) for each in ground.made.learners}
        self._plan = self.runtime.book.sessions.get(ground.made.session_id).plan

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            self.evening(number)
            while insist(self.is_behind) and not self.stop.is_set():
                time.sleep(0.2)
            for client in self._opened:
                client.close()
            self._opened.clear()

    def is_behind(self) -> bool:
        standing = checkpoints(self.runtime.views).get("awards")
        judged = standing.position if standing else 0
        return self.runtime.book.ledger.position() - judged > MOST_EVENTS_BEHIND

    def comers(self, number: int) -> list[UUID]:
        learners = self.ground.made.learners
        first = number * COME % len(learners)
        return (learners[first:] + learners[:first])[:COME]

    def evening(self, number: int) -> None:
        """Opened, attended by everybody who comes before the end, closed and attested."""
        sessions, session_id, now = self.runtime.book.sessions, uuid4(), datetime.now(UTC)
        begins = now + timedelta(minutes=5)
        changes = {
            "title": f"第{number}课", "begins_at": begins,
            "ends_at": begins + timedelta(minutes=80),
        }  # fmt: skip
        plan = self._plan.model_copy(update=changes)
        by = envelope(now)
        insist(lambda: sessions.schedule(session_id, plan, by, confirmed=True))
        opening = envelope(now, Role.HOST, HOST)
        insist(lambda: sessions.open(session_id, opening))
        session = insist(lambda: sessions.get(session_id))
        codes = insist(lambda: arrivals.codes_ahead(self.runtime, session))
        token = {code.begins_at: code.code for code in codes}
        with ThreadPoolExecutor(self._phones) as crowd:
            for learner_id in self.comers(number):
                scan = Scan(uuid4(), session_id, learner_id)
                at_desk = self.chance.random() < AT_THE_DESK
                come = self.enter if at_desk else partial(self.tap, token)
                crowd.submit(self.guarded, come, scan)
        self.attest(session, plan)

    def guarded(self, act: Callable[[Scan], None], scan: Scan) -> None:
        try:
            if not self.stop.is_set():
                act(scan)
        except Exception as error:  # noqa: BLE001 - told at the end
            self.told.wrong.append(f"{type(error).__name__}: {error}")

    def tap(self, token: Mapping[datetime, str], scan: Scan) -> None:
        """A phone: the same scan id again until somebody answers."""
        ends = time.monotonic() + PATIENCE
        cookies = "; ".join(f"{k}={v}" for k, v in self._cookies[scan.learner_id].items())
        while time.monotonic() < ends:
            answer = self.asked(scan, token, cookies)
            if answer is not None and answer.status_code in {200, 201}:
                told = answer.json()
                self.told.acknowledged[scan] = datetime.fromisoformat(told["checked_in_at"])
                if told["position"] is not None:
                    self.told.positions[scan] = told["position"]
                else:  # an earlier tap recorded it, whose answer was lost
                    self.told.in_doubt += 1
                return
            if answer is not None and answer.status_code < 500:
                self.told.wrong.append(f"{answer.status_code} {answer.text[:200]}")
                return
            self.told.repeats += 1
            time.sleep(0.1)
        self.told.wrong.append(f"no answer in {PATIENCE:.0f} s")

    def asked(
        self, scan: Scan, token: Mapping[datetime, str], cookies: str
    ) -> httpx.Response | None:
        base = self.chance.choice(self.ground.bases)
        address = f"{base}/api/v1/sessions/{scan.session_id}"
        headers = {"Origin": self.ground.bases[0], "Cookie": cookies}
        now = datetime.now(UTC)
        shown = [code for begins, code in sorted(token.items()) if begins <= now]
        body = {"token": shown[-1] if shown else next(iter(token.values()))}
        try:
            arrived = self.client.post(f"{address}/arrivals", json=body, headers=headers)
            if arrived.status_code != 201:
                return arrived
            tap = {"ticket": arrived.json()["ticket"], "scan_id": str(scan.scan_id)}
            return self.client.post(f"{address}/check-ins", json=tap, headers=headers)
        except httpx.HTTPError:
            return None

    @property
    def client(self) -> httpx.Client:
        if not hasattr(self._clients, "own"):
            self._clients.own = httpx.Client(timeout=20, verify=False)
            self._opened.append(self._clients.own)
        self._clients.own.cookies.clear()
        client: httpx.Client = self._clients.own
        return client

    def enter(self, scan: Scan) -> None:
        """At the desk: another door, another process."""
        now = datetime.now(UTC)
        wish = CheckIn(
            session_id=scan.session_id, learner_id=scan.learner_id, scan_id=scan.scan_id,
            channel=Channel.STAFF_ENTRY, actor=Actor(id=HOST, role=Role.HOST), at=now, now=now,
        )  # fmt: skip
        answer = insist(lambda: self.runtime.book.attendances.check_in(wish))
        self.told.acknowledged[scan] = answer.checked_in_at

    def attest(self, session: Session, plan: SessionPlan) -> None:
        """Nine days later by the envelopes: whoever did not check out counts half by then."""
        sessions, later = self.runtime.book.sessions, datetime.now(UTC) + timedelta(days=9)
        present = insist(lambda: len(sessions.attendance_ids(session.id)))
        ends = plan.ends_at
        closing, counting, first = (envelope(at, Role.HOST, HOST) for at in (ends, ends, later))
        second = envelope(later, Role.COORDINATOR, COORDINATOR)
        insist(lambda: sessions.close(session.id, closing))
        insist(lambda: sessions.count_heads(session.id, present, None, counting))
        insist(lambda: sessions.attest(session.id, Role.HOST, first))
        insist(lambda: sessions.attest(session.id, Role.COORDINATOR, second))
        self.told.attested.append(session.id)
