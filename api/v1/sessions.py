"""Sessions as JSON: announce one, open and close it, count heads, attest as two persons."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.reaching import session_for
from api.v1.recorded import Recorded
from domain.carriers import Carrier, CourseFamily, Mode
from domain.course import Course
from domain.envelope import Role
from domain.grades import Stage
from domain.plan import SessionPlan

router = APIRouter(prefix="/api/v1", tags=["sessions"])

MOST_PERSONS = 9999


class Explanation(StrEnum):
    """Why the head count differs from the records."""

    GUESTS_NOT_ON_ROSTER = "guests_not_on_roster"
    PRESENT_NOT_CHECKED_IN = "present_not_checked_in"
    LEFT_BEFORE_COUNT = "left_before_count"
    CAME_AFTER_COUNT = "came_after_count"
    CHILDREN_COUNTED = "children_counted"


class NewSession(BaseModel):
    """What is fixed before a session begins. Class hours are hundredths: 200 are 2.00 课时."""

    model_config = ConfigDict(extra="forbid")

    school_code: str = Field(pattern=r"^[0-9]{10}$")
    school_year: int = Field(ge=2000, le=2100)
    term_no: int = Field(ge=1, le=2)
    title: str = Field(min_length=1, max_length=80)
    family: CourseFamily
    stage: Stage
    mode: Mode
    carrier: Carrier
    class_hours: int = Field(ge=25, le=800)
    grades: tuple[str, ...] = ()
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    place: str = Field(min_length=1, max_length=80)
    confirmed: bool = Field(
        default=False, description="Two sessions at once for the same parents or room are meant."
    )

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> NewSession:
        if self.ends_at <= self.begins_at:
            message = "ends_at must be after begins_at"
            raise ValueError(message)
        return self


class HeadCount(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persons_present: int = Field(ge=0, le=MOST_PERSONS)
    explanation: Explanation | None = None


class Attestation(BaseModel):
    """The list is true to my knowledge, said as host or as coordinator."""

    model_config = ConfigDict(extra="forbid")

    attested_as: Role

    @model_validator(mode="after")
    def _by_those_who_attest(self) -> Attestation:
        if self.attested_as not in {Role.HOST, Role.COORDINATOR}:
            message = "attested_as must be host or coordinator"
            raise ValueError(message)
        return self


class Scheduled(Recorded):
    session_id: UUID


class SessionState(BaseModel):
    """A session with its counts. Hours are hundredths; times name their zone."""

    model_config = ConfigDict(from_attributes=True)

    session_id: UUID
    school_code: str
    school_year: int
    term_no: int
    title: str
    family: str
    stage: str
    mode: str
    carrier: str
    class_hours: int
    grades: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    place: str
    standing: str
    opened_at: datetime | None
    closed_at: datetime | None
    head_count: int | None
    head_count_recorded: int | None
    head_count_explanation: str | None
    attested_at: datetime | None
    rulebook_version: str | None
    invited: int
    checked_in: int
    checked_out: int
    full: int
    half: int
    pending: int
    nothing: int


class SessionPage(BaseModel):
    """Newest first; `total` counts them all."""

    total: int
    sessions: list[SessionState]


@router.get("/schools/{school_code}/sessions")
def sessions_of(
    asking: InAsking,
    school_code: str,
    from_day: date | None = None,
    to_day: date | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> SessionPage:
    asking.may(Action.SESSION_READ, school_code)
    board = asking.runtime.models.sessions
    found = board.sessions_of(school_code, from_day, to_day, limit=limit, offset=offset)
    return SessionPage(
        total=board.count_of(school_code, from_day, to_day),
        sessions=[SessionState.model_validate(each) for each in found],
    )


@router.post("/sessions", status_code=status.HTTP_201_CREATED)
def schedule(body: NewSession, asking: InAsking) -> Scheduled:
    """Announce a session. The same one again is no news and has the same id.

    Refused as in a plan file: a day outside the term, grades of another stage, too many hours; and
    unless it is confirmed, another session at that time for the same parents or in the same room.
    """
    by = asking.may(Action.SESSION_SCHEDULE, body.school_code)
    runtime = asking.runtime
    session_id, position = runtime.book.sessions.announce(
        planned(body, asking), by, confirmed=body.confirmed
    )
    return Scheduled(session_id=session_id, position=runtime.settle(position))


@router.get("/sessions/{session_id}")
def session(session_id: UUID, asking: InAsking) -> SessionState:
    found, _ = session_for(asking, session_id, Action.SESSION_READ)
    return SessionState.model_validate(found)


@router.post("/sessions/{session_id}/open")
def open_session(session_id: UUID, asking: InAsking) -> Recorded:
    _, by = session_for(asking, session_id, Action.SESSION_OPEN)
    return recorded(asking, asking.runtime.book.sessions.open(session_id, by))


@router.post("/sessions/{session_id}/close")
def close_session(session_id: UUID, asking: InAsking) -> Recorded:
    _, by = session_for(asking, session_id, Action.SESSION_CLOSE)
    return recorded(asking, asking.runtime.book.sessions.close(session_id, by))


@router.post("/sessions/{session_id}/head-counts", status_code=status.HTTP_201_CREATED)
def count_heads(session_id: UUID, body: HeadCount, asking: InAsking) -> Recorded:
    """Compare the room with the records; more than 5 % and 3 persons apart needs a reason."""
    _, by = session_for(asking, session_id, Action.SESSION_HEAD_COUNT)
    sessions = asking.runtime.book.sessions
    return recorded(
        asking, sessions.count_heads(session_id, body.persons_present, body.explanation, by)
    )


@router.post("/sessions/{session_id}/attestations", status_code=status.HTTP_201_CREATED)
def attest(session_id: UUID, body: Attestation, asking: InAsking) -> Recorded:
    """The second of the two attestations starts the award run.

    Where more were recorded since the head count, it is counted again before the first of them.
    """
    as_host = body.attested_as is Role.HOST
    action = Action.SESSION_ATTEST_AS_HOST if as_host else Action.SESSION_ATTEST_AS_COORDINATOR
    _, by = session_for(asking, session_id, action)
    return recorded(asking, asking.runtime.book.sessions.attest(session_id, body.attested_as, by))


def recorded(asking: Asking, position: int) -> Recorded:
    return Recorded(position=asking.runtime.settle(position))


def planned(body: NewSession, asking: Asking) -> SessionPlan:
    """The plan with what the register and the rules of its day add. Raises UnknownSchool."""
    book = asking.runtime.book
    units = book.sessions.rules_on(body.begins_at, body.school_code).units
    return SessionPlan(
        **body.model_dump(exclude={"confirmed"}),
        district_code=book.registry.school(body.school_code).district_code,
        course_id=Course.create_id(body.school_code, body.title),
        class_hour_minutes=units.class_hour_minutes[body.stage],
    )
