"""Households of the schools of a district: enrolled in a year, and reached by a session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from domain.calendar import CITY_ZONE
from domain.learner import Enrolment, Learner
from projections.database import Tx, Views
from projections.feed import Fact
from projections.table import Table

TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS household_place (
    learner_id uuid,
    position bigint,
    occurred_at timestamptz NOT NULL,
    child_id uuid NOT NULL,
    school_year bigint NOT NULL,
    school_code text NOT NULL,
    grade text NOT NULL,
    class_group text NOT NULL,
    ended_on date,
    PRIMARY KEY (learner_id, position)
);
CREATE INDEX IF NOT EXISTS household_place_year
    ON household_place (school_year, child_id, position);
CREATE INDEX IF NOT EXISTS household_place_school
    ON household_place (school_year, school_code, child_id);
"""
# A child is at one school at a time. A place of it is as it was told last by that day, by whoever
# speaks for the child: a merge tells of old places anew, and then that they ended. One that stands
# comes before one that ended, the later before the earlier. A household is a child; it is reached
# once somebody attended for it at that school.
_HOUSEHOLDS: LiteralString = """
WITH told AS (
    SELECT DISTINCT ON (child_id, school_code) child_id, school_code, ended_on, position
      FROM household_place
     WHERE school_year = %(year)s
       AND child_id IN (SELECT child_id FROM household_place
                         WHERE school_year = %(year)s AND school_code = ANY(%(schools)s))
       AND (%(as_of)s::date IS NULL
            OR occurred_at < (%(as_of)s::date + 1)::timestamp AT TIME ZONE %(zone)s)
     ORDER BY child_id, school_code, position DESC
), place AS (
    SELECT school_code, child_id FROM (
        SELECT DISTINCT ON (child_id) child_id, school_code FROM told
         ORDER BY child_id, ended_on DESC NULLS FIRST, position DESC) latest
     WHERE school_code = ANY(%(schools)s)
), reached AS (
    SELECT DISTINCT b.school_code, unnest(r.child_ids) AS child_id
      FROM session_board b JOIN attendance_register r USING (session_id)
     WHERE b.school_code = ANY(%(schools)s) AND b.school_year = %(year)s
       AND b.standing = 'attested' AND r.result IN ('full', 'half')
       AND (%(as_of)s::date IS NULL
            OR b.begins_at < (%(as_of)s::date + 1)::timestamp AT TIME ZONE %(zone)s)
)
SELECT school_code, count(*) AS enrolled, count(r.child_id) AS reached
  FROM place p LEFT JOIN reached r USING (school_code, child_id)
 GROUP BY school_code ORDER BY school_code
"""
_EVER_IN: LiteralString = """
SELECT DISTINCT child_id FROM household_place
 WHERE school_code = %(school)s AND school_year = %(year)s
   AND grade = %(grade)s AND class_group = %(class_group)s
 ORDER BY child_id
"""


@dataclass(frozen=True, slots=True)
class PlaceVersion:
    """Where a child was enrolled from one fact on, or was no more: it left on `ended_on`."""

    learner_id: UUID
    position: int
    occurred_at: datetime
    child_id: UUID
    school_year: int
    school_code: str
    grade: str
    class_group: str
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class HouseholdsOfSchool:
    """The children enrolled at a school in a year, and those for whom somebody attended."""

    school_code: str
    enrolled: int
    reached: int


PLACE = Table("household_place", PlaceVersion, key=("learner_id", "position"), stream="learner_id")


class Households:
    name = "households"
    version = 4
    tables = ("household_place",)
    ddl: LiteralString = TABLES
    topics = frozenset({Learner.Enrolled.TOPIC, Learner.EnrolmentEnded.TOPIC})

    def __init__(self, views: Views) -> None:
        self._views = views

    def apply(self, tx: Tx, facts: Sequence[Fact]) -> None:
        PLACE.add(tx, [place for fact in facts for place in places(fact)])

    def of_schools(
        self, school_codes: Iterable[str], school_year: int, as_of: date | None = None
    ) -> dict[str, HouseholdsOfSchool]:
        """By school; a school without anybody is left out."""
        rows = self._views.rows(
            HouseholdsOfSchool,
            _HOUSEHOLDS,
            schools=list(school_codes),
            year=school_year,
            as_of=as_of,
            zone=CITY_ZONE,
        )
        return {row.school_code: row for row in rows}

    def ever_in(
        self, school_code: str, school_year: int, grade: str, class_group: str
    ) -> list[UUID]:
        """The children who were in a class at any time of a year, also those who moved on."""
        of_class = {"grade": grade, "class_group": class_group}
        return self._views.cells(_EVER_IN, school=school_code, year=school_year, **of_class)


def places(fact: Fact) -> Iterator[PlaceVersion]:
    match fact.event:
        case Learner.Enrolled(enrolment=enrolment):
            yield version_of(fact, enrolment, None)
        case Learner.EnrolmentEnded(enrolment=enrolment, ended_on=ended_on):
            yield version_of(fact, enrolment, ended_on)
        case _:
            pass  # a learner's other facts move no child


def version_of(fact: Fact, enrolment: Enrolment, ended_on: date | None) -> PlaceVersion:
    return PlaceVersion(
        learner_id=fact.stream,
        position=fact.position,
        occurred_at=fact.at,
        child_id=enrolment.child_id,
        school_year=enrolment.school_year,
        school_code=enrolment.school_code,
        grade=enrolment.grade,
        class_group=enrolment.class_group,
        ended_on=ended_on,
    )
