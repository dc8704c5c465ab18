"""Before a merge: a guardianship that stands under one record and was ended under the other."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.custody import CustodyReason
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, entry, envelope
from tests.api.desk import Desk
from tests.ledger.merging import merge_of, signed_by_two


@pytest.fixture
def two_records(desk: Desk) -> tuple[UUID, UUID]:
    """Of one father's two records with his child, two persons ended the first one's tie."""
    book, father = desk.runtime.book, desk.pilot.learners[0]
    row = entry(2, name="（示例）林卫", phone="10000000088", relation_code="97")
    [second] = book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    [child] = book.learners.get(father).guardianships
    book.custody.propose(father, child, CustodyReason.CUSTODY_CHANGED, envelope(ENDS))
    book.custody.confirm(father, child, envelope(ENDS, actor_id=uuid4()))
    desk.clock.move_to(ENDS)
    desk.catch_up(book.ledger.position())
    assert second.id is not None
    return father, second.id


def pair(desk: Desk, survivor: UUID, merged: UUID, *, english: bool = False) -> str:
    browser = desk.browser("coordinator")
    if english:
        browser.headers["Accept-Language"] = "en"
    return browser.get(f"/staff/merges/{SCHOOL}/pair?survivor={survivor}&merged={merged}").text


@pytest.mark.parametrize("ended_is_kept", [True, False])
def test_the_page_says_which_of_the_two_stands_and_that_is_so(
    desk: Desk, two_records: tuple[UUID, UUID], *, ended_is_kept: bool
) -> None:
    survivor, merged = two_records if ended_is_kept else two_records[::-1]
    [child] = desk.runtime.book.learners.get(two_records[1]).guardianships

    page, english = pair(desk, survivor, merged), pair(desk, survivor, merged, english=True)
    signed_by_two(desk.pilot, merge_of(survivor, merged))

    assert "（示例）陈小2" in page
    assert ("合并后不再有效" in page, "合并后仍有效" in page) == (ended_is_kept, not ended_is_kept)
    assert f'href="/staff/custody/{SCHOOL}"' in page
    after = "After the merge it does not stand." if ended_is_kept else "After the merge it stands."
    assert after in english
    stands = child in desk.runtime.book.learners.get(survivor).guardianships
    assert stands is not ended_is_kept


def test_records_whose_ties_are_alike_have_nothing_to_say(desk: Desk) -> None:
    one, other, _ = desk.pilot.learners

    assert "监护关系不同" not in pair(desk, one, other)
