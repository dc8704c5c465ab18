"""At the counter: whoever graduated, left, or is tied to no child any more is served as before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from httpx2 import Response

from api.access.actions import Action
from api.access.policy import Principal, PrincipalKind
from api.files.template import Kind
from api.imports.acting import school_meant
from api.signing import create_key
from domain.custody import CustodyReason
from domain.enrolment import Leaving
from ledger.roster import Roster
from ledger.sheets import Picture
from ledger.transfers import Pupil
from tests.acting import SCHOOL, entry, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger_evening import hold
from tests.paper import print_sheets, typing

NAME, CHILD = "（示例）陈建2", "（示例）陈小2"
NEXT_YEAR = datetime(2027, 10, 8, 2, 0, tzinfo=UTC)
ACTIONS = re.compile(r'action="(/staff/schools/\d+/statements)"')
Gone = Callable[[Desk], UUID]
FOREIGN = ("coordinator_elsewhere", "district_officer_elsewhere", "auditor_elsewhere")


@pytest.fixture
def autumn(desk: Desk) -> Desk:
    """The first learner has two hours; it is the school year after."""
    hold(desk.pilot, desk.pilot.learners[:1])
    create_key(desk.runtime, NEXT_YEAR)
    desk.authorised_until(date(2028, 8, 31))
    desk.clock.move_to(NEXT_YEAR)
    settle(desk)
    return desk


def settle(desk: Desk) -> None:
    desk.catch_up(desk.runtime.book.ledger.position())


def grandmother(desk: Desk) -> tuple[UUID, UUID]:
    """The first learner, and the child through whom they learn."""
    learner_id = desk.pilot.learners[0]
    [child_id] = desk.runtime.book.learners.get(learner_id).guardianships
    return learner_id, child_id


def graduated(desk: Desk) -> UUID:
    learner_id, child_id = grandmother(desk)
    pupil, day = Pupil(child_id, SCHOOL, 2026, [learner_id]), date(2027, 6, 30)
    desk.runtime.book.transfers.leave(pupil, day, Leaving.GRADUATED, envelope(NEXT_YEAR))
    settle(desk)
    return learner_id


def untied(desk: Desk) -> UUID:
    learner_id, child_id = grandmother(desk)
    custody = desk.runtime.book.custody
    custody.propose(learner_id, child_id, CustodyReason.CARE_ENDED, envelope(NEXT_YEAR))
    custody.confirm(learner_id, child_id, envelope(NEXT_YEAR))
    settle(desk)
    return learner_id


def moved_on(desk: Desk) -> None:
    """The roster of another school names the family."""
    row = entry(2, grade="七年级", stage="junior", class_group="1班")
    rosters = desk.runtime.book.rosters
    [taken] = rosters.take(Roster(ELSEWHERE, 2027), [row], envelope(NEXT_YEAR), dry_run=False)
    assert taken.id == desk.pilot.learners[0]
    settle(desk)


def merged(desk: Desk) -> None:
    desk.runtime.book.registry.merge_school(SCHOOL, ELSEWHERE, NEXT_YEAR.date(), envelope())
    settle(desk)


def found(desk: Desk, asker: str, school: str = SCHOOL, name: str = CHILD) -> Response:
    answer = desk.browser(asker).post(f"/staff/schools/{school}/people", data={"name": name})
    assert NAME not in str(answer.url)
    return answer


def stated(desk: Desk, asker: str, school: str, learner_id: UUID, page: str) -> Response:
    """Press the button that the page shows for a school."""
    address = f"/staff/schools/{school}/statements"
    assert address in ACTIONS.findall(page)
    [request_id] = set(re.findall(r'name="request_id" value="([^"]+)"', page))
    form = {"learner_id": str(learner_id), "request_id": request_id}
    return desk.browser(asker).post(address, data=form)


@pytest.mark.parametrize("gone", [graduated, untied])
def test_a_grandmother_asks_at_the_counter_for_her_statement(autumn: Desk, gone: Gone) -> None:
    learner_id = gone(autumn)
    counter = f"/staff/schools/{SCHOOL}/people"
    for page in (f"/staff/classes/{SCHOOL}", f"/staff/schools/{SCHOOL}/statements"):
        assert counter in autumn.browser("coordinator").get(page).text
    for name in ("小2", "陈建2"):
        shown = found(autumn, "coordinator", name=name)
        assert NAME in shown.text
        assert f"/staff/learners/{learner_id}" in shown.text
    assert autumn.readings("people_found") == 2
    answer = stated(autumn, "coordinator", SCHOOL, learner_id, shown.text)
    assert answer.headers["location"].startswith("/staff/certificates/")
    [certificate] = autumn.runtime.models.certificates.certificates_of(SCHOOL)
    assert (certificate.learner_id, certificate.hours) == (learner_id, 200)


@pytest.mark.parametrize("gone", [graduated, untied])
def test_nobody_finds_or_opens_them_at_another_school(autumn: Desk, gone: Gone) -> None:
    learner_id = gone(autumn)
    address = f"/staff/learners/{learner_id}"
    for asker in (*FOREIGN, "host"):
        assert autumn.browser(asker).get(address).status_code == 403, asker
        assert found(autumn, asker).status_code == 403, asker
    assert NAME not in found(autumn, "coordinator_elsewhere", ELSEWHERE).text
    for asker in ("district_officer", "auditor"):
        assert autumn.browser(asker).get(address).status_code == 200, asker
        assert found(autumn, asker).status_code == 403, asker
    teacher = found(autumn, "class_teacher")
    assert (NAME in teacher.text, ACTIONS.findall(teacher.text)) == (True, [])


def test_whoever_moved_on_is_found_where_they_are_now(autumn: Desk) -> None:
    assert "people card" not in found(autumn, "coordinator", name=" ").text
    moved_on(autumn)
    assert NAME not in found(autumn, "coordinator").text
    assert NAME in found(autumn, "coordinator_elsewhere", ELSEWHERE).text


def test_a_record_that_was_merged_is_no_person_of_its_own(autumn: Desk) -> None:
    kept, other, _ = autumn.pilot.learners
    signed_by_two(autumn.pilot, merge_of(kept, other))
    settle(autumn)
    page = found(autumn, "coordinator", name="陈").text
    assert f"/staff/learners/{kept}" in page
    assert f"/staff/learners/{other}" not in page


def test_details_of_somebody_without_a_tie_are_put_right(autumn: Desk) -> None:
    learner_id, coordinator = untied(autumn), autumn.browser("coordinator")
    form = {"name": "（示例）陈健二", "phone": "", "relation": ""}
    answer = coordinator.post(f"/staff/learners/{learner_id}/details", data=form)
    assert answer.headers["location"] == f"/staff/details/{SCHOOL}"
    listed = coordinator.get(f"/staff/details/{SCHOOL}").text
    [grant] = re.findall(r'action="(/staff/details/\d+/[0-9a-f-]+/grant)"', listed)
    assert (
        "（示例）陈健二"
        not in autumn.browser("coordinator_elsewhere").get(f"/staff/details/{ELSEWHERE}").text
    )
    assert coordinator.post(grant).status_code == 303
    assert "（示例）陈健二" in found(autumn, "coordinator", name="健二").text


@pytest.mark.parametrize("gone", [graduated, untied])
def test_she_asks_to_be_erased_and_no_picture_is_left(autumn: Desk, gone: Gone) -> None:
    book, learner_id = autumn.runtime.book, autumn.pilot.learners[0]
    [sheet] = print_sheets(autumn.pilot, [learner_id])
    book.sheets.file_scan(sheet.id, Picture(b"%PDF-1.4 %%EOF", "application/pdf"), typing())
    [scan] = book.sheets.get(sheet.id).scans
    gone(autumn)
    address, wish = f"/staff/learners/{learner_id}/erasure", {"certificates": "withdraw"}
    assert autumn.browser("coordinator").post(address, data=wish).status_code == 303
    [line] = autumn.runtime.models.erasures.of_learner(learner_id)
    assert line.school_code == SCHOOL
    officer = autumn.browser("data_protection_officer")
    done = officer.post(
        f"/staff/erasures/{line.request_id}/carrying-out", data={"identity_checked": "true"}
    )
    assert done.status_code == 303
    assert book.sheets.scan(scan) is None
    assert NAME not in found(autumn, "coordinator").text


def test_paper_is_written_down_over_the_interface_for_programs_too(autumn: Desk) -> None:
    body = {"learner_id": str(untied(autumn)), "certificates": "keep"}
    for asker, school, status in (
        ("coordinator_elsewhere", ELSEWHERE, 404),
        ("coordinator", SCHOOL, 201),
    ):
        address = f"/api/v1/schools/{school}/erasure-requests"
        assert autumn.browser(asker).post(address, json=body).status_code == status


@pytest.mark.parametrize("gone", [graduated, untied])
def test_the_school_that_took_over_serves_whom_its_predecessor_knew(
    autumn: Desk, gone: Gone
) -> None:
    learner_id, heirs = gone(autumn), "coordinator_elsewhere"
    merged(autumn)
    home = autumn.browser(heirs).get("/staff").text
    assert ("示例小学" in home, home.count("已并入其他学校")) == (True, 1)
    shown = found(autumn, heirs, ELSEWHERE)
    assert NAME in shown.text
    assert "显示姓名" in autumn.browser(heirs).get(f"/staff/learners/{learner_id}").text
    answer = stated(autumn, heirs, SCHOOL, learner_id, shown.text)
    assert answer.headers["location"].startswith("/staff/certificates/")
    register = autumn.browser(heirs).get(f"/staff/schools/{SCHOOL}/certificates")
    assert register.status_code == 200
    assert autumn.browser(heirs).get(autumn.session).status_code == 200
    assert (
        autumn.browser("coordinator").get(f"/staff/schools/{ELSEWHERE}/people").status_code == 403
    )


def test_whom_the_successor_has_its_predecessors_staff_does_not_find(autumn: Desk) -> None:
    moved_on(autumn)
    merged(autumn)
    assert NAME not in found(autumn, "coordinator").text
    form = {"learner_id": str(autumn.pilot.learners[0]), "request_id": str(uuid4())}
    address = f"/staff/schools/{SCHOOL}/statements"
    assert autumn.browser("coordinator").post(address, data=form).status_code == 404
    heirs = "coordinator_elsewhere"
    page = found(autumn, heirs, ELSEWHERE).text
    answer = stated(autumn, heirs, SCHOOL, autumn.pilot.learners[0], page)
    assert answer.headers["location"].startswith("/staff/certificates/")


def test_a_file_without_a_school_is_still_for_the_one_that_stands(autumn: Desk) -> None:
    autumn.browser("coordinator_elsewhere")
    merged(autumn)
    runtime, heir = autumn.runtime, autumn.people["coordinator_elsewhere"]
    principal = Principal(PrincipalKind.STAFF, heir, runtime.grants_of(heir))
    assert {grant.organisation for grant in principal.grants} == {SCHOOL, ELSEWHERE}
    meant = school_meant(runtime, principal, Action.PLAN_IMPORT, Kind.PLAN, b"")
    assert meant == ELSEWHERE
