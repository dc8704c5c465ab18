"""Missing: what lacks for the next completion and the next star, compared with nobody."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from domain.completing import Condition, LearningRecord, annual_conditions
from domain.rulebook import Rulebook
from domain.stars import star_conditions
from domain.suspension import suspension


@dataclass(frozen=True, slots=True)
class Missing:
    """Conditions not met, with value and threshold; `next_star` is None after the last."""

    completion: tuple[Condition, ...]
    next_star: int | None
    star: tuple[Condition, ...]


def missing(
    record: LearningRecord,
    rulebook: Rulebook,
    school_year: int,
    completed: AbstractSet[int] = frozenset(),
    star_level: int = 0,
) -> Missing:
    """What a learner lacks who has completed these years and holds that star."""
    free = record.free()
    asked = () if school_year in completed else annual_conditions(free, rulebook, school_year)
    waits = suspension(free, rulebook)
    levels = star_conditions(free, rulebook, len(completed))
    next_star = min((number for number in levels if number > star_level), default=None)
    return Missing(
        completion=tuple(condition for condition in asked if not condition.met),
        next_star=next_star,
        star=tuple(
            condition
            for number, conditions in ((0, waits), *levels.items())
            for condition in conditions
            if next_star and number <= next_star and not condition.met
        ),
    )
