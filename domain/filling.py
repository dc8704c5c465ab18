"""Filling: which of the conditions that somebody lacks a coming session would bring forward."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from domain.completing import LearningRecord, annual_conditions
from domain.crediting import credited, grant
from domain.missing import Missing
from domain.plan_check import Offered, claimed_whole
from domain.rulebook import Rulebook
from domain.stars import star_conditions


@dataclass(frozen=True, slots=True)
class Way:
    """Where somebody stands: the record, what it lacks, the years completed, the rules of today."""

    record: LearningRecord
    lacking: Missing
    completed: AbstractSet[int]
    rulebook: Rulebook

    def values(self, record: LearningRecord, school_year: int) -> dict[str, int]:
        levels = star_conditions(record, self.rulebook, len(self.completed))
        asked = (annual_conditions(record, self.rulebook, school_year), *levels.values())
        return {each.ref: each.value for conditions in asked for each in conditions}


def filled_by(way: Way, offered: Offered) -> frozenset[str]:
    """The refs of what is lacking that grows for whoever is there from beginning to end.

    The rules of the session say what it is worth beside what stands already: a course that was
    credited this year, or a limit that is reached, fills nothing.
    """
    claim, record = claimed_whole(offered).claim, way.record.free()
    given = grant(offered.rulebook, claim, record.credits)
    if not given.hours:
        return frozenset()
    kept = (each for each in record.credits if each.entry_id not in given.replaces)
    line = credited(claim, given.hours, offered.rulebook)
    after = way.values(replace(record, credits=(*kept, line)), offered.plan.school_year)
    lacking = (*way.lacking.completion, *way.lacking.star)
    return frozenset(each.ref for each in lacking if after.get(each.ref, 0) > each.value)
