"""The exam of an invented institution's year: typed by one, checked by another, then evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from bench.institution import Step, Year
from domain.envelope import Role
from domain.exam import Exam, ExamMode, ExamRecord
from domain.exam_attempt import Attempt
from domain.learner import Learner
from ledger.evaluating import evaluated_everywhere, system_envelope
from ledger.exams_on_paper import Case, PaperResult, check_one, enter_one

TITLE = "家庭教育知识考核"
SAT_AT = datetime(2026, 6, 26, 11, 0, tzinfo=UTC)
SITS, LOWEST, HIGHEST = 0.93, 52, 100


@dataclass(frozen=True)
class Evaluating(Step):
    """What follows from a counted result."""

    learner_id: UUID
    at: datetime
    cause: UUID


def sat(year: Year) -> Iterator[Step]:
    """One sitting of everybody who came; every result counts once two have typed it."""
    exam = published(year)
    yield Step([exam])
    sheet = [
        PaperResult(learner.id, year.chance.randint(LOWEST, HIGHEST))
        for learner in year.learners
        if year.chance.random() < SITS
    ]
    typist = year.by(SAT_AT, Role.CLASS_TEACHER, "type", exam.id)
    attempts = [
        cast("Attempt", made)
        for result in sheet
        for made in enter_one(exam, result, case_of(year), typist).changed
    ]
    yield Step(attempts)
    checker = year.by(SAT_AT, Role.HEAD, "check", exam.id)
    for result, attempt in zip(sheet, attempts, strict=True):
        changed = check_one(exam, result, case_of(year, attempt), checker).changed
        for each in changed:
            year.streams.put(each)
        yield Step(changed)
    for result in sheet:
        yield evaluation(year, result.learner_id, checker.command_id)


def published(year: Year) -> Exam:
    rules = year.rules.exam
    return Exam(
        school_code=year.place.school_code,
        title=TITLE,
        school_year=year.sessions[0].plan.school_year,
        held_on=SAT_AT.date(),
        pass_mark=rules.pass_mark,
        merit_mark=rules.merit_mark,
        modes=(ExamMode.PAPER,),
        envelope=year.by(SAT_AT, Role.COORDINATOR, "exam").under(year.rules.version),
    )


def case_of(year: Year, waiting: Attempt | None = None) -> Case:
    """Somebody's first attempt: nothing of theirs is recorded but what waits."""
    record: ExamRecord | None = None
    return Case(True, record, (), waiting, 0, year.rules.exam)


def evaluation(year: Year, learner_id: UUID, cause: UUID) -> Evaluating:
    learner = year.streams.get(Learner, learner_id)
    assert learner is not None
    command = system_envelope(SAT_AT, "", cause, "evaluate", learner_id)
    found = evaluated_everywhere(year.streams, learner, year.rules_on, command)
    for each in found:
        year.streams.put(each)
    return Evaluating(found, learner_id, SAT_AT, cause)
