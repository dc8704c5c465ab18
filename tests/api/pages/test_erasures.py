"""删除我的信息: what it means is said first, the officer answers, and nothing opens afterwards."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from operator import itemgetter
from uuid import UUID

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.erasing import follow_erasures
from api.erasure_list import ErasureList
from api.pages.enrolment import NOTICE_VERSION
from projections.feed import Feed
from tests.acting import SCHOOL
from tests.api.desk import Desk
from tests.api.pages.test_staff_classes import CLASS, CODE
from tests.saying import says

FORM, BOARD = "/me/data/erasure", "/staff/erasures"
OWN, API = "/api/v1/me/erasure-requests", "/api/v1/erasure-requests"
NAME = "（示例）陈建2"
OFFICER = "data_protection_officer"


def asked(own: TestClient, certificates: str = "withdraw") -> UUID:
    answer = own.post(FORM, data={"certificates": certificates})
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/data")
    [waiting] = [r for r in own.get(OWN).json()["requests"] if r["state"] == "waiting"]
    return UUID(waiting["request_id"])


def carried_out(desk: Desk, request_id: UUID) -> None:
    officer = desk.browser(OFFICER)
    form = {"identity_checked": "true"}
    answer = officer.post(f"{BOARD}/{request_id}/carrying-out", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BOARD}/{request_id}")


def test_a_parent_reads_what_it_means_in_two_taps_and_asks_with_the_third(desk: Desk) -> None:
    """P1.8: erase in at most four taps; the effect on certificates is told before."""
    desk.at_the_door()
    phone = desk.browser("parent")
    data = phone.get("/me/data").text
    assert f'href="{FORM}"' in data
    page = phone.get(FORM).text
    for words in (
        "会删除",
        "会留下，但不再有姓名",
        "1 个孩子的姓名",
        "删除以后不能恢复",
        "15 个工作日",
    ):
        assert words in page
    asked(phone)
    assert "已申请，等待答复" in phone.get("/me/data").text


def test_the_officer_sees_it_with_its_day_and_erases(desk: Desk) -> None:
    phone, officer = desk.browser("parent"), desk.browser(OFFICER)
    request_id = asked(phone)
    assert BOARD in officer.get("/staff").text
    board = officer.get(BOARD).text
    assert f"{BOARD}/{request_id}" in board
    assert NAME not in board
    page = officer.get(f"{BOARD}/{request_id}").text
    assert NAME in page
    assert desk.readings("erasure_request") == 1
    unticked = officer.post(f"{BOARD}/{request_id}/carrying-out")
    assert unticked.status_code == 422
    assert says(unticked, "erasure_identity_unchecked")
    for _ in range(2):
        carried_out(desk, request_id)
    done = officer.get(f"{BOARD}/{request_id}").text
    assert "给申请人的答复" in done
    assert NAME not in done
    assert "已删除" in officer.get(BOARD).text


def test_nothing_of_the_person_is_shown_or_opens_afterwards(desk: Desk) -> None:
    learner_id = desk.pilot.learners[0]
    phone, teacher = desk.browser("parent"), desk.browser("class_teacher")
    runtime = desk.runtime
    runtime.enrolment_codes.issue(learner_id, desk.clock.at)
    shown = f"/staff/learners/{learner_id}/details"
    assert NAME in teacher.get(shown).text
    carried_out(desk, asked(phone))
    assert runtime.book.vault.open([learner_id]) == {}
    assert phone.get("/me").headers["location"].startswith("/enrol")
    assert runtime.logins.of_person(learner_id, desk.clock.at) == []
    for address in (shown, f"/staff/learners/{learner_id}", f"/staff/classes/{SCHOOL}"):
        assert NAME not in teacher.get(address).text
    assert NAME not in str([*runtime.book.ledger.events.get(learner_id)])


def test_no_phone_is_bound_to_who_was_erased(desk: Desk) -> None:
    """No slip is printed for them, the class is printed without them, an older code is dead."""
    desk.at_the_door()
    first, second = desk.pilot.learners[:2]
    carried_out(desk, asked(desk.browser("parent", first)))
    slips, teacher = f"/staff/classes/{SCHOOL}/slips", desk.browser("class_teacher")
    chosen = [str(second), str(first)]
    answer = teacher.post(slips, data={**CLASS, "learner": chosen})
    assert answer.status_code == 409
    assert says(answer, "person_erased")
    assert len(CODE.findall(teacher.post(slips, data=CLASS).text)) == 2
    code = desk.runtime.enrolment_codes.issue(first, desk.clock.at)
    phone = desk.browser("nobody")
    answer = phone.post("/enrol", data={"code": code, "consent": NOTICE_VERSION})
    assert answer.status_code == 409
    assert says(answer, "person_erased")
    assert desk.runtime.logins.of_person(first, desk.clock.at) == []


def test_a_child_keeps_its_name_while_another_parent_is_there(desk: Desk) -> None:
    """The other parent's page still names the child; with the last one the name goes."""
    book = desk.runtime.book
    first, second = desk.pilot.learners[:2]
    children = {each: next(iter(book.learners.get(each).guardianships)) for each in (first, second)}
    carried_out(desk, asked(desk.browser("parent", first)))
    assert book.vault.open([children[first]]) == {}
    assert book.vault.open([children[second]]) != {}


