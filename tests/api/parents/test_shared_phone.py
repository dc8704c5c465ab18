"""Two persons share a phone (P2.6): asked before, both known, each ticked for themselves alone."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.pages.enrolment import NOTICE_VERSION
from api.phone_persons import MOST_PERSONS
from domain.identity import attendance_id
from tests.acting import SCHOOL
from tests.api.parents.conftest import Evening
from tests.api.parents.evenings import tap
from tests.api.parents.test_link_form import FORM, fill_in, form_id
from tests.saying import says

FATHER = "（示例）陈建国"


def slip(evening: Evening, phone: TestClient, learner_id: UUID, **said: str) -> Response:
    code = evening.runtime.enrolment_codes.issue(learner_id, evening.clock.at)
    return phone.post("/enrol", data={"code": code, "consent": NOTICE_VERSION, **said})


def choose(phone: TestClient, page: Response, words: str) -> Response:
    """Tap the button that says somebody."""
    found = re.search(rf'name="login" value="([^"]+)">[^<]*{re.escape(words)}', page.text)
    assert found, page.text
    return phone.post("/in/person", data={"login": found[1]})


@pytest.fixture
def couple(evening: Evening) -> tuple[TestClient, UUID, UUID]:
    """A phone that two persons enrolled on by slips, the second one at it."""
    first, second = evening.pilot.learners[:2]
    phone = evening.enrolled_phone(first)
    assert slip(evening, phone, second, whose="anothers").status_code == 303
    return phone, first, second


def test_a_slip_says_who_is_on_the_phone_and_asks_before_anything_happens(
    evening: Evening,
) -> None:
    first, second = evening.pilot.learners[:2]
    phone = evening.enrolled_phone(first)
    assert "（***2 · 100****0002 本人" in phone.get("/enrol").text
    asked = slip(evening, phone, second)
    assert says(asked, "person_not_chosen")
    assert asked.status_code == 422
    assert "（示例）陈建2" in phone.get("/me").text


def test_the_second_one_ends_nobodys_login_and_each_comes_to_their_own(
    evening: Evening, couple: tuple[TestClient, UUID, UUID]
) -> None:
    phone, first, _ = couple
    home = phone.get("/me")
    assert "（示例）陈建3，您好" in home.text
    assert evening.runtime.logins.of_person(first, evening.clock.at)
    choose(phone, home, "100****0002")
    assert "（示例）陈建2，您好" in phone.get("/me").text
    assert not evening.runtime.book.likeness.among([first])


def test_one_who_says_it_is_they_takes_the_place_of_the_login_before(evening: Evening) -> None:
    first, second = evening.pilot.learners[:2]
    phone = evening.enrolled_phone(first)
    assert slip(evening, phone, second, whose="own").status_code == 303
    assert evening.runtime.logins.of_person(first, evening.clock.at) == []
    assert "还登记着" not in phone.get("/me").text


def test_a_scan_asks_who_it_is_and_ticks_each_for_themselves(
    evening: Evening, couple: tuple[TestClient, UUID, UUID]
) -> None:
    phone, first, second = couple
    for number, learner_id in (("100****0002", first), ("100****0003", second)):
        evening.scan(phone)
        who = phone.get("/in")
        assert "谁来签到" in who.text
        choose(phone, who, number)
        assert number in tap(phone).text
        own = attendance_id(evening.session_id, learner_id)
        assert own in evening.runtime.book.sessions.attendance_ids(evening.session_id)


def test_a_program_is_asked_who_it_is_too(
    evening: Evening, couple: tuple[TestClient, UUID, UUID]
) -> None:
    phone, first, _ = couple
    stranger = evening.enrolled_phone(evening.pilot.learners[2])
    session = f"/api/v1/sessions/{evening.session_id}"
    arrived = phone.post(f"{session}/arrivals", json={"token": evening.token()}).json()
    called = {each["called"]: each["login"] for each in arrived["persons"]}
    tap = {"ticket": arrived["ticket"], "scan_id": str(uuid4())}
    theirs = evening.runtime.logins.of_person(evening.pilot.learners[2], evening.clock.at)
    for unsaid in ({}, {"login": str(theirs[0].login_id)}):
        refused = phone.post(f"{session}/check-ins", json=tap | unsaid)
        assert (refused.status_code, refused.json()["code"]) == (422, "sharer_not_chosen")
    assert evening.attended() == 0

    own = tap | {"login": next(each for name, each in called.items() if "0002" in name)}
    assert phone.post(f"{session}/check-ins", json=own).status_code == 201

    [attended] = evening.runtime.book.sessions.attendance_ids(evening.session_id)
    assert attended == attendance_id(evening.session_id, first)
    one = stranger.post(f"{session}/arrivals", json={"token": evening.token()}).json()
    assert one["persons"] == []


def test_a_scan_unseals_no_name(evening: Evening, couple: tuple[TestClient, UUID, UUID]) -> None:
    phone, *_ = couple
    with psycopg.connect(evening.runtime.connections.owner) as owner:
        owner.execute("ALTER TABLE ledger_vault.subject RENAME TO gone")
    evening.scan(phone)


def test_one_scan_does_for_both(evening: Evening, couple: tuple[TestClient, UUID, UUID]) -> None:
    phone, *_ = couple
    evening.scan(phone)
    choose(phone, phone.get("/in"), "100****0002")
    choose(phone, tap(phone), "100****0003")
    tap(phone)
    assert evening.attended() == 2


def test_nobody_is_chosen_who_is_not_on_the_phone(
    evening: Evening, couple: tuple[TestClient, UUID, UUID]
) -> None:
    phone, *_ = couple
    evening.enrolled_phone(evening.pilot.learners[2])
    [stranger] = evening.runtime.logins.of_person(evening.pilot.learners[2], evening.clock.at)
    phone.post("/in/person", data={"login": str(stranger.login_id)})
    assert "（示例）陈建3，您好" in phone.get("/me").text


def test_the_form_of_another_is_filed_and_ticked_under_their_own_record(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    evening.scan(phone)
    tap(phone)
    evening.scan(phone)
    page = phone.get("/enrol?next=/in")
    form = {**FORM, "form_id": form_id(page), "name": FATHER, "next": "/in"}
    assert says(phone.post("/enrol/class", data=form), "person_not_chosen")
    as_own = phone.post("/enrol/class", data={**form, "whose": "own"})
    assert says(as_own, "name_of_another")
    assert evening.attended() == 1
    ticked = phone.post("/enrol/class", data={**form, "whose": "anothers"}, follow_redirects=True)
    assert "已签到" in ticked.text
    assert "（***国" in ticked.text
    assert evening.attended() == 2
    [line] = evening.runtime.models.links.unconfirmed_at(SCHOOL)
    assert line.learner_id != evening.parent
    assert "待班主任确认" in phone.get("/enrolled").text


def test_the_form_of_another_sent_twice_is_one_person(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    form = {**FORM, "form_id": form_id(phone.get(f"/enrol?school={SCHOOL}")), "whose": "anothers"}
    for _ in range(2):
        assert phone.post("/enrol/class", data=form).status_code == 303
    assert len(evening.runtime.models.links.unconfirmed_at(SCHOOL)) == 1
    assert phone.get("/enrolled").text.count('action="/in/person"') == 1


def test_a_phone_that_is_full_takes_nobody_more(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    for _ in range(MOST_PERSONS - 1):
        assert fill_in(phone, whose="anothers").status_code == 303
    assert says(fill_in(phone, whose="anothers"), "phone_full")
    full = slip(evening, phone, evening.pilot.learners[1], whose="anothers")
    assert (full.status_code, says(full, "phone_full")) == (409, True)


def test_signing_out_asks_once_and_leaves_the_other_one_on_the_phone(
    evening: Evening, couple: tuple[TestClient, UUID, UUID]
) -> None:
    phone, first, second = couple
    assert 'href="/me/sign-out"' in phone.get("/me").text
    asked = phone.get("/me/sign-out").text
    assert "100****0003" in asked
    assert "100****0002 仍留在这部手机上" in asked
    assert phone.post("/me/sign-out").status_code == 303
    assert evening.runtime.logins.of_person(second, evening.clock.at) == []
    assert "（示例）陈建2，您好" in phone.get("/me").text
    phone.post("/me/sign-out")
    assert evening.runtime.logins.of_person(first, evening.clock.at) == []
    assert phone.get("/me").status_code == 303


def test_signing_out_of_the_staff_pages_leaves_the_parents_phone_enrolled(
    evening: Evening,
) -> None:
    """A teacher who is a parent, too, on one phone."""
    phone, screen = evening.enrolled_phone(), evening.host_screen()
    phone.cookies.update(screen.cookies)
    assert 'action="/logout"' in phone.get("/staff").text
    phone.post("/logout")
    assert phone.get("/staff").status_code == 303
    assert phone.get("/me").status_code == 200
