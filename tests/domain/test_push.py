"""A push counts by a right answer, once an item, and five answers make a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.micro_class import PublishedOtherwise, Question, QuestionUnanswerable
from domain.push import (
    AnswerNotRight,
    PushItem,
    PushOver,
    PushRecord,
    WithdrawnBecause,
    line_size,
    push_lines,
)
from tests.domain.given import CHEN, by, history, news
from tests.domain.refusing import refused
from tests.domain.studies import push, push_plan, somebody

TERM = "2026-1"


def record() -> PushRecord:
    return PushRecord(learner_id=CHEN, term=TERM, envelope=by().under("2026.1"))


def test_an_item_is_published_once() -> None:
    item = push()
    assert item.id == PushItem.create_id("4401040001", TERM, "第0篇")
    item.publish_again(push_plan())
    with pytest.raises(PublishedOtherwise):
        item.publish_again(push_plan(link="https://read.example/2"))
    with pytest.raises(QuestionUnanswerable):
        push(question=Question(text="?", choices=(), right=0))


def test_a_right_answer_counts_once() -> None:
    own, item = record(), push()
    own.answer(item, 0, TERM, by())
    own.answer(item, 0, TERM, by())
    own.answer(item, 2, TERM, by())  # it was right before: nothing is taken back

    told = news(own)

    assert [event.TOPIC for event in told] == ["push_record.opened", "push.answered_right"]
    again = history(told)
    assert isinstance(again, PushRecord)
    assert (list(again.items), again.rulebook_version) == ([item.id], "2026.1")


def test_a_wrong_answer_is_no_fact() -> None:
    own = record()
    with pytest.raises(AnswerNotRight):
        own.answer(push(), 1, TERM, by())
    assert own.items == {}


def test_what_was_withdrawn_is_offered_again_as_it_was() -> None:
    item = push()
    item.offer_again(TERM, by())  # it is offered: no news
    for _ in range(2):
        item.withdraw(WithdrawnBecause.SENT_IN_ERROR, by())
    with refused(PushOver, term=TERM):
        item.offer_again("2026-2", by())
    for _ in range(2):
        item.offer_again(TERM, by())

    told = news(item)

    assert [event.TOPIC for event in told] == [
        "push.published", "push.withdrawn", "push.offered_again",
    ]  # fmt: skip
    again = history(told)
    assert isinstance(again, PushItem)
    assert not again.is_withdrawn


def test_an_item_counts_in_its_term() -> None:
    with refused(PushOver, term=TERM):
        record().answer(push(), 0, "2026-2", by())


@given(answered=st.integers(0, 16))
def test_five_right_answers_make_half_an_hour(answered: int) -> None:
    items = [somebody(number) for number in range(answered)]
    lines = push_lines(items, per_item=10, award_step=50)
    assert [line.hours for line in lines] == [50] * (answered // 5)
    assert [key for line in lines for key in line.item_ids] == items[: answered // 5 * 5]


@pytest.mark.parametrize(
    ("per_item", "step", "size", "hours"), [(0, 50, 0, 0), (20, 50, 3, 50), (50, 50, 1, 50)]
)
def test_a_line_is_as_many_items_as_fill_a_step(
    per_item: int, step: int, size: int, hours: int
) -> None:
    lines = push_lines([somebody(number) for number in range(3)], per_item, step)
    assert {(len(line.item_ids), line.hours) for line in lines} == (
        {(size, hours)} if size else set()
    )


def test_so_many_answers_make_a_line_as_make_an_award_step() -> None:
    assert [line_size(per_item, 50) for per_item in (10, 20, 50, 0)] == [5, 3, 1, 0]
