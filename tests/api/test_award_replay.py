"""The award process asked about all of history again: what was settled stays as it was settled."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from api.bootstrap import Runtime
from api.housekeeping import Housekeeping
from api.worker import AWARD_TOPICS, follow_awards
from domain.attendance import Attendance
from projections.feed import Fact
from projections.following import Follower, Following
from tests.acting import ENDS, Pilot
from tests.projections.term import Term


@pytest.fixture
def term(runtime: Runtime) -> Term:
    """A term whose pending stay was settled when its days were over."""
    term = Term(Pilot(runtime.book).set_up()).play()
    runtime.projector.set_up()
    runtime.projector.catch_up()
    Housekeeping(runtime).once(ENDS + timedelta(days=200))
    return term


def replay(runtime: Runtime) -> int:
    """Follow the feed from 0, as after a restore that had lost the checkpoint."""
    asked: list[Fact] = []
    follow = follow_awards(runtime.book.awards, runtime.book.earning)

    def on_batch(facts: list[Fact]) -> None:
        asked.extend(facts)
        follow(facts)

    following = Following(runtime.views, Follower(f"replay-{uuid4()}", AWARD_TOPICS, on_batch))
    following.set_up()
    following.catch_up()
    return len(asked)


def test_a_replay_from_the_beginning_records_nothing(runtime: Runtime, term: Term) -> None:
    pending = term.pilot.learners[-1]
    key = Attendance.create_id(term.pilot.session_id, pending)
    settled = runtime.book.ledger.find(Attendance, key)
    position = runtime.book.ledger.position()
    assert settled is not None

    assert replay(runtime) > 0

    assert settled.assessment == ("half", 80)
    assert runtime.book.ledger.position() == position
