"""Home visits: which child was visited when, and how many of a class in a school year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import LiteralString
from uuid import UUID

from domain.home_visit import HomeVisit
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Fold, Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS home_visit (
    visit_id uuid PRIMARY KEY,
    school_code text NOT NULL,
    school_year bigint NOT NULL,
    child_id uuid NOT NULL,
    visited_on date NOT NULL,
    form text NOT NULL,
    way text NOT NULL,
    by_role text NOT NULL,
    stands boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS home_visit_school
    ON home_visit (school_code, school_year, child_id) WHERE stands;
"""
_VISIT: LiteralString = "SELECT * FROM home_visit WHERE visit_id = %(visit)s"
_OF_CHILDREN: LiteralString = """
SELECT * FROM home_visit
 WHERE school_code = %(school)s AND school_year = %(year)s AND child_id = ANY(%(children)s)
   AND stands
 ORDER BY visited_on, visit_id
"""
# Of the children who are in a class now.
_VISITED: LiteralString = """
SELECT grade, class_group, count(DISTINCT child_id) AS children
  FROM roster_place JOIN home_visit USING (school_code, school_year, child_id)
 WHERE school_code = %(school)s AND school_year = %(year)s AND ended_on IS NULL
   AND relation_code IS NOT NULL AND stands
 GROUP BY grade, class_group
"""


@dataclass(frozen=True, slots=True)
class HomeVisitLine:
    """`stands` of False: it was entered in error and taken back."""

    visit_id: UUID
    school_code: str
    school_year: int
    child_id: UUID
    visited_on: date
    form: str
    way: str
    by_role: str
    stands: bool


@dataclass(frozen=True, slots=True)
class VisitedOfClass:
    grade: str
    class_group: str
    children: int


HOME_VISIT = Table("home_visit", HomeVisitLine, key=("visit_id",), stream="visit_id")


class HomeVisits:
    name = "home_visits"
    version = 2
    tables = ("home_visit",)
    ddl: LiteralString = TABLES
    topics = frozenset(
        {HomeVisit.Recorded.TOPIC, HomeVisit.RecordedAgain.TOPIC, HomeVisit.Withdrawn.TOPIC}
    )

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        visits = Fold(tx, HOME_VISIT, facts)
        for fact in facts:
            match fact.event:
                case HomeVisit.Recorded() as event:
                    visits.put(recorded(event))
                case HomeVisit.RecordedAgain(school_year=year, envelope=by):
                    was = visits[fact.stream,]
                    year = was.school_year if year is None else year
                    again = replace(was, school_year=year, by_role=by.actor.role, stands=True)
                    visits.put(again)
                case HomeVisit.Withdrawn():
                    visits.put(replace(visits[fact.stream,], stands=False))
                case _:
                    pass
        visits.save()

    def visit(self, visit_id: UUID) -> HomeVisitLine | None:
        """A visit, also one that was taken back."""
        return self._views.row(HomeVisitLine, _VISIT, visit=visit_id)

    def of_children(
        self, school_code: str, school_year: int, child_ids: Sequence[UUID]
    ) -> list[HomeVisitLine]:
        """What stands of these children, the earliest first."""
        return self._views.rows(
            HomeVisitLine, _OF_CHILDREN,
            school=school_code, year=school_year, children=list(child_ids),
        )  # fmt: skip

    def visited_at(self, school_code: str, school_year: int) -> dict[tuple[str, str], int]:
        """How many children of each class were visited; a class without any is left out."""
        found = self._views.rows(VisitedOfClass, _VISITED, school=school_code, year=school_year)
        return {(each.grade, each.class_group): each.children for each in found}


def recorded(event: HomeVisit.Recorded) -> HomeVisitLine:
    return HomeVisitLine(
        visit_id=event.originator_id,
        school_code=event.school_code,
        school_year=event.school_year,
        child_id=event.child_id,
        visited_on=event.on,
        form=event.form,
        way=event.way,
        by_role=event.envelope.actor.role,
        stands=True,
    )
