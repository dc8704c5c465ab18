"""What a parent finishes in the second in which a term's end moves: one of the two is told no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from domain.calendar import CITY_ZONE, DayOutsideTerms, local_day
from domain.envelope import Role
from domain.push import PushRecord
from domain.studying import MicroClassCompletion
from domain.term import BoundDates, TermLeavesOut
from ledger.courses import Courses
from ledger.ledger import Ledger
from ledger.micro_classes import MicroClasses
from ledger.pushes import Pushes
from ledger.registry import Registry
from ledger.rulebooks import Rulebooks
from tests.acting import Pilot, envelope
from tests.database import TestDatabase
from tests.ledger.interrupting import interrupted
from tests.ledger.studies import LATER, micro_class, push, whole
from tests.ledger.test_dates_of_a_term import TERM

TODAY = local_day(LATER, CITY_ZONE)
TO_YESTERDAY = TERM.model_copy(update={"ends": TODAY - timedelta(days=1)})
Finish = Callable[[Pilot, Ledger, UUID, UUID], int]


def watched(pilot: Pilot, ledger: Ledger, made: UUID, learner: UUID) -> int:
    registry, rulebooks = Registry(ledger), Rulebooks(ledger)
    classes = MicroClasses(ledger, registry, Courses(ledger), rulebooks)
    by = envelope(LATER, Role.PARENT, learner)
    return classes.complete(made, learner, whole(pilot, made, learner), by)


def answered(_: Pilot, ledger: Ledger, item: UUID, learner: UUID) -> int:
    pushes = Pushes(ledger, Registry(ledger), Rulebooks(ledger))
    return pushes.answer(item, learner, 0, envelope(LATER, Role.PARENT, learner))


FINISHES = [(micro_class, watched), (push, answered)]


def finished(pilot: Pilot) -> set[str]:
    stored = pilot.book.ledger.store.select_notifications(1, 10_000)
    topics = {MicroClassCompletion.Completed.TOPIC, PushRecord.AnsweredRight.TOPIC}
    return {each.topic for each in stored} & topics


@pytest.mark.parametrize(("make", "finish"), FINISHES)
def test_what_is_finished_as_the_term_ends_earlier_lies_not_outside(
    pilot: Pilot, database: TestDatabase, make: Callable[[Pilot], UUID], finish: Finish
) -> None:
    made, learner = make(pilot), pilot.learners[0]

    def end_yesterday() -> None:
        pilot.book.terms.correct_dates(
            TO_YESTERDAY, lambda _: BoundDates(), "抄错了", envelope(LATER)
        )

    with interrupted(database, end_yesterday) as ledger, pytest.raises(DayOutsideTerms):
        finish(pilot, ledger, made, learner)

    assert finished(pilot) == set()


@pytest.mark.parametrize(("make", "finish"), FINISHES)
def test_a_correction_sees_what_is_finished_while_it_asks_what_holds_the_term(
    pilot: Pilot, make: Callable[[Pilot], UUID], finish: Finish
) -> None:
    made, learner = make(pilot), pilot.learners[0]

    def bound(_: object) -> BoundDates:
        held = BoundDates(days=(TODAY,) if finished(pilot) else ())
        finish(pilot, pilot.book.ledger, made, learner)
        return held

    with pytest.raises(TermLeavesOut):
        pilot.book.terms.correct_dates(TO_YESTERDAY, bound, "抄错了", envelope(LATER))

    assert pilot.book.registry.term(2026, 1) == TERM
