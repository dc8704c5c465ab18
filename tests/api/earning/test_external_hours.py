"""Hours from elsewhere, from outside: two persons, one document, and the account at the end."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from api.passbook.checking import derived
from api.passbook.making import passbook_of
from domain.envelope import Role
from ledger.recomputing.figures import Verdict
from tests.acting import DISTRICT, SCHOOL, STARTS, envelope
from tests.api.certificates.erasing import erase
from tests.api.desk import Desk
from tests.api.earning.following import balance, follow
from tests.api.pages.test_staff_corrections import hidden, signed


def hours(desk: Desk, **different: Any) -> dict[str, Any]:
    return {
        "learner_id": str(desk.pilot.learners[0]), "issuer": "community_station",
        "document_number": "社2026-001", "reason": "（示例）社区家长学校", "hours": 400,
        "family": "mental_health", "school_year": 2026, "term_no": 1, **different,
    }  # fmt: skip


def enter(desk: Desk, **different: Any) -> str:
    answer = desk.browser("coordinator").post(
        f"/api/v1/schools/{SCHOOL}/external-hours", json=hours(desk, **different)
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["external_id"])


def test_the_school_enters_and_the_district_confirms(desk: Desk) -> None:
    key = enter(desk)
    desk.clock.move_to(STARTS)
    officer = desk.browser("district_officer")

    answer = officer.post(f"/api/v1/external-hours/{key}/decisions", json={"confirmed": True})
    assert answer.status_code == 201
    follow(desk)
    follow(desk)
    assert balance(desk) == 400

    [line] = officer.get(f"/api/v1/schools/{SCHOOL}/external-hours").json()["external_hours"]
    assert (line["is_confirmed"], line["hours"]) == (True, 400)
    assert "社2026-001" not in str(line)


def test_each_refusal_has_its_code(desk: Desk) -> None:
    key, coordinator = enter(desk), desk.browser("coordinator")
    officer = desk.browser("district_officer")
    decisions = f"/api/v1/external-hours/{key}/decisions"
    entries = f"/api/v1/schools/{SCHOOL}/external-hours"
    used = coordinator.post(entries, json=hours(desk, hours=450))
    unsaid = officer.post(decisions, json={"confirmed": False})
    no = {"confirmed": False, "reason": "not_verifiable"}
    assert officer.post(decisions, json=no).status_code == 201
    decided = officer.post(decisions, json={"confirmed": True})
    assert used.json()["code"] == "external_document_used"
    assert unsaid.status_code == 400
    assert decided.json()["code"] == "external_decided"


def test_whoever_entered_them_does_not_confirm_them(desk: Desk) -> None:
    """A coordinator who became the district's officer since."""
    key, person = enter(desk), desk.people["coordinator"]
    desk.runtime.book.registry.authorise(
        person, Role.DISTRICT_OFFICER, DISTRICT, date(2026, 8, 1), date(2027, 8, 31), envelope()
    )
    answer = desk.browser("coordinator").post(
        f"/api/v1/external-hours/{key}/decisions", json={"confirmed": True}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "external_needs_second_person")


def test_the_page_shows_names_to_the_school_and_masks_to_the_district(desk: Desk) -> None:
    page, coordinator = f"/staff/external/{SCHOOL}", desk.browser("coordinator")
    form = {key: str(value) for key, value in hours(desk, hours=4).items()}
    assert coordinator.post(page, data=form).status_code == 303
    again = coordinator.post(page, data={**form, "hours": "5"})
    assert (again.status_code, "这份证明已经登记过" in again.text) == (409, True)
    assert "（示例）陈建2" in coordinator.get(page).text
    officer = desk.browser("district_officer")
    shown = officer.get(page).text
    assert "（示例）陈建2" not in shown
    assert "社2026-001" in shown
    [line] = desk.runtime.models.external_hours.of_school(SCHOOL)
    address = f"/staff/external/of/{line.external_id}"
    assert officer.post(f"{address}/confirmation").status_code == 303
    assert "已认定" in coordinator.get(page).text
    late = officer.post(f"{address}/refusal", data={"reason": "not_verifiable"})
    assert late.status_code == 409


def test_the_district_turns_down_on_the_page(desk: Desk) -> None:
    key, officer = enter(desk), desk.browser("district_officer")
    address = f"/staff/external/of/{key}/refusal"
    assert officer.post(address, data={"reason": "counted_already"}).status_code == 303
    assert "未认定：已计过学时" in desk.browser("coordinator").get(f"/staff/external/{SCHOOL}").text


