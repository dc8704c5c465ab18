"""A parent's own micro-classes and pushes as JSON, from a device that the school vouches for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api import answering
from api.access.actions import Action
from api.asking import InParent
from api.studies_worth import Worth, micro_class_worth, pushes_worth
from api.studying import Watching, running_year, watching
from api.v1.recorded import Recorded
from domain.calendar import CITY_ZONE, local_day

router = APIRouter(prefix="/api/v1/me", tags=["own studies"])


class ToWatch(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    micro_class_id: UUID
    title: str
    family: str
    class_hours: int
    seconds: int
    segments: int
    done_at: datetime | None


class ToRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    item_id: UUID
    term: str
    title: str
    link: str
    done_at: datetime | None


class Earns(BaseModel):
    """So many of these earn so many hours (hundredths); null: no such cap, or outside of terms."""

    model_config = ConfigDict(from_attributes=True)

    count: int = Field(
        description="How many right answers, or 1 micro-class; 0: they earn nothing."
    )
    hours: int
    cap_per_day: int | None
    cap_per_term: int | None
    left: int | None = Field(description="How many hours more count today.")
    left_by: str | None = Field(
        description="The cap that leaves them: `cap_per_day`, `cap_per_term`, `term_cap_total`…"
    )


class Offers(BaseModel):
    micro_classes: list[ToWatch]
    pushes: list[ToRead]
    pushes_earn: Earns | None = Field(description="Null outside of terms and without rules.")


class SegmentState(BaseModel):
    number: int
    title: str
    seconds: int
    url: str
    sha256: str
    opened_at: datetime | None
    finished_at: datetime | None


class CheckState(BaseModel):
    """A check that is due: answered by the place of a choice, from 0."""

    segment: int
    choices: tuple[str, ...]
    answered: bool


class Asked(BaseModel):
    text: str
    choices: tuple[str, ...]


class StudyState(BaseModel):
    micro_class_id: UUID
    title: str
    class_hours: int
    segments: list[SegmentState]
    checks: list[CheckState]
    quiz: list[Asked]
    earns: Earns | None = Field(description="Null where it is over.")


class Choice(BaseModel):
    model_config = ConfigDict(extra="forbid")

    choice: int


class Answers(BaseModel):
    """One choice for each question, in their order."""

    model_config = ConfigDict(extra="forbid")

    answers: list[int | None] = Field(max_length=30)


@router.get("/studies")
def offers(asking: InParent) -> Offers:
    """What is offered to the parent's children's grades in the running term."""
    learner_id, by = asking.own(Action.OWN_STUDY)
    runtime = asking.runtime
    term = runtime.models.schools.term_on(local_day(by.at, CITY_ZONE))
    studies = runtime.models.studies
    pushes = studies.pushes_for(learner_id, term.code) if term else []
    return Offers(
        micro_classes=[
            ToWatch.model_validate(each)
            for each in studies.micro_classes_for(learner_id, running_year(runtime))
        ],
        pushes=[ToRead.model_validate(each) for each in pushes],
        pushes_earn=earned(pushes_worth(runtime, learner_id)),
    )


@router.get("/micro-classes/{micro_class_id}")
def study(micro_class_id: UUID, asking: InParent) -> StudyState:
    learner_id, _ = asking.own(Action.OWN_STUDY)
    return state_of(watching(asking.runtime, micro_class_id, learner_id))


@router.post(
    "/micro-classes/{micro_class_id}/segments/{segment}/open", status_code=status.HTTP_201_CREATED
)
def open_segment(micro_class_id: UUID, segment: int, asking: InParent) -> StudyState:
    """Begin to watch: the time counts from here. One segment at a time."""
    learner_id, by = asking.own(Action.OWN_STUDY)
    before = watching(asking.runtime, micro_class_id, learner_id)
    before.open(segment, by.at)
    return state_of(before)


@router.post(
    "/micro-classes/{micro_class_id}/segments/{segment}/finish", status_code=status.HTTP_201_CREATED
)
def finish_segment(micro_class_id: UUID, segment: int, asking: InParent) -> StudyState:
    """End it, once as much time has passed as it takes at the fastest speed allowed."""
    learner_id, by = asking.own(Action.OWN_STUDY)
    before = watching(asking.runtime, micro_class_id, learner_id)
    before.finish(segment, by.at)
    return state_of(before)


@router.post(
    "/micro-classes/{micro_class_id}/checks/{segment}", status_code=status.HTTP_201_CREATED
)
def answer_check(micro_class_id: UUID, segment: int, body: Choice, asking: InParent) -> StudyState:
    """Say which segment that was; the first answer stays."""
    learner_id, _ = asking.own(Action.OWN_STUDY)
    before = watching(asking.runtime, micro_class_id, learner_id)
    before.answer(segment, body.choice)
    return state_of(before)


@router.post("/micro-classes/{micro_class_id}/quiz", status_code=status.HTTP_201_CREATED)
def hand_in(micro_class_id: UUID, body: Answers, asking: InParent) -> Recorded:
    """Complete the micro-class; refused with what lacks, to be tried again."""
    learner_id, by = asking.own(Action.OWN_STUDY)
    position = watching(asking.runtime, micro_class_id, learner_id).complete(body.answers, by)
    return Recorded(position=asking.runtime.settle(position))


@router.post("/pushes/{item_id}/answers", status_code=status.HTTP_201_CREATED)
def answer_push(item_id: UUID, body: Choice, asking: InParent) -> Recorded:
    """A right answer counts once; a wrong one is not recorded and may be tried after a pause."""
    learner_id, by = asking.own(Action.OWN_STUDY)
    position = answering.answer(asking.runtime, item_id, learner_id, body.choice, by)
    return Recorded(position=position)


def state_of(before: Watching) -> StudyState:
    plan, watched = before.micro_class.plan, before.watched
    return StudyState(
        micro_class_id=before.micro_class.id,
        title=plan.title,
        class_hours=plan.class_hours,
        segments=[
            SegmentState(
                number=number,
                **each.model_dump(),
                opened_at=watched[number].opened_at if number in watched else None,
                finished_at=watched[number].finished_at if number in watched else None,
            )
            for number, each in enumerate(plan.segments)
        ],
        checks=[
            CheckState(
                segment=check.segment,
                choices=check.choices,
                answered=check.right is not None,
            )
            for check in before.checks(watched)
        ],
        quiz=[Asked(text=each.text, choices=each.choices) for each in plan.quiz],
        earns=earned(micro_class_worth(before)),
    )


def earned(worth: Worth | None) -> Earns | None:
    return Earns.model_validate(worth) if worth else None
