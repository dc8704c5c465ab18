"""The teachers' ledger as JSON: hours entered by colleagues, a cycle that closes, two persons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.access.staff_accounts import UnknownAccount
from domain.envelope import Role
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.api.desk import ELSEWHERE, OTHER_DISTRICT, Desk

TEACHERS = f"/api/v1/schools/{SCHOOL}/teachers"
LI = {"name": "（示例）李老师", "staff_no": "T-001", "in_service_from": "2015-09-01"}
TRAINING = {
    "title": "家庭教育指导师培训", "organiser": "（示例）学院", "begins": "2026-03-07",
    "ends": "2026-03-08", "hours": 1200,
}  # fmt: skip
NOVEMBER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LAST_SECOND = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


@pytest.fixture
def li(desk: Desk) -> str:
    """The address of a teacher of the school, in November."""
    desk.clock.move_to(NOVEMBER)
    return registered(desk, LI)


def registered(desk: Desk, who: dict[str, str]) -> str:
    answer = desk.browser("coordinator").post(TEACHERS, json=who)
    assert answer.status_code == 201, answer.text
    return f"/api/v1/teachers/{answer.json()['teacher_id']}"


def post(
    desk: Desk, asker: str, address: str, body: dict[str, Any] | None = None
) -> tuple[int, Any]:
    answer = desk.browser(asker).post(address, json=body or {})
    return answer.status_code, answer.json()


def code(desk: Desk, asker: str, address: str, body: dict[str, Any] | None = None) -> str:
    status, found = post(desk, asker, address, body)
    assert status >= 400, found
    return str(found["code"])


def close(desk: Desk, li: str) -> None:
    desk.clock.move_to(NEW_YEAR)
    by = envelope(NEW_YEAR, Role.SYSTEM)
    desk.runtime.book.teachers.close("2024-2026", [UUID(li.rsplit("/", 1)[1])], by)
    desk.catch_up(desk.runtime.book.ledger.position())


def test_hours_are_entered_once_and_counted_by_year(desk: Desk, li: str) -> None:
    _, first = post(desk, "coordinator", f"{li}/hours", TRAINING)
    _, again = post(desk, "head", f"{li}/hours", TRAINING)
    earlier = {**TRAINING, "begins": "2025-04-01", "ends": "2025-04-01", "minutes": 90}
    del earlier["hours"]
    post(desk, "coordinator", f"{li}/hours", earlier)

    found = desk.browser("head").get(li).json()

    assert first == again
    assert (found["hours"], found["required"], found["standing"]) == (1400, 1800, "short")
    assert found["by_year"] == {"2024": 0, "2025": 200, "2026": 1200}
    assert [each["hours"] for each in found["awards"]] == [1200, 200]


def test_the_school_sees_who_is_short_by_number_and_the_district_sees_counts(
    desk: Desk, li: str
) -> None:
    newcomer = registered(desk, {"name": "（示例）王老师", "in_service_from": "2026-09-01"})
    post(desk, "coordinator", f"{newcomer}/hours", {**TRAINING, "hours": 200})

    school = desk.browser("coordinator").get(TEACHERS).json()
    district = desk.browser("district_officer").get(f"/api/v1/districts/{DISTRICT}/teacher-cycle")
    city = desk.browser("city_administrator").get("/api/v1/districts/440100/teacher-cycle")

    assert (school["cycle"], school["teachers"], school["trained"]) == ("2024-2026", 2, 1)
    assert [(each["staff_no"], each["standing"]) for each in school["members"]] == [
        ("T-001", "short"), ("", "met"),
    ]  # fmt: skip
    [counted] = district.json()["schools"]
    assert school["standings"] == {"met": 1, "on_track": 0, "short": 1}
    assert counted["standings"] == {"met": None, "on_track": None, "short": None}  # two are few
    assert counted["teachers"] is None
    assert "李" not in district.text
    assert city.json() == district.json()
    assert desk.browser("district_officer").get(TEACHERS).status_code == 403
    foreign = f"/api/v1/districts/{OTHER_DISTRICT}/teacher-cycle"
    assert desk.browser("district_officer").get(foreign).status_code == 403


def test_another_cycle_can_be_asked_for(desk: Desk, li: str) -> None:
    asked = desk.browser("head").get(f"{TEACHERS}?cycle=2027-2029").json()
    assert (asked["cycle"], asked["as_of"]) == ("2027-2029", "2027-01-01")
    answer = desk.browser("head").get(f"{TEACHERS}?cycle=2025-2027")
    assert (answer.status_code, answer.json()["code"]) == (404, "teacher_cycle_unknown")


def test_names_are_read_on_the_record(desk: Desk, li: str) -> None:
    before = desk.readings("teacher_cycle")
    desk.browser("head").get(TEACHERS)
    assert desk.readings("teacher_cycle") == before + 1


def test_a_reversal_happens_once(desk: Desk, li: str) -> None:
    _, awarded = post(desk, "coordinator", f"{li}/hours", TRAINING)
    address = f"{li}/hours/{awarded['award_id']}/reversal"
    reason = {"reason_code": "entry_error"}

    assert post(desk, "coordinator", address, reason)[0] == 200
    assert code(desk, "head", address, reason) == "teacher_hours_already_reversed"
    missing = f"{li}/hours/{uuid4()}/reversal"
    assert code(desk, "head", missing, reason) == "teacher_hours_unknown"
    [line] = desk.browser("head").get(li).json()["awards"]
    assert (line["reason_code"], line["reversed_at"] is None) == ("entry_error", False)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hours": 0}, "teacher_hours_malformed"),
        ({"ends": "2026-03-06"}, "teacher_hours_malformed"),
        ({"hours": 1601}, "teacher_day_full"),
        ({"ends": "2026-12-01"}, "teacher_training_not_over"),
        ({"begins": "2023-12-31"}, "teacher_cycle_unknown"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_their_code(
    desk: Desk, li: str, changes: dict[str, Any], expected: str
) -> None:
    assert code(desk, "coordinator", f"{li}/hours", {**TRAINING, **changes}) == expected


def test_other_hours_for_the_same_training_and_days_of_two_cycles_are_refused(
    desk: Desk, li: str
) -> None:
    post(desk, "coordinator", f"{li}/hours", TRAINING)
    other = {**TRAINING, "hours": 800}
    assert code(desk, "coordinator", f"{li}/hours", other) == "teacher_hours_differ"
    desk.clock.move_to(datetime(2027, 1, 5, tzinfo=UTC))
    both = {**TRAINING, "begins": "2026-12-30", "ends": "2027-01-02"}
    assert code(desk, "coordinator", f"{li}/hours", both) == "teacher_period_crosses_cycles"


@pytest.mark.parametrize("extra", [{"minutes": 90}, {"title": "  "}, {"hours": "many"}])
def test_a_malformed_entry_names_its_field(desk: Desk, li: str, extra: dict[str, Any]) -> None:
    answer = desk.browser("coordinator").post(f"{li}/hours", json={**TRAINING, **extra})
    assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")


def link(desk: Desk, li: str, user: str, asker: str = "coordinator") -> tuple[int, Any]:
    return post(desk, asker, f"{li}/staff", {"user": user})


def with_account(desk: Desk, asker: str) -> str:
    desk.browser(asker)
    accounts = desk.runtime.accounts
    try:
        accounts.owner_of(asker)
    except UnknownAccount:
        accounts.open_account(desk.people[asker], asker, "correct-horse-battery", desk.clock.at)
    return asker


def test_a_linked_teacher_sees_their_own_hours_and_a_colleague_enters_them(
    desk: Desk, li: str
) -> None:
    assert link(desk, li, with_account(desk, "coordinator"))[0] == 200
    assert code(desk, "coordinator", f"{li}/hours", TRAINING) == "own_case"
    post(desk, "head", f"{li}/hours", TRAINING)

    own = desk.browser("coordinator").get("/api/v1/staff/my-hours").json()["own"]

    assert (own["hours"], own["cycle"]) == (1200, "2024-2026")
    assert desk.browser("head").get("/api/v1/staff/my-hours").json() == {"own": None}
    assert desk.browser("parent").get("/api/v1/staff/my-hours").status_code == 401


def test_only_the_school_s_own_staff_are_linked_and_each_once(desk: Desk, li: str) -> None:
    wang = registered(desk, {"name": "（示例）王老师", "in_service_from": "2026-09-01"})
    foreign = with_account(desk, "head_elsewhere")
    for nobody in (foreign, "stranger"):
        status, told = link(desk, li, nobody)
        assert (status, told["code"]) == (404, "staff_unknown")
    link(desk, li, with_account(desk, "host"))
    assert link(desk, wang, "host")[1]["code"] == "staff_linked_otherwise"


def test_hours_follow_a_teacher_to_the_next_school(desk: Desk, li: str) -> None:
    post(desk, "coordinator", f"{li}/hours", TRAINING)
    same = {"school_code": SCHOOL, "on": "2026-09-01"}
    assert code(desk, "coordinator", f"{li}/moves", same) == "teacher_service_dates_cross"
    nowhere = {"school_code": "4401049999", "on": "2026-09-01"}
    assert code(desk, "coordinator", f"{li}/moves", nowhere) == "school_unknown"
    post(desk, "coordinator", f"{li}/moves", {"school_code": ELSEWHERE, "on": "2026-09-01"})

    there = desk.browser("head_elsewhere").get(f"/api/v1/schools/{ELSEWHERE}/teachers").json()

    assert [each["hours"] for each in there["members"]] == [1200]
    assert desk.browser("coordinator").get(TEACHERS).json()["members"] == []
    assert desk.browser("coordinator").get(li).status_code == 403


def test_who_left_is_no_longer_asked_for(desk: Desk, li: str) -> None:
    assert post(desk, "coordinator", f"{li}/leaving", {"on": "2026-10-31"})[0] == 200
    assert desk.browser("head").get(TEACHERS).json()["teachers"] == 0
    assert desk.browser("head").get(li).json()["required"] == 1700


def test_a_closed_cycle_changes_by_two_persons(desk: Desk, li: str) -> None:
    _, awarded = post(desk, "coordinator", f"{li}/hours", TRAINING)
    early = {"hours": {**TRAINING, "title": "阅读", "ends": "2026-03-09", "hours": 600}}
    assert code(desk, "coordinator", f"{li}/corrections", early) == "teacher_cycle_not_closed"
    close(desk, li)
    late = {**TRAINING, "title": "阅读", "ends": "2026-03-09", "hours": 600}
    assert code(desk, "coordinator", f"{li}/hours", late) == "teacher_cycle_closed"
    reversal = f"{li}/hours/{awarded['award_id']}/reversal"
    assert code(desk, "head", reversal, {"reason_code": "duplicate"}) == "teacher_cycle_closed"

    _, proposed = post(desk, "coordinator", f"{li}/corrections", {"hours": late})
    [waits] = (
        desk.browser("head")
        .get(f"/api/v1/schools/{SCHOOL}/teacher-corrections")
        .json()["corrections"]
    )
    decision = f"/api/v1/teacher-corrections/{proposed['correction_id']}"
    own = code(desk, "coordinator", f"{decision}/confirmation")
    confirmed = post(desk, "head", f"{decision}/confirmation")

    assert (waits["hours"], own) == (600, "teacher_correction_needs_second_person")
    assert confirmed[0] == 200
    assert code(desk, "head", f"{decision}/refusal") == "teacher_correction_decided"
    after = desk.browser("head").get(f"{li}?cycle=2024-2026").json()
    assert (after["hours"], after["standing"], after["closed"]) == (1800, "met", True)


def test_a_reversal_in_a_closed_cycle_can_be_declined(desk: Desk, li: str) -> None:
    _, awarded = post(desk, "coordinator", f"{li}/hours", TRAINING)
    close(desk, li)
    body = {"reversal": {"award_id": awarded["award_id"], "reason_code": "wrong_person"}}
    _, proposed = post(desk, "head", f"{li}/corrections", body)
    decision = f"/api/v1/teacher-corrections/{proposed['correction_id']}"

    assert post(desk, "coordinator", f"{decision}/refusal")[0] == 200
    assert desk.browser("head").get(f"{li}?cycle=2024-2026").json()["hours"] == 1200
    waiting = desk.browser("head").get(f"/api/v1/schools/{SCHOOL}/teacher-corrections").json()
    assert waiting == {"corrections": []}


@pytest.mark.parametrize("body", [{}, {"hours": TRAINING, "reversal": {}}])
def test_a_proposal_says_one_thing(desk: Desk, li: str, body: dict[str, Any]) -> None:
    answer = desk.browser("coordinator").post(f"{li}/corrections", json=body)
    assert answer.status_code == 400


def test_what_is_unknown_looks_foreign(desk: Desk) -> None:
    for address in (
        f"/api/v1/teachers/{uuid4()}/hours",
        f"/api/v1/teacher-corrections/{uuid4()}/confirmation",
    ):
        assert desk.browser("coordinator").post(address, json=TRAINING).status_code == 403


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ({**LI, "name": "（示例）王老师"}, "teacher_number_taken"),
        ({**LI, "in_service_from": "2020-01-01"}, "registered_otherwise"),
    ],
)
def test_a_teacher_is_registered_as_one(
    desk: Desk, li: str, who: dict[str, str], expected: str
) -> None:
    assert registered(desk, LI) == li
    assert code(desk, "coordinator", TEACHERS, who) == expected


def test_namesakes_need_their_number(desk: Desk, li: str) -> None:
    registered(desk, {**LI, "staff_no": "T-002"})
    without = {"name": LI["name"], "in_service_from": "2015-09-01"}
    assert code(desk, "coordinator", TEACHERS, without) == "teacher_ambiguous"
