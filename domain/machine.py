"""A machine that asks for an organisation: which keys it has, what each is for, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Actor, Envelope
from domain.identity import derived
from domain.refusals import Refused

LONGEST_KEY = timedelta(days=366)
MOST_LIVE_KEYS = 2  # the old one and the new one, while they are exchanged


class KeyTooLong(Refused):
    """A key has an end, in the future and at most a year away."""

    code = "machine_key_end"


class TooManyKeys(Refused):
    """Two keys are live: one of them ends before a third is made."""

    code = "machine_keys_live"


class KeyHasEnded(Refused):
    """The key was ended, maybe before it was made: it is not made again."""

    code = "machine_key_ended"


@dataclass(frozen=True)
class Key:
    """What a key is for: scopes by name, from `begins` up to, not including, `ends`."""

    scopes: tuple[str, ...]
    begins: datetime
    ends: datetime
    made_by: Actor

    def holds(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


class Machine(LedgerAggregate):
    """A program or a device by its name at one organisation. Its secrets are kept elsewhere."""

    TOPIC: ClassVar[str] = "machine"

    class Registered(LedgerCreated):
        TOPIC = "machine.registered"

        name: str
        organisation: str

    class KeyMade(LedgerEvent):
        TOPIC = "machine.key_made"

        key_id: UUID
        scopes: tuple[str, ...]
        ends: datetime

    class KeyEnded(LedgerEvent):
        TOPIC = "machine.key_ended"

        key_id: UUID
        reason_code: str

    @event(Registered)
    def __init__(self, name: str, organisation: str, envelope: Envelope) -> None:
        self.name = name
        self.organisation = organisation
        self.keys: dict[UUID, Key] = {}
        self.ended: set[UUID] = set()

    @staticmethod
    def create_id(name: str, organisation: str) -> UUID:
        return derived("machine", organisation, name)

    def live(self, at: datetime) -> dict[UUID, Key]:
        return {key_id: key for key_id, key in self.keys.items() if key.holds(at)}

    def make_key(
        self, key_id: UUID, scopes: tuple[str, ...], ends: datetime, envelope: Envelope
    ) -> None:
        """Give it another key; the same one again is no news.

        Raises KeyHasEnded, KeyTooLong, TooManyKeys.
        """
        if key_id in self.ended:
            raise KeyHasEnded
        if key_id in self.keys:
            return
        if not envelope.at < ends <= envelope.at + LONGEST_KEY:
            raise KeyTooLong(most_days=LONGEST_KEY.days)
        if len(self.live(envelope.at)) >= MOST_LIVE_KEYS:
            raise TooManyKeys(most=MOST_LIVE_KEYS)
        self._made(key_id=key_id, scopes=scopes, ends=ends, envelope=envelope)

    def end_key(self, key_id: UUID, reason_code: str, envelope: Envelope) -> None:
        """End a key at once. One that is not there, or was ended, is no news."""
        if key_id in self.keys:
            self._ended(key_id=key_id, reason_code=reason_code, envelope=envelope)

    def withdraw_key(self, key_id: UUID, reason_code: str, envelope: Envelope) -> None:
        """End a key that somebody may be about to make: it never will be. Again is no news."""
        if key_id not in self.ended:
            self._ended(key_id=key_id, reason_code=reason_code, envelope=envelope)

    @event(KeyMade)
    def _made(
        self, key_id: UUID, scopes: tuple[str, ...], ends: datetime, envelope: Envelope
    ) -> None:
        self.keys[key_id] = Key(scopes, envelope.at, ends, envelope.actor)

    @event(KeyEnded)
    def _ended(self, key_id: UUID, reason_code: str, envelope: Envelope) -> None:
        self.keys.pop(key_id, None)
        self.ended.add(key_id)
