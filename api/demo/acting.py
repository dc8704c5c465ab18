"""Envelopes of the pilot: the same step has the same command id, however often it is tried."""

from __future__ import annotations

from datetime import datetime

from domain.envelope import Actor, Channel, Envelope
from domain.identity import derived


def acting(
    actor: Actor, at: datetime, *parts: object, channel: Channel = Channel.ONLINE
) -> Envelope:
    return Envelope(
        command_id=derived("demo", at.isoformat(), *(str(part) for part in parts)),
        actor=actor,
        channel=channel,
        occurred_at=at,
    )
