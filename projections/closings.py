"""Closings: what each closed term of a school added up to, its addenda, and its closed years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from domain.closing import TermClosing, TermTotals, YearClosing
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS term_closing (
    closing_id uuid,
    number bigint,
    school_code text NOT NULL,
    school_year bigint NOT NULL,
    term_no bigint NOT NULL,
    totals jsonb NOT NULL,
    sha256 text NOT NULL,
    forced boolean NOT NULL,
    obstacles jsonb NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (closing_id, number)
);
CREATE INDEX IF NOT EXISTS term_closing_school ON term_closing (school_code, school_year, term_no);
CREATE TABLE IF NOT EXISTS year_closing (
    closing_id uuid PRIMARY KEY,
    school_code text NOT NULL,
    school_year bigint NOT NULL,
    offered jsonb NOT NULL,
    closed_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS year_closing_school ON year_closing (school_code, school_year);
"""
_TERM: LiteralString = """
SELECT * FROM term_closing
 WHERE school_code = ANY(%(schools)s) AND school_year = %(year)s AND term_no = %(term_no)s
 ORDER BY school_code, number
"""
_YEAR: LiteralString = """
SELECT * FROM year_closing WHERE school_code = %(school)s AND school_year = %(year)s
"""
# Whatever a fact was about (a line of an account, a session, an attendance, the closing itself)
# names its term. A merged record, and one that stands alone again, names those of the evenings
# at which it was, or a record for which it speaks.
_TOUCHED: LiteralString = """
WITH RECURSIVE record AS (
    SELECT unnest(%(streams)s::uuid[]) AS id
     UNION SELECT m.merged_id FROM merged_record m JOIN record ON m.survivor_id = record.id
), touched AS (
    SELECT school_code, term FROM account_line WHERE position = ANY(%(positions)s)
    UNION
    SELECT school_code, school_year || '-' || term_no FROM compliance_session
     WHERE session_id = ANY(%(streams)s)
    UNION
    SELECT s.school_code, s.school_year || '-' || s.term_no
      FROM attendance_register r JOIN compliance_session s USING (session_id)
     WHERE r.attendance_id = ANY(%(streams)s)
    UNION
    SELECT s.school_code, s.school_year || '-' || s.term_no
      FROM attendance_register r JOIN record ON r.learner_id = record.id
      JOIN compliance_session s USING (session_id)
    UNION
    SELECT school_code, school_year || '-' || term_no FROM term_closing
     WHERE closing_id = ANY(%(streams)s)
)
SELECT c.* FROM term_closing c
  JOIN touched t ON t.school_code = c.school_code AND t.term = c.school_year || '-' || c.term_no
 WHERE c.number = 0 ORDER BY c.closing_id
"""


# A completion is the learner's, wherever the year's hours were earned; of a merged person, that of
# the record that speaks for them: what another one has is judged no more.
_RESULTS: LiteralString = """
SELECT count(DISTINCT coalesce(m.speaker_id, p.learner_id)) AS enrolled,
       count(DISTINCT coalesce(m.speaker_id, p.learner_id))
           FILTER (WHERE a.learner_id IS NOT NULL) AS completed
  FROM roster_place p
  LEFT JOIN merged_record m ON m.merged_id = p.learner_id
  LEFT JOIN achievement a ON a.learner_id = coalesce(m.speaker_id, p.learner_id)
                         AND a.kind = 'annual_completion' AND a.school_year = p.school_year
 WHERE p.school_code = %(school)s AND p.school_year = %(year)s
"""


@dataclass(frozen=True, slots=True)
class YearResults:
    """The learners enrolled through a school in a year, and who of them completed it."""

    enrolled: int
    completed: int


@dataclass(frozen=True, slots=True)
class Closing:
    """A term as it was closed (`number` 0), or as an addendum says it adds up since."""

    closing_id: UUID
    number: int
    school_code: str
    school_year: int
    term_no: int
    totals: TermTotals
    sha256: str
    forced: bool
    obstacles: dict[str, int]
    occurred_at: datetime
    recorded_at: datetime
    position: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "totals", TermTotals.model_validate(self.totals))

    @property
    def term(self) -> str:
        return f"{self.school_year}-{self.term_no}"


@dataclass(frozen=True, slots=True)
class ClosedYear:
    """A closed school year, with the hours that it offered to each grade as known today."""

    closing_id: UUID
    school_code: str
    school_year: int
    offered: dict[str, int]
    closed_at: datetime


CLOSING = Table("term_closing", Closing, key=("closing_id", "number"), stream="closing_id")
YEAR = Table("year_closing", ClosedYear, key=("closing_id",), stream="closing_id")


class Closings:
    name = "closings"
    version = 2
    tables = ("term_closing", "year_closing")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            TermClosing.Closed.TOPIC,
            TermClosing.AddendumFiled.TOPIC,
            YearClosing.Closed.TOPIC,
            YearClosing.AddendumFiled.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        closings, years = Fold(tx, CLOSING, facts), Fold(tx, YEAR, facts)
        for fact in facts:
            match fact.event:
                case TermClosing.Closed() as event:
                    closings.put(closed(event, fact))
                case TermClosing.AddendumFiled() as event:
                    closings.put(added(closings[fact.stream, 0], event, fact))
                case YearClosing.Closed(school_code=code, school_year=year, offered=offered):
                    years.put(ClosedYear(fact.stream, code, year, offered, fact.at))
                case YearClosing.AddendumFiled(offered=offered):
                    years.put(replace(years[fact.stream,], offered=offered))
                case _:
                    pass
        closings.save()
        years.save()

    def of_term(
        self, school_codes: Iterable[str], school_year: int, term_no: int
    ) -> dict[str, list[Closing]]:
        """By school, its closing of a term and the addenda that followed; none where it is open."""
        found: dict[str, list[Closing]] = {}
        values = {"schools": list(school_codes), "year": school_year, "term_no": term_no}
        for row in self._views.rows(Closing, _TERM, **values):
            found.setdefault(row.school_code, []).append(row)
        return found

    def of_year(self, school_code: str, school_year: int) -> ClosedYear | None:
        return self._views.row(ClosedYear, _YEAR, school=school_code, year=school_year)

    def results_of(self, school_code: str, school_year: int) -> YearResults:
        values = {"school": school_code, "year": school_year}
        return self._views.rows(YearResults, _RESULTS, **values)[0]

    def touched_by(self, facts: Sequence[Fact]) -> list[Closing]:
        """The closings of the terms that some facts are about; those of open terms are left out."""
        positions = [fact.position for fact in facts]
        streams = [fact.stream for fact in facts]
        return self._views.rows(Closing, _TOUCHED, positions=positions, streams=streams)


def closed(event: TermClosing.Closed, fact: Fact) -> Closing:
    return Closing(
        closing_id=fact.stream,
        number=0,
        school_code=event.school_code,
        school_year=event.school_year,
        term_no=event.term_no,
        totals=event.totals,
        sha256=event.sha256,
        forced=event.forced,
        obstacles=event.obstacles,
        occurred_at=fact.at,
        recorded_at=fact.recorded_at,
        position=fact.position,
    )


def added(first: Closing, event: TermClosing.AddendumFiled, fact: Fact) -> Closing:
    return replace(
        first,
        number=event.number,
        totals=event.totals,
        sha256=event.sha256,
        occurred_at=fact.at,
        recorded_at=fact.recorded_at,
        position=fact.position,
    )
