"""A follower on its way: it acts on every fact that can be read, and stands where one cannot."""

from __future__ import annotations

import pytest

from domain.session import Session
from projections.feed import Fact, Unreadable
from projections.following import Follower, Following
from projections.projector import ProjectionStatus, Projector
from tests.database import TestDatabase
from tests.projections.given import record_as_is
from tests.projections.term import Term


def listener(projector: Projector, heard: list[Fact]) -> Following:
    topics = frozenset({Session.Attested.TOPIC})
    made = Following(projector.views, Follower("listener", topics, heard.extend))
    made.set_up()
    return made


def standing(projector: Projector) -> ProjectionStatus:
    [found] = [each for each in projector.status() if each.name == "listener"]
    return found


def test_a_follower_goes_on_whatever_version_its_row_is_of(
    term: Term, projector: Projector
) -> None:
    heard: list[Fact] = []
    following = listener(projector, heard)
    with projector.views.transaction() as tx:
        tx.execute("UPDATE ledger.follower SET version = 2 WHERE follower = 'listener'")

    assert following.step()

    assert not following.step()
    assert len(heard) == 2
    assert standing(projector).lag_events == 0


def test_a_follower_goes_up_to_what_it_cannot_read(
    term: Term, projector: Projector, database: TestDatabase
) -> None:
    heard: list[Fact] = []
    following = listener(projector, heard)
    record_as_is(database, Session.Attested.TOPIC, b'{"nothing": "of the kind"}')

    with pytest.raises(Unreadable, match="does not load") as unreadable:
        following.step()
    following.complain(unreadable.value)

    assert len(heard) == 2
    assert standing(projector).lag_events == 1
    with pytest.raises(Unreadable):
        following.step()
    assert len(heard) == 2
    assert "does not load" in str(standing(projector).stopped_reason)  # it is still so
