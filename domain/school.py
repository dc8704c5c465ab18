"""A school and the parent school it runs: its place in the district, its stages, its classes."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope
from domain.grades import grade_after, grade_called
from domain.identity import derived
from domain.refusals import Refused


class UnknownSchool(Refused):
    """No school with that code is registered."""

    code = "school_unknown"


class SchoolMerged(Refused):
    """The school was merged into another one, which answers for it now."""

    code = "school_merged"


class School(LedgerAggregate):
    TOPIC: ClassVar[str] = "school"

    class Registered(LedgerCreated):
        TOPIC = "school.registered"

        school_code: str
        name: str
        stages: tuple[str, ...]
        district_code: str
        run_by: str

    class ParentSchoolEstablished(LedgerEvent):
        TOPIC = "school.parent_school_established"

        established_on: date

    class ClassOpened(LedgerEvent):
        TOPIC = "school.class_opened"

        school_year: int
        grade: str
        class_group: str

    class ClassPromoted(LedgerEvent):
        TOPIC = "school.class_promoted"

        school_year: int  # the new one
        from_grade: str
        grade: str
        class_group: str

    class Renamed(LedgerEvent):
        TOPIC = "school.renamed"

        name: str
        renamed_on: date

    class Merged(LedgerEvent):
        TOPIC = "school.merged"

        successor_code: str
        merged_on: date

    @staticmethod
    def create_id(school_code: str) -> UUID:
        return derived("school", school_code)

    @event(Registered)
    def __init__(
        self,
        school_code: str,
        name: str,
        stages: tuple[str, ...],
        district_code: str,
        run_by: str,
        envelope: Envelope,
    ) -> None:
        self.school_code = school_code
        self.name = name
        self.stages = stages
        self.district_code = district_code
        self.established_on: date | None = None
        self.successor_code: str | None = None
        self.classes: set[tuple[int, str, str]] = set()

    def establish_parent_school(self, on: date, envelope: Envelope) -> None:
        """Record that the parent school exists (GZ-6: every school has one). Once is enough."""
        if self.established_on is None:
            self._established(established_on=on, envelope=envelope)

    def rename(self, name: str, on: date, envelope: Envelope) -> None:
        """Give it a new name; what was certified keeps the old one. The same name is no news.

        Raises SchoolMerged.
        """
        self.must_stand()
        if name != self.name:
            self._renamed(name=name, renamed_on=on, envelope=envelope)

    def merge_into(self, successor_code: str, on: date, envelope: Envelope) -> None:
        """From now on another school answers for its certificates. The same again is no news.

        Raises SchoolMerged where it is another one, or would be the school itself.
        """
        if successor_code == self.successor_code:
            return
        self.must_stand()
        if successor_code == self.school_code:
            raise SchoolMerged(successor_code=successor_code)
        self._merged(successor_code=successor_code, merged_on=on, envelope=envelope)

    def must_stand(self) -> None:
        """Raises SchoolMerged."""
        if self.successor_code is not None:
            raise SchoolMerged(successor_code=self.successor_code)

    def open_class(
        self, school_year: int, grade: str, class_group: str, envelope: Envelope
    ) -> None:
        """Add a class of a school year; a class that is there already is no news."""
        if (school_year, grade, class_group) not in self.classes:
            self._class_opened(
                school_year=school_year, grade=grade, class_group=class_group, envelope=envelope
            )

    def promote_classes(self, school_year: int, envelope: Envelope) -> None:
        """Open next year's classes from those of a year, a grade higher; twice is no news.

        The last grade of a stage leaves. Children move with the roster of the new year.
        """
        for from_grade, class_group in sorted(self.classes_of(school_year)):
            grade = grade_called(from_grade)
            next_one = grade_after(grade) if grade else None
            if next_one and (school_year + 1, next_one.name, class_group) not in self.classes:
                self._class_promoted(
                    school_year=school_year + 1,
                    from_grade=from_grade,
                    grade=next_one.name,
                    class_group=class_group,
                    envelope=envelope,
                )

    def classes_of(self, school_year: int) -> frozenset[tuple[str, str]]:
        """(grade, class group) of a school year."""
        return frozenset((g, c) for year, g, c in self.classes if year == school_year)

    @event(ParentSchoolEstablished)
    def _established(self, established_on: date, envelope: Envelope) -> None:
        self.established_on = established_on

    @event(Renamed)
    def _renamed(self, name: str, renamed_on: date, envelope: Envelope) -> None:
        self.name = name

    @event(Merged)
    def _merged(self, successor_code: str, merged_on: date, envelope: Envelope) -> None:
        self.successor_code = successor_code

    @event(ClassOpened)
    def _class_opened(
        self, school_year: int, grade: str, class_group: str, envelope: Envelope
    ) -> None:
        self.classes.add((school_year, grade, class_group))

    @event(ClassPromoted)
    def _class_promoted(
        self,
        school_year: int,
        from_grade: str,
        grade: str,
        class_group: str,
        envelope: Envelope,
    ) -> None:
        self.classes.add((school_year, grade, class_group))
