"""Receipts: the ledger's signed word, at once, that an event will be in the log within a minute."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import structlog

from domain.refusals import Refused
from ledger.log.leaf import LoggedEvent
from ledger.log.logs import Log, Logs
from ledger.log.merkle import HASH_BYTES, leaf_hash
from ledger.log.note import Key, Note, NoteSigner, decoded
from ledger.rows import Stored

TAG = "parent-credit-ledger/receipt/v1"
MOST_DELAY = timedelta(seconds=60)
MOST_WATCHED = 500_000
LINES = 7

log = structlog.get_logger(__name__)


class BadReceipt(Refused):
    """Not a receipt of a check-in."""

    code: ClassVar[str] = "log_receipt_malformed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Which event, its place in the feed, the hash of its leaf, and when it was recorded."""

    origin: str
    stream_id: str
    version: int
    position: int
    recorded_at: str
    leaf: bytes

    @classmethod
    def of(cls, origin: str, event: LoggedEvent) -> Receipt:
        return cls(
            origin,
            event.stream_id,
            event.version,
            event.position,
            event.recorded_at,
            leaf_hash(event.leaf),
        )

    @property
    def text(self) -> str:
        leaf = b64encode(self.leaf).decode()
        return (
            f"{TAG}\n{self.origin}\n{self.stream_id} {self.version}\n{self.position}\n"
            f"{self.recorded_at}\n{leaf}\n"
        )

    @classmethod
    def opened(cls, note: Note, key: Key) -> Receipt:
        """Raises BadReceipt, NotSigned, WrongSignature."""
        lines = note.text.split("\n")
        if len(lines) != LINES or lines[0] != TAG:
            raise BadReceipt
        note.signed_by([key])
        stream_id, _, version = lines[2].partition(" ")
        leaf = decoded(lines[5])
        if leaf is None or len(leaf) != HASH_BYTES:
            raise BadReceipt
        return cls(lines[1], stream_id, int(version), int(lines[3]), lines[4], leaf)


class Receipts:
    """Signs receipts in the name of one log, and remembers them until their leaf is seen."""

    def __init__(self, secret: bytes, origin: str) -> None:
        self._origin = origin
        name = f"{origin}/receipts"
        self._signer = NoteSigner.of(name, hmac.digest(secret, name.encode(), "sha256"))
        self._watched: deque[tuple[datetime, int, bytes]] = deque(maxlen=MOST_WATCHED)

    @property
    def key(self) -> Key:
        return self._signer.key

    def sign(self, event: LoggedEvent, at: datetime) -> str:
        """The receipt as a signed note; from now on its leaf is waited for."""
        receipt = Receipt.of(self._origin, event)
        self._watched.append((at, receipt.position, receipt.leaf))
        return str(self._signer.sign(receipt.text))

    def look(self, logs: Logs, written: Log | None, at: datetime) -> None:
        """Forget what is in the log as it was promised; raise alarms for what is not."""
        taken = [self._watched.popleft() for _ in range(len(self._watched))]
        positions = [position for _, position, _ in taken]
        places = logs.places(written, positions) if written and positions else {}
        missing: list[int] = []
        for issued_at, position, leaf in reversed(taken):
            found = places.get(position)
            if found is None and at - issued_at <= MOST_DELAY:
                self._watched.appendleft((issued_at, position, leaf))
            elif found is None:
                missing.append(position)
            elif found[1] != leaf:
                raise_alarm(logs, "log_receipt_differs", position=position)
        if missing:
            raise_alarm(logs, "log_receipt_missing", first=min(missing), count=len(missing))


def raise_alarm(logs: Logs, code: str, **facts: object) -> None:
    log.error(code, **facts)
    logs.alarm(code, **facts)


def as_logged(stored: Stored, position: int, recorded_at: datetime) -> LoggedEvent:
    """An event that was just recorded, as the log will say it."""
    moment = recorded_at.astimezone(UTC).isoformat(timespec="microseconds")
    return LoggedEvent(
        position,
        str(stored.originator_id),
        stored.originator_version,
        stored.topic,
        f"{moment[:-6]}Z",  # instead of +00:00
        stored.state,
    )
