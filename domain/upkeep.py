"""Upkeep of a star: the hours of a school year that keep it renewed (续学). Never a demotion."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from domain.calendar import school_year_of
from domain.completing import LearningRecord
from domain.rulebook import Rulebook


class Upkeep(BaseModel):
    """The hours of a school year beside those that keep a star renewed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    school_year: int
    hours: int
    threshold: int

    @property
    def met(self) -> bool:
        return self.hours >= self.threshold


class UpkeepTold(NamedTuple):
    """What was said last: of which school year, whether the star is renewed, and what lacked."""

    school_year: int = 0
    renewed: bool = True
    lacked: Upkeep | None = None

    def has_word_on(self, school_year: int) -> bool:
        """Whether anything said of that year now would be old."""
        return self.school_year > school_year or (
            self.school_year == school_year and not self.renewed
        )


def upkeep_of(record: LearningRecord, rulebook: Rulebook, school_year: int) -> Upkeep:
    """The year's hours of every stage count, as they do for its completion."""
    threshold = rulebook.stars.upkeep_hours_per_school_year
    hours = record.of_year(school_year).counted(rulebook, threshold)
    return Upkeep(school_year=school_year, hours=hours, threshold=threshold)


def is_asked(record: LearningRecord, rulebook: Rulebook, school_year: int, since: date) -> bool:
    """Of a year in the stage that began after the star was awarded."""
    awarded_in = school_year_of(since, rulebook.calendar.school_year_begins)
    return awarded_in < school_year and school_year in record.enrolment.school_years
