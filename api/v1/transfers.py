"""Children who leave a school, as JSON: out, in, and confirmed; or out for good."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access.actions import Action
from api.asking import InAsking
from api.families import (
    Leaving,
    OldNumber,
    announced,
    child_at,
    claimed,
    class_at,
    leaving,
    let_go,
    taken_back,
)
from api.reaching import either
from api.v1.recorded import Recorded
from domain.enrolment import Leaving as Reason
from domain.enrolment import Returning

router = APIRouter(prefix="/api/v1", tags=["transfers"])

SCHOOL_CODE = r"^[0-9]{10}$"


class Leaves(BaseModel):
    """Which child, from which day on, and for which school, where that is known."""

    model_config = ConfigDict(extra="forbid")

    child_id: UUID
    effective_on: date
    to_school_code: str | None = Field(default=None, pattern=SCHOOL_CODE)


class Announced(BaseModel):
    """The code is for the new school; it is shown this once."""

    transfer_id: UUID
    code: str


class Departure(BaseModel):
    """A child that goes to no other school of the city."""

    model_config = ConfigDict(extra="forbid")

    child_id: UUID
    on: date
    reason_code: Reason


class Return(BaseModel):
    """A child that left this school year, and the day from which it is here again."""

    model_config = ConfigDict(extra="forbid")

    child_id: UUID
    on: date
    reason_code: Returning


class Claim(BaseModel):
    """The code, or the number at the old school; and the class that takes the child."""

    model_config = ConfigDict(extra="forbid")

    code: str | None = Field(default=None, max_length=40)
    from_school_code: str | None = Field(default=None, pattern=SCHOOL_CODE)
    student_no: str | None = Field(default=None, min_length=1, max_length=40)
    class_name: str = Field(min_length=1, max_length=40)

    @model_validator(mode="after")
    def _one_way(self) -> Claim:
        has_number = self.from_school_code is not None and self.student_no is not None
        if (self.code is None) is not has_number:
            message = "code, or from_school_code and student_no"
            raise ValueError(message)
        return self


class TransferState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    transfer_id: UUID
    child_id: UUID
    from_school_code: str
    school_year: int
    state: str
    changed_at: datetime
    effective_on: date | None
    announced_to: str | None
    to_school_code: str | None
    grade: str | None
    class_group: str | None


class TransferList(BaseModel):
    transfers: list[TransferState]


@router.get("/schools/{school_code}/transfers")
def transfers(school_code: str, asking: InAsking) -> TransferList:
    either(asking, (Action.TRANSFER_RELEASE, Action.TRANSFER_CLAIM), school_code)
    found = asking.runtime.models.transfers.of_school(school_code)
    return TransferList(transfers=[TransferState.model_validate(each) for each in found])


@router.post("/schools/{school_code}/transfers", status_code=status.HTTP_201_CREATED)
def announce(school_code: str, body: Leaves, asking: InAsking) -> Announced:
    by = asking.may(Action.TRANSFER_RELEASE, school_code)
    leaves = Leaving(body.child_id, body.effective_on, body.to_school_code)
    transfer_id, code = announced(asking, school_code, leaves, by)
    return Announced(transfer_id=transfer_id, code=code)


@router.post("/schools/{school_code}/departures", status_code=status.HTTP_201_CREATED)
def depart(school_code: str, body: Departure, asking: InAsking) -> Recorded:
    """The places end on the day; the adults keep their accounts and their statements."""
    by = asking.may(Action.TRANSFER_RELEASE, school_code)
    child = child_at(asking, school_code, body.child_id)
    position = asking.runtime.book.transfers.leave(child.pupil, body.on, body.reason_code, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/schools/{school_code}/returns", status_code=status.HTTP_201_CREATED)
def take_back(school_code: str, body: Return, asking: InAsking) -> Recorded:
    """The places stand again from the day on; on the days between the child was not there."""
    by = asking.may(Action.TRANSFER_RELEASE, school_code)
    back = taken_back(asking, school_code, body.child_id, body.on, body.reason_code, by)
    return Recorded(position=back)


@router.post("/schools/{school_code}/transfers/claims", status_code=status.HTTP_201_CREATED)
def claim(school_code: str, body: Claim, asking: InAsking) -> Recorded:
    by = asking.may(Action.TRANSFER_CLAIM, school_code)
    new = class_at(school_code, body.class_name)
    way = body.code or OldNumber(body.from_school_code or "", body.student_no or "")
    return Recorded(position=claimed(asking, way, new, by))


@router.post("/transfers/{transfer_id}/confirmation", status_code=status.HTTP_201_CREATED)
def confirm(transfer_id: UUID, asking: InAsking) -> Recorded:
    """Let the child go, as the old school: the new places hold from the day on."""
    transfer, by = leaving(asking, transfer_id)
    runtime = asking.runtime
    return Recorded(position=runtime.settle(let_go(runtime, transfer, by)))


@router.post("/transfers/{transfer_id}/withdrawal", status_code=status.HTTP_201_CREATED)
def withdraw(transfer_id: UUID, asking: InAsking) -> Recorded:
    _, by = leaving(asking, transfer_id)
    position = asking.runtime.book.transfers.withdraw(transfer_id, by)
    return Recorded(position=asking.runtime.settle(position))
