"""The plan check as JSON: what a family of each grade can reach with what a school plans."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import InAsking
from api.plan_checking import CheckedPlan, checked_plan
from domain.plan_check import GradeOutlook

router = APIRouter(prefix="/api/v1", tags=["compliance"])


class Condition(BaseModel):
    """A figure of the rulebook, what the plan comes to, and what is asked. Hours: hundredths."""

    model_config = ConfigDict(from_attributes=True)

    ref: str
    value: int
    threshold: int
    met: bool


class Star(BaseModel):
    """A level by the end of the stage, at the pace of this year's plan."""

    level: int
    suffices: bool
    conditions: list[Condition]
    beyond: list[Condition] = Field(description="What a parent brings and no plan can.")
    needs_proposal: bool = Field(description="The school proposes it, and it is made public.")


class Grade(BaseModel):
    """What a family that comes to everything can reach."""

    grade: str
    suffices: bool = Field(description="For the completion of the school year.")
    completion: list[Condition]
    highest_star: int
    stars: list[Star]


class PlanCheck(BaseModel):
    """The plan of a school year, and what was held in it; nobody's own record is looked at."""

    school_code: str
    term: str
    school_year: int
    rulebook_version: str
    suffices: bool
    grades: list[Grade]


@router.get("/schools/{school_code}/terms/{term}/plan-check")
def plan_check(school_code: str, term: str, asking: InAsking) -> PlanCheck:
    """Whether each grade can complete the year and reach each star with what is planned."""
    asking.may(Action.COMPLIANCE_READ, school_code)
    return told(checked_plan(asking.runtime, school_code, term))


def told(checked: CheckedPlan) -> PlanCheck:
    return PlanCheck(
        school_code=checked.school.school_code,
        term=checked.term.code,
        school_year=checked.term.school_year,
        rulebook_version=checked.rulebook.version,
        suffices=checked.suffices,
        grades=[of_grade(each) for each in checked.grades],
    )


def of_grade(found: GradeOutlook) -> Grade:
    return Grade(
        grade=found.grade,
        suffices=not found.missing,
        completion=[Condition.model_validate(each) for each in found.completion],
        highest_star=found.highest_star,
        stars=[
            Star(
                level=star.level,
                suffices=not star.missing,
                conditions=[Condition.model_validate(each) for each in star.conditions],
                beyond=[Condition.model_validate(each) for each in star.beyond],
                needs_proposal=star.needs_proposal,
            )
            for star in found.stars
        ],
    )
