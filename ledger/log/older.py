"""What a published checkpoint proves to be older than a moment, such as the theft of a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import UUID

from ledger.log.leaf import LoggedEvent
from ledger.log.logs import Log, Logs, NoLogYet, Published, published_of
from ledger.log.merkle import leaf_hash
from ledger.log.note import NotSigned, WrongSignature
from ledger.log.policy import Policy

AT_ONCE = 200


@dataclass(frozen=True)
class Cut:
    """A tree as it was published before a moment: which log, and how many leaves."""

    log: int
    size: int


def cut_before(logs: Logs, policy: Policy, moment: datetime) -> Cut | None:
    """The last tree published before `moment`; where there are witnesses, cosigned before it too.

    None where the log can prove nothing to be older.
    """
    try:
        known = logs.all()
    except NoLogYet:
        return None
    for log in reversed(known):
        found = cosigned_before if policy.witnesses else published_before
        size = found(logs, policy, log, moment)
        if size is not None:
            return Cut(log.number, size)
    return None


def published_before(logs: Logs, _: Policy, log: Log, moment: datetime) -> int | None:
    found = logs.rows(
        "SELECT size FROM {0}.log_checkpoint WHERE log = %s AND published_at < %s"
        " ORDER BY size DESC LIMIT 1",
        log.number,
        moment,
    )
    return found[0][0] if found else None


def cosigned_before(logs: Logs, policy: Policy, log: Log, moment: datetime) -> int | None:
    """Every cosignature is verified again, and so is the time in it."""
    keys = [each.key for each in policy.witnesses.values()]
    for published in cosigned(logs, log, moment):
        try:
            signed = published.whole.signed_by(keys)
        except (NotSigned, WrongSignature):
            continue
        older = [key for key, each in signed.items() if each.cosigned_at < moment.timestamp()]
        if policy.is_met_by(older):
            return published.size
    return None


def cosigned(logs: Logs, log: Log, moment: datetime) -> Iterator[Published]:
    """Checkpoints with the cosignatures they had before `moment`, the largest first."""
    for page in count():
        found = logs.rows(
            "SELECT size, note, published_at, array_agg(line ORDER BY witness)"
            " FROM {0}.log_cosignature JOIN {0}.log_checkpoint USING (log, size)"
            " WHERE log = %s AND published_at < %s AND cosigned_at < %s"
            " GROUP BY size, note, published_at ORDER BY size DESC LIMIT %s OFFSET %s",
            log.number,
            moment,
            moment,
            AT_ONCE,
            page * AT_ONCE,
        )
        if not found:
            return
        for row in found:
            yield published_of(*row)


def beginnings_under(logs: Logs, cut: Cut, streams: Sequence[UUID]) -> dict[UUID, LoggedEvent]:
    """The first events of streams that lie in the tree, unchanged since it was published."""
    log = next(each for each in logs.all() if each.number == cut.log)
    events = logs.beginnings(streams)
    places = logs.places(log, [event.position for event in events.values()])

    def is_under(event: LoggedEvent) -> bool:
        index, leaf = places.get(event.position, (cut.size, b""))
        return index < cut.size and leaf == leaf_hash(event.leaf)

    return {stream: event for stream, event in events.items() if is_under(event)}
