"""A phone that was taken for the wrong adult: the merge is undone, and the phone answered anew."""

from __future__ import annotations

from uuid import uuid4

from domain.envelope import Role
from domain.links import Links, UnknownLink
from ledger.book import Book
from ledger.link_requests import LinkAnswer
from ledger.records import that_agreed
from tests.acting import ENDS, Pilot, envelope
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.ledger.test_link_requests import (
    ask,
    attest,
    confirm,
    hours,
    known,
    newcomer,
    pilot,
    place_of,
)
from tests.ledger_evening import attend

__all__ = ["pilot"]


def test_a_record_that_holds_hours_by_now_is_tied_itself_and_shown_beside_the_other(
    pilot: Pilot,
) -> None:
    asker, wrong, right = uuid4(), *pilot.learners[:2]
    link_id = ask(pilot, asker)
    attend(pilot, asker)
    attest(pilot)
    confirm(pilot, asker, link_id, known(pilot, 0))
    assert hours(pilot, wrong) == 200
    signed_by_two(pilot, parting(wrong, asker))
    answer = known(pilot, 1)
    again = ask(pilot, asker)
    # No attendance awaits a link any more.
    pilot.book.links.confirm(asker, again, answer, [], envelope(ENDS, Role.CLASS_TEACHER))
    assert (hours(pilot, wrong), hours(pilot, asker), hours(pilot, right)) == (0, 200, 0)
    assert answer.place.child_id in pilot.book.learners.get(asker).guardianships
    assert {asker, right} in [{e.one, e.other} for e in pilot.book.likeness.among([asker])]


def test_what_a_phone_agreed_to_is_not_the_wrong_adults_after_the_parting(pilot: Pilot) -> None:
    """She has no phone: what is asked of her must reach her on paper."""
    asker, wrong = uuid4(), pilot.learners[0]
    confirm(pilot, asker, ask(pilot, asker), known(pilot))
    signed_by_two(pilot, parting(wrong, asker))
    assert that_agreed(pilot.book.ledger, [wrong, asker]) == {asker}


def test_the_link_waits_again_and_is_answered_anew(pilot: Pilot, book: Book) -> None:
    asker, wrong = uuid4(), pilot.learners[0]
    link_id = ask(pilot, asker)
    confirm(pilot, asker, link_id, known(pilot))
    signed_by_two(pilot, parting(wrong, asker))
    links = book.ledger.get(Links, Links.create_id(asker), UnknownLink)
    assert [each for each, _ in links.waiting()] == [link_id]
    confirm(pilot, asker, link_id, newcomer(pilot))
    assert place_of(pilot).child_id in pilot.book.learners.get(asker).guardianships


def test_a_link_whose_tie_stayed_with_the_record_of_the_phone_stays_answered(
    pilot: Pilot, book: Book
) -> None:
    """Of the child both asked for: confirmed while another record spoke, and had before."""
    asker, wrong = uuid4(), pilot.learners[1]
    confirm(pilot, asker, ask(pilot, asker), newcomer(pilot))
    signed_by_two(pilot, merge_of(wrong, asker))
    confirm(pilot, asker, ask(pilot, asker), LinkAnswer(place_of(pilot), wrong))
    signed_by_two(pilot, parting(wrong, asker))
    links = book.ledger.get(Links, Links.create_id(asker), UnknownLink)
    assert [*links.waiting()] == []
