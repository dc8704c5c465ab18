"""The drill of a restore: a backup is brought back beside everything, proved, timed and removed."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg.sql import SQL

from api.audit import Kept, audit
from api.bootstrap import Runtime, build
from api.settings import Settings
from domain.refusals import Refused
from ledger.embedded import EmbeddedServer
from ledger.log.logs import NoLogYet

Restore = Callable[[Settings], None]


@dataclass(frozen=True)
class Step:
    """What was done, how long it took, of how much, and what is not as it must be."""

    name: str
    seconds: float
    done: int
    faults: tuple[str, ...] = ()


def drill(restore: Restore, settings: Settings, source: Runtime | None) -> Iterator[Step]:
    """Steps as they are done; at the end nothing of the copy is left. Raises what restoring does.

    `source` is what the backup was made of; without it nothing is compared.
    """
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        there = settings.model_copy(
            update={
                "database_url": None, "var": Path(folder) / "var", "log_folder": None,
                "archive": None,
            }
        )  # fmt: skip
        try:
            yield from steps(restore, there, source)
        finally:
            EmbeddedServer(there.var, major=there.postgres_major).erase()


def steps(restore: Restore, there: Settings, source: Runtime | None) -> Iterator[Step]:
    begun = time.monotonic()
    restore(there)
    yield Step("restore", time.monotonic() - begun, 1)
    begun = time.monotonic()
    copy = build(there)
    try:
        copy.projector.catch_up()
        position = copy.book.ledger.position()
        yield Step("rebuild", time.monotonic() - begun, position)
        yield timed("audit", lambda: audited(copy))
        if source is not None:
            yield timed("compare", lambda: compared(copy, source))
    finally:
        copy.close()


def timed(name: str, act: Callable[[], tuple[int, list[str]]]) -> Step:
    begun = time.monotonic()
    done, faults = act()
    return Step(name, time.monotonic() - begun, done, tuple(faults))


def audited(copy: Runtime) -> tuple[int, list[str]]:
    """The log of the copy against its events, its read models and its certificates."""
    parts = list(audit(copy, Kept(), log_only=False, progress=in_silence))
    faults = [f"{part.name}: {fault}" for part in parts for fault in part.faults]
    return sum(part.compared for part in parts), faults


def in_silence(_name: str, _done: int, _total: int) -> None:
    """The steps themselves tell how far the drill is."""


def compared(copy: Runtime, source: Runtime) -> tuple[int, list[str]]:
    """Facts by kind up to the backup's last one; and that the source's log goes on from the copy's.

    The vault is not compared: whoever was erased since is in the one and not in the other.
    """
    position = copy.book.ledger.position()
    ours, theirs = facts_by_topic(copy, position), facts_by_topic(source, position)
    faults = [
        f"{topic}: {ours.get(topic, 0)} restored, {theirs.get(topic, 0)} in the source"
        for topic in sorted(ours.keys() | theirs.keys())
        if ours.get(topic) != theirs.get(topic)
    ]
    return sum(ours.values()), faults + fork(copy, source)


def facts_by_topic(runtime: Runtime, position: int) -> Mapping[str, int]:
    question = SQL(
        "SELECT topic, count(*) FROM {} WHERE notification_id <= %s GROUP BY topic"
    ).format(runtime.views.events)
    return dict(runtime.book.ledger.store.rows(question, (position,)))


def fork(copy: Runtime, source: Runtime) -> list[str]:
    """What is wrong between the newest checkpoint of the copy and that of the source."""
    written = copy.logs.current()
    try:
        older, newer = copy.logs.newest(written), source.logs.newest(written)
        known = older.size <= newer.size
        tree = source.logs.tree(written, newer.size)
        proof = tree.consistency(older.size, newer.size) if known else []
        newer.checkpoint.follows(older.checkpoint, proof)
    except NoLogYet:
        return []
    except Refused as refusal:
        return [f"log: {refusal.code}"]
    return []