def test_it_may_be_taken_back_and_refused_with_a_ground(desk: Desk) -> None:
    phone, officer = desk.browser("parent"), desk.browser(OFFICER)
    first = asked(phone)
    assert asked(phone) == first
    assert says(phone.post(FORM, data={"certificates": "keep"}), "erasure_waits")
    other = desk.browser("parent", desk.pilot.learners[1])
    foreign = other.post(f"{OWN}/{first}/withdrawal")
    assert (foreign.status_code, foreign.json()["code"]) == (404, "erasure_unknown")
    assert phone.post(f"{FORM}/{first}/withdrawal").status_code == 303
    assert says(
        officer.post(f"{BOARD}/{first}/refusal", data={"ground": "duty_to_keep"}),
        "erasure_answered",
    )
    second = asked(phone, "keep")
    form = {"ground": "not_identified"}
    assert officer.post(f"{BOARD}/{second}/refusal", data=form).status_code == 303
    assert "请带身份证件到学校" in phone.get("/me/data").text


def test_staff_write_down_what_is_asked_on_paper_and_never_for_themselves(desk: Desk) -> None:
    """P2.2: paper counts the same."""
    learner_id = desk.pilot.learners[0]
    teacher = desk.browser("class_teacher")
    address = f"/staff/learners/{learner_id}/erasure"
    assert f'href="{address}"' in teacher.get(f"/staff/learners/{learner_id}").text
    assert NAME in teacher.get(address).text
    assert teacher.post(address, data={"certificates": "keep"}).status_code == 303
    [waiting] = desk.browser(OFFICER).get(API).json()["requests"]
    assert (waiting["on_paper"], waiting["certificates"]) == (True, "keep")
    coordinator = desk.browser("coordinator", learner_id)
    assert says(coordinator.post(address), "own_case")


def test_the_officer_does_not_decide_about_themselves(desk: Desk) -> None:
    learner_id = desk.pilot.learners[0]
    request_id = asked(desk.browser("parent"))
    officer = desk.browser(OFFICER, learner_id)
    form = {"identity_checked": "true"}
    answer = officer.post(f"{BOARD}/{request_id}/carrying-out", data=form)
    assert answer.status_code == 403
    assert says(answer, "own_case")
    assert desk.runtime.book.vault.open([learner_id]) != {}


