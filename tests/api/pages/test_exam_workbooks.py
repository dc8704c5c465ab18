"""The workbooks of exams and question banks: what waits is not told, every choice is there."""

from __future__ import annotations

from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.files.exam import read_exam_results
from api.files.questions import read_questions
from tests.acting import SCHOOL
from tests.api.desk import Desk
from tests.api.pages.test_staff_exams import exam, send
from tests.online_exams import STARTED, answers, parent, publish_online

__all__ = ["exam"]  # the fixture


def rows(client: TestClient, address: str) -> list[dict[str, object]]:
    """The rows of a workbook's first sheet by their heads."""
    answer = client.get(address)
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, line in enumerate(lines) if line[0] == "序号")
    return [dict(zip(map(str, lines[head]), line, strict=True)) for line in lines[head + 1 :]]


def test_who_checks_is_not_told_the_score_by_the_workbook(desk: Desk, exam: str) -> None:
    learner, other, _ = desk.pilot.learners
    send(desk.browser("class_teacher"), f"{exam}/results", [learner, other], ["86", "55"])
    send(desk.browser("head"), f"{exam}/checks", [learner], ["86"])

    found = rows(desk.browser("head"), f"{exam}/results.xlsx")

    said = {row["状态"]: (row["成绩"], row["是否合格"]) for row in found if row["状态"]}
    assert said == {"已计入": (86, "是"), "待复核": (None, None)}


def test_who_marked_and_who_checked_are_named_and_the_sheet_is_read_when_it_comes_back(
    desk: Desk, exam: str
) -> None:
    learner, other, _ = desk.pilot.learners
    send(desk.browser("class_teacher"), f"{exam}/results", [learner, other], ["86", "55"])
    send(desk.browser("head"), f"{exam}/checks", [learner], ["86"])
    vault = desk.runtime.book.vault
    [tie] = desk.runtime.models.roster.ties_of({learner}, SCHOOL, 2026)
    vault.put(learner, "learner", {"name": "示例陈建"})
    vault.put(tie.child_id, "child", {"name": "示例陈小"})
    for asker, name in (("class_teacher", "示例王老师"), ("head", "示例刘主任")):
        vault.put(desk.people[asker], "staff", {"name": name})
    coordinator = desk.browser("coordinator")

    content = coordinator.get(f"{exam}/results.xlsx").content
    file = read_exam_results(content, pass_mark=lambda *_: 60)

    [row] = file.rows
    assert (row.score, row.marked_by, row.checked_by) == (86, "示例王老师", "示例刘主任")
    vault.drop("staff", [desk.people["class_teacher"]])
    said = rows(coordinator, f"{exam}/results.xlsx")
    assert {(row["阅卷人"], row["复核人"]) for row in said} == {(None, "示例刘主任"), (None, None)}


def test_nobody_marked_what_the_program_marked(desk: Desk) -> None:
    book, learner = desk.runtime.book, desk.pilot.learners[0]
    exam_id = publish_online(book)
    attempt = book.online_exams.start(exam_id, learner, parent(learner))
    given = answers(book, attempt, learner)
    book.online_exams.submit(attempt, learner, given, parent(learner))
    desk.catch_up(book.ledger.position())
    desk.clock.move_to(STARTED)

    [row] = rows(desk.browser("head"), f"/staff/exams/of/{exam_id}/results.xlsx")

    assert (row["方式"], row["阅卷人"], row["复核人"]) == ("线上", None, None)


def opened(desk: Desk) -> str:
    """The address of a new bank."""
    desk.at_the_door()
    form = {"course": "亲子沟通"}
    answer = desk.browser("coordinator").post(f"/staff/question-banks/{SCHOOL}", data=form)
    return answer.headers["location"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_right_and_wrong_go_out_by_their_words_and_come_back_the_same(
    desk: Desk, language: str
) -> None:
    """Whoever typed 错 first has the right answer in the second place."""
    bank, coordinator = opened(desk), desk.browser("coordinator")
    asked = {"kind": "true_false", "text": "题", "right": "2", "explanation": ""}
    for number, choices in (("1", "错\n对"), ("2", "正确\n错误"), ("3", "也许\n未必")):
        form = {**asked, "number": number, "choices": choices}
        assert coordinator.post(f"{bank}/questions", data=form).status_code == 303

    address, asking = f"{bank}/questions.xlsx", {"Accept-Language": language}
    file = read_questions(coordinator.get(address, headers=asking).content)

    said = {row.question.number: row.question.choices[row.question.right[0]] for row in file.rows}
    assert said == {"1": "对", "2": "错"}
    assert {each.code for each in file.rejections} == {"choices_not_right_and_wrong"}


def test_eight_choices_go_out_and_come_back(desk: Desk) -> None:
    bank, coordinator = opened(desk), desk.browser("coordinator")
    asked = {"number": "1", "kind": "several", "text": "题", "right": "7、8", "explanation": ""}
    choices = {"choices": "\n".join("甲乙丙丁戊己庚辛")}
    assert coordinator.post(f"{bank}/questions", data={**asked, **choices}).status_code == 303

    [row, *_] = rows(coordinator, f"{bank}/questions.xlsx")
    assert (row["选项G"], row["选项H"], row["正确答案"]) == ("庚", "辛", "G、H")

    nine = {"revises": "yes", "choices": "\n".join("甲乙丙丁戊己庚辛壬")}
    refused = coordinator.post(f"{bank}/questions", data={**asked, **nine})
    assert refused.status_code == 422
