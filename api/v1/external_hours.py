"""Hours earned elsewhere as JSON: entered, or withdrawn, by the school; decided by the district."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.actions import Action
from api.asking import InAsking
from api.reaching_studies import external_for
from api.v1.recorded import Recorded
from domain.carriers import CourseFamily
from domain.external import MOST_HOURS, IssuerKind, TurnedDownBecause
from ledger.external_hours import NewExternalHours

router = APIRouter(prefix="/api/v1", tags=["external hours"])


class NewHours(BaseModel):
    """Hours as the document proves them; its number and the words go into the vault."""

    model_config = ConfigDict(extra="forbid")

    learner_id: UUID
    issuer: IssuerKind
    document_number: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500)
    hours: int = Field(ge=50, le=MOST_HOURS)
    family: CourseFamily
    school_year: int = Field(ge=2000, le=2100)
    term_no: int = Field(ge=1, le=2)

    def of(self, school_code: str) -> NewExternalHours:
        return NewExternalHours(
            school_code=school_code,
            learner_id=self.learner_id,
            issuer=self.issuer,
            document_number=self.document_number,
            reason=self.reason,
            hours=self.hours,
            family=self.family.value,
            school_year=self.school_year,
            term_no=self.term_no,
        )


class Decision(BaseModel):
    """Recognised, or not and why."""

    model_config = ConfigDict(extra="forbid")

    confirmed: bool
    reason: TurnedDownBecause | None = None

    @model_validator(mode="after")
    def _says_why_not(self) -> Decision:
        if self.confirmed is (self.reason is not None):
            message = "a refusal needs its reason, a confirmation has none"
            raise ValueError(message)
        return self


class ExternalState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    external_id: UUID
    learner_id: UUID
    issuer: IssuerKind
    hours: int
    family: str
    school_year: int
    term_no: int
    entered_by: UUID
    entered_at: datetime
    is_confirmed: bool | None
    reason: TurnedDownBecause | None
    decided_at: datetime | None
    is_withdrawn: bool


class ExternalList(BaseModel):
    external_hours: list[ExternalState]


class Entered(BaseModel):
    external_id: UUID


@router.get("/schools/{school_code}/external-hours")
def external_hours_of(school_code: str, asking: InAsking) -> ExternalList:
    asking.may(Action.EXTERNAL_READ, school_code)
    found = asking.runtime.models.external_hours.of_school(school_code)
    return ExternalList(external_hours=[ExternalState.model_validate(each) for each in found])


@router.post("/schools/{school_code}/external-hours", status_code=status.HTTP_201_CREATED)
def enter(school_code: str, body: NewHours, asking: InAsking) -> Entered:
    """One document counts once; the hours wait for the district."""
    by = asking.may(Action.EXTERNAL_ENTER, school_code)
    book = asking.runtime.book
    external_id = book.external_hours.enter(body.of(school_code), by)
    asking.runtime.settle(book.ledger.position())
    return Entered(external_id=external_id)


@router.post("/external-hours/{external_id}/withdrawal", status_code=status.HTTP_201_CREATED)
def withdraw_entry(external_id: UUID, asking: InAsking) -> Recorded:
    """By whoever entered them, before the district decides; the document may be entered again."""
    _, by = external_for(asking, external_id, Action.EXTERNAL_ENTER)
    position = asking.runtime.book.external_hours.withdraw_entry(external_id, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/external-hours/{external_id}/decisions", status_code=status.HTTP_201_CREATED)
def decide(external_id: UUID, body: Decision, asking: InAsking) -> Recorded:
    """By the district, and never by whoever entered them."""
    _, by = external_for(asking, external_id, Action.EXTERNAL_CONFIRM)
    hours = asking.runtime.book.external_hours
    if body.confirmed or body.reason is None:
        position = hours.confirm(external_id, by)
    else:
        position = hours.turn_down(external_id, body.reason, by)
    return Recorded(position=asking.runtime.settle(position))
