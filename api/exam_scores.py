"""Scores that staff hand in, on a page or as JSON: of those alone whom the exam's day had."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from api.asking import Asking
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.exam import ExamNotOpen
from domain.learner import UnknownLearner
from domain.refusals import Refused
from ledger.exams import PaperResult
from projections.exam_board import ExamOnBoard


def hand_in(
    asking: Asking, exam: ExamOnBoard, results: Sequence[PaperResult], by: Envelope, *, checks: bool
) -> dict[UUID, Refused]:
    """Type scores or check them; what was refused, by learner: the others are recorded.

    Raises ExamNotOpen before the day of the exam: nobody can have sat it.
    """
    if local_day(by.at, CITY_ZONE) < exam.held_on:
        raise ExamNotOpen(held_on=exam.held_on)
    book, roster = asking.runtime.book, asking.runtime.models.roster
    listed = set(roster.learners_of(exam.school_code, exam.school_year, exam.held_on))
    known = [result for result in results if result.learner_id in listed]
    refused: dict[UUID, Refused] = {
        result.learner_id: UnknownLearner(id=result.learner_id)
        for result in results
        if result.learner_id not in listed
    }
    act = book.exams.check_results if checks else book.exams.enter_results
    if known:
        refused |= act(exam.exam_id, known, by)
        asking.runtime.settle(book.ledger.position())
    return refused
