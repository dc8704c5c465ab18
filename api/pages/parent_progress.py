"""How far a parent is, stage by stage: hours, stars, and what is missing in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from api.bootstrap import Runtime
from api.pages.parent_words import STARS, Words
from api.plan_checking import offered
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.carriers import CourseFamily
from domain.completing import Condition, LearningRecord
from domain.evaluation import Evaluation
from domain.filling import Way, filled_by
from domain.hours import as_text
from domain.learner import Learner
from domain.missing import Missing, missing
from domain.plan_check import Offered
from domain.rulebook import Rulebook
from domain.stars import star_conditions
from ledger.evaluating import record_of, school_of
from ledger.streams import Streams
from projections.session_board import SessionOnBoard

Coming = Sequence[tuple[SessionOnBoard, Offered]]

MOST_LINES = 5
MOST_SESSIONS = 2  # named on a line

MISSING = {
    "completion.annual.min_hours": "本学年结业还差 {hours} 学时",
    "completion.annual.min_face_to_face_hours": "其中面对面活动还差 {hours} 学时",
    "course_families.required_for_completion": "再参加 {count} 类不同的课程",
    "course_families.must_include": "参加 {count} 次“{family}”",
    "completion.annual.exams_passed": "通过 {count} 次学习测评",
    "hours": "升为{star}还差 {hours} 学时",
    "exams_passed": "升为{star}：通过 {count} 次学习测评",
    "annual_completions": "升为{star}：再完成 {count} 个学年的结业",
    "families": "升为{star}：再参加 {count} 类不同的课程",
    "theme_activities": "升为{star}：再参加 {count} 次主题活动",
    "shares": "升为{star}：再做 {count} 次经验分享",
    "no_star_terms_after_fraud": "有学时经核实不实：当学期及之后 {terms} 个学期暂停评星，之后恢复",
}


@dataclass(frozen=True)
class Mark:
    """A star on the scale of hours."""

    star: int
    hours: int
    percent: int


@dataclass(frozen=True)
class Lacking:
    """A line of what is missing, and the next sessions that bring it forward."""

    words: Words
    sessions: tuple[SessionOnBoard, ...] = ()


@dataclass(frozen=True)
class StageProgress:
    stage: str
    star_level: int
    not_renewed_in: int | None
    hours: int
    percent: int
    marks: tuple[Mark, ...]
    missing: tuple[Lacking, ...]


def progress_of(
    runtime: Runtime, learner: Learner, sessions: Sequence[SessionOnBoard], at: datetime
) -> list[StageProgress]:
    """One for each stage the learner was enrolled in, the newest school year's first.

    `sessions` are those to come, the soonest first.
    """
    book, day = runtime.book, local_day(at, CITY_ZONE)
    rules_on = book.rulebooks.on
    streams = Streams.of_learners(book.ledger.load, [learner.id])
    plans = {each.session_id: each for each in offered(runtime, sessions)}
    coming = [(each, plans[each.session_id]) for each in sessions if each.session_id in plans]
    return [
        stage_progress(
            streams, learner, stage, rules_on(day, school_of(learner, stage)), day, coming
        )
        for stage in stages_of(learner)
    ]


def stages_of(learner: Learner) -> list[str]:
    newest = sorted(learner.enrolments.values(), key=lambda place: -place.school_year)
    return list(dict.fromkeys(place.stage for place in newest))


def stage_progress(
    streams: Streams, learner: Learner, stage: str, rulebook: Rulebook, day: date, coming: Coming
) -> StageProgress:
    record = record_of(streams, learner, stage, rulebook, day)
    evaluation = streams.get(Evaluation, Evaluation.create_id(learner.id, stage))
    completed = evaluation.completed_years if evaluation else frozenset[int]()
    star_level = evaluation.star_level if evaluation else 0
    lacking = missing(record, rulebook, school_year_of(day), completed, star_level)
    hours, marks = scale(record, rulebook, len(completed), star_level)
    return StageProgress(
        stage=stage,
        star_level=star_level,
        not_renewed_in=evaluation.not_renewed_in if evaluation else None,
        hours=hours,
        percent=share(hours, marks[-1].hours),
        marks=marks,
        missing=tuple(lines_of(Way(record, lacking, completed, rulebook), coming)),
    )


def scale(
    record: LearningRecord, rulebook: Rulebook, completed: int, star_level: int
) -> tuple[int, tuple[Mark, ...]]:
    """The hours that count for the next star, and where each star lies on their scale."""
    asked = {
        star: next(c for c in conditions if c.ref.endswith(".hours"))
        for star, conditions in star_conditions(record, rulebook, completed).items()
    }
    top = max(condition.threshold for condition in asked.values())
    marks = (Mark(star, c.threshold, share(c.threshold, top)) for star, c in asked.items())
    following = min((star for star in asked if star > star_level), default=max(asked))
    return asked[following].value, tuple(marks)


def share(part: int, whole: int) -> int:
    return min(100, part * 100 // max(whole, 1))


def lines_of(way: Way, coming: Coming) -> list[Lacking]:
    """What is missing in a few lines, each with the next sessions that bring it forward."""
    filled = [(session, filled_by(way, offer)) for session, offer in coming]
    lines = islice(told_once(way.lacking), MOST_LINES)
    return [
        Lacking(
            missing_words(condition, way.lacking.next_star),
            tuple(session for session, refs in filled if condition.ref in refs)[:MOST_SESSIONS],
        )
        for condition in lines
    ]


def told_once(lacking: Missing) -> Iterator[Condition]:
    """The completion of the year first, then the next star; each figure once."""
    yield from lacking.completion
    # A higher star asks for more of the same: its condition takes the lower one's place.
    yield from {condition.ref.rpartition(".")[2]: condition for condition in lacking.star}.values()


def missing_words(condition: Condition, next_star: int | None) -> Words:
    lacks = condition.threshold - condition.value
    star = Words(STARS[next_star]) if next_star else ""
    values: dict[str, object] = {"count": lacks, "hours": as_text(lacks), "star": star}
    values["terms"] = condition.threshold
    group, _, last = condition.ref.rpartition(".")
    if group == "course_families.must_include":
        values["family"] = CourseFamily(last)
        return Words(MISSING[group], values)
    return Words(MISSING.get(condition.ref) or MISSING[last], values)
