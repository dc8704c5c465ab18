"""The recorded facts of a person, a session or any other stream, for those who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import orjson

from api.access.actions import Action
from api.access.policy import Forbidden, Organisation
from api.asking import Asking
from api.reaching import ReachedLearner, learner_for, may_too, unknown
from domain.account import Account
from domain.attendance import Attendance
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.refusals import Refused
from domain.sheet import Sheet
from projections.history import HistoryLine
from projections.reversing import ends, reversals

PURPOSE = "learner_history"
# The filters of a timeline: by the first word of a topic; what ends another fact has its own.
KINDS = {
    "hours": ("account", "external", "make_up", "micro_class", "push_record", "service"),
    "attendance": ("attendance", "session", "leave", "sheet", "waiting_scan"),
    "exams": ("attempt", "exam_record", "exam"),
    "results": ("evaluation", "star_proposal"),
    "certificates": ("certificate",),
    "person": ("learner", "link", "home_visit"),
    "cases": ("dispute", "appeal"),
}
REVERSALS = "reversals"


class FactUnknown(Refused):
    """Nothing is recorded under this id, position or code."""

    code = "fact_unknown"


@dataclass(frozen=True)
class About:
    """What a history is about: a learner, a session, or a stream by its id alone."""

    stream_id: UUID
    learner_id: UUID | None = None
    session_id: UUID | None = None


@dataclass(frozen=True)
class FactRow:
    """A fact as a line of a timeline; `facts` is the event as it was recorded, without names."""

    line: HistoryLine
    day: date
    kind: str
    ends: int | None
    ended_by: int | None
    hours: int | None
    session_id: UUID | None
    learner_id: UUID | None
    sheet_id: UUID | None
    reason_code: str | None
    facts: str


def reach(asking: Asking, stream_id: UUID) -> About:
    """A history for somebody to look at: whoever is in it is noted first.

    Raises FactUnknown, UnknownLearner, Forbidden, LoginRequired.
    """
    about, by = readable(asking, stream_id)
    whose, finding = about.stream_id, asking.runtime.models.finding
    shown = [whose] if whose == about.learner_id else finding.learners_in(whose)
    if shown:
        asking.runtime.book.vault.access_log.note(shown, by.actor, PURPOSE, by.at)
    return about


def readable(asking: Asking, stream_id: UUID) -> tuple[About, Envelope]:
    """What a history is about, for whoever may read it; nothing is noted yet.

    The school of the session or exam decides; who has no right there must have it over every
    learner of the stream. All other streams are the city's.
    Raises FactUnknown, UnknownLearner, Forbidden, LoginRequired.
    """
    models = asking.runtime.models
    if models.roster.is_registered(stream_id):
        found = history_for(asking, stream_id)
        return About(found.learner_id, found.learner_id), found.by
    if (teacher := models.teachers.teacher(stream_id)) is not None:
        return About(stream_id), asking.may(Action.TEACHER_READ, teacher.school_code)
    if (visit := models.home_visits.visit(stream_id)) is not None:
        return About(stream_id), asking.may(Action.HISTORY_READ, visit.school_code)
    subjects = (stream_id, *models.finding.subjects_of(stream_id))
    session = next(filter(None, map(models.sessions.session, subjects)), None)
    place = session or next(filter(None, map(models.exams.exam, subjects)), None)
    learners = [each for each in subjects if models.roster.is_registered(each)]
    whose, where = next(iter(learners), None), session.session_id if session else None
    about = About(stream_id, whose, where)
    may_read = place is not None and may_too(asking, Action.HISTORY_READ, place.school_code)
    if place is not None and (may_read or not learners):
        return about, asking.may(Action.HISTORY_READ, place.school_code)
    if learners:
        reached = [history_for(asking, each) for each in learners]
        return about, reached[0].by
    if not models.finding.is_stream(stream_id):
        raise unknown(asking, Action.AUDIT_READ, FactUnknown())
    return about, asking.may_in(Action.AUDIT_READ, Organisation())


def history_for(asking: Asking, learner_id: UUID) -> ReachedLearner:
    """Raises UnknownLearner, Forbidden, LoginRequired."""
    reached = learner_for(asking, learner_id)
    if not reached.may_see_history:
        raise Forbidden(action=Action.HISTORY_READ.value)
    return reached


def with_history(asking: Asking, learner_id: UUID) -> UUID:
    """The record that speaks for the person now; the look at their history is logged.

    Raises UnknownLearner, Forbidden, LoginRequired.
    """
    reached = history_for(asking, learner_id)
    by, log = reached.by, asking.runtime.book.vault.access_log
    log.note([reached.learner_id], by.actor, PURPOSE, by.at)
    return reached.learner_id


def facts_of(
    asking: Asking, about: About, as_of: date | None = None, known_by: datetime | None = None
) -> list[FactRow]:
    """Every fact, the newest first: what had happened by a day, or was known at a moment."""
    lines = asking.runtime.models.history.history(about.stream_id, as_of, known_by)
    ended = reversals(lines)
    ending = {by: position for position, by in ended.items()}
    whose = {
        line.originator_id: (line.event.session_id, line.event.learner_id)
        for line in lines
        if isinstance(line.event, Attendance.CheckedIn)
    }
    return [
        FactRow(
            line=line,
            day=local_day(line.occurred_at, CITY_ZONE),
            kind=kind_of(line),
            ends=ending.get(line.position),
            ended_by=ended.get(line.position),
            hours=hours_of(line),
            session_id=whose.get(line.originator_id, (session_of(line), None))[0],
            learner_id=whose.get(line.originator_id, (None, learner_of(line)))[1],
            sheet_id=sheet_of(line),
            reason_code=reason_of(line),
            facts=as_recorded(line),
        )
        for line in reversed(lines)
    ]


def kind_of(line: HistoryLine) -> str:
    if ends(line.event) is not None:
        return REVERSALS
    stream = line.topic.split(".")[0]
    return next((kind for kind, streams in KINDS.items() if stream in streams), "other")


def hours_of(line: HistoryLine) -> int | None:
    """What the balance of an account gains or loses."""
    match line.event:
        case Account.CreditAwarded(credit=credit):
            return credit.hours
        case Account.CreditReversed(hours=hours):
            return hours
        case _:
            return None


def session_of(line: HistoryLine) -> UUID | None:
    match line.event:
        case Account.CreditAwarded(credit=credit):
            return credit.session_id
        case event:
            found: UUID | None = getattr(event, "session_id", None)
            return found


def learner_of(line: HistoryLine) -> UUID | None:
    found: UUID | None = getattr(line.event, "learner_id", None)
    return found


def sheet_of(line: HistoryLine) -> UUID | None:
    """The sheet of paper that a fact is of, or that an attendance was typed from."""
    if line.topic.split(".")[0] == Sheet.TOPIC:
        return line.originator_id
    found: UUID | None = getattr(getattr(line.event, "on_paper", None), "sheet_id", None)
    return found


def reason_of(line: HistoryLine) -> str | None:
    """Why a fact took back another one."""
    found: str | None = getattr(line.event, "reason_code", None)
    return found if ends(line.event) is not None else None


def as_recorded(line: HistoryLine) -> str:
    """The event as JSON. No person's data lie in it: names are in the vault alone."""
    state = line.event.model_dump(mode="json", exclude=set(line.withheld), exclude_none=True)
    return orjson.dumps(state, option=orjson.OPT_INDENT_2).decode()
