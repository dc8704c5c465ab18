"""A link asked for on one adult's phone makes nobody else of that adult."""

from __future__ import annotations

import pytest

from domain.links import PhoneOfAnotherAdult
from ledger.link_requests import LinkAnswer
from ledger.roster import Roster
from tests.acting import SCHOOL, Pilot, entry, envelope
from tests.domain.refusing import refused
from tests.ledger.test_link_requests import ask, confirm, known, pilot, place_of

__all__ = ["pilot"]


@pytest.mark.parametrize("child", [0, 1], ids=["their child", "another child"])
@pytest.mark.parametrize("on_roster", [True, False])
def test_the_fathers_form_on_the_mothers_phone_makes_no_father_of_her(
    pilot: Pilot, child: int, *, on_roster: bool
) -> None:
    row = entry(2, name="（示例）李梅", relation_code="52", phone="10000000077")
    [result] = pilot.book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    mother = result.id
    assert mother is not None
    before = pilot.book.learners.get(mother).guardianships
    father = LinkAnswer(place_of(pilot, child), None, "（示例）陈建国", "51")
    link_id = ask(pilot, mother)
    with refused(PhoneOfAnotherAdult):
        confirm(pilot, mother, link_id, known(pilot, child) if on_roster else father)
    assert (
        pilot.book.learners.get(mother).guardianships
        == before
        == {place_of(pilot).child_id: ("52", True)}
    )
    confirm(pilot, mother, link_id, LinkAnswer(place_of(pilot), mother))  # it waits as before
