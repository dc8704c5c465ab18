"""Two records that somebody told apart: one fact for a pair, whoever comes first."""

from __future__ import annotations

from domain.like_pair import LikePair
from tests.domain.given import CHEN, LIN, by, history, news


def test_a_pair_is_told_apart_once_and_for_all() -> None:
    one, other = sorted((CHEN, LIN))
    pair = LikePair(learner_ids=(one, other), envelope=by())
    assert pair.id == LikePair.create_id((one, other))
    assert vars(history(news(pair))) == vars(pair)
