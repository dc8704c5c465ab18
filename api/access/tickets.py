"""Arrival tickets: a phone was there at that moment, signed by us. A ticket admits nobody yet."""

from __future__ import annotations

import hmac
import re
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from msgspec import Struct

from domain.envelope import Channel
from domain.refusals import Refused

TICKET_LIFE: Final = timedelta(minutes=10)
_PURPOSE: Final = b"arrival/1|"
# Session, hash of the device's id, learner, microseconds since 1970, step, place in _CHANNELS.
# The empty byte fills up the last base64 character: a ticket has one spelling.
_FIELDS: Final = struct.Struct(">16s32s16sqqBx")
_NOBODY: Final = UUID(int=0)
_CHANNELS: Final[tuple[Channel, ...]] = (Channel.ROTATING_QR, Channel.TYPED_CODE)
_SIGNATURE_BYTES: Final = 32
_TEXT: Final = re.compile(r"[A-Za-z0-9_-]{152}", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class TicketInvalid(Refused):
    """Not signed by us, or changed."""

    code = "ticket_invalid"


class TicketOfOtherDevice(Refused):
    """Somebody forwarded it."""

    code = "ticket_other_device"


class TicketExpired(Refused):
    code = "ticket_expired"


class ArrivalTicket(Struct, frozen=True):
    """What a redeemed code is exchanged for: session, device, moment and door.

    `learner_id` is set where the device was enrolled already: the tap then needs no look-up.
    """

    session_id: UUID
    device_hash: bytes
    scanned_at: datetime
    step: int
    channel: Channel
    learner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Tickets:
    """Seal and open tickets under one key."""

    key: bytes
    life: timedelta = TICKET_LIFE

    def seal(self, ticket: ArrivalTicket) -> str:
        fields = _FIELDS.pack(
            ticket.session_id.bytes,
            ticket.device_hash,
            (ticket.learner_id or _NOBODY).bytes,
            (ticket.scanned_at - _EPOCH) // _MICROSECOND,
            ticket.step,
            _CHANNELS.index(ticket.channel),
        )
        return urlsafe_b64encode(fields + self._signature(fields)).decode("ascii")

    def open_ticket(self, text: str, device_hash: bytes, at: datetime) -> ArrivalTicket:
        """Return what was sealed. Refuses TicketInvalid, TicketOfOtherDevice, TicketExpired."""
        ticket = _read(self._signed_fields(text))
        if not hmac.compare_digest(ticket.device_hash, device_hash):
            raise TicketOfOtherDevice
        if at >= ticket.scanned_at + self.life:
            raise TicketExpired
        return ticket

    def _signed_fields(self, text: str) -> bytes:
        if not _TEXT.fullmatch(text):
            raise TicketInvalid
        raw = urlsafe_b64decode(text)
        fields, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
        if not hmac.compare_digest(self._signature(fields), signature):
            raise TicketInvalid
        return fields

    def _signature(self, fields: bytes) -> bytes:
        return hmac.digest(self.key, _PURPOSE + fields, "sha256")


def new_device_id() -> str:
    """Make the random number a phone is known by, also before somebody is enrolled on it."""
    return secrets.token_urlsafe(16)


def device_hash(device_id: str) -> bytes:
    return sha256(device_id.encode("utf-8", "surrogatepass")).digest()


def _read(fields: bytes) -> ArrivalTicket:
    unpacked: tuple[bytes, bytes, bytes, int, int, int] = _FIELDS.unpack(fields)
    session, device, learner, microseconds, step, channel = unpacked
    return ArrivalTicket(
        session_id=UUID(bytes=session),
        device_hash=device,
        scanned_at=_EPOCH + microseconds * _MICROSECOND,
        step=step,
        channel=_CHANNELS[channel],
        learner_id=UUID(bytes=learner) if learner != _NOBODY.bytes else None,
    )
