"""Exams and their results (考核成绩表), question banks and their questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.exports.handing_out import (
    FileName,
    Listing,
    Row,
    Saying,
    handed_out,
    moment,
    numbered,
    saying,
)
from api.files.questions import LETTERS, says_right
from api.pages.staff_class_list import called
from api.pages.staff_exam_rows import PURPOSE
from api.pages.staff_question_banks import Owner, usable
from api.pages.staff_question_banks import name_of as owner_named
from api.question_banks import bank_for, may_read
from api.reaching import either, exam_readable
from domain.envelope import Envelope
from ledger.vault import Subject
from projections.exam_attempt_line import AttemptLine
from projections.exam_board import ExamOnBoard
from projections.question_board import QuestionRow
from projections.roster import Tie

router = APIRouter(include_in_schema=False)

EXAMS = {
    "序号": 6, "考核名称": 30, "考核日期": 12, "方式": 18, "合格线": 8, "已录入": 8, "已复核": 8,
    "合格": 8,
}  # fmt: skip
RESULTS = {
    "序号": 6, "考核名称": 24, "考核日期": 12, "班级": 14, "学生姓名": 18, "家长姓名": 18,
    "与学生关系": 12, "成绩": 8, "是否合格": 10, "阅卷人": 20, "复核人": 20, "备注": 16, "场次": 6,
    "方式": 10, "次数": 6, "状态": 12, "录入时间": 18,
}  # fmt: skip
TIE_ENDED = "监护关系已于{day}终止"
BANKS = {"序号": 6, "所属": 14, "课程": 30, "题目": 8}
QUESTIONS = {
    "序号": 6, "课程": 20, "题号": 10, "题型": 10, "题目": 40, "选项A": 20, "选项B": 20,
    "选项C": 20, "选项D": 20, "选项E": 20, "选项F": 20, "选项G": 20, "选项H": 20, "正确答案": 10,
    "解析": 30, "是否停用": 10, "备注": 10,
}  # fmt: skip


@router.get("/staff/exams/{school_code}/list.xlsx")
def exams(request: Request, asking: InAsking, school_code: str) -> Response:
    either(asking, (Action.EXAM_ENTER, Action.EXAM_CHECK), school_code)
    models = asking.runtime.models
    listing = exams_listing(models.exams.exams_of(school_code), saying(request))
    name = FileName("05考核", models.schools.school(school_code))
    return handed_out(request, asking, name, [listing])


def exams_listing(found: Iterable[ExamOnBoard], say: Saying) -> Listing:
    rows = numbered(
        (
            each.title, each.held_on, "、".join(say.word("exam_ways", mode) for mode in each.modes),
            each.pass_mark, each.entered, each.checked, each.passed, str(each.exam_id),
        )
        for each in found
    )  # fmt: skip
    return Listing("考核", EXAMS, rows)


@router.get("/staff/exams/of/{exam_id}/results.xlsx")
def results(request: Request, asking: InAsking, exam_id: UUID) -> Response:
    """Every attempt of every class; scores that do not count yet are not shown."""
    exam, by = exam_readable(asking, exam_id)
    school = asking.runtime.models.schools.school(exam.school_code)
    name = FileName(f"05考核成绩表-{exam.title}", school, period=f"{exam.school_year}学年")
    return handed_out(request, asking, name, [results_listing(asking, exam, by, saying(request))])


def results_listing(asking: Asking, exam: ExamOnBoard, by: Envelope, say: Saying) -> Listing:
    return Listing("考核成绩表", RESULTS, numbered(result_rows(asking, exam, by, say)))


def result_rows(asking: Asking, exam: ExamOnBoard, by: Envelope, say: Saying) -> Iterator[Row]:
    """Who marked and who checked is named: so a sheet is understood when it comes back."""
    models, attempts = asking.runtime.models, asking.runtime.models.exams.attempts_of(exam.exam_id)
    learners = {line.learner_id for line in attempts}
    found = models.roster.ties_of(learners, exam.school_code, exam.school_year)
    ties = {tie.learner_id: tie for tie in found}
    staff = {each for line in attempts for each in (line.entered_by, line.checked_by) if each}
    ids = learners | staff | {tie.child_id for tie in found}
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    for line in attempts:
        tie = ties.get(line.learner_id)
        yield (
            exam.title, exam.held_on, f"{tie.grade}{tie.class_group}" if tie else None,
            called(names, tie.child_id) if tie else None, called(names, line.learner_id),
            say.named("relation", tie.relation_code) if tie else None,
            *result_cells(line, tie, say, names),
        )  # fmt: skip


def result_cells(
    line: AttemptLine, tie: Tie | None, say: Saying, names: Mapping[UUID, Subject]
) -> Row:
    passed = {True: say.text("是"), False: say.text("否"), None: None}[line.passed]
    said = (line.score, passed) if line.counts else (None, None)
    ended = tie.tie_ended_on if tie else None
    parted = say.text(TIE_ENDED, day=ended) if ended else ""
    notes = (say.word("reasons", line.put_right), parted)
    return (
        *said, *by_hand(line, names), "；".join(filter(None, notes)) or None,
        line.sitting, say.word("exam_ways", line.way), line.number,
        say.word("exam_standings", line.standing), moment(line.entered_at), str(line.attempt_id),
    )  # fmt: skip


def by_hand(line: AttemptLine, names: Mapping[UUID, Subject]) -> Row:
    """Who marked and who checked; nobody where the program did, or the name is kept no more."""
    if line.way == "online":
        return None, None
    found = (names.get(who) if who else None for who in (line.entered_by, line.checked_by))
    return [each.name if each else None for each in found]


@router.get("/staff/question-banks/{owner}/list.xlsx")
def banks(request: Request, asking: InAsking, owner: Owner) -> Response:
    may_read(asking, owner)
    rows = numbered(
        (each.owner, each.title, each.questions, str(each.bank_id))
        for each in usable(asking, owner)
    )
    name = FileName("考核题库", place=owner_named(asking, owner))
    return handed_out(
        request, asking, name, [Listing("考核题库", BANKS, rows, about_parents=False)]
    )


@router.get("/staff/question-banks/of/{bank_id}/questions.xlsx")
def questions(request: Request, asking: InAsking, bank_id: UUID) -> Response:
    """In the form in which questions are brought."""
    bank, _ = bank_for(asking, bank_id, Action.QUESTION_BANK_READ)
    found, say = asking.runtime.models.questions.questions_of(bank_id), saying(request)
    rows = numbered(question_rows(bank.title, found, say))
    name = FileName(f"考核题库-{bank.title}", place=owner_named(asking, bank.owner))
    listing = Listing("考核题库", QUESTIONS, rows, about_parents=False)
    return handed_out(request, asking, name, [listing])


def question_rows(course: str, found: Iterable[QuestionRow], say: Saying) -> Iterator[Row]:
    for each in found:
        yield (
            course, each.number, say.word("question_kinds", each.kind), each.text,
            *choices_and_right(each, say), each.explanation,
            say.text("是" if each.retired else "否"), None, str(each.question_id),
        )  # fmt: skip


def choices_and_right(each: QuestionRow, say: Saying) -> Row:
    """Of right and wrong what the right choice says, wherever it stands: a file has no order."""
    is_right = says_right(each.choices[each.right[0]]) if each.kind == "true_false" else None
    if is_right is not None:
        return *[None] * len(LETTERS), say.text("对" if is_right else "错")
    blank = [None] * (len(LETTERS) - len(each.choices))
    return *each.choices, *blank, "、".join(LETTERS[place] for place in each.right)