def test_an_unknown_entry_looks_foreign(desk: Desk) -> None:
    answer = desk.browser("district_officer").post(
        f"/api/v1/external-hours/{uuid4()}/decisions", json={"confirmed": True}
    )
    assert answer.json()["code"] == "forbidden"


def test_the_number_and_the_words_go_with_the_learner(desk: Desk) -> None:
    page, coordinator = f"/staff/external/{SCHOOL}", desk.browser("coordinator")
    enter(desk)
    assert "社2026-001" in coordinator.get(page).text

    erase(desk.runtime, desk.pilot.learners[0])

    shown = coordinator.get(page).text
    assert "社2026-001" not in shown
    assert "（示例）社区家长学校" not in shown
    other = hours(desk, learner_id=str(desk.pilot.learners[1]))
    again = coordinator.post(f"/api/v1/schools/{SCHOOL}/external-hours", json=other)
    assert again.json()["code"] == "external_document_used"  # erased, and still used up
    gone = coordinator.post(
        f"/api/v1/schools/{SCHOOL}/external-hours", json=hours(desk, document_number="2")
    )
    assert gone.json()["code"] == "learner_unknown"


def test_a_confirmation_takes_no_reason(desk: Desk) -> None:
    decisions = f"/api/v1/external-hours/{enter(desk)}/decisions"
    both = {"confirmed": True, "reason": "not_verifiable"}
    assert desk.browser("district_officer").post(decisions, json=both).status_code == 400


def test_who_mistyped_an_entry_withdraws_it_on_the_page_and_enters_it_again(desk: Desk) -> None:
    page, coordinator = f"/staff/external/{SCHOOL}", desk.browser("coordinator")
    key, officer = enter(desk, hours=1900), desk.browser("district_officer")
    assert "撤回登记" in coordinator.get(page).text
    assert "撤回登记" not in officer.get(page).text

    assert coordinator.post(f"/staff/external/of/{key}/withdrawal").status_code == 303

    assert "已撤回" in coordinator.get(page).text
    assert f"{key}/confirmation" not in officer.get(page).text
    decided = officer.post(f"/api/v1/external-hours/{key}/decisions", json={"confirmed": True})
    assert decided.json()["code"] == "external_entry_withdrawn"
    anew = enter(desk)
    assert anew != key
    desk.people.pop("coordinator")
    other = desk.browser("coordinator").post(f"/api/v1/external-hours/{anew}/withdrawal")
    assert (other.status_code, other.json()["code"]) == (409, "external_entered_by_another")
    taken = coordinator.post(f"/api/v1/external-hours/{anew}/withdrawal")
    assert taken.status_code == 201


def test_recognised_hours_are_put_right_on_a_preview_that_the_district_signs(desk: Desk) -> None:
    key = enter(desk, hours=1900)
    desk.clock.move_to(STARTS)
    coordinator, officer = desk.browser("coordinator"), desk.browser("district_officer")
    officer.post(f"/api/v1/external-hours/{key}/decisions", json={"confirmed": True})
    follow(desk)
    follow(desk)
    form = f"/staff/external/of/{key}/correction"
    assert form in coordinator.get(f"/staff/external/{SCHOOL}").text
    assert "冲正" not in coordinator.get(form).text
    same = coordinator.get(form, params={"hours": "19", "reason": "entry_error"})
    assert same.status_code == 409

    page = coordinator.get(form, params={"hours": "4", "reason": "entry_error"})

    assert "冲正 19.00 学时（录入有误）" in page.text
    assert "入账 4.00 学时" in page.text
    address = signed(desk, coordinator, page)
    assert "4.00 学时" in officer.get(address).text
    assert balance(desk) == 1900
    approved = officer.post(f"{address}/approval", data={"sha256": hidden(page)["sha256"]})
    assert approved.status_code == 303
    assert balance(desk) == 400
    [line] = officer.get(f"/api/v1/schools/{SCHOOL}/external-hours").json()["external_hours"]
    assert (line["hours"], line["is_withdrawn"]) == (400, False)
    book = passbook_of(desk.runtime, desk.pilot.learners[0])
    assert {figure.verdict for figure in derived(book)} == {Verdict.SAME}
