"""Children who move, by the JSON interface: out with a code, in with it, confirmed by the old."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from api.asking import Asking
from api.signing import create_key
from api.star_proposals import own_schools
from ledger.registry import NewSchool
from tests.acting import DISTRICT, SCHOOL, entry, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.online_exams import publish_online
from tests.saying import says

OUT = f"/api/v1/schools/{SCHOOL}/transfers"
IN = f"/api/v1/schools/{ELSEWHERE}/transfers/claims"
IN_MARCH = datetime(2027, 3, 8, 2, 0, tzinfo=UTC)
CLASS = {"class_name": "七年级1班"}


@pytest.fixture
def march(desk: Desk) -> Desk:
    desk.clock.move_to(IN_MARCH)
    return desk


def child_of(desk: Desk, number: int = 0) -> str:
    [child] = desk.runtime.book.learners.get(desk.pilot.learners[number]).guardianships
    return str(child)


def announced(desk: Desk, **different: str) -> dict[str, Any]:
    body = {"child_id": child_of(desk), "effective_on": "2027-03-01", **different}
    answer = desk.browser("coordinator").post(OUT, json=body)
    found: dict[str, Any] = answer.json()
    return found


def claim(desk: Desk, **way: str) -> Any:
    return desk.browser("coordinator_elsewhere").post(IN, json={**CLASS, **way})


def confirm(desk: Desk, transfer_id: str) -> Any:
    return desk.browser("coordinator").post(f"/api/v1/transfers/{transfer_id}/confirmation")


def test_a_child_moves_with_the_code_of_the_old_school(march: Desk) -> None:
    made = announced(march)
    assert claim(march, code=made["code"]).status_code == 201
    assert confirm(march, made["transfer_id"]).status_code == 201

    mother = march.pilot.learners[0]
    now, before = march.runtime.models.roster.places_of(mother)
    assert (now.school_code, now.grade, now.class_group) == (ELSEWHERE, "七年级", "1班")
    assert (before.school_code, str(before.ended_on)) == (SCHOOL, "2027-03-01")
    [listed] = (
        march.browser("coordinator_elsewhere")
        .get(f"/api/v1/schools/{ELSEWHERE}/transfers")
        .json()["transfers"]
    )
    assert (listed["state"], listed["to_school_code"]) == ("confirmed", ELSEWHERE)
    for asker, allowed in (("coordinator_elsewhere", 200), ("coordinator", 403)):
        address = f"/api/v1/learners/{mother}/statement"
        assert march.browser(asker).get(address).status_code == allowed


def test_a_child_is_claimed_by_its_old_number_too(march: Desk) -> None:
    announced(march, to_school_code=ELSEWHERE)
    number = entry(2).student_no or ""
    assert claim(march, from_school_code=SCHOOL, student_no=number).status_code == 201
    missing = claim(march, from_school_code=SCHOOL, student_no="nobody")
    assert missing.json()["code"] == "transfer_unknown"


def test_a_wrong_and_a_used_code_are_refused(march: Desk) -> None:
    made = announced(march)
    assert claim(march, code="ABCD-EFGH-JKMN-0").json()["code"] in {
        "code_malformed",
        "code_unknown",
    }
    assert claim(march, code=made["code"]).status_code == 201
    march.clock.move_to(datetime(2027, 3, 8, 3, 0, tzinfo=UTC))
    assert claim(march, code=made["code"]).json()["code"] == "code_used"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"child_id": "00000000-0000-4000-8000-000000000000"}, "child_not_here"),
        ({"to_school_code": "9999999999"}, "school_unknown"),
        ({"to_school_code": SCHOOL}, "transfer_elsewhere"),
    ],
)
def test_a_child_that_cannot_leave_like_that_stays(
    march: Desk, body: dict[str, str], code: str
) -> None:
    assert announced(march, **body)["code"] == code


def test_steps_out_of_turn_are_refused(march: Desk) -> None:
    made = announced(march, effective_on="2027-04-01")
    assert announced(march)["code"] == "transfer_announced_otherwise"
    assert confirm(march, made["transfer_id"]).json()["code"] == "transfer_not_claimed"
    claim(march, code=made["code"])
    assert confirm(march, made["transfer_id"]).json()["code"] == "not_effective_yet"
    gone = march.browser("coordinator").post(f"/api/v1/transfers/{made['transfer_id']}/withdrawal")
    assert gone.status_code == 201
    assert confirm(march, made["transfer_id"]).json()["code"] == "transfer_over"
    assert claim(march, code="", class_name="没有这个班").status_code in {404, 422}


def test_a_claim_names_a_code_or_a_number(march: Desk) -> None:
    assert claim(march).status_code == 400
    assert claim(march, code="X", from_school_code=SCHOOL, student_no="1").status_code == 400


def test_nobody_moves_a_child_of_their_own(march: Desk) -> None:
    body = {"child_id": child_of(march, 1), "effective_on": "2027-03-01"}
    mine = march.browser("coordinator", march.pilot.learners[1]).post(OUT, json=body)
    assert mine.json()["code"] == "own_case"


def test_whoever_leaves_the_city_keeps_the_account_and_the_page(march: Desk) -> None:
    body = {"child_id": child_of(march), "on": "2027-03-01", "reason_code": "transferred"}
    left = march.browser("coordinator").post(f"/api/v1/schools/{SCHOOL}/departures", json=body)
    assert left.status_code == 201
    mother = march.pilot.learners[0]
    assert mother not in march.runtime.models.roster.learners_of(SCHOOL, 2026)
    assert march.browser("parent").get("/me/statement").status_code == 200
    asked = march.browser("coordinator").get(f"/api/v1/learners/{mother}/statement")
    assert asked.status_code == 200  # the last school still answers for it


def test_a_parent_hands_over_the_code_of_their_own_child(march: Desk) -> None:
    made = announced(march)
    page = march.browser("parent").get("/me/data").text
    address = f"/me/transfers/{made['transfer_id']}/code"
    assert address in page
    shown = march.browser("parent").post(address).text
    code = shown.split('class="code mono">')[1].split("<")[0]
    assert claim(march, code=code).status_code == 201
    other = march.browser("parent", march.pilot.learners[1]).post(address)
    assert other.status_code == 404


def test_a_school_does_not_guess_numbers_without_end(march: Desk) -> None:
    announced(march)
    tries = [claim(march, from_school_code=SCHOOL, student_no=f"guess {n}") for n in range(11)]
    assert [answer.json()["code"] for answer in tries] == ["transfer_unknown"] * 10 + [
        "too_many_tries"
    ]
    number = entry(2).student_no or ""
    assert claim(march, from_school_code=SCHOOL, student_no=number).status_code == 429


def test_a_number_says_nothing_of_a_child_that_goes_to_another_school(march: Desk) -> None:
    third = NewSchool("4401040009", "示例三小", ("primary",), DISTRICT)
    march.runtime.book.registry.register_school(third, envelope())
    announced(march, to_school_code=third.school_code)
    number = entry(2).student_no or ""
    answer = claim(march, from_school_code=SCHOOL, student_no=number)
    assert answer.json()["code"] == "transfer_unknown"


def test_the_school_that_a_child_left_issues_and_publishes_nothing_to_its_parents(
    march: Desk,
) -> None:
    publish_online(march.runtime.book)
    march.catch_up(march.runtime.book.ledger.position())
    create_key(march.runtime, march.clock.at)
    mother, parent = march.pilot.learners[0], march.browser("parent")
    assert len(parent.get("/api/v1/me/exams").json()["exams"]) == 1
    made = announced(march)
    claim(march, code=made["code"])
    confirm(march, made["transfer_id"])

    form = {"learner_id": str(mother), "request_id": str(uuid4())}
    issued = march.browser("coordinator").post(f"/staff/schools/{SCHOOL}/statements", data=form)

    assert (issued.status_code, says(issued, "learner_unknown")) == (404, True)
    assert parent.get("/api/v1/me/exams").json()["exams"] == []
    asking = Asking(march.runtime, None, uuid4())
    assert own_schools(asking, mother) == [ELSEWHERE]
