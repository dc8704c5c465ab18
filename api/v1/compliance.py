"""Compliance as JSON: a school's term with the sessions that count, and a district's table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import DistrictCode, InAsking
from api.compliance import TermOfSchool, asked, region, term_of_school, terms_of_district
from domain.compliance import Light, Verdict
from domain.grades import Stage

router = APIRouter(prefix="/api/v1", tags=["compliance"])

KnownBy = Annotated[
    AwareDatetime | None, Query(description="As far as the ledger knew it at that moment.")
]


class Figures(BaseModel):
    """Activities, and class hours in hundredths."""

    model_config = ConfigDict(from_attributes=True)

    activities: int
    class_hours: int


class GradeFigures(Figures):
    """What any one family of a grade could have had."""

    grade: str


class CountedSession(BaseModel):
    """A session, and whether it counts: `verdict` says why not."""

    session_id: UUID
    title: str
    begins_at: datetime
    mode: str
    class_hours: int
    grades: tuple[str, ...] = Field(description="Empty: the whole school.")
    verdict: Verdict


class SchoolTerm(BaseModel):
    """How a school stands to its duty of a term; the hash of its books once they are closed."""

    school_code: str
    name: str
    stages: tuple[str, ...]
    term: str
    light: Light
    required: Figures
    counted: Figures
    in_reach: Figures = Field(description="With what is planned, or held and not attested yet.")
    weeks_left: int
    closed_at: datetime | None
    sha256: str | None
    addenda: int


class SchoolTermInFull(SchoolTerm):
    by_grade: list[GradeFigures]
    sessions: list[CountedSession]


class DistrictTerm(BaseModel):
    """Every school of a district by its code: nothing is ranked."""

    district_code: str
    term: str
    as_of: date | None
    stage: Stage | None
    counts: dict[Light, int]
    schools: list[SchoolTerm]


@router.get("/schools/{school_code}/terms/{term}/compliance")
def school_term(
    school_code: str,
    term: str,
    asking: InAsking,
    as_of: date | None = None,
    known_by: KnownBy = None,
) -> SchoolTermInFull:
    """The school's duty of a term: at least so many activities and so many class hours."""
    asking.may(Action.COMPLIANCE_READ, school_code)
    wanted = asked(asking.runtime, term, as_of, known_by)
    found = term_of_school(asking.runtime, school_code, wanted)
    by_grade = [
        GradeFigures(grade=grade, activities=tally.activities, class_hours=tally.class_hours)
        for grade, tally in found.compliance.by_grade.items()
    ]
    facts = summary(found).model_dump()
    return SchoolTermInFull(**facts, by_grade=by_grade, sessions=sessions_of(found))


@router.get("/districts/{district_code}/terms/{term}/compliance")
def district_term(
    district_code: DistrictCode,
    term: str,
    asking: InAsking,
    stage: Stage | None = None,
    as_of: date | None = None,
    known_by: KnownBy = None,
) -> DistrictTerm:
    """The term of every school of the district, or of the city."""
    asking.may_in(Action.COMPLIANCE_OVERVIEW, region(district_code))
    wanted = asked(asking.runtime, term, as_of, known_by)
    found = terms_of_district(asking.runtime, district_code, stage, wanted)
    lights = [each.compliance.light for each in found]
    return DistrictTerm(
        district_code=district_code,
        term=term,
        as_of=as_of,
        stage=stage,
        counts={light: lights.count(light) for light in Light},
        schools=[summary(each) for each in found],
    )


def summary(found: TermOfSchool) -> SchoolTerm:
    judged, rules, last = (
        found.compliance,
        found.rulebook.school_term_compliance,
        found.last_closing,
    )
    return SchoolTerm(
        school_code=found.school.school_code,
        name=found.school.name,
        stages=found.school.stages,
        term=found.term.code,
        light=judged.light,
        required=Figures(activities=rules.min_activities, class_hours=rules.min_class_hours),
        counted=Figures.model_validate(judged.counted),
        in_reach=Figures.model_validate(judged.in_reach),
        weeks_left=judged.weeks_left,
        closed_at=found.closings[0].occurred_at if last else None,
        sha256=last.sha256 if last else None,
        addenda=last.number if last else 0,
    )


def sessions_of(found: TermOfSchool) -> list[CountedSession]:
    return [
        CountedSession(
            session_id=each.session_id,
            title=each.title,
            begins_at=each.begins_at,
            mode=each.mode,
            class_hours=each.class_hours,
            grades=each.grades,
            verdict=found.verdict(each),
        )
        for each in found.sessions
    ]
