"""Compliance: what a school offered in a term against its duty (GZ-6, MOE-5), and its light.

The duty is the school's alone. Nothing here is ever asked of a parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from domain.calendar import Term, local_day
from domain.rulebook import Rulebook
from domain.rules import SchoolTermCompliance
from domain.standing import Standing

_DAYS_OF_A_WEEK = 7


class Verdict(StrEnum):
    """Whether a session counts for the term, or why it does not."""

    COUNTS = "counts"
    PARALLEL_RUN = "parallel_run"
    PLANNED = "planned"
    NOT_ATTESTED = "not_attested"
    NOT_HELD = "not_held"
    MODE_NOT_COUNTED = "mode_not_counted"
    CANCELLED = "cancelled"
    VOIDED = "voided"

    @property
    def may_still_count(self) -> bool:
        return self in {Verdict.PLANNED, Verdict.NOT_ATTESTED}


class Light(StrEnum):
    """How a school stands to its duty of a term."""

    MET = "met"
    ON_COURSE = "on_course"
    AT_RISK = "at_risk"
    NOT_MET = "not_met"
    NOT_REPORTED = "not_reported"


@dataclass(frozen=True, slots=True)
class TermSession:
    """What compliance looks at in a session. An empty audience is the whole school."""

    session_id: UUID
    course_id: UUID
    mode: str
    class_hours: int
    grades: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime
    standing: Standing
    rulebook_version: str | None = None

    def is_open_to(self, grade: str) -> bool:
        return not self.grades or grade in self.grades


@dataclass(frozen=True, slots=True)
class Tally:
    """Activities, and class hours in hundredths."""

    activities: int
    class_hours: int

    def meets(self, rules: SchoolTermCompliance) -> bool:
        enough = self.class_hours >= rules.min_class_hours
        return enough and self.activities >= rules.min_activities


@dataclass(frozen=True, slots=True)
class Compliance:
    """A school's term at a moment: what counts, what could still count, and the light."""

    light: Light
    counted: Tally
    in_reach: Tally
    weeks_left: int
    by_grade: Mapping[str, Tally]
    in_reach_by_grade: Mapping[str, Tally]
    verdicts: Mapping[UUID, Verdict]


def comply(
    sessions: Iterable[TermSession],
    grades: Iterable[str],
    term: Term,
    rulebook: Rulebook,
    at: datetime,
) -> Compliance:
    """Judge a school's term as it stands at a moment."""
    known, rules = tuple(sessions), rulebook.school_term_compliance
    offered_to = tuple(grades)
    verdicts = judged(known, rules, at)
    reaching = tuple(s for s in known if _counts(verdicts[s.session_id], in_reach=True))
    in_reach = tally(reaching)
    counting = tuple(s for s in known if _counts(verdicts[s.session_id], in_reach=False))
    counted = tally(counting)
    left = (term.ends - local_day(at, rulebook.time_zone)).days
    return Compliance(
        light=_light(counted, in_reach, left, rulebook) if known else Light.NOT_REPORTED,
        counted=counted,
        in_reach=in_reach,
        weeks_left=max(-(-left // _DAYS_OF_A_WEEK), 0),
        by_grade=_by_grade(counting, offered_to),
        in_reach_by_grade=_by_grade(reaching, offered_to),
        verdicts=verdicts,
    )


def _by_grade(sessions: Iterable[TermSession], grades: Iterable[str]) -> dict[str, Tally]:
    known = tuple(sessions)
    return {grade: tally(s for s in known if s.is_open_to(grade)) for grade in grades}


def judged(
    sessions: Iterable[TermSession], rules: SchoolTermCompliance, at: datetime
) -> dict[UUID, Verdict]:
    """Each session's verdict. Of the runs of one course the longest counts, the first of equals."""
    found = {s.session_id: (s, _alone(s, rules, at)) for s in sessions}
    counting = best_runs(s for s, verdict in found.values() if verdict is Verdict.COUNTS)
    return {
        key: Verdict.PARALLEL_RUN
        if verdict is Verdict.COUNTS and counting[session.course_id] != session
        else verdict
        for key, (session, verdict) in found.items()
    }


def tally(sessions: Iterable[TermSession]) -> Tally:
    """The same course for several classes is one activity, and its class hours are given once."""
    best = best_runs(sessions).values()
    return Tally(len(best), sum(session.class_hours for session in best))


class Run(Protocol):
    """What tells the runs of one course apart: a session as it is judged, or as it is planned."""

    @property
    def session_id(self) -> UUID: ...

    @property
    def course_id(self) -> UUID: ...

    @property
    def class_hours(self) -> int: ...

    @property
    def begins_at(self) -> datetime: ...


AnyRun = TypeVar("AnyRun", bound=Run)


def best_runs(sessions: Iterable[AnyRun]) -> dict[UUID, AnyRun]:
    """The run of each course that counts."""
    best: dict[UUID, AnyRun] = {}
    for session in sorted(sessions, key=lambda s: (-s.class_hours, s.begins_at, s.session_id)):
        best.setdefault(session.course_id, session)
    return best


def _alone(session: TermSession, rules: SchoolTermCompliance, at: datetime) -> Verdict:
    """What a session is worth by itself, without the other runs of its course."""
    match session.standing:
        case Standing.CANCELLED:
            return Verdict.CANCELLED
        case Standing.VOIDED:
            return Verdict.VOIDED
        case _ if session.mode not in rules.modes_counted:
            return Verdict.MODE_NOT_COUNTED
        case Standing.ATTESTED:
            return Verdict.COUNTS
        case Standing.SCHEDULED:
            return Verdict.PLANNED if at < session.ends_at else Verdict.NOT_HELD
        case _:
            return Verdict.NOT_ATTESTED


def _counts(verdict: Verdict, *, in_reach: bool) -> bool:
    held = verdict in {Verdict.COUNTS, Verdict.PARALLEL_RUN}
    return held or (in_reach and verdict.may_still_count)


def _light(counted: Tally, in_reach: Tally, days_left: int, rulebook: Rulebook) -> Light:
    """Met by what counts; else at risk where what is planned does not suffice, or time is short.

    After the term nothing can be planned: what was held may be attested while late posting lasts.
    """
    rules, late = (
        rulebook.school_term_compliance,
        rulebook.calendar.late_posting_days_after_term_end,
    )
    suffices = in_reach.meets(rules)
    if counted.meets(rules):
        return Light.MET
    if days_left < -late or (days_left < 0 and not suffices):
        return Light.NOT_MET
    is_short = days_left <= rules.short_days_left
    return Light.ON_COURSE if suffices and not is_short else Light.AT_RISK
