"""The rows of an exam's page: the learners of a class, and whoever took part beside the lists."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from api.asking import Asking
from api.language.catalogue import language_of
from api.pages.staff_class_list import called, children_called, ids_of, one_each
from api.problems import text_of
from domain.envelope import Envelope
from domain.refusals import Refused
from projections.exam_board import AttemptLine, ExamOnBoard
from projections.roster import Tie

PURPOSE = "exam_results"


@dataclass(frozen=True)
class ScoreRow:
    """One learner of the class: what was typed, what counts, and why a score was not taken."""

    learner_id: UUID
    name: str
    child_name: str
    attempts: list[AttemptLine]
    typed: str = ""
    refusal: str | None = None
    tie: Tie | None = None  # of somebody who is on no list of the exam's day

    @property
    def waits_for_check(self) -> bool:
        return any(a.way == "paper" and a.standing == "waiting" for a in self.attempts)


@dataclass(frozen=True)
class Answer:
    """What a form of scores brought: what was typed, and what was refused."""

    typed: dict[UUID, str]
    refused: dict[UUID, Refused]
    sitting: int = 1


def rows_of(
    request: Request,
    asking: Asking,
    exam: ExamOnBoard,
    chosen: tuple[str, str],
    by: Envelope,
    answer: Answer,
) -> list[ScoreRow]:
    """A class as it was on the day of the exam."""
    school, year, day = exam.school_code, exam.school_year, exam.held_on
    places = asking.runtime.models.roster.class_list(school, year, *chosen, day)
    names = asking.runtime.book.vault.show(ids_of(places), to=by.actor, purpose=PURPOSE, at=by.at)
    attempts = attempts_of(asking, exam)
    rows = [
        ScoreRow(
            learner_id,
            called(names, learner_id),
            children_called(names, own),
            attempts.get(learner_id, []),
            answer.typed.get(learner_id, ""),
            text_of(refusal.code, language_of(request))
            if (refusal := answer.refused.get(learner_id))
            else None,
        )
        for own in one_each(places)
        for learner_id in (own[0].learner_id,)
    ]
    return sorted(rows, key=lambda row: (row.child_name, row.name))


def beside_the_lists(asking: Asking, exam: ExamOnBoard, by: Envelope) -> list[ScoreRow]:
    """Whoever took part and is on no list of that day: the tie has ended, or the child had left."""
    roster, attempts = asking.runtime.models.roster, attempts_of(asking, exam)
    school, year = exam.school_code, exam.school_year
    unlisted = attempts.keys() - set(roster.learners_of(school, year, exam.held_on))
    if not unlisted:
        return []
    ties = {tie.learner_id: tie for tie in roster.ties_of(unlisted, school, year)}
    ids = unlisted | {tie.child_id for tie in ties.values()}
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    rows = [
        ScoreRow(
            learner_id,
            called(names, learner_id),
            called(names, tie.child_id) if (tie := ties.get(learner_id)) else "",
            attempts[learner_id],
            tie=tie,
        )
        for learner_id in unlisted
    ]
    return sorted(rows, key=lambda row: (row.child_name, row.name))


def attempts_of(asking: Asking, exam: ExamOnBoard) -> dict[UUID, list[AttemptLine]]:
    attempts: dict[UUID, list[AttemptLine]] = {}
    for line in asking.runtime.models.exams.attempts_of(exam.exam_id):
        attempts.setdefault(line.learner_id, []).append(line)
    return attempts
