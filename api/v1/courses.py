"""A school's courses as JSON: revised for what is planned from now on, or taught no more."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict

from api.access.actions import Action
from api.asking import InAsking
from api.reaching_studies import course_for
from api.v1.recorded import Recorded
from domain.carriers import CourseFamily

router = APIRouter(prefix="/api/v1", tags=["courses"])


class Revision(BaseModel):
    model_config = ConfigDict(extra="forbid")

    family: CourseFamily


class CourseState(BaseModel):
    """`number` is the version that is taught now; each credit names its own."""

    model_config = ConfigDict(from_attributes=True)

    course_id: UUID
    title: str
    family: str
    number: int
    is_retired: bool


class CourseList(BaseModel):
    courses: list[CourseState]


@router.get("/schools/{school_code}/courses")
def courses_of(school_code: str, asking: InAsking) -> CourseList:
    asking.may(Action.SESSION_READ, school_code)
    found = asking.runtime.models.courses.courses_of(school_code)
    return CourseList(courses=[CourseState.model_validate(each) for each in found])


@router.post("/courses/{course_id}/revisions", status_code=status.HTTP_201_CREATED)
def revise(course_id: UUID, body: Revision, asking: InAsking) -> Recorded:
    """A new version from now on; sessions keep the one they were announced with."""
    _, by = course_for(asking, course_id, Action.COURSE_CHANGE)
    position = asking.runtime.book.courses.revise(course_id, body.family, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/courses/{course_id}/retirement", status_code=status.HTTP_201_CREATED)
def retire(course_id: UUID, asking: InAsking) -> Recorded:
    """Nothing new is planned for it; what was announced is still held."""
    _, by = course_for(asking, course_id, Action.COURSE_CHANGE)
    return Recorded(
        position=asking.runtime.settle(asking.runtime.book.courses.retire(course_id, by))
    )
