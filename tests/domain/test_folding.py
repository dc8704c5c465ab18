"""Facts are folded as the library folds them; what their methods take is only known beforehand."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from eventsourcing.domain import (
    DecoratedFuncCaller,
    OriginatorIDError,
    OriginatorVersionError,
)

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent, beginning
from domain.enrolment import Leaving
from domain.learner import Learner
from tests.domain.given import CHEN, by, news
from tests.domain.test_learner import CHILD, learner, place


def story() -> list[LedgerEvent]:
    parent = Learner(id=CHEN, name_commitment="c0ffee", envelope=by())
    parent.consent("records", "1", by())
    parent.link_child(CHILD, "1", True, "school", by())
    parent.enrol(place(), by(), date(2026, 10, 1))
    parent.end_enrolment(place(), date(2026, 11, 1), Leaving.LEFT, by())
    return news(parent)


def folded(events: list[LedgerEvent]) -> LedgerAggregate:
    aggregate: LedgerAggregate | None = None
    for each in events:
        aggregate = each.mutate(aggregate)
    assert aggregate is not None
    return aggregate


def test_a_story_makes_what_the_library_makes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    events = story()
    ours = folded(events)
    monkeypatch.delattr(LedgerCreated, "mutate")
    for kind in {type(each) for each in events if isinstance(each, DecoratedFuncCaller)}:
        monkeypatch.delattr(kind, "apply")
    assert ours == folded(events)
    assert ours.version == len(events)


def test_an_aggregate_begins_with_the_fields_that_it_takes() -> None:
    assert beginning(Learner, Learner.Registered)[1:] == (("envelope", "name_commitment"), True)


def test_a_fact_of_another_stream_or_place_is_not_folded() -> None:
    parent = learner()
    _, given, *_ = story()
    foreign = given.model_copy(update={"originator_id": UUID(int=1)})
    late = given.model_copy(update={"originator_version": 3})
    with pytest.raises(OriginatorIDError):
        foreign.mutate(parent)
    with pytest.raises(OriginatorVersionError):
        late.mutate(parent)
    first, *_ = story()
    with pytest.raises(AssertionError):
        first.mutate(parent)
