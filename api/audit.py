"""The audit: everything that was recorded, published, derived and printed, compared anew.

Four parts: the log (events, leaves, roots, checkpoints), the read models (built anew beside the
running ones), the documents of certificates and the listings of closed terms (against the hashes in
their events).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from api.bootstrap import Runtime
from certificates.issuing import signed_kind, snapshot_kind
from domain.aggregate import LedgerEvent
from domain.certificate import Certificate
from domain.closing import TermClosing
from ledger.log.auditing import Fault, LogAudit, LogReport
from ledger.log.checkpoint import Checkpoint, ForeignOrigin
from ledger.log.logs import Connection, Log
from ledger.log.note import Key, Note
from projections.rebuild import Rebuild

PAGE = 1_000

Progress = Callable[[str, int, int], None]
E = TypeVar("E", bound=LedgerEvent)


@dataclass(frozen=True)
class Kept:
    """What an auditor brings along: checkpoints from elsewhere, and the key they trust."""

    notes: Sequence[Note] = ()
    key: Key | None = None


@dataclass(frozen=True)
class Part:
    """One part of the audit: how much was compared, and what is wrong with it."""

    name: str
    compared: int
    faults: tuple[Fault, ...]


def audit(runtime: Runtime, kept: Kept, *, log_only: bool, progress: Progress) -> Iterator[Part]:
    """Raises NoLogYet, ForeignOrigin, WrongSignature, NotSigned, BadCheckpoint."""
    for report in logs_audited(runtime, kept, progress):
        yield Part(f"log {report.log.origin}", report.size, tuple(report.faults))
    if log_only:
        return
    yield from read_models(runtime, progress)
    yield certificates(runtime, progress)
    yield closings(runtime, progress)


def logs_audited(runtime: Runtime, kept: Kept, progress: Progress) -> Iterator[LogReport]:
    """The log that is written. A log that was given up holds what no table holds any more."""
    log = runtime.logs.current()
    known = [*kept.notes, *published_elsewhere(runtime, log)]
    trusted = [opened(note, log, kept.key) for note in known]
    connection: Connection = psycopg.connect(runtime.connections.app, row_factory=tuple_row)
    with connection:
        schema = runtime.connections.names.ledger
        yield LogAudit(connection, schema, log).run(
            trusted, lambda done, total: progress("log", done, total)
        )


def published_elsewhere(runtime: Runtime, log: Log) -> list[Note]:
    """What the folder of checkpoints says, which no password of the database changes."""
    found = runtime.log_keeping.folder.read(log.number)
    return [found] if found else []


def opened(note: Note, log: Log, key: Key | None) -> Checkpoint:
    """Raises ForeignOrigin, WrongSignature, NotSigned, BadCheckpoint."""
    if key is not None and key.name != log.origin:
        raise ForeignOrigin(origin=log.origin)
    return Checkpoint.opened(note, [key or log.key], log.origin)


def read_models(runtime: Runtime, progress: Progress) -> Iterator[Part]:
    """Each is replayed from the first event beside the running one, and compared row by row."""
    for projection in runtime.models.projections:
        name = projection.name

        def show(done: int, total: int, name: str = name) -> None:
            progress(name, done, total)

        report = Rebuild(runtime.views, projection).check(show)
        rows = sum(table.rows for table in report.tables)
        faults = tuple(Fault("read_model_differs", event=table) for table in report.differing)
        yield Part(f"read model {name}", rows, faults)


def certificates(runtime: Runtime, progress: Progress) -> Part:
    """What was signed and what was printed are the bytes that the events speak of."""
    faults: list[Fault] = []
    number = 0
    for event in events_of(runtime, [Certificate.Issued], "certificates", progress):
        issue, number = event.issue, number + 1
        for kind, sha256 in (
            (signed_kind(issue.number, issue.signed_sha256), issue.signed_sha256),
            (snapshot_kind(issue.number, issue.snapshot_sha256), issue.snapshot_sha256),
        ):
            content = runtime.book.vault.document(event.originator_id, kind)
            if content is not None and hashlib.sha256(content).hexdigest() != sha256:
                faults.append(Fault("document_differs", event=f"{issue.number} {kind}"))
    return Part("certificates", number, tuple(faults))


def closings(runtime: Runtime, progress: Progress) -> Part:
    """The listing of each closed term and addendum is there, and is what its hash is of."""
    faults: list[Fault] = []
    number, terms = 0, dict[UUID, tuple[str, str]]()
    wanted: list[type[TermClosing.Closed | TermClosing.AddendumFiled]] = [
        TermClosing.Closed,
        TermClosing.AddendumFiled,
    ]
    for event in events_of(runtime, wanted, "closings", progress):
        number += 1
        if isinstance(event, TermClosing.Closed):
            term_code = f"{event.school_year}-{event.term_no}"
            terms[event.originator_id] = event.school_code, term_code
        school_code, term = terms[event.originator_id]
        text = runtime.book.closings.filed_listing(school_code, term, event.sha256)
        if text is None or hashlib.sha256(text.encode()).hexdigest() != event.sha256:
            faults.append(Fault("listing_differs", event=f"{school_code} {term}"))
    return Part("closings", number, tuple(faults))


def events_of(
    runtime: Runtime, kinds: Sequence[type[E]], name: str, progress: Progress
) -> Iterator[E]:
    """Every event of some kinds, in the order of the feed. Raises Unreadable."""
    feed, head, reached = runtime.projector.feed, runtime.projector.feed.head(), 0
    topics = frozenset(kind.TOPIC for kind in kinds)
    while reached < head:
        page = feed.page(reached, head, topics, PAGE)
        for fact in page.facts:
            yield cast("E", fact.event)
        reached = page.reached
        progress(name, reached, head)
