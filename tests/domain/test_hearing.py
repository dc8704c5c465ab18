"""A chance to be heard: told or heard once, and a week to answer where nothing was said."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest

from domain.calendar import CITY_ZONE, local_day
from domain.dispute import ReasonsMissing
from domain.hearing import AnswerAwaited, Hearing, TellingAwaited, ToldBy
from domain.irregularity_finding import HeardBy, HeardByOwnDevice
from tests.domain.given import by, history, news

CORRECTION, WORDS = uuid5(NAMESPACE_OID, "correction"), UUID(int=7)


def hearing() -> Hearing:
    return Hearing(correction_id=CORRECTION, envelope=by())


def told_at() -> datetime:
    return by().at


@pytest.mark.parametrize(("days", "is_over"), [(0, False), (7, False), (8, True)])
def test_whoever_was_told_has_a_week(days: int, is_over: bool) -> None:
    made = hearing()
    day = local_day(told_at(), CITY_ZONE) + timedelta(days=days)
    with pytest.raises(TellingAwaited):
        made.must_be_over(day)
    made.tell(ToldBy.ON_PAPER, by())
    if is_over:
        made.must_be_over(day)
    else:
        with pytest.raises(AnswerAwaited):
            made.must_be_over(day)


def test_once_heard_nothing_is_waited_for() -> None:
    made = hearing()
    with pytest.raises(ReasonsMissing):
        made.hear(HeardBy.BY_PHONE, None, by())
    with pytest.raises(HeardByOwnDevice):
        made.hear(HeardBy.SCREEN, WORDS, by())
    made.hear(HeardBy.BY_PHONE, WORDS, by())
    made.tell(ToldBy.BY_PHONE, by())
    made.was_held_for(UUID(int=8), by())
    made.must_be_over(local_day(told_at(), CITY_ZONE))
    spoken = news(made)
    assert [each.TOPIC for each in spoken] == ["hearing.opened", "hearing.heard"]
    again = history(spoken)
    assert again is not None
    assert vars(again) == vars(made)


def test_a_second_telling_does_not_begin_the_days_anew() -> None:
    made = hearing()
    for _ in range(2):
        made.tell(ToldBy.IN_PERSON, by())
    assert [each.TOPIC for each in news(made)] == ["hearing.opened", "hearing.told"]
