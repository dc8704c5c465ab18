"""Micro-classes and pushes as JSON, for the school that publishes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import InAsking
from api.reaching_studies import micro_class_for, push_for
from api.studies_seen import micro_classes_seen, pushes_seen
from api.v1.recorded import Recorded
from domain.carriers import Carrier, CourseFamily
from domain.grades import Stage
from domain.micro_class import Question, Segment
from domain.push import WithdrawnBecause
from ledger.micro_classes import NewMicroClass
from ledger.pushes import NewPush

router = APIRouter(prefix="/api/v1", tags=["studies"])

Words = Annotated[str, Field(min_length=1, max_length=200)]
Link = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=500)]


class NewSegment(BaseModel):
    """A piece that lies elsewhere: we keep its address and the SHA-256 of its bytes."""

    model_config = ConfigDict(extra="forbid")

    title: Words
    seconds: int = Field(ge=1, le=7200)
    url: Link
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class NewQuestion(BaseModel):
    """A single choice; `right` counts from 0."""

    model_config = ConfigDict(extra="forbid")

    text: Words
    choices: list[Words] = Field(min_length=2, max_length=8)
    right: int = Field(ge=0, le=7)

    @property
    def question(self) -> Question:
        return Question(text=self.text, choices=tuple(self.choices), right=self.right)


class NewClass(BaseModel):
    """A micro-class. Class hours are hundredths and must fit into the segments' time."""

    model_config = ConfigDict(extra="forbid")

    school_year: int = Field(ge=2000, le=2100)
    title: str = Field(min_length=1, max_length=80)
    family: CourseFamily
    stage: Stage
    carrier: Carrier = Carrier.IN_SCHOOL
    grades: tuple[str, ...] = ()
    class_hours: int = Field(ge=25, le=400)
    segments: list[NewSegment] = Field(min_length=1, max_length=60)
    quiz: list[NewQuestion] = Field(min_length=1, max_length=30)

    def of(self, school_code: str) -> NewMicroClass:
        return NewMicroClass(
            school_code=school_code,
            school_year=self.school_year,
            title=self.title,
            family=self.family.value,
            stage=self.stage.value,
            carrier=self.carrier.value,
            grades=self.grades,
            class_hours=self.class_hours,
            segments=tuple(Segment(**each.model_dump()) for each in self.segments),
            quiz=tuple(each.question for each in self.quiz),
        )


class NewItem(BaseModel):
    """A push: something to read, and one question about it."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=80)
    link: Link
    family: CourseFamily
    stage: Stage
    carrier: Carrier = Carrier.IN_SCHOOL
    grades: tuple[str, ...] = ()
    question: NewQuestion

    def of(self, school_code: str) -> NewPush:
        return NewPush(
            school_code=school_code,
            title=self.title,
            link=self.link,
            family=self.family.value,
            stage=self.stage.value,
            carrier=self.carrier.value,
            grades=self.grades,
            question=self.question.question,
        )


class Withdrawal(BaseModel):
    """Why a push is sent to nobody any more."""

    model_config = ConfigDict(extra="forbid")

    reason_code: WithdrawnBecause


class MicroClassState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    micro_class_id: UUID
    course_id: UUID
    title: str
    family: str
    stage: str
    grades: tuple[str, ...]
    class_hours: int
    seconds: int
    segments: int
    published_at: datetime
    is_withdrawn: bool
    completed: int | None = Field(description="Null above the school: fewer than ten.")


class PushState(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    item_id: UUID
    term: str
    title: str
    link: str
    family: str
    grades: tuple[str, ...]
    published_at: datetime
    is_withdrawn: bool
    answered: int | None = Field(description="Null above the school: fewer than ten.")


class MicroClassList(BaseModel):
    micro_classes: list[MicroClassState]


class PushList(BaseModel):
    pushes: list[PushState]


class PublishedMicroClass(BaseModel):
    micro_class_id: UUID


class PublishedPush(BaseModel):
    item_id: UUID


@router.get("/schools/{school_code}/micro-classes")
def micro_classes_of(school_code: str, asking: InAsking) -> MicroClassList:
    asking.may(Action.SESSION_READ, school_code)
    found = micro_classes_seen(asking, school_code)
    return MicroClassList(micro_classes=[MicroClassState.model_validate(each) for each in found])


@router.post("/schools/{school_code}/micro-classes", status_code=status.HTTP_201_CREATED)
def publish_micro_class(school_code: str, body: NewClass, asking: InAsking) -> PublishedMicroClass:
    """Offer a micro-class to grades; the same one again is no news and has the same id."""
    by = asking.may(Action.STUDY_PUBLISH, school_code)
    book = asking.runtime.book
    micro_class_id = book.micro_classes.publish(body.of(school_code), by)
    asking.runtime.settle(book.ledger.position())
    return PublishedMicroClass(micro_class_id=micro_class_id)


@router.post("/micro-classes/{micro_class_id}/withdrawal", status_code=status.HTTP_201_CREATED)
def withdraw_micro_class(micro_class_id: UUID, asking: InAsking) -> Recorded:
    """Offer it no more; hours that were earned by it stay."""
    _, by = micro_class_for(asking, micro_class_id, Action.STUDY_PUBLISH)
    position = asking.runtime.book.micro_classes.withdraw(micro_class_id, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/micro-classes/{micro_class_id}/offer", status_code=status.HTTP_201_CREATED)
def offer_micro_class_again(micro_class_id: UUID, asking: InAsking) -> Recorded:
    """Offer one that was withdrawn, as it was; nobody earns by it twice."""
    _, by = micro_class_for(asking, micro_class_id, Action.STUDY_PUBLISH)
    position = asking.runtime.book.micro_classes.offer_again(micro_class_id, by)
    return Recorded(position=asking.runtime.settle(position))


@router.get("/schools/{school_code}/pushes")
def pushes_of(school_code: str, asking: InAsking) -> PushList:
    asking.may(Action.SESSION_READ, school_code)
    found = pushes_seen(asking, school_code)
    return PushList(pushes=[PushState.model_validate(each) for each in found])


@router.post("/schools/{school_code}/pushes", status_code=status.HTTP_201_CREATED)
def publish_push(school_code: str, body: NewItem, asking: InAsking) -> PublishedPush:
    """Send an item in the running term; the same one again is no news and has the same id."""
    by = asking.may(Action.STUDY_PUBLISH, school_code)
    book = asking.runtime.book
    item_id = book.pushes.publish(body.of(school_code), by)
    asking.runtime.settle(book.ledger.position())
    return PublishedPush(item_id=item_id)


@router.post("/pushes/{item_id}/withdrawal", status_code=status.HTTP_201_CREATED)
def withdraw_push(item_id: UUID, body: Withdrawal, asking: InAsking) -> Recorded:
    """Send it to nobody any more; right answers given stay, and count."""
    _, by = push_for(asking, item_id, Action.STUDY_PUBLISH)
    position = asking.runtime.book.pushes.withdraw(item_id, body.reason_code, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/pushes/{item_id}/offer", status_code=status.HTTP_201_CREATED)
def offer_push_again(item_id: UUID, asking: InAsking) -> Recorded:
    """Send one of the running term that was withdrawn, as it was; nobody earns by it twice."""
    _, by = push_for(asking, item_id, Action.STUDY_PUBLISH)
    position = asking.runtime.book.pushes.offer_again(item_id, by)
    return Recorded(position=asking.runtime.settle(position))
