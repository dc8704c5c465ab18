"""What a decision read of streams that it does not write, and that must still be so at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from eventsourcing.persistence import IntegrityError
from psycopg import Cursor
from psycopg.sql import SQL, Composed, Identifier, Literal

from domain.calendar import Term, school_year_of
from domain.closing import TERMS_OF_A_YEAR as TERMS
from domain.term import SchoolTerm
from ledger.events_table import lock_key

# The lock that orders all writers, taken before the append takes it again: what a statement sees
# that begins behind it is all that will ever lie before the append. Every writer waits behind it,
# so that the server ends a process that stands still before its append.
_LOCK: Final = SQL(
    "SELECT set_config('idle_in_transaction_session_timeout', {}, true), pg_advisory_xact_lock({})"
)
STANDS_STILL: Final = "10s"
_MOVED: Final = SQL(
    "SELECT topic, originator_id FROM {}.{} WHERE notification_id > %s"
    " AND (originator_id = ANY(%s) OR topic = ANY(%s)) LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Unmoved:
    """Streams that nothing is added to, and topics that nobody speaks of, while it is decided."""

    streams: frozenset[UUID] = frozenset()
    topics: frozenset[str] = frozenset()
    since: int = 0


def of_term(school_year: int, term_no: int) -> Unmoved:
    """The dates of a term."""
    return Unmoved(frozenset({SchoolTerm.create_id(school_year, term_no)}))


def of_day(day: date) -> Unmoved:
    """The dates of every term that a day may lie in."""
    year = school_year_of(day)
    return of_terms((year, year + 1))  # a first term may begin in the last days of August


def of_terms(school_years: Iterable[int], *topics: str) -> Unmoved:
    """The dates of every term of these years, opened or not, and what `topics` tell."""
    keys = (SchoolTerm.create_id(year, term_no) for year in school_years for term_no in TERMS)
    return Unmoved(frozenset(keys), frozenset(topics))


def years_around(term: Term) -> range:
    """The school years whose terms may share a day with one."""
    return range(term.begins.year - 2, term.ends.year + 2)


class Watch:
    """Over one events table; asked in the transaction of an append, before it."""

    def __init__(self, schema: str, table: str, stands_still: str = STANDS_STILL) -> None:
        self._lock = _LOCK.format(Literal(stands_still), Literal(lock_key(schema, table)))
        self._moved: Composed = _MOVED.format(Identifier(schema), Identifier(table))

    def refuse(self, cursor: Cursor[Any], unmoved: Unmoved) -> None:
        """Raises IntegrityError where something moved: it is to be decided anew."""
        cursor.execute(self._lock)
        arguments = (unmoved.since, list(unmoved.streams), list(unmoved.topics))
        row = cursor.execute(self._moved, arguments).fetchone()
        if row is not None:
            topic, stream = row
            raise IntegrityError(f"{topic}: {stream} moved meanwhile")
