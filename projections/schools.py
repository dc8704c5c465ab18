"""Schools, their classes and the city's terms."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.calendar import Term
from domain.school import School as Recorded
from domain.term import SchoolTerm
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS school (
    school_id uuid PRIMARY KEY,
    school_code text NOT NULL UNIQUE,
    name text NOT NULL,
    district_code text NOT NULL,
    run_by text NOT NULL,
    stages text[] NOT NULL,
    established_on date,
    successor_code text,
    merged_on date
);
CREATE TABLE IF NOT EXISTS school_class (
    school_id uuid,
    school_year bigint,
    grade text,
    class_group text,
    PRIMARY KEY (school_id, school_year, grade, class_group)
);
CREATE TABLE IF NOT EXISTS term (
    term_id uuid PRIMARY KEY,
    school_year bigint NOT NULL,
    term_no bigint NOT NULL,
    begins date NOT NULL,
    ends date NOT NULL,
    corrected_at timestamptz
);
"""
_SCHOOL: LiteralString = """
SELECT school_code, name, district_code, run_by, stages, established_on, successor_code, merged_on
  FROM school
"""
_OF_CODES = _SCHOOL + " WHERE school_code = ANY(%(codes)s) ORDER BY school_code"
_SCHOOLS = (
    _SCHOOL
    + """
 WHERE %(district)s::text IS NULL OR district_code = %(district)s
 ORDER BY school_code
"""
)
_MERGED_INTO: LiteralString = """
WITH RECURSIVE answered AS (
    SELECT school_code FROM school WHERE successor_code = %(code)s
     UNION SELECT s.school_code FROM school s JOIN answered a ON s.successor_code = a.school_code
)
SELECT school_code FROM answered
"""
_CLASSES: LiteralString = """
SELECT s.school_code, c.school_year, c.grade, c.class_group
  FROM school_class c JOIN school s USING (school_id)
 WHERE s.school_code = %(code)s AND c.school_year = %(year)s
 ORDER BY c.grade, c.class_group
"""
_TERMS: LiteralString = """
SELECT school_year, term_no, begins, ends, corrected_at FROM term
 WHERE %(day)s::date IS NULL OR %(day)s BETWEEN begins AND ends
 ORDER BY begins
"""


@dataclass(frozen=True, slots=True)
class School:
    school_code: str
    name: str
    district_code: str
    run_by: str
    stages: tuple[str, ...]
    established_on: date | None
    successor_code: str | None = None  # it was merged into that one
    merged_on: date | None = None

    def stands_on(self, day: date) -> bool:
        """Whether it is a school of its own that day: from its merger on another answers for it."""
        return self.merged_on is None or day < self.merged_on


def standing_on(schools: Iterable[School], day: date, beside: Container[str] = ()) -> list[School]:
    """Without those merged away by then, but for the codes `beside`: there is something of them."""
    return [each for each in schools if each.stands_on(day) or each.school_code in beside]


@dataclass(frozen=True, slots=True)
class SchoolClass:
    school_code: str
    school_year: int
    grade: str
    class_group: str


@dataclass(frozen=True, slots=True)
class TermDates:
    school_year: int
    term_no: int
    begins: date
    ends: date
    corrected_at: datetime | None = None

    @property
    def code(self) -> str:
        return self.term.code

    @property
    def term(self) -> Term:
        return Term(
            school_year=self.school_year, term_no=self.term_no, begins=self.begins, ends=self.ends
        )


@dataclass(frozen=True, slots=True)
class SchoolRow:
    school_id: UUID
    school_code: str
    name: str
    district_code: str
    run_by: str
    stages: tuple[str, ...]
    established_on: date | None = None
    successor_code: str | None = None
    merged_on: date | None = None


@dataclass(frozen=True, slots=True)
class ClassRow:
    school_id: UUID
    school_year: int
    grade: str
    class_group: str


@dataclass(frozen=True, slots=True)
class TermRow:
    term_id: UUID
    school_year: int
    term_no: int
    begins: date
    ends: date
    corrected_at: datetime | None = None


