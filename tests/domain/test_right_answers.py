"""Right answers of a person are cut into lines over all their records, each answer in one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from domain.earned import line_id
from domain.push import PushRecord
from domain.right_answers import is_joint, lines_beside, lines_claimed
from domain.rulebook import Rulebook
from domain.settling import Claimed
from tests.domain.given import CHEN, EVENING, LIN, RULES, by, claim
from tests.domain.studies import push

TERM = "2026-1"
ITEMS = [push(number) for number in range(12)]
KEYS = [item.id for item in ITEMS]


def rules(_: str) -> Rulebook:
    return RULES


def record(learner_id: UUID, answered: Iterable[int]) -> PushRecord:
    """The number of an item is also the hour of its answer."""
    own = PushRecord(learner_id=learner_id, term=TERM, envelope=by().under(RULES.version))
    for number in answered:
        own.answer(ITEMS[number], 0, TERM, by(at=EVENING + timedelta(hours=number)))
    return own


def known(source_id: UUID, items: Iterable[int]) -> dict[UUID, Claimed | None]:
    asked = claim(source_id=source_id, item_ids=tuple(KEYS[number] for number in items))
    return {source_id: Claimed(asked, RULES.version)}


def test_each_record_makes_its_own_lines_and_what_is_left_over_makes_one_of_both() -> None:
    one, other = record(CHEN, [0, 3, 4, 5, 6, 9]), record(LIN, [1, 2, 7, 8])

    own, joint = lines_beside([one, other], {}, rules)

    assert (own.answers, own.line.number, own.line.hours) == (one, 0, 50)
    assert own.line.item_ids == tuple(KEYS[number] for number in (0, 3, 4, 5, 6))
    assert joint.line.item_ids == tuple(KEYS[number] for number in (1, 2, 7, 8, 9))
    assert joint.answers.learner_id == CHEN  # who answered last
    source_id = line_id(joint.answers.id, 0)
    assert is_joint(claim(source_id=source_id, item_ids=joint.line.item_ids))
    assert not is_joint(claim(source_id=source_id, item_ids=own.line.item_ids))


def test_an_answer_that_both_gave_is_one() -> None:
    one, other = record(CHEN, range(4)), record(LIN, range(4))
    assert list(lines_beside([one, other], {}, rules)) == []


def test_what_is_in_a_line_stays_in_it_and_a_source_that_was_given_away_is_not_used_again() -> None:
    own = record(CHEN, range(10))
    claims = known(line_id(own.id, 1), range(2, 7)) | {line_id(own.id, 0): None}

    [found] = lines_beside([own], claims, rules)

    assert found.line.number == 2
    assert found.line.item_ids == tuple(KEYS[number] for number in (0, 1, 7, 8, 9))


def test_lines_of_before_lines_named_their_answers_are_cut_in_their_order() -> None:
    own = record(CHEN, range(10))
    claims = known(line_id(own.id, 0), ())

    [found] = lines_beside([own], claims, rules)

    assert (found.line.number, found.line.item_ids) == (1, tuple(KEYS[5:10]))
    [(_, first)] = lines_claimed([own], claims, rules)
    assert first is not None
    assert first.line.item_ids == tuple(KEYS[:5])


def test_a_line_that_is_claimed_is_there_as_long_as_its_answers_are() -> None:
    one, other = record(CHEN, range(3)), record(LIN, range(3, 5))
    [joint] = lines_beside([one, other], {}, rules)
    source_id = line_id(joint.answers.id, 0)
    claims = known(source_id, range(5)) | known(line_id(one.id, 0), range(5))

    both, alone = (dict(lines_claimed(each, claims, rules)) for each in ([one, other], [one]))

    assert both == {source_id: joint, line_id(one.id, 0): None}
    assert alone == {source_id: None, line_id(one.id, 0): None}