def test_the_same_by_api_without_a_name(desk: Desk) -> None:
    phone, officer = desk.browser("parent"), desk.browser(OFFICER)
    assert phone.post(OWN, json={"certificates": "keep"}).status_code == 201
    [waiting] = officer.get(API).json()["requests"]
    assert waiting["answer_due"] is not None
    one = f"{API}/{waiting['request_id']}"
    unchecked = officer.post(f"{one}/carrying-out", json={})
    assert (unchecked.status_code, unchecked.json()["code"]) == (422, "erasure_identity_unchecked")
    assert officer.post(f"{one}/carrying-out", json={"identity_checked": True}).status_code == 201
    late = officer.post(f"{one}/refusal", json={"ground_code": "not_identified"})
    assert (late.status_code, late.json()["code"]) == (409, "erasure_answered")
    paper = {"learner_id": str(desk.pilot.learners[0]), "certificates": "keep"}
    teacher = desk.browser("class_teacher")
    again = teacher.post(f"/api/v1/schools/{SCHOOL}/erasure-requests", json=paper)
    assert (again.status_code, again.json()["code"]) == (409, "person_erased")


def test_what_was_cut_is_finished_and_noted_outside_of_the_database(desk: Desk) -> None:
    """The process died between the fact and the vault: the worker carries on, once."""
    learner_id, book = desk.pilot.learners[0], desk.runtime.book
    request_id = asked(desk.browser("parent"))
    with pytest.MonkeyPatch.context() as cut:
        cut.setattr(book.erasures, "finish", lambda _scope: None)
        carried_out(desk, request_id)
    assert book.vault.open([learner_id]) != {}
    follower = follow_erasures(desk.runtime)
    feed = Feed(desk.runtime.views)
    facts = feed.page(0, feed.head(), follower.topics, 10).facts
    for _ in range(2):
        follower.on_batch(facts)
    assert book.vault.open([learner_id]) == {}
    [noted] = ErasureList(desk.runtime.settings.erasures).read()
    assert (noted.learner_id, noted.request_id) == (learner_id, request_id)


def answered(desk: Desk, school_code: str, times: int, since: datetime) -> list[str]:
    """So many refused requests, a minute apart; their ids, the newest first."""
    with psycopg.connect(desk.runtime.connections.owner) as owner:
        made = owner.execute(
            "INSERT INTO ledger_views.erasure_request SELECT gen_random_uuid(), gen_random_uuid(),"
            " gen_random_uuid(), %s, 'keep', %s, false, 'refused', 'duty_to_keep',"
            " %s::timestamptz + n * interval '1 minute' FROM generate_series(1, %s) AS n"
            " RETURNING request_id, answered_at",
            (school_code, since, since, times),
        ).fetchall()
    return [str(key) for key, _ in sorted(made, key=itemgetter(1), reverse=True)]


def test_the_officer_reads_every_answer_of_their_own_area_page_by_page(desk: Desk) -> None:
    """Newer ones of others, a hundred and more, push none of them off the list."""
    own = answered(desk, SCHOOL, 101, desk.clock.at)
    foreign = answered(desk, "", 101, desk.clock.at + timedelta(days=1))
    officer = desk.browser(OFFICER)
    first = officer.get(API).json()
    assert [each["request_id"] for each in first["requests"]] == own[:100]
    second = officer.get(API, params={"before": first["older"]}).json()
    assert ([each["request_id"] for each in second["requests"]], second["older"]) == (
        own[100:],
        None,
    )
    page = officer.get(BOARD).text
    assert (own[99] in page, own[100] in page, foreign[0] in page) == (True, False, False)
    assert f'name="before" value="{own[99]}"' in page
    last = officer.get(BOARD, params={"before": own[99]}).text
    assert own[100] in last
    assert 'name="before"' not in last


def test_the_page_says_what_becomes_of_certificates(desk: Desk) -> None:
    page = unescape(desk.browser("parent").get(FORM).text)
    assert "现在没有有效的证书" in page
    assert not re.search(r"class=\"[^\"]*(danger|red)", page)
