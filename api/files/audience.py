"""Whom an activity is for, as a plan words it: 全校, 三年级、四年级, 一至三年级."""

from __future__ import annotations

import re

from api.files.cells import WrongCell, text
from domain.grades import GRADES, Grade, grade_called

_WHOLE_SCHOOL = frozenset({"全校", "全体", "全园", "全校家长", "全体家长", "各年级", "全部年级"})


def grades_of(cell: str, stages: frozenset[str]) -> tuple[str, ...]:
    """The names of the grades, in order; none for the whole school."""
    words = text(cell)
    if words in _WHOLE_SCHOOL:
        return ()
    parts = [part for part in re.split(r"[、，,;；/和及\s]+", words) if part]
    found = {grade for part in parts for grade in _part(part)}
    if not found:
        raise WrongCell("grade_unknown")
    if any(grade.stage not in stages for grade in found):
        raise WrongCell("grade_not_of_this_school")
    return tuple(grade.name for grade in GRADES if grade in found)


def _part(words: str) -> tuple[Grade, ...]:
    ends = [_grade(end) for end in re.split(r"[至到~～—–-]+", words)]
    match ends:
        case [one]:
            return (one,)
        case [first, last] if GRADES.index(first) <= GRADES.index(last):
            return GRADES[GRADES.index(first) : GRADES.index(last) + 1]
        case _:
            raise WrongCell("grade_unknown")


def _grade(words: str) -> Grade:
    """A grade whose ending stands with the last of a list: 一、二年级; 小、中班."""
    for ending in ("", "年级", "班"):
        if grade := grade_called(f"{words}{ending}"):
            return grade
    raise WrongCell("grade_unknown")
