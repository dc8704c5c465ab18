"""A guardianship ends by two persons; and no guardian's phone ever shows another guardian."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, entry, envelope
from tests.api.desk import Desk
from tests.api.doors.rule import Door
from tests.api.doors.table import DOORS
from tests.ledger_evening import hold

BACK = f"/api/v1/schools/{SCHOOL}/custody-restorations"
ENDED = f"/api/v1/schools/{SCHOOL}/ended-guardianships"
LIST = f"/api/v1/schools/{SCHOOL}/custody-changes"


@pytest.fixture
def mother(desk: Desk) -> UUID:
    """The mother of the first child; she was at the evening, the father was not."""
    desk.clock.move_to(ENDS + timedelta(hours=1))
    row = entry(2, name="（示例）林敏敏", relation_code="52", phone="10000000099")
    book = desk.runtime.book
    [result] = book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    assert result.id is not None
    hold(desk.pilot, [result.id])
    desk.catch_up(book.ledger.position())
    return result.id


def child_of(desk: Desk) -> UUID:
    [(child, *_)] = desk.runtime.book.learners.get(desk.pilot.learners[0]).enrolments
    return child


def proposed(desk: Desk, learner: UUID, asker: str = "class_teacher") -> int:
    body = {"learner_id": str(learner), "child_id": str(child_of(desk)),
            "reason_code": "custody_changed"}  # fmt: skip
    return desk.browser(asker).post(LIST, json=body).status_code


def confirmed(desk: Desk, learner: UUID, asker: str) -> dict[str, object]:
    address = f"{LIST}/{learner}/{child_of(desk)}/confirmation"
    found: dict[str, object] = desk.browser(asker).post(address).json()
    return found


def test_the_class_teacher_proposes_and_the_coordinator_confirms(desk: Desk, mother: UUID) -> None:
    father, child = desk.pilot.learners[0], child_of(desk)
    assert proposed(desk, father) == 201
    [waiting] = desk.browser("head").get(LIST).json()["proposals"]
    assert (waiting["learner_id"], waiting["reason_code"]) == (str(father), "custody_changed")
    assert "position" in confirmed(desk, father, "coordinator")

    assert desk.browser("parent").get("/me/data.json").json()["children"] == []
    assert desk.runtime.models.sessions.upcoming_for(father, desk.clock.at) == []
    assert desk.runtime.models.accounts.balance(mother) == 200
    assert child in desk.runtime.book.learners.get(mother).guardianships


def test_what_was_ended_by_mistake_comes_back_by_two(desk: Desk, mother: UUID) -> None:
    father, child = desk.pilot.learners[0], child_of(desk)
    proposed(desk, father)
    confirmed(desk, father, "coordinator")
    [ended] = desk.browser("head").get(ENDED).json()["guardianships"]
    assert (ended["learner_id"], ended["reason_code"]) == (str(father), "custody_changed")

    who = {"learner_id": str(father), "child_id": str(child)}
    teacher, head = desk.browser("class_teacher"), desk.browser("head")
    early = {**who, "reason_code": "care_resumed", "holds_from": "2026-09-01"}
    assert teacher.post(BACK, json=early).json()["code"] == "custody_day_outside"
    assert teacher.post(BACK, json={**who, "reason_code": "ended_in_error"}).status_code == 201
    [waiting] = head.get(LIST).json()["proposals"]
    assert (waiting["reason_code"], waiting["holds_from"]) == ("ended_in_error", ended["ended_on"])
    assert head.post(f"{BACK}/{father}/{child}/confirmation").status_code == 201

    assert head.get(ENDED).json()["guardianships"] == []
    assert head.post(f"{BACK}/{father}/{child}/confirmation").json()["code"] == "custody_not_ended"
    assert len(desk.browser("parent").get("/me/data.json").json()["children"]) == 1


def test_the_only_adults_guardianship_comes_back_too_and_is_dropped_before(desk: Desk) -> None:
    desk.clock.move_to(ENDS + timedelta(hours=1))
    father, child = desk.pilot.learners[0], child_of(desk)
    proposed(desk, father)
    confirmed(desk, father, "coordinator")
    wish = {"learner_id": str(father), "child_id": str(child), "reason_code": "ended_in_error"}
    coordinator, head = desk.browser("coordinator"), desk.browser("head")
    assert coordinator.post(BACK, json=wish).status_code == 201
    assert head.post(f"{LIST}/{father}/{child}/dropping").status_code == 201
    assert coordinator.post(BACK, json=wish).status_code == 201
    assert head.post(f"{BACK}/{father}/{child}/confirmation").status_code == 201


def test_nobody_does_it_alone_or_without_a_proposal(desk: Desk, mother: UUID) -> None:
    father = desk.pilot.learners[0]
    assert confirmed(desk, father, "coordinator")["code"] == "custody_not_proposed"
    proposed(desk, father, "coordinator")
    assert confirmed(desk, father, "coordinator")["code"] == "custody_needs_second_person"
    dropped = desk.browser("head").post(f"{LIST}/{father}/{child_of(desk)}/dropping")
    assert dropped.status_code == 201
    assert confirmed(desk, father, "head")["code"] == "custody_not_proposed"
    assert confirmed(desk, desk.pilot.learners[1], "head")["code"] == "custody_not_linked"


def test_the_other_parent_among_the_staff_decides_nothing(desk: Desk, mother: UUID) -> None:
    father = desk.pilot.learners[0]
    proposed(desk, father)
    desk.browser("coordinator", mother)
    assert confirmed(desk, father, "coordinator")["code"] == "own_case"


def pages_of_a_parent() -> Iterator[str]:
    """Every page and answer that a parent's phone opens by itself."""
    for address, rule in DOORS.items():
        method, path = address.split(" ")
        if rule.door is Door.PARENT and method == "GET" and "{" not in path:
            yield path


def test_there_are_pages_to_look_at() -> None:
    assert {"/me", "/me/statement", "/me/certificates", "/me/data", "/me/data.json"} <= set(
        pages_of_a_parent()
    )


def test_no_guardians_phone_shows_anything_of_another_guardian(desk: Desk, mother: UUID) -> None:
    """Father, mother and their child: the child is on both phones, the two adults on none."""
    father = desk.pilot.learners[0]
    told = {
        father: ("（示例）陈建2", entry(2).phone or "", str(father)),
        mother: ("（示例）林敏敏", "10000000099", str(mother)),
    }
    for own, other in ((father, mother), (mother, father)):
        phone = desk.browser("parent", own)
        seen = "".join(shown(phone, path) for path in pages_of_a_parent())
        assert not [word for word in told[other] if word in seen]
    assert "2.00" not in shown(desk.browser("parent", father), "/me/statement")
    assert desk.browser("parent", father).get("/me/data.json").json()["statement"] == []
    assert desk.browser("parent", mother).get("/me/data.json").json()["statement"] != []


def shown(phone: TestClient, path: str) -> str:
    return phone.get(path).text


def test_a_parents_phone_opens_no_learner_at_all(desk: Desk, mother: UUID) -> None:
    phone = desk.browser("parent", desk.pilot.learners[0])
    for path in (
        f"/staff/learners/{mother}",
        f"/api/v1/learners/{mother}/statement",
        f"/api/v1/learners/{mother}/history",
    ):
        assert phone.get(path).status_code in {303, 401, 403}
