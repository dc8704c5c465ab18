"""What a session is planned to be, and the hours of its door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.enrolment import ClassPlace, Enrolment
from domain.refusals import Refused


class EndsBeforeItBegins(Refused):
    """A session ends after it begins."""

    code = "session_ends_before_it_begins"


class SessionBegins(Refused):
    """A session is announced before it begins: nothing is designated afterwards (DOMAIN F6)."""

    code = "session_not_announced_in_time"


class SessionPlan(BaseModel):
    """What is fixed before a session begins: no credit is designated afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    school_code: str
    district_code: str
    school_year: int
    term_no: int
    course_id: UUID
    course_version: int = 1
    title: str
    family: str
    stage: str
    mode: str
    carrier: str
    class_hours: int  # hundredths of 课时
    class_hour_minutes: int
    grades: tuple[str, ...] = ()  # empty: the whole school
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    place: str

    @property
    def term(self) -> str:
        return f"{self.school_year}-{self.term_no}"

    def of_version(self, course_version: int) -> Self:
        """The plan for a version of its course: a session keeps the one it was announced with."""
        return self.model_copy(update={"course_version": course_version})

    def repeats(self, other: SessionPlan) -> bool:
        """Whether it is that plan, of whichever version of the course."""
        return self.of_version(other.course_version) == other

    def must_end_after_it_begins(self) -> None:
        """Asked of new plans only, never of recorded facts. Raises EndsBeforeItBegins."""
        if self.ends_at <= self.begins_at:
            raise EndsBeforeItBegins(begins_at=self.begins_at, ends_at=self.ends_at)

    def must_be_to_come(self, at: datetime) -> None:
        """Whether it may be announced still. Raises SessionBegins, EndsBeforeItBegins."""
        if at >= self.begins_at:
            raise SessionBegins(begins_at=self.begins_at)
        self.must_end_after_it_begins()

    def is_open_to(self, grade: str) -> bool:
        return not self.grades or grade in self.grades

    def invites(self, place: Enrolment | ClassPlace) -> bool:
        return place.school_code == self.school_code and self.is_open_to(place.grade)


class PlannedTime(BaseModel):
    """The part of a session's planned time by which its attendances are judged."""

    model_config = ConfigDict(frozen=True)

    begins_at: AwareDatetime
    ends_at: AwareDatetime


class HeldTimes(BaseModel):
    """When a session was really held, and the class hours (hundredths) that were given in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opened_at: AwareDatetime
    closed_at: AwareDatetime
    class_hours: int = Field(gt=0)

    def must_end_after_they_begin(self) -> None:
        """Raises EndsBeforeItBegins."""
        if self.closed_at <= self.opened_at:
            raise EndsBeforeItBegins(begins_at=self.opened_at, ends_at=self.closed_at)

    def planned_in(self, plan: SessionPlan, announced: int) -> PlannedTime | None:
        """As much of the planned time as was given of the announced class hours; None: all of it.

        It lies where the session was held, and is no less than that: whoever stayed to the end of
        a session cut short is not cut once more.
        """
        given = (plan.ends_at - plan.begins_at) * self.class_hours // announced
        begins = min(max(self.opened_at, plan.begins_at), plan.ends_at)
        part = max(given, min(self.closed_at, plan.ends_at) - begins)
        begins = min(begins, plan.ends_at - part)
        found = PlannedTime(begins_at=begins, ends_at=begins + part)
        is_all = (found.begins_at, found.ends_at) == (plan.begins_at, plan.ends_at)
        return None if is_all else found


class Door(BaseModel):
    """When learners check themselves in (rulebook: attendance, LOCAL)."""

    model_config = ConfigDict(frozen=True)

    opens_minutes_before: int
    closes_minutes_after_start: int

    def hours(self, begins_at: datetime) -> tuple[datetime, datetime]:
        return (
            begins_at - timedelta(minutes=self.opens_minutes_before),
            begins_at + timedelta(minutes=self.closes_minutes_after_start),
        )
