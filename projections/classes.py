"""Classes of a school: their order, what they are called, how many are in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString, Protocol

from domain.grades import GRADES

# A class that was opened stands here before anybody is in it.
NAMES: LiteralString = """
SELECT grade, class_group FROM school_class JOIN school USING (school_id)
 WHERE school_code = %(school)s AND school_year = %(year)s
 UNION
SELECT grade, class_group FROM roster_place
 WHERE school_code = %(school)s AND school_year = %(year)s AND ended_on IS NULL
"""
COUNTS: LiteralString = """
WITH place AS (
    SELECT * FROM roster_place
     WHERE school_code = %(school)s AND school_year = %(year)s AND ended_on IS NULL
       AND relation_code IS NOT NULL
), class AS (
    SELECT grade, class_group FROM school_class JOIN school USING (school_id)
     WHERE school_code = %(school)s AND school_year = %(year)s
     UNION SELECT grade, class_group FROM place
)
SELECT grade, class_group, max(stage) AS stage, count(DISTINCT child_id) AS children,
       count(DISTINCT learner_id) AS learners
  FROM class LEFT JOIN place USING (grade, class_group)
 GROUP BY grade, class_group
"""

_ORDER = {grade.name: number for number, grade in enumerate(GRADES)}


@dataclass(frozen=True, slots=True)
class ClassName:
    grade: str
    class_group: str


@dataclass(frozen=True, slots=True)
class ClassCount:
    grade: str
    class_group: str
    stage: str | None
    children: int
    learners: int


class InClass(Protocol):
    """Whatever belongs to a class."""

    @property
    def grade(self) -> str: ...

    @property
    def class_group(self) -> str: ...


def class_order(each: InClass) -> tuple[int, str, int, str]:
    """10班 comes after 2班."""
    known = _ORDER.get(each.grade, len(_ORDER))
    return known, each.grade, len(each.class_group), each.class_group
