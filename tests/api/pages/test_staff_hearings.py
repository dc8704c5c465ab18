"""The accused reads what is proposed, on a phone and on paper; the school tells and hears."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from domain.correction import AttendanceOrder, ExternalOrder
from domain.rules import ReversalReason
from tests.acting import ENDS, SCHOOL, envelope
from tests.api.desk import Desk
from tests.api.earning.following import follow
from tests.api.earning.test_external_hours import enter
from tests.api.pages.test_staff_teachers import ENTRY, NEW, NOVEMBER, SCHOOL_PAGE, award_of
from tests.api.pilot_school import PilotSchool

FRAUD = "fraud_confirmed"
SAYS = "那天我在场（示例）"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.clock.move_to(ENDS + timedelta(days=1))
    return desk


@pytest.fixture
def matter(desk: Desk) -> str:
    """The coordinator says that the first learner was not there."""
    order = AttendanceOrder(
        session_id=desk.pilot.session_id, learner_id=desk.pilot.learners[0],
        reason_code=ReversalReason.FRAUD_CONFIRMED,
    )  # fmt: skip
    return proposed(desk, order)


def proposed(desk: Desk, order: AttendanceOrder | ExternalOrder) -> str:
    coordinator = desk.browser("coordinator")
    body = {"order": order.model_dump(mode="json")}
    preview = coordinator.post("/api/v1/corrections/preview", json=body).json()
    done = coordinator.post("/api/v1/corrections", json=body | {"sha256": preview["sha256"]})
    assert done.json()["state"] == "waiting"
    return str(done.json()["correction_id"])


def read(browser: TestClient, address: str, **headers: str) -> str:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_accused_reads_what_is_proposed_why_and_until_when(desk: Desk, matter: str) -> None:
    parent, other = desk.browser("parent"), desk.browser("parent", desk.pilot.learners[1])
    address = f"/me/proposals/{matter}"
    for page in ("/me", "/me/changes", "/me/cases"):
        assert f'href="{address}"' in read(parent, page)
        assert address not in read(other, page)
    assert other.get(address).status_code == 404

    told = read(parent, address)
    for words in (
        "原来的学时不再计入", "由 2.00 变为 0.00", "现在没有任何决定", "从告知那天起七天内",
        "示例小学", "写在纸上交回",
    ):  # fmt: skip
        assert words in told
    assert "作弊" not in told
    assert "弄虚作假" not in told
    assert "the total of your hours changes from 2.00 to 0.00" in read(parent, address, **ENGLISH)

    [listed] = parent.get("/api/v1/me/changes").json()["proposed"]
    assert (listed["id"], listed["stage"], listed["answer_until"]) == (matter, "untold", None)
    assert (listed["hours_before"], listed["hours_after"]) == (200, 0)
    assert other.get("/api/v1/me/changes").json()["proposed"] == []


def test_the_paper_says_what_the_phone_says(desk: Desk, matter: str) -> None:
    coordinator, parent = desk.browser("coordinator"), desk.browser("parent")
    told = f"/staff/hearings/{matter}/telling"
    assert f'action="{told}"' in read(coordinator, f"/staff/hearings/{matter}")
    assert coordinator.post(told, data={"how": "on_paper"}).status_code == 303
    until = parent.get("/api/v1/me/changes").json()["proposed"][0]["answer_until"]

    assert told not in read(coordinator, f"/staff/hearings/{matter}")  # once is enough
    paper = read(coordinator, f"/staff/hearings/{matter}/question")
    phone = read(parent, f"/me/proposals/{matter}")
    sentences = [each for each in phone.split("<p>")[1:] if "</p>" in each]
    assert len(sentences) > 6
    for each in sentences:
        said = each.split("</p>")[0]
        if "href" not in said:
            assert said in paper
    assert f"您可以在 {until} 以前说明" in paper


def test_the_json_interface_tells_and_hears_as_the_page_does(desk: Desk, matter: str) -> None:
    coordinator, head = desk.browser("coordinator"), desk.browser("head")
    hearing, key = f"/api/v1/hearings/{matter}", {"Idempotency-Key": "telling-0001-aaaa"}
    assert head.get(hearing).json() == {"stage": "untold", "answer_until": None}
    first = coordinator.post(f"{hearing}/telling", json={"how": "by_phone"}, headers=key)
    again = coordinator.post(f"{hearing}/telling", json={"how": "by_phone"}, headers=key)
    assert (first.status_code, again.json()) == (200, first.json())
    assert head.get(hearing).json()["stage"] == "told"
    said = {"heard_by": "by_phone", "words": SAYS}
    assert coordinator.post(f"{hearing}/statements", json=said).status_code == 200
    assert coordinator.post(f"{hearing}/statements", json=said | {"words": " "}).status_code == 422
    as_if = coordinator.post(f"{hearing}/statements", json=said | {"heard_by": "screen"})
    assert (as_if.status_code, as_if.json()["code"]) == (422, "heard_by_own_device")
    assert head.get(hearing).json()["stage"] == "held"


def test_who_reads_what_a_person_said_is_in_the_log(desk: Desk, matter: str) -> None:
    coordinator, head = desk.browser("coordinator"), desk.browser("head")
    address = f"/staff/hearings/{matter}"
    read(head, address)
    assert desk.readings("hearing") == 0
    said = {"heard_by": "by_phone", "words": SAYS}
    assert coordinator.post(f"{address}/statements", data=said).status_code == 303
    for page in (address, f"/staff/corrections/of/{matter}"):
        looks = desk.readings("hearing")
        assert SAYS in read(head, page)
        assert desk.readings("hearing") == looks + 1


def test_nobody_accused_reads_their_own_hearing_at_work(desk: Desk, matter: str) -> None:
    me = desk.browser("head", desk.pilot.learners[0])
    answer = me.get(f"/staff/hearings/{matter}")
    assert answer.status_code == 403
    assert me.post(f"/api/v1/hearings/{matter}/telling", json={"how": "by_phone"}).json()[
        "code"
    ] in {"own_case", "forbidden"}


def test_once_decided_nothing_is_left_to_be_heard(desk: Desk, matter: str) -> None:
    parent, head = desk.browser("parent"), desk.browser("head")
    refusal = {"reason_code": "not_founded"}
    assert head.post(f"/api/v1/corrections/{matter}/refusal", json=refusal).status_code == 200
    assert parent.get("/api/v1/me/changes").json()["proposed"] == []
    assert parent.get(f"/me/proposals/{matter}").status_code == 404
    answer = head.get(f"/api/v1/hearings/{matter}")
    assert (answer.status_code, answer.json()["code"]) == (409, "hearing_not_needed")


def test_hours_from_elsewhere_are_told_to_whom_they_are_about(desk: Desk) -> None:
    external_id, officer = UUID(enter(desk)), desk.browser("district_officer")
    officer.post(f"/api/v1/external-hours/{external_id}/decisions", json={"confirmed": True})
    follow(desk)
    follow(desk)
    reason = ReversalReason.FRAUD_CONFIRMED
    matter = proposed(desk, ExternalOrder(external_id=external_id, reason_code=reason))
    parent = desk.browser("parent")
    assert "一份校外学时（4.00 学时）不再计入" in read(parent, f"/me/proposals/{matter}")
    other = desk.browser("parent", desk.pilot.learners[1])
    assert other.get(f"/me/proposals/{matter}").status_code == 404


def test_a_teacher_reads_it_among_their_own_hours(desk: Desk) -> None:
    desk.clock.move_to(NOVEMBER)
    coordinator, head = desk.browser("coordinator"), desk.browser("head")
    li = coordinator.post(SCHOOL_PAGE, data=NEW).headers["location"]
    teacher_id = UUID(li.rsplit("/", 1)[1])
    coordinator.post(f"{li}/hours", data=ENTRY)
    reversal = {"award_id": award_of(desk, li), "reason": FRAUD}
    assert coordinator.post(f"{li}/reversal", data=reversal).status_code == 303
    [line] = desk.runtime.models.teacher_corrections.open_of(SCHOOL)
    hearing = f"/staff/hearings/{line.correction_id}"
    assert f'href="{hearing}"' in read(head, SCHOOL_PAGE)
    early = head.post(f"/api/v1/teacher-corrections/{line.correction_id}/confirmation")
    assert early.json()["code"] == "hearing_telling_awaited"
    direct = f"/api/v1/teachers/{teacher_id}/hours/{reversal['award_id']}/reversal"
    answer = coordinator.post(direct, json={"reason_code": FRAUD})
    assert answer.json()["code"] == "teacher_fraud_needs_second_person"

    host = desk.browser("host")
    desk.runtime.book.teachers.link(teacher_id, desk.people["host"], envelope())
    desk.catch_up(desk.runtime.book.ledger.position())
    assert "提议这项培训的 12.00 学时不再计入" in read(host, "/staff/my-hours")
    assert "示例研修" in read(coordinator, f"{hearing}/question")
    said = {"heard_by": "in_person", "words": SAYS}
    assert coordinator.post(f"{hearing}/statements", data=said).status_code == 303
    confirmed = head.post(f"/api/v1/teacher-corrections/{line.correction_id}/confirmation")
    assert confirmed.status_code == 200
