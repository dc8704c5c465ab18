"""Where a teacher serves and served: school after school, each with a first and a last day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from domain.refusals import Refused

DAY = timedelta(days=1)


class ServiceDatesCross(Refused):
    """A time in service would end before it began, or the teacher serves there already."""

    code = "teacher_service_dates_cross"


class UnknownService(Refused):
    """The teacher has no time in service that began on that day."""

    code = "teacher_service_unknown"


class Service(NamedTuple):
    """A time in service at one school; without an end it goes on."""

    school_code: str
    begins: date
    ends: date | None = None

    def meets(self, first: date, last: date) -> bool:
        """Whether any day of it lies between two days."""
        return self.begins <= last and (self.ends is None or first <= self.ends)

    def within(self, first: date, last: date) -> tuple[date, date] | None:
        """Its days between two days."""
        if not self.meets(first, last):
            return None
        return max(self.begins, first), min(self.ends or last, last)


class Services(list[Service]):
    """The times in service of one teacher, in their order; there is always one."""

    @property
    def school_code(self) -> str:
        """Where they teach, or taught last."""
        return self[-1].school_code

    def school_on(self, day: date) -> str:
        """Where they taught on a day, or last before it."""
        begun = [service for service in self if service.begins <= day]
        return (begun or self)[-1].school_code

    def at(self, school_code: str) -> list[Service]:
        """The times at one school."""
        return [service for service in self if service.school_code == school_code]

    def fit(self, school_code: str, day: date, since: date | None) -> bool:
        """Whether they may be meant where a school names a training and no staff number.

        Somebody who came on another day, or after they had left, is another person of that name.
        """
        here = self.at(school_code)
        return any(each.ends is None or day <= each.ends for each in here) and (
            since is None or since in {each.begins for each in here}
        )

    def may_get_a_number(self, school_code: str, since: date | None) -> bool:
        """Whether a school's new number may be theirs: they serve there, or came on that day."""
        here = self.at(school_code)
        goes_on = self[-1].ends is None and self.school_code == school_code
        return goes_on or since in {each.begins for each in here}

    def are_news_of(self, school_code: str, on: date) -> bool:
        """Whether teaching there from a day on would be news. Raises ServiceDatesCross."""
        last = self[-1]
        if last == Service(school_code, on):
            return False
        is_here = last.ends is None and last.school_code == school_code
        if is_here or on <= (last.ends or last.begins):
            raise ServiceDatesCross(begins=last.begins, ends=last.ends)
        return True

    def go_on_after(self, on: date) -> bool:
        """Whether ending the service on a day would be news. Raises ServiceDatesCross."""
        last = self[-1]
        if last.ends == on:
            return False
        if last.ends is not None or on < last.begins:
            raise ServiceDatesCross(begins=last.begins, ends=last.ends)
        return True

    def begun_on(self, since: date) -> int:
        """Which time in service began on a day. Raises UnknownService."""
        for place, service in enumerate(self):
            if service.begins == since:
                return place
        raise UnknownService(since=since)

    def restated(self, since: date, begins: date, ends: date | None) -> tuple[Service, Service]:
        """A time in service as it was recorded, and with other days.

        Raises UnknownService, ServiceDatesCross.
        """
        place = self.begun_on(since)
        was, last = self[place], ends or date.max
        follows = all(each.ends is not None and each.ends < begins for each in self[:place])
        if begins > last or not follows or any(last >= each.begins for each in self[place + 1 :]):
            raise ServiceDatesCross(begins=begins, ends=ends)
        return was, was._replace(begins=begins, ends=ends)

    def end(self, on: date) -> None:
        """The last day of the present service; one that is over stays as it is."""
        self[-1] = self[-1]._replace(ends=self[-1].ends or on)
