"""Question banks: revised, retired, never edited; and the draw that anybody can repeat."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.exam_draw import DrawnQuestion, drawn, lot, order_of, picked, right_in
from domain.exam_refusals import AnswerUnknown
from domain.question_bank import (
    BankTooSmall,
    Question,
    QuestionBank,
    QuestionKind,
    QuestionNumberTaken,
    QuestionUnsound,
    UnknownQuestion,
    question_id,
)
from tests.domain.exams import bank, question
from tests.domain.given import by, history, news
from tests.domain.refusing import refused

SEVERAL, TRUE_FALSE = QuestionKind.SEVERAL, QuestionKind.TRUE_FALSE
WHICH = {"kind": TRUE_FALSE, "choices": ("对", "错"), "right": (0,)}


def test_a_question_is_added_revised_and_retired_and_may_come_back() -> None:
    made = bank()
    made.put(question(), by())
    made.put(question(), by())
    made.put(question(right=(2,)), by())
    [key] = made.questions
    assert made.questions[key] == question(right=(2,))
    for _ in range(2):
        made.retire(key, by())
    with pytest.raises(UnknownQuestion):
        made.retire(uuid4(), by())
    made.put(question(), by())
    assert [type(each).TOPIC.partition("_bank.")[2] for each in news(made)] == [
        "question_added", "question_revised", "question_retired", "question_added",
    ]  # fmt: skip


def test_what_is_added_revises_nothing() -> None:
    made = bank()
    for _ in range(2):
        made.add(question(), by())
    with refused(QuestionNumberTaken, number=question().number):
        made.add(question(right=(2,)), by())
    assert [type(each).TOPIC for each in news(made)] == [QuestionBank.QuestionAdded.TOPIC]


@pytest.mark.parametrize(
    ("different", "sound"),
    [
        ({}, True),
        ({"right": ()}, False),
        ({"right": (0, 1)}, False),
        ({"right": (3,)}, False),
        ({"choices": ("甲",), "right": (0,)}, False),
        ({"choices": ("甲", "甲")}, False),
        ({"choices": ("甲", " ", "乙")}, False),
        ({"text": " "}, False),
        ({"kind": SEVERAL, "right": (0, 1)}, True),
        ({"kind": SEVERAL, "right": (0,)}, True),
        ({"kind": SEVERAL, "right": ()}, False),
        (WHICH, True),
        ({**WHICH, "choices": ("对", "错", "不知道")}, False),
    ],
)
def test_a_question_has_one_right_way_to_answer_it(
    different: dict[str, object], sound: bool
) -> None:
    asked, made = question(**different), bank()  # type: ignore[arg-type]  # values of many types
    assert asked.is_sound is sound
    if not sound:
        with refused(QuestionUnsound, number="1"):
            made.put(asked, by())


def test_there_are_no_part_marks() -> None:
    asked = question(kind=SEVERAL, right=(0, 2))
    answers = [frozenset(a) for a in ((0, 2), (0,), (0, 1, 2), ())]
    assert [asked.is_right(each) for each in answers] == [True, False, False, False]


@given(st.uuids())
def test_the_same_attempt_draws_the_same_questions(attempt_id: UUID) -> None:
    questions = bank(30).questions
    first, again = (drawn(attempt_id, questions, 20) for _ in range(2))
    assert first == again
    assert len({each.question_id for each in first}) == 20
    assert all(sorted(each.order) == [0, 1, 2] for each in first)


def test_another_attempt_draws_others_in_another_order() -> None:
    questions = bank(30).questions
    draws = {tuple(each.question_id for each in drawn(uuid4(), questions, 20)) for _ in range(8)}
    orders = {each.order for each in drawn(uuid4(), questions, 30)}
    assert len(draws) == 8
    assert len(orders) > 2


def test_right_and_wrong_are_not_shuffled() -> None:
    made = bank()
    made.put(question("1", **WHICH), by())  # type: ignore[arg-type]  # values of many types
    [asked] = drawn(uuid4(), made.questions, 1)
    assert asked.shown == ("对", "错")


def test_too_few_questions_are_not_drawn_from() -> None:
    with refused(BankTooSmall, questions=19, needed=20):
        drawn(uuid4(), bank(19).questions, 20)


def test_what_is_ticked_on_the_sheet_is_marked_by_the_bank() -> None:
    asked = drawn(uuid4(), bank(3).questions, 3)
    right = {each.question_id: [each.order.index(1)] for each in asked}
    wrong = {asked[0].question_id: [asked[0].order.index(0)], asked[1].question_id: []}
    assert right_in(asked, picked(asked, right)) == 3
    assert right_in(asked, picked(asked, {**right, **wrong})) == 1
    assert asked[1].question_id not in picked(asked, wrong)


@pytest.mark.parametrize("places", [[3], [-1]])
def test_an_answer_that_was_not_asked_for_is_refused(places: list[int]) -> None:
    asked = drawn(uuid4(), bank(1).questions, 1)
    with pytest.raises(AnswerUnknown):
        picked(asked, {asked[0].question_id: places})
    with pytest.raises(AnswerUnknown):
        picked(asked, {uuid4(): [0]})


def test_a_bank_is_the_same_after_a_reload() -> None:
    made = QuestionBank(owner="440104", course_id=uuid4(), title="亲子沟通", envelope=by())
    made.put(question(), by())
    made.put(question(right=(0,)), by())
    made.retire(next(iter(made.questions)), by())
    again = history(news(made))
    assert again is not None
    assert vars(again) == vars(made)
    assert Question.model_validate(question().model_dump()) == question()


def test_what_was_drawn_can_be_drawn_again_in_years() -> None:
    attempt_id, number = UUID(int=1), UUID(int=2)
    assert lot(attempt_id, number, 3).hex() == (
        "a15b591a0f652c08eb3205977dda135b5378298424cf91a4c606c9a01a8714c6"
    )
    asked = list(bank(30).questions.items())
    orders = [order_of(attempt_id, key, each) for key, each in asked[:4]]
    assert orders == [(1, 2, 0), (2, 0, 1), (1, 0, 2), (2, 1, 0)]
    [drawn_first, *_] = drawn(attempt_id, dict(asked), 4)
    assert drawn_first.order == order_of(attempt_id, drawn_first.question_id, drawn_first.question)


def test_another_attempt_is_shown_the_choices_otherwise() -> None:
    [(key, asked)] = bank(1).questions.items()
    assert len({order_of(UUID(int=n), key, asked) for n in range(20)}) == 6


def test_what_was_picked_is_found_on_the_sheet_again() -> None:
    [(key, asked)] = bank(1).questions.items()
    sheet = DrawnQuestion(key, asked, (2, 0, 1))
    assert sheet.shown == ("丙", "甲", "乙")
    assert sheet.picked([2, 0]) == {1, 2}
    assert sheet.places({1, 2}) == [0, 2]
    assert sheet.picked([0, 1, 2]) == {0, 1, 2}


def test_what_was_left_out_is_not_right() -> None:
    asked = drawn(uuid4(), bank(2).questions, 2)
    assert right_in(asked, {asked[0].question_id: frozenset({1})}) == 1


def test_a_question_is_known_by_its_number_in_its_bank() -> None:
    made = bank(2)
    assert list(made.questions) == [question_id(made.id, number) for number in ("0", "1")]
