"""Right answers under all records of a person: cut into lines, each answer in one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import count
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from domain.carriers import Mode
from domain.crediting import CreditClaim
from domain.earned import line_id
from domain.hours import rounded_down
from domain.push import Answers, JointAnswers, PushLine, PushRecord, push_lines
from domain.rulebook import Rulebook
from domain.settling import Claims, Rules


class AnsweredLine(NamedTuple):
    """A line, whose answers it is made of, and by which rules."""

    answers: Answers
    line: PushLine
    rulebook: Rulebook


class _Answer(NamedTuple):
    at: datetime
    item_id: UUID
    record: PushRecord


def lines_beside(
    records: Collection[PushRecord], claims: Claims, rules: Rules
) -> Iterator[AnsweredLine]:
    """What a person's records of a term make beside the lines that are claimed.

    First each record by itself: its lines go with it if the records are parted. Then what is left
    over of them all, by the rules of the record that answered last.
    """
    taken = {item for known in claims.values() if known for item in known.claim.item_ids}
    taken.update(_in_lines_without_items(records, claims, rules))
    for record in records:
        rulebook = rules_of(record, rules)
        numbers = (number for number in count() if line_id(record.id, number) not in claims)
        for items in _cut([item for item in record.items if item not in taken], rulebook):
            taken.update(items)
            yield _line(record, next(numbers), items, rulebook)
    if left := _answers(records, {item for each in records for item in each.items} - taken):
        for items in _cut([each.item_id for each in left], rules_of(left[-1].record, rules)):
            yield _joint_line([each for each in left if each.item_id in items], rules)


def lines_claimed(
    records: Collection[PushRecord], claims: Claims, rules: Rules
) -> Iterator[tuple[UUID, AnsweredLine | None]]:
    """The lines that are claimed, as the answers make them; None where one is not there."""
    for record in records:
        rulebook = rules_of(record, rules)
        for source_id, number, items in _own(record, claims, rulebook):
            there = record.items.keys() >= set(items)
            yield source_id, _line(record, number, items, rulebook) if there else None
    for known in claims.values():
        if known and is_joint(known.claim):
            found = _answers(records, known.claim.item_ids)
            there = len(found) == len(known.claim.item_ids)
            yield known.claim.source_id, _joint_line(found, rules) if there else None


def is_joint(claim: CreditClaim) -> bool:
    """Whether a line is made of what several records had left over."""
    joint = JointAnswers(claim.entry_id, claim.term, dict.fromkeys(claim.item_ids, claim.begins_at))
    return bool(joint.items) and claim.source_id == line_id(joint.id, 0)


def rules_of(record: PushRecord, rules: Rules) -> Rulebook:
    """The rules of the day on which a record was opened."""
    return rules(record.rulebook_version or "")


def _in_lines_without_items(
    records: Collection[PushRecord], claims: Claims, rules: Rules
) -> Iterator[UUID]:
    """What was claimed before lines named their answers."""
    for record in records:
        for _, _, items in _own(record, claims, rules_of(record, rules)):
            yield from items


def _own(
    record: PushRecord, claims: Claims, rulebook: Rulebook
) -> Iterator[tuple[UUID, int, tuple[UUID, ...]]]:
    """The lines of one record that are claimed: their sources, numbers and answers.

    Lines did not always name their answers: then they are cut in the order of these.
    """
    cut = dict(enumerate(_cut(record.items, rulebook)))
    for number in range(len(claims)):
        source_id = line_id(record.id, number)
        if known := claims.get(source_id):
            yield source_id, number, known.claim.item_ids or cut.get(number, ())


def _answers(records: Iterable[PushRecord], wanted: Collection[UUID]) -> list[_Answer]:
    """These answers in the order of their time; of one under two records the first."""
    given = (
        _Answer(at, item, record)
        for record in records
        for item, at in record.items.items()
        if item in wanted
    )
    found: dict[UUID, _Answer] = {}
    for answer in sorted(given, key=itemgetter(0, 1)):
        found.setdefault(answer.item_id, answer)
    return list(found.values())


def _joint_line(answers: list[_Answer], rules: Rules) -> AnsweredLine:
    last = answers[-1].record
    joint = JointAnswers(last.learner_id, last.term, {each.item_id: each.at for each in answers})
    return _line(joint, 0, tuple(joint.items), rules_of(last, rules))


def _line(
    answers: Answers, number: int, items: tuple[UUID, ...], rulebook: Rulebook
) -> AnsweredLine:
    _, rule = rulebook.mode(Mode.INFO_PUSH)
    hours = rounded_down(len(items) * rule.per_item, rulebook.units.award_step)
    return AnsweredLine(answers, PushLine(number=number, item_ids=items, hours=hours), rulebook)


def _cut(items: Iterable[UUID], rulebook: Rulebook) -> Iterator[tuple[UUID, ...]]:
    _, rule = rulebook.mode(Mode.INFO_PUSH)
    for line in push_lines(list(items), rule.per_item, rulebook.units.award_step):
        yield line.item_ids
