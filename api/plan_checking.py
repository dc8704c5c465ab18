"""Plan check: what the read models know of a school's plan, handed to the domain to judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.bootstrap import Runtime
from api.compliance import grades_of, term_called
from domain.calendar import Term, last_day_of
from domain.plan import SessionPlan
from domain.plan_check import GradeOutlook, Offered, Supply, is_offered, plan_check
from domain.rulebook import Rulebook
from domain.school import UnknownSchool
from domain.standing import Standing
from projections.schools import School
from projections.session_board import SessionRow

LONGEST_STAGE = 6  # school years


@dataclass(frozen=True)
class CheckedPlan:
    """A school's plan of the year that a term lies in, grade by grade."""

    school: School
    term: Term
    rulebook: Rulebook
    grades: list[GradeOutlook]

    @property
    def suffices(self) -> bool:
        """Whether a family of every grade can complete the year."""
        return bool(self.grades) and not any(grade.missing for grade in self.grades)


def checked_plan(runtime: Runtime, school_code: str, term_code: str) -> CheckedPlan:
    """Raises TermMalformed, UnknownTerm, UnknownSchool, NoRulebookInForce."""
    term, school = term_called(runtime, term_code), runtime.models.schools.school(school_code)
    if school is None:
        raise UnknownSchool(school_code=school_code)
    year, exams = term.school_year, runtime.models.exams.exams_of(school_code)
    rows = runtime.models.term_plans.of_years(school_code, range(year - LONGEST_STAGE, year + 1))
    supply = Supply(
        school_year=year,
        sessions=tuple(offered(runtime, rows)),
        exam_years=frozenset(exam.school_year for exam in exams),
    )
    rulebook = runtime.book.rulebooks.on(last_day_of(year), school_code)
    # Before the classes of a year are opened, those of the year before say which grades there are.
    grades = grades_of(runtime, school_code, year) or grades_of(runtime, school_code, year - 1)
    return CheckedPlan(school, term, rulebook, plan_check(supply, grades, rulebook))


def offered(runtime: Runtime, rows: Sequence[SessionRow]) -> Iterator[Offered]:
    """What was held or still may be, each under the rules it was announced with."""
    now, book = runtime.now(), runtime.book
    for row in rows:
        if is_offered(Standing(row.standing), row.ends_at, now):
            version = row.rulebook_version
            rulebook = (
                book.rulebooks.version(version)
                if version
                else book.sessions.rules_on(row.begins_at, row.school_code)
            )
            yield Offered(row.session_id, planned(row), rulebook)


def planned(row: SessionRow) -> SessionPlan:
    """The plan of a session on the board."""
    return SessionPlan(**{name: getattr(row, name) for name in SessionPlan.model_fields})
