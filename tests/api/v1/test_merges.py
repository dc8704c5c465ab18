"""Merging by the JSON interface: suggested, compared, signed by two, and undone by the district."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.pages.enrolment import NOTICE_VERSION
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, entry, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.ledger_evening import hold

LIST = f"/api/v1/schools/{SCHOOL}/merge-suggestions"


@pytest.fixture
def doubled(desk: Desk) -> UUID:
    """The second record of a father: the same phone under a slip of the pen."""
    desk.clock.move_to(ENDS + timedelta(hours=1))
    row = entry(20, name="（示例）陈健2", phone=entry(2).phone)
    book = desk.runtime.book
    [result] = book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    assert result.id is not None
    hold(desk.pilot, [desk.pilot.learners[0], result.id])
    desk.catch_up(book.ledger.position())
    return result.id


def merge(desk: Desk, merged: UUID, **different: object) -> dict[str, Any]:
    return {
        "kind": "merge", "school_code": SCHOOL, "survivor_id": str(desk.pilot.learners[0]),
        "merged_id": str(merged), "evidence": "same_phone", **different,
    }  # fmt: skip


def signed(desk: Desk, order: dict[str, Any], proposer: str, approver: str) -> None:
    """Preview, propose and approve one and the same hash."""
    asked = desk.browser(proposer)
    preview = asked.post("/api/v1/corrections/preview", json={"order": order}).json()
    body = {"order": order, "sha256": preview["sha256"]}
    proposed = asked.post("/api/v1/corrections", json=body)
    assert proposed.status_code == 201, proposed.text
    address = f"/api/v1/corrections/{proposed.json()['correction_id']}/approval"
    answer = desk.browser(approver).post(address, json={"sha256": preview["sha256"]})
    assert answer.status_code in {200, 201}, answer.text
    desk.catch_up(desk.runtime.book.ledger.position())


def part(desk: Desk, merged: UUID) -> None:
    order = {"kind": "unmerge", "school_code": SCHOOL,
             "survivor_id": str(desk.pilot.learners[0]), "merged_id": str(merged)}  # fmt: skip
    signed(desk, order, "coordinator", "district_officer")


def balance(desk: Desk, learner: UUID) -> int:
    return desk.runtime.models.accounts.balance(learner)


def test_who_shares_a_phone_is_suggested_until_somebody_decides(desk: Desk, doubled: UUID) -> None:
    first = desk.pilot.learners[0]
    [found] = desk.browser("coordinator").get(LIST).json()["suggestions"]
    assert set(found["learner_ids"]) == {str(first), str(doubled)}
    assert (found["because"], found["across_schools"]) == (["same_phone"], False)

    body = {"learner_ids": [str(doubled), str(first)]}
    for _ in range(2):
        told = desk.browser("coordinator").post(f"/api/v1/schools/{SCHOOL}/told-apart", json=body)
        assert told.status_code == 201
    assert desk.browser("coordinator").get(LIST).json()["suggestions"] == []


def test_two_persons_merge_and_the_district_parts_again(desk: Desk, doubled: UUID) -> None:
    first = desk.pilot.learners[0]
    signed(desk, merge(desk, doubled), "coordinator", "head")
    assert (balance(desk, first), balance(desk, doubled)) == (200, 0)
    assert desk.browser("coordinator").get(LIST).json()["suggestions"] == []

    part(desk, doubled)
    assert (balance(desk, first), balance(desk, doubled)) == (200, 200)


@pytest.mark.parametrize(
    ("different", "code"),
    [
        ({"merged_id": "{survivor}"}, "merge_with_oneself"),
        ({"merged_id": str(uuid4())}, "learner_unknown"),
        ({"kind": "unmerge"}, "not_merged"),
    ],
)
def test_a_merge_that_cannot_be_says_why(
    desk: Desk, doubled: UUID, different: dict[str, str], code: str
) -> None:
    order = merge(desk, doubled, **different)
    if order["merged_id"] == "{survivor}":
        order["merged_id"] = order["survivor_id"]
    if order["kind"] == "unmerge":
        del order["evidence"]
    asked = desk.browser("coordinator")
    answer = asked.post("/api/v1/corrections/preview", json={"order": order})
    assert answer.json()["code"] == code


def test_merged_already_and_alone_and_own_case_are_refused(desk: Desk, doubled: UUID) -> None:
    order, coordinator = merge(desk, doubled), desk.browser("coordinator")
    preview = coordinator.post("/api/v1/corrections/preview", json={"order": order}).json()
    body = {"order": order, "sha256": preview["sha256"]}
    key = coordinator.post("/api/v1/corrections", json=body).json()["correction_id"]
    alone = coordinator.post(f"/api/v1/corrections/{key}/approval", json={"sha256": body["sha256"]})
    assert alone.json()["code"] == "correction_needs_second_person"

    head = desk.browser("head", doubled)  # the head is that parent
    own = head.post(f"/api/v1/corrections/{key}/approval", json={"sha256": body["sha256"]})
    assert own.json()["code"] == "own_case"

    signed(desk, merge(desk, desk.pilot.learners[1]), "coordinator", "head")
    third = merge(desk, desk.pilot.learners[1], survivor_id=str(desk.pilot.learners[2]))
    again = coordinator.post("/api/v1/corrections/preview", json={"order": third})
    assert again.json()["code"] == "merged_already"


def test_a_record_of_another_school_alone_is_nobody_to_tell_apart(
    desk: Desk, doubled: UUID
) -> None:
    body = {"learner_ids": [str(uuid4()), str(uuid4())]}
    answer = desk.browser("coordinator").post(f"/api/v1/schools/{SCHOOL}/told-apart", json=body)
    assert answer.json()["code"] == "learner_unknown"


def test_old_phones_and_old_slips_open_the_surviving_record(desk: Desk, doubled: UUID) -> None:
    first = desk.pilot.learners[0]
    old_phone = desk.browser("parent", doubled)
    slip = desk.runtime.enrolment_codes.issue(doubled, desk.clock.at)
    signed(desk, merge(desk, doubled), "coordinator", "head")

    assert old_phone.get("/me/data.json").json()["learner_id"] == str(first)
    desk.clock.move_to(desk.clock.at + timedelta(hours=1))
    new_phone = desk.browser("nobody")
    form = {"code": slip, "consent": NOTICE_VERSION}
    assert new_phone.post("/enrol", data=form).status_code == 303
    assert new_phone.get("/me/data.json").json()["learner_id"] == str(first)
    assert str(doubled) not in new_phone.get("/me/data.json").text
    listed = new_phone.get("/me/data").text
    assert listed.count("/me/devices/") == 2
    old_login = listed.split("/me/devices/")[2].split("/")[0]
    assert new_phone.post(f"/me/devices/{old_login}/end").status_code == 303
    assert old_phone.get("/me").status_code == 303


def test_a_phone_goes_back_with_the_record_whose_slip_it_enrolled_by(
    desk: Desk, doubled: UUID
) -> None:
    slip = desk.runtime.enrolment_codes.issue(doubled, desk.clock.at)
    signed(desk, merge(desk, doubled), "coordinator", "head")
    phone = desk.browser("nobody")
    form = {"code": slip, "consent": NOTICE_VERSION}
    assert phone.post("/enrol", data=form).status_code == 303
    shown = phone.get("/me/data.json").json()
    assert shown["learner_id"] == str(desk.pilot.learners[0])
    [agreed] = shown["consents"]
    assert agreed["notice_version"] == NOTICE_VERSION
    part(desk, doubled)
    shown = phone.get("/me/data.json").json()
    assert (shown["learner_id"], shown["consents"]) == (
        str(doubled),
        [agreed | {"learner_id": str(doubled)}],
    )
    assert desk.browser("parent").get("/me/data.json").json()["consents"] == []


def test_the_old_id_leads_staff_to_the_surviving_record(desk: Desk, doubled: UUID) -> None:
    signed(desk, merge(desk, doubled), "coordinator", "head")
    answer = desk.browser("coordinator").get(f"/api/v1/learners/{doubled}/statement")
    assert answer.json()["learner_id"] == str(desk.pilot.learners[0])
    assert desk.browser("coordinator_elsewhere").get(
        f"/api/v1/schools/{ELSEWHERE}/merge-suggestions"
    ).json() == {"suggestions": []}


def test_nobody_previews_or_tells_apart_a_stranger_of_another_school(desk: Desk) -> None:
    row = entry(21, student_no="20239921")
    book = desk.runtime.book
    [stranger] = book.rosters.take(Roster(ELSEWHERE, 2026), [row], envelope(), dry_run=False)
    desk.catch_up(book.ledger.position())
    assert stranger.id is not None
    asked, order = desk.browser("coordinator"), merge(desk, stranger.id)
    for path, body in (
        ("corrections/preview", {"order": order}),
        ("corrections", {"order": order, "sha256": "0" * 64}),
        (
            f"schools/{SCHOOL}/told-apart",
            {"learner_ids": [str(desk.pilot.learners[0]), str(stranger.id)]},
        ),
    ):
        assert asked.post(f"/api/v1/{path}", json=body).json()["code"] == "learner_unknown"
