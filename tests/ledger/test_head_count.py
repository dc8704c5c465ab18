"""A head count on a real ledger: what it compared must still hold when somebody attests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.envelope import Role
from domain.refusals import Refused
from ledger.book import Book
from tests.acting import ENDS, STARTS, Pilot, envelope
from tests.ledger.evenings import COORDINATOR, HOST, open_session, wish
from tests.ledger.merging import merge_of, signed_by_two


def counted_early(book: Book) -> Pilot:
    """Five families; the room was counted while nobody was recorded yet, and then all came in."""
    pilot = Pilot(book).set_up(families=5)
    open_session(pilot)
    early = envelope(STARTS - timedelta(minutes=10), Role.HOST, HOST)
    book.sessions.count_heads(pilot.session_id, 0, None, early)
    for learner in pilot.learners:
        book.attendances.check_in(wish(pilot, learner))
    book.sessions.close(pilot.session_id, envelope(ENDS, Role.HOST, HOST))
    return pilot


def test_names_added_after_the_count_must_be_counted_before_anybody_attests(book: Book) -> None:
    pilot = counted_early(book)
    position = book.ledger.position()

    with pytest.raises(Refused) as refused:
        book.sessions.attest(pilot.session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))

    assert refused.value.code == "count_again"
    assert refused.value.facts == {"present": 0, "recorded": 5}
    assert book.ledger.position() == position


def test_after_counting_again_both_attest(book: Book) -> None:
    pilot = counted_early(book)
    sessions, session_id = book.sessions, pilot.session_id

    sessions.count_heads(session_id, 5, None, envelope(ENDS, Role.HOST, HOST))
    sessions.attest(session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))
    sessions.attest(session_id, Role.COORDINATOR, envelope(ENDS, actor_id=COORDINATOR))

    assert sessions.get(session_id).standing.value == "attested"


def test_who_came_under_merged_records_is_one_head(book: Book) -> None:
    pilot = Pilot(book).set_up(families=5)
    open_session(pilot)
    for learner in pilot.learners:
        book.attendances.check_in(wish(pilot, learner))
    book.sessions.close(pilot.session_id, envelope(ENDS, Role.HOST, HOST))
    speaks, *others = pilot.learners
    for other in others:
        signed_by_two(pilot, merge_of(speaks, other))

    with pytest.raises(Refused) as refused:
        book.sessions.count_heads(pilot.session_id, 5, None, envelope(ENDS, Role.HOST, HOST))
    assert refused.value.facts == {"present": 5, "recorded": 1}

    book.sessions.count_heads(pilot.session_id, 1, None, envelope(ENDS, Role.HOST, HOST))
    book.sessions.attest(pilot.session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))
