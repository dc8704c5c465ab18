"""What the boards of a school show once two records that were merged are two again."""

from __future__ import annotations

from uuid import uuid4

from domain.custody import CustodyReason
from domain.links import LinkState
from ledger.link_requests import LinkAnswer
from projections.projector import Projector
from projections.read_models import ReadModels
from tests.acting import ENDS, SCHOOL, Pilot, envelope
from tests.ledger.merging import merge_of, parting, signed_by_two
from tests.ledger.test_link_requests import ask, place_of


def test_a_link_that_led_to_the_merge_waits_again(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    asker, wrong = uuid4(), pilot.learners[0]
    link_id = ask(pilot, asker)
    answer = LinkAnswer(place_of(pilot), wrong)
    pilot.book.links.confirm(asker, link_id, answer, [], envelope(ENDS))
    projector.catch_up()
    assert models.links.unconfirmed_at(SCHOOL) == []
    signed_by_two(pilot, parting(wrong, asker))
    projector.catch_up()
    [line] = models.links.unconfirmed_at(SCHOOL)
    assert (line.link_id, line.state, line.answered_at) == (link_id, LinkState.WAITING, None)


def test_a_guardianship_that_ended_meanwhile_may_be_restored_with_whose_it_was(
    pilot: Pilot, models: ReadModels, projector: Projector
) -> None:
    one, other, _ = pilot.learners
    [child], custody = pilot.book.learners.get(other).guardianships, pilot.book.custody
    signed_by_two(pilot, merge_of(one, other))
    custody.propose(one, child, CustodyReason.CARE_ENDED, envelope(ENDS, actor_id=uuid4()))
    custody.confirm(one, child, envelope(ENDS, actor_id=uuid4()))
    signed_by_two(pilot, parting(one, other))
    projector.catch_up()
    [ended] = models.custody.ended_at(SCHOOL)
    assert (ended.learner_id, ended.child_id, ended.ended_on) == (other, child, ENDS.date())
