"""Question banks on a page: begun for a course, filled one by one, revised, retired."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.acting import DISTRICT, SCHOOL
from tests.api.desk import Desk
from tests.online_exams import fill_bank

ASKED = {
    "number": "1", "kind": "several", "text": "（示例）哪些做法有助于倾听？",
    "choices": "放下手机\n看着孩子\n\n一边做事一边听", "right": "1、2",
    "explanation": "（示例）专心听。",
}  # fmt: skip


@pytest.fixture
def bank(desk: Desk) -> str:
    desk.at_the_door()
    form = {"course": "亲子沟通"}
    answer = desk.browser("coordinator").post(f"/staff/question-banks/{SCHOOL}", data=form)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_a_question_is_added_revised_and_retired(desk: Desk, bank: str) -> None:
    coordinator = desk.browser("coordinator")
    assert coordinator.post(f"{bank}/questions", data=ASKED).status_code == 303
    [row] = desk.runtime.models.questions.questions_of(desk_bank(desk))
    assert (row.choices, row.right) == (("放下手机", "看着孩子", "一边做事一边听"), (0, 1))
    page = coordinator.get(f"{bank}?edit={row.question_id}").text
    assert "修订第 1 题" in page
    assert 'value="1,2"' in page
    assert 'name="revises"' in page
    coordinator.post(f"{bank}/questions", data={**ASKED, "right": "1", "revises": "yes"})
    assert "第 2 版" in coordinator.get(bank).text

    answer = coordinator.post(f"{bank}/questions/{row.question_id}/retirement")

    assert answer.status_code == 303
    page = desk.browser("head").get(bank).text
    assert "已停用" in page
    assert "保存题目" not in page


def test_a_number_that_is_taken_revises_nothing_and_what_was_typed_stays(
    desk: Desk, bank: str
) -> None:
    coordinator = desk.browser("coordinator")
    coordinator.post(f"{bank}/questions", data=ASKED)

    other = {**ASKED, "text": "（示例）另一道题？", "right": "1"}
    answer = coordinator.post(f"{bank}/questions", data=other)

    assert answer.status_code == 409
    assert "已有这个题号" in answer.text
    assert "（示例）另一道题？" in answer.text
    assert 'name="revises"' not in answer.text
    [row] = desk.runtime.models.questions.questions_of(desk_bank(desk))
    assert (row.text, row.revision) == (ASKED["text"], 1)
    assert coordinator.post(f"{bank}/questions", data=ASKED).status_code == 303  # the same again


def desk_bank(desk: Desk) -> UUID:
    [found] = desk.runtime.models.questions.banks_of([SCHOOL])
    return found.bank_id


@pytest.mark.parametrize("right", ["9", "x", "", "²"])
def test_an_answer_names_a_choice(desk: Desk, bank: str, right: str) -> None:
    answer = desk.browser("coordinator").post(f"{bank}/questions", data={**ASKED, "right": right})
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize(
    "typed", [{"text": "\u200b "}, {"choices": "停一停\n停一停\u200b"}, {"text": "   "}]
)
def test_what_nobody_can_see_is_no_word_and_tells_no_choices_apart(
    desk: Desk, bank: str, typed: dict[str, str]
) -> None:
    answer = desk.browser("coordinator").post(f"{bank}/questions", data={**ASKED, **typed})
    assert answer.status_code == 422
    assert desk.runtime.models.questions.questions_of(desk_bank(desk)) == []


def test_a_school_sees_the_libraries_it_may_use(desk: Desk, bank: str) -> None:
    fill_bank(desk.runtime.book, 3, owner=DISTRICT)
    desk.catch_up(desk.runtime.book.ledger.position())
    page = desk.browser("coordinator").get(f"/staff/question-banks/{SCHOOL}").text
    assert "亲子沟通" in page
    assert "共享题库" in page
    library = desk.browser("district_officer").get(f"/staff/question-banks/{DISTRICT}").text
    assert "读懂孩子的情绪" in library
    assert "亲子沟通" not in library
