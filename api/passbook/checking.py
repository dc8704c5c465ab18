"""Checking a passbook, from nothing but the file: whole, by rules that are what they say, right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from uuid import UUID

import orjson
from eventsourcing.domain import OriginatorIDError, OriginatorVersionError
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from pydantic import ValidationError

from api.passbook.file import Passbook
from api.passbook.proving import proofs
from api.passbook.summing import editions_in, summary_of
from domain.aggregate import LedgerAggregate, LedgerEvent
from domain.refusals import Refused
from domain.rulebook import fingerprint
from domain.rulebook_edition import RulebookEdition
from ledger.log.note import Key
from ledger.mapper import load
from ledger.recomputing.figures import Because, Figure, What, compared
from ledger.recomputing.given import Given, GivenLedger, Row
from ledger.recomputing.recompute import recomputed

# What reading facts may come to that contradict each other: no rule expects such a history.
TOUCHED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    MapperDeserialisationError,
    OriginatorIDError,
    OriginatorVersionError,
    Refused,
    ValidationError,
)


def checked(book: Passbook, trusted: Collection[Key] = ()) -> list[Figure]:
    """Every fact in the log, and every figure beside what the facts come to.

    Facts that are not whole are named, and then nothing is derived from them.
    """
    return [*proofs(book, trusted), *derived(book)]


def derived(book: Passbook) -> list[Figure]:
    """Every figure of a passbook beside what its facts come to, whoever vouches for these."""
    streams: dict[UUID, list[Row]] = defaultdict(list)
    for fact in sorted(book.facts, key=lambda each: each.position):
        streams[fact.stream].append(fact.row)
    given = Given(lambda ids: (row for key in ids for row in streams.get(key, ())))
    ledger = GivenLedger(given, book.position + 1)
    faults = [*misplaced(book), *(f for key in streams for f in faults_of(streams[key], ledger))]
    if faults:
        return faults
    try:
        figures = recomputed(given, ledger, book.learner_id, list(streams), book.as_of)
        return [*rules_of(book), *figures, *summed(book, ledger)]
    except TOUCHED as error:
        return [touched(f"{book.learner_id} {type(error).__name__}")]


def misplaced(book: Passbook) -> Iterator[Figure]:
    """Facts that share a place in the feed, or are later than the passbook."""
    for position, times in Counter(fact.position for fact in book.facts).items():
        if times > 1 or position > book.position:
            yield touched(f"#{position}")


def faults_of(rows: Sequence[Row], ledger: GivenLedger) -> Iterator[Figure]:
    """A stream without a gap that can be read from its first event to its last, or what is not."""
    key = rows[0].stream
    for expected, row in enumerate(rows, start=1):
        version, of = row.stored.originator_version, f"{row.stored.topic} {key}"
        if version != expected:
            yield compared(What.FACT, of, version, expected, Because.GAP)
            return
        if not is_readable(row.stored):
            yield touched(of)
            return
    try:
        ledger.folded({key: [row.stored for row in rows]})
    except TOUCHED:
        yield touched(f"{rows[0].stored.topic} {key}")


def is_readable(stored: StoredEvent) -> bool:
    """Whether the rules of its class take it: nobody has asked them of what a file brings."""
    try:
        known = is_known(stored)
        if known:
            load(stored)
    except TOUCHED:
        return False
    return known


def is_known(stored: StoredEvent) -> bool:
    """Whether event and aggregate are the ledger's own.

    Anything else the library would import by its name, and the name comes out of a file.
    """
    of = orjson.loads(stored.state).get("originator_topic")
    event_is_known = stored.topic in topics_below(LedgerEvent)
    return event_is_known and (of is None or of in topics_below(LedgerAggregate))


@cache
def topics_below(kind: type[LedgerEvent | LedgerAggregate]) -> frozenset[str]:
    own = [vars(kind)["TOPIC"]] if "TOPIC" in vars(kind) else []
    return frozenset(own).union(*(topics_below(each) for each in kind.__subclasses__()))


def touched(of: str) -> Figure:
    return compared(What.FACT, of, None, None, Because.CONTRADICTS)


def rules_of(book: Passbook) -> Iterator[Figure]:
    """Rules are named by the hash of their content."""
    rules = {RulebookEdition.Drafted.TOPIC, RulebookEdition.Published.TOPIC}
    for fact in (each for each in book.facts if each.topic in rules):
        event = load(fact.row.stored)
        if isinstance(event, RulebookEdition.Drafted | RulebookEdition.Published):
            name = f"{event.organisation} {event.version}".strip()
            yield compared(What.RULES, name, event.sha256, fingerprint(event.rules))
    named = {edition.sha256 for edition in editions_in(book.facts)}
    for edition in book.rulebooks:
        found = edition.sha256 if edition.sha256 in named else None
        yield compared(What.RULES, edition.version, edition.sha256, found)


def summed(book: Passbook, ledger: GivenLedger) -> Iterator[Figure]:
    """What the pages show beside what the facts add up to."""
    said = dict(book.summary.figures())
    found = dict(summary_of(ledger, book.learner_id).figures())
    for name in {**said, **found}:
        yield compared(What.HOURS, name, said.get(name), found.get(name))
