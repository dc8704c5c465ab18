"""Commands of the register: schools, classes, terms, staff and their grants."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.aggregate import LedgerAggregate
from domain.calendar import Term, school_year_of, term_of
from domain.districts import DISTRICTS, UnknownDistrict
from domain.envelope import Envelope, Role
from domain.learner import Learner, UnknownLearner
from domain.refusals import Refused
from domain.school import School, UnknownSchool
from domain.staff import Staff
from domain.term import SchoolTerm, must_not_overlap
from ledger.ledger import Ledger
from ledger.unmoved import of_terms, years_around


class UnknownStaff(Refused):
    """No member of staff with that id."""

    code = "staff_unknown"


class RegisteredOtherwise(Refused):
    """It is registered with other particulars: this would not change them."""

    code = "registered_otherwise"


class UnknownTerm(Refused):
    """The city has not opened that term."""

    code = "term_unknown"


@dataclass(frozen=True)
class NewSchool:
    """A school as the district registers it."""

    school_code: str
    name: str
    stages: tuple[str, ...]
    district_code: str
    run_by: str = "district"
    established_on: date | None = None


class Registry:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def register_school(self, new: NewSchool, by: Envelope) -> int:
        """Register a school and its parent school; the same again is no news.

        Raises UnknownDistrict, and RegisteredOtherwise where the code belongs to another name or
        district.
        """

        def decide() -> list[LedgerAggregate]:
            known = self._ledger.find(School, School.create_id(new.school_code))
            school = known or self._new_school(new, by)
            if (school.name, school.district_code) != (new.name, new.district_code):
                raise RegisteredOtherwise(name=school.name, district_code=school.district_code)
            if new.established_on is not None:
                school.establish_parent_school(new.established_on, by)
            return [school]

        return self._ledger.commit(by.command_id, decide)

    @staticmethod
    def _new_school(new: NewSchool, by: Envelope) -> School:
        if new.district_code not in DISTRICTS:
            raise UnknownDistrict
        return School(
            school_code=new.school_code,
            name=new.name,
            stages=new.stages,
            district_code=new.district_code,
            run_by=new.run_by,
            envelope=by,
        )

    def rename_school(self, school_code: str, name: str, on: date, by: Envelope) -> int:
        """Give a school a new name. Raises UnknownSchool, SchoolMerged."""

        def decide() -> list[LedgerAggregate]:
            school = self.school(school_code)
            school.rename(name, on, by)
            return [school]

        return self._ledger.commit(by.command_id, decide)

    def merge_school(self, school_code: str, successor_code: str, on: date, by: Envelope) -> int:
        """Let another school that stands answer for it. Raises UnknownSchool, SchoolMerged."""

        def decide() -> list[LedgerAggregate]:
            school = self.school(school_code)
            self.school(successor_code).must_stand()
            school.merge_into(successor_code, on, by)
            return [school]

        return self._ledger.commit(by.command_id, decide)

    def answering(self, school_code: str) -> School:
        """The school that answers for a code now: itself, or whichever it was merged into.

        Raises UnknownSchool.
        """
        school, seen = self.school(school_code), set[str]()
        # Two who were merged into each other in the same second answer in a circle.
        while school.successor_code is not None and school.school_code not in seen:
            seen.add(school.school_code)
            school = self.school(school.successor_code)
        return school

    def open_classes(
        self, school_code: str, school_year: int, classes: Iterable[tuple[str, str]], by: Envelope
    ) -> int:
        """Open classes, (grade, class group) each. Raises UnknownSchool."""
        wanted = tuple(classes)

        def decide() -> list[LedgerAggregate]:
            school = self.school(school_code)
            for grade, class_group in wanted:
                school.open_class(school_year, grade, class_group, by)
            return [school]

        return self._ledger.commit(by.command_id, decide)

    def promote_classes(self, school_code: str, school_year: int, by: Envelope) -> int:
        """Open next year's classes from those of a year. Raises UnknownSchool."""

        def decide() -> list[LedgerAggregate]:
            school = self.school(school_code)
            school.promote_classes(school_year, by)
            return [school]

        return self._ledger.commit(by.command_id, decide)

    def open_term(self, term: Term, by: Envelope) -> int:
        """Open a term with its dates; the same again is no news.

        Raises RegisteredOtherwise, TermsOverlap.
        """

        def decide() -> list[LedgerAggregate]:
            key = SchoolTerm.create_id(term.school_year, term.term_no)
            there = self._ledger.find(SchoolTerm, key)
            if there is None:
                must_not_overlap(term, self.terms_around(term))
                return [SchoolTerm(**term.model_dump(), envelope=by)]
            if not there.has(term):
                raise RegisteredOtherwise(begins=there.begins, ends=there.ends)
            return []

        return self._ledger.commit(by.command_id, decide, of_terms(years_around(term)))

    def register_staff(self, staff_id: UUID, by: Envelope, learner_id: UUID | None = None) -> int:
        """Register a person at work; their name and login lie elsewhere. Raises LinkedOtherwise."""
        return self._ledger.commit(
            by.command_id, lambda: [self._registered(staff_id, by, learner_id)]
        )

    def take_on(
        self,
        staff_id: UUID,
        roles: Iterable[Role],
        organisation: str,
        begins: date,
        ends: date,
        by: Envelope,
        learner_id: UUID | None = None,
    ) -> int:
        """Register a person at work with their roles, all or none; the same again is no news.

        Raises LinkedOtherwise, GrantIsOver, GrantRunsLonger.
        """
        wanted = tuple(roles)

        def decide() -> list[LedgerAggregate]:
            staff = self._registered(staff_id, by, learner_id)
            for role in wanted:
                staff.authorise(role, organisation, begins, ends, by)
            return [staff]

        return self._ledger.commit(by.command_id, decide)

    def link_staff(self, staff_id: UUID, learner_id: UUID, by: Envelope) -> int:
        """Say which parent a person at work is; the same again is no news.

        Raises UnknownStaff, UnknownLearner, LinkedOtherwise.
        """

        def decide() -> list[LedgerAggregate]:
            staff = self.staff(staff_id)
            learner = self._ledger.get(Learner, learner_id, UnknownLearner)
            staff.link_to_learner(learner.id, by)
            return [staff]

        return self._ledger.commit(by.command_id, decide)

    def unlink_staff(self, staff_id: UUID, learner_id: UUID, by: Envelope) -> int:
        """Take a wrong link back; one that is not there is no news.

        Raises UnknownStaff, LinkedOtherwise.
        """
        return self._told(staff_id, by, lambda staff: staff.unlink_from_learner(learner_id, by))

    def reset_login(self, staff_id: UUID, by: Envelope) -> int:
        """Say that a person is given a new password and secret. Raises UnknownStaff."""
        return self._told(staff_id, by, lambda staff: staff.reset_login(by))

    def authorise(
        self, staff_id: UUID, role: Role, organisation: str, begins: date, ends: date, by: Envelope
    ) -> int:
        """Grant a role for an organisation until a day.

        Raises UnknownStaff, GrantIsOver, GrantRunsLonger.
        """
        return self._told(
            staff_id, by, lambda staff: staff.authorise(role, organisation, begins, ends, by)
        )

    def end_authority(
        self,
        staff_id: UUID,
        role: Role,
        organisation: str,
        on: date,
        reason_code: str,
        by: Envelope,
    ) -> int:
        """End a grant. Raises UnknownStaff."""
        return self._told(
            staff_id, by, lambda staff: staff.end_authority(role, organisation, on, reason_code, by)
        )

    def end_every_authority(self, staff_id: UUID, on: date, reason_code: str, by: Envelope) -> int:
        """End all grants of a person, all or none. Raises UnknownStaff."""
        return self._told(
            staff_id, by, lambda staff: staff.end_every_authority(on, reason_code, by)
        )

    def school(self, school_code: str) -> School:
        """Raises UnknownSchool."""
        return self._ledger.get(School, School.create_id(school_code), UnknownSchool)

    def staff(self, staff_id: UUID) -> Staff:
        """Raises UnknownStaff."""
        return self._ledger.get(Staff, staff_id, UnknownStaff)

    def _told(self, staff_id: UUID, by: Envelope, says: Callable[[Staff], None]) -> int:
        def decide() -> list[LedgerAggregate]:
            staff = self.staff(staff_id)
            says(staff)
            return [staff]

        return self._ledger.commit(by.command_id, decide)

    def _registered(self, staff_id: UUID, by: Envelope, learner_id: UUID | None) -> Staff:
        staff = self._ledger.find(Staff, staff_id)
        if staff is None:
            return Staff(id=staff_id, learner_id=learner_id, envelope=by)
        if learner_id is not None:
            staff.link_to_learner(learner_id, by)
        return staff

    def term(self, school_year: int, term_no: int) -> Term:
        """Raises UnknownTerm."""
        found = self._ledger.get(
            SchoolTerm, SchoolTerm.create_id(school_year, term_no), UnknownTerm
        )
        return dates_of(found)

    def terms_of(self, *school_years: int) -> list[Term]:
        """The terms of school years that the city has opened, in their order."""
        keys = [SchoolTerm.create_id(year, number) for year in school_years for number in (1, 2)]
        found = self._ledger.load(keys)
        return [dates_of(t) for key in keys if isinstance(t := found.get(key), SchoolTerm)]

    def terms_around(self, term: Term) -> list[Term]:
        """The terms that may share a day with one, itself among them."""
        return self.terms_of(*years_around(term))

    def term_on(self, day: date) -> Term:
        """The term that is running on a day. Raises DayOutsideTerms."""
        year = school_year_of(day)
        # A city may let the first term begin in the last days of August.
        return term_of(day, self.terms_of(year, year + 1))


def dates_of(term: SchoolTerm) -> Term:
    return Term(
        school_year=term.school_year, term_no=term.term_no, begins=term.begins, ends=term.ends
    )