SCHOOL = Table("school", SchoolRow, key=("school_id",), stream="school_id")
CLASS = Table(
    "school_class",
    ClassRow,
    key=("school_id", "school_year", "grade", "class_group"),
    stream="school_id",
)
TERM = Table("term", TermRow, key=("term_id",), stream="term_id")


class Schools:
    name = "schools"
    version = 5
    tables = ("school", "school_class", "term")
    ddl: LiteralString = TABLES
    topics = frozenset(
        {
            Recorded.Registered.TOPIC,
            Recorded.ParentSchoolEstablished.TOPIC,
            Recorded.Renamed.TOPIC,
            Recorded.Merged.TOPIC,
            Recorded.ClassOpened.TOPIC,
            Recorded.ClassPromoted.TOPIC,
            SchoolTerm.Opened.TOPIC,
            SchoolTerm.DatesCorrected.TOPIC,
        }
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        schools = Fold(tx, SCHOOL, facts)
        classes: list[ClassRow] = []
        terms = Fold(tx, TERM, facts)
        for fact in facts:
            match fact.event:
                case Recorded.Registered() as event:
                    schools.put(registered(event))
                case Recorded.ParentSchoolEstablished(established_on=day):
                    school = schools[fact.stream,]
                    schools.put(replace(school, established_on=day))
                case Recorded.Renamed(name=name):
                    schools.put(replace(schools[fact.stream,], name=name))
                case Recorded.Merged(successor_code=code, merged_on=day):
                    school = schools[fact.stream,]
                    schools.put(replace(school, successor_code=code, merged_on=day))
                case Recorded.ClassOpened() | Recorded.ClassPromoted() as event:
                    classes.append(class_row(event))
                case SchoolTerm.Opened(school_year=year, term_no=no, begins=begins, ends=ends):
                    terms.put(TermRow(fact.stream, year, no, begins, ends))
                case SchoolTerm.DatesCorrected(begins=begins, ends=ends):
                    term = terms[fact.stream,]
                    terms.put(replace(term, begins=begins, ends=ends, corrected_at=fact.at))
                case _:
                    pass
        schools.save()
        CLASS.add(tx, classes)
        terms.save()

    def school(self, school_code: str) -> School | None:
        return next(iter(self.of_codes([school_code])), None)

    def answering(self, school_code: str) -> School | None:
        """The school that answers for a code now: itself, or whichever it was merged into."""
        school, seen = self.school(school_code), set[str]()
        while school is not None and school.successor_code and school.school_code not in seen:
            seen.add(school.school_code)
            school = self.school(school.successor_code)
        return school

    def merged_into(self, school_code: str) -> list[str]:
        """The codes of the schools that this one answers for."""
        return self._views.cells(_MERGED_INTO, code=school_code)

    def schools(self, district_code: str | None = None) -> list[School]:
        """The schools of a district, or of the city."""
        return self._views.rows(School, _SCHOOLS, district=district_code)

    def of_codes(self, school_codes: Iterable[str]) -> list[School]:
        """Those of these schools that there are."""
        return self._views.rows(School, _OF_CODES, codes=list(school_codes))

    def classes(self, school_code: str, school_year: int) -> list[SchoolClass]:
        return self._views.rows(SchoolClass, _CLASSES, code=school_code, year=school_year)

    def terms(self) -> list[TermDates]:
        return self._views.rows(TermDates, _TERMS, day=None)

    def term_on(self, day: date) -> TermDates | None:
        """The term that holds a day, or None."""
        return self._views.row(TermDates, _TERMS, day=day)


def class_row(event: Recorded.ClassOpened | Recorded.ClassPromoted) -> ClassRow:
    return ClassRow(event.originator_id, event.school_year, event.grade, event.class_group)


def registered(event: Recorded.Registered) -> SchoolRow:
    return SchoolRow(
        school_id=event.originator_id,
        school_code=event.school_code,
        name=event.name,
        district_code=event.district_code,
        run_by=event.run_by,
        stages=event.stages,
    )
