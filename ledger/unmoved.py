"""What a decision read of streams that it does not write, and that must still be so at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from psycopg.sql import SQL, Composed, Identifier

from domain.calendar import Term, school_year_of
from domain.closing import TERMS_OF_A_YEAR as TERMS
from domain.term import SchoolTerm
from ledger.events_table import append_unmoved, formatted

# The lock is taken before the append takes it again: what a statement sees that begins behind it is
# all that will ever lie before the append. Nobody waits for a client between the two. The upper end
# says nothing but to the planner, which else may read the whole table for any `since`.
_APPEND_UNMOVED: Final = """
CREATE OR REPLACE FUNCTION {schema}.{append_unmoved}(
    units int[], ids uuid[], versions bigint[], topics text[], states bytea[], is_retry boolean,
    since bigint, streams uuid[], spoken text[], OUT positions bigint[]
) LANGUAGE plpgsql SET search_path = pg_catalog AS $append$
DECLARE
    moved text;
BEGIN
    PERFORM pg_advisory_xact_lock({lock});
    SELECT topic || ': ' || originator_id INTO moved FROM {schema}.{table}
     WHERE notification_id BETWEEN since + 1 AND 9223372036854775807
       AND (originator_id = ANY (streams) OR topic = ANY (spoken))
     LIMIT 1;
    IF FOUND THEN
        RAISE integrity_constraint_violation USING message = moved || ' moved meanwhile';
    END IF;
    SELECT a.positions INTO positions
      FROM {schema}.{append}(units, ids, versions, topics, states, is_retry) a;
END
$append$
"""


@dataclass(frozen=True, slots=True)
class Unmoved:
    """Streams that nothing is added to, and topics that nobody speaks of, while it is decided."""

    streams: frozenset[UUID] = frozenset()
    topics: frozenset[str] = frozenset()
    since: int = 0

    @property
    def arguments(self) -> tuple[object, ...]:
        """The parameters of the append that they have more than the plain one."""
        return self.since, list(self.streams), list(self.topics)


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


def ddl(schema: str, table: str) -> tuple[Composed, ...]:
    """The append that is refused where something moved; rights are to be granted."""
    return formatted((_APPEND_UNMOVED,), schema, table)


def append_unmoved_statement(schema: str, table: str) -> Composed:
    """The append's parameters and those of an `Unmoved`; an integrity error where it is not."""
    return SQL(
        "SELECT positions FROM {}.{}(%b::int[], %b::uuid[], %b::bigint[], %b::text[], %b::bytea[],"
        " %b, %b::bigint, %b::uuid[], %b::text[])"
    ).format(Identifier(schema), Identifier(append_unmoved(table)))
