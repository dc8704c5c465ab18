"""A guardianship comes back on the page where it ended, in both languages; its days are kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.custody import CustodyReason
from domain.envelope import Envelope
from tests.acting import ENDS, SCHOOL, envelope
from tests.api.desk import Desk
from tests.ledger_evening import hold

PAGE = f"/staff/custody/{SCHOOL}"


@pytest.fixture
def tie(desk: Desk) -> dict[str, str]:
    """The first father was parted from his child two days after an evening without him."""
    hold(desk.pilot, desk.pilot.learners[1:])
    desk.clock.move_to(ENDS + timedelta(days=2))
    book, father = desk.runtime.book, desk.pilot.learners[0]
    [child] = book.learners.get(father).guardianships
    book.custody.propose(father, child, CustodyReason.CARE_ENDED, by(desk))
    desk.catch_up(book.custody.confirm(father, child, by(desk)))
    return {"learner": str(father), "child": str(child)}


def by(desk: Desk) -> Envelope:
    return envelope(desk.clock.at)


def test_two_bring_it_back_on_one_page(desk: Desk, tie: dict[str, str]) -> None:
    teacher, coordinator = desk.browser("class_teacher"), desk.browser("coordinator")
    shown = teacher.get(PAGE).text
    assert "已终止的监护关系" in shown
    assert "委托照护结束" in shown
    wish = {**tie, "reason": "care_resumed", "holds_from": "2026-09-19"}
    early = teacher.post(f"{PAGE}/restoration", data=wish)
    assert (early.status_code, "恢复日期不对" in early.text) == (422, True)
    wish["holds_from"] = ""
    assert teacher.post(f"{PAGE}/restoration", data=wish).status_code == 303
    assert "/restoration/confirmation" not in teacher.get(PAGE).text
    coordinator.headers["Accept-Language"] = "en"
    waiting = coordinator.get(PAGE).text
    assert "Has the child again · from 2026-09-20" in waiting
    assert "Guardianships that were ended" not in waiting
    assert coordinator.post(f"{PAGE}/restoration/confirmation", data=tie).status_code == 303
    again = coordinator.post(f"{PAGE}/restoration/confirmation", data=tie)
    assert (again.status_code, "nothing to restore" in again.text) == (409, True)
    assert len(desk.runtime.models.roster.places_of(desk.pilot.learners[0])) == 1


def test_the_list_of_an_evening_before_the_end_still_has_him(
    desk: Desk, tie: dict[str, str]
) -> None:
    """And so has the page that corrects his attendance; the class of today has him no more."""
    coordinator, session = desk.browser("coordinator"), desk.pilot.session_id
    where = "grade=三年级&group=2班"
    assert tie["learner"] in coordinator.get(f"/staff/sessions/{session}/list?{where}").text
    corrected = f"/staff/sessions/{session}/attendances/{tie['learner']}/correction"
    assert coordinator.get(corrected).status_code == 200
    families = coordinator.get(f"/staff/classes/{SCHOOL}/families?{where}").text
    assert tie["learner"] not in families
