"""The exam of an invented institution's year: typed by one, checked by another, then evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from bench.institution import Step, Year
from domain.envelope import Role
from ledger.awards import Awards
from ledger.exams import PaperResult

TITLE = "家庭教育知识考核"
SAT_AT = datetime(2026, 6, 26, 11, 0, tzinfo=UTC)
SITS, LOWEST, HIGHEST = 0.93, 52, 100


def exam_day(year: Year) -> Iterator[Step]:
    """One sitting of everybody who came; every result counts once two have typed it."""
    by = year.by(SAT_AT, Role.COORDINATOR, "exam")
    exam_id = year.exams.publish(year.place.school_code, TITLE, SAT_AT.date(), by)
    sheet = [
        PaperResult(learner.id, year.chance.randint(LOWEST, HIGHEST))
        for learner in year.learners
        if year.chance.random() < SITS
    ]
    refused = year.exams.enter_results(exam_id, sheet, year.by(SAT_AT, Role.CLASS_TEACHER, "type"))
    checker = year.by(SAT_AT, Role.HEAD, "check")
    refused |= year.exams.check_results(exam_id, sheet, checker)
    assert not refused
    yield year.said()
    for result in sheet:
        yield evaluated(year, result.learner_id, checker.command_id)


def evaluated(year: Year, learner_id: UUID, cause: UUID) -> Step:
    def evaluate(awards: Awards) -> None:
        awards.evaluate(learner_id, SAT_AT, cause)

    evaluate(year.awards)
    return year.said(evaluate)
