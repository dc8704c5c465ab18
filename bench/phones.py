"""Parents with a ticket in hand: each request is one check-in that can be recorded once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

from api.access.cookies import CookieKind
from api.access.tickets import ArrivalTicket, device_hash, new_device_id
from bench.ground import Ground
from bench.world import World
from domain.envelope import Channel


class Phones:
    """So many check-ins at most, at sessions that are open now."""

    def __init__(self, ground: Ground, world: World, most: int) -> None:
        self._runtime = ground.runtime
        begins_at = world.at + timedelta(minutes=5)
        sessions = range(most // len(world.learners) + 1)
        opened = [world.open_session(begins_at, number) for number in sessions]
        self._pairs = product(opened, world.learners)

    def ready(self, root: str, count: int) -> list[bytes]:
        """So many check-in requests, each from a phone of its own."""
        return [self._request(root, *next(self._pairs)) for _ in range(count)]

    def _request(self, root: str, session_id: UUID, learner_id: UUID) -> bytes:
        runtime, phone = self._runtime, new_device_id()
        scanned = ArrivalTicket(
            session_id, device_hash(phone), datetime.now(UTC), 1, Channel.ROTATING_QR, learner_id
        )
        tap = {"ticket": runtime.tickets.seal(scanned), "scan_id": str(uuid4())}
        body = json.dumps(tap).encode()
        public = runtime.settings.public_url
        head = (
            f"POST {root}/sessions/{session_id}/check-ins HTTP/1.1\r\n"
            f"Host: {public.removeprefix('http://')}\r\nOrigin: {public}\r\n"
            f"Cookie: {runtime.cookies.name(CookieKind.PHONE)}={phone}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
