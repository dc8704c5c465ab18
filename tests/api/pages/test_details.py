"""不对？改正: a parent says what is wrong, the school answers, and everything else stays."""

from __future__ import annotations

import re
from html import unescape
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.acting import SCHOOL
from tests.api.desk import Desk
from tests.saying import says

FORM, LIST = "/me/data/correction", f"/staff/details/{SCHOOL}"
OWN, API = "/api/v1/me/details-requests", f"/api/v1/schools/{SCHOOL}/details-requests"
NAME, OLD_NAME = "（示例）陈健二", "（示例）陈建2"
PHONE = "10000000099"


def asked(own: TestClient, **typed: str) -> UUID:
    answer = own.post(FORM, data=typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/data")
    [waiting] = [r for r in own.get(OWN).json()["requests"] if r["state"] == "waiting"]
    return UUID(waiting["request_id"])


def tapped(phone: TestClient, page: Response, words: str) -> Response:
    """The link or tab with these words."""
    links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page.text, re.DOTALL)
    [address, *_] = [href for href, inner in links if words in unescape(inner)]
    return phone.get(address)


def test_a_parent_asks_in_at_most_four_taps(desk: Desk) -> None:
    """P1.8: correct, in four taps at most; the effect on certificates is told before."""
    desk.at_the_door()
    phone, taps = desk.browser("parent"), 0
    page = phone.get("/me")
    for words in ("我的", "不对？改正"):
        page = tapped(phone, page, words)
        taps += 1
    assert f'action="{FORM}"' in page.text
    assert OLD_NAME in page.text
    assert "100****0002" in page.text
    assert "学时、星级和记录都不会少" in page.text
    page = phone.post(FORM, data={"name": NAME, "phone": ""}, follow_redirects=True)
    taps += 1
    assert taps <= 4
    assert "等学校核对" in page.text
    assert NAME not in page.text


def test_the_school_grants_and_the_parent_sees_it(desk: Desk) -> None:
    phone, teacher = desk.browser("parent"), desk.browser("class_teacher")
    request_id = asked(phone, name=NAME, phone=PHONE)
    assert LIST in teacher.get("/staff").text
    page = teacher.get(LIST).text
    for words in (OLD_NAME, NAME, "100****0002", "100****0099"):
        assert words in page
    assert PHONE not in page
    assert desk.readings("details_requests") > 0
    for _ in range(2):
        assert teacher.post(f"{LIST}/{request_id}/grant").status_code == 303
    assert "没有等待改正的信息" in teacher.get(LIST).text
    seen = phone.get("/me/data").text
    assert NAME in seen
    assert "学校已改正" in seen


def test_a_refusal_names_its_reason_and_another_answer_is_too_late(desk: Desk) -> None:
    phone, teacher = desk.browser("parent"), desk.browser("coordinator")
    request_id = asked(phone, name=NAME)
    reason = {"reason": "not_verified"}
    assert teacher.post(f"{LIST}/{request_id}/refusal", data=reason).status_code == 303
    assert "请带有关证件到学校" in phone.get("/me/data").text
    answer = teacher.post(f"{LIST}/{request_id}/grant")
    assert answer.status_code == 409
    assert says(answer, "details_request_answered")


def test_a_relation_is_put_right_elsewhere_and_says_where(desk: Desk) -> None:
    request_id = asked(desk.browser("parent"), relation="我是奶奶")
    teacher = desk.browser("class_teacher")
    page = teacher.get(LIST).text
    assert "我是奶奶" in page
    assert f'href="/staff/custody/{SCHOOL}"' in page
    assert "孩子和关系不在这里改" in page
    assert teacher.post(f"{LIST}/{request_id}/grant").status_code == 303


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"name": "9"}, "name_malformed"),
        ({"phone": "12345"}, "phone_malformed"),
        ({"phone": "10000000002"}, "details_unchanged"),
        ({}, "details_unchanged"),
    ],
)
def test_what_cannot_be_asked_is_said_and_what_was_typed_stays(
    desk: Desk, typed: dict[str, str], code: str
) -> None:
    form = {"relation": "", **typed}
    teacher = desk.browser("class_teacher")
    paper = f"/staff/learners/{desk.pilot.learners[0]}/details"
    for answer in (desk.browser("parent").post(FORM, data=form), teacher.post(paper, data=form)):
        assert answer.status_code == 422
        assert says(answer, code)
        for field, text in typed.items():
            assert re.search(rf'name="{field}"[^>]*value="{text}"', answer.text)
            assert (f'id="fault-{field}"' in answer.text) is code.endswith("malformed")


def test_one_waits_at_a_time_and_may_be_taken_back(desk: Desk) -> None:
    phone = desk.browser("parent")
    request_id = asked(phone, name=NAME)
    assert asked(phone, name=NAME) == request_id
    assert says(phone.post(FORM, data={"phone": PHONE}), "details_request_waits")
    assert phone.post(f"{FORM}/{request_id}/withdrawal").status_code == 303
    assert "等学校核对" not in phone.get("/me/data").text
    other = desk.browser("parent", desk.pilot.learners[1])
    answer = other.post(f"{OWN}/{request_id}/withdrawal")
    assert (answer.status_code, answer.json()["code"]) == (404, "details_request_unknown")


def test_staff_write_down_for_a_parent_and_never_for_themselves(desk: Desk) -> None:
    """P2.2: paper counts the same."""
    learner_id = desk.pilot.learners[0]
    teacher = desk.browser("class_teacher")
    address = f"/staff/learners/{learner_id}/details"
    assert f'href="{address}"' in teacher.get(f"/staff/learners/{learner_id}").text
    answer = teacher.post(address, data={"name": NAME})
    assert (answer.status_code, answer.headers["location"]) == (303, LIST)
    coordinator = desk.browser("coordinator", learner_id)
    assert says(coordinator.post(address, data={"phone": PHONE}), "own_case")
    [waiting] = coordinator.get(API).json()["requests"]
    answer = coordinator.post(f"{LIST}/{waiting['request_id']}/grant")
    assert answer.status_code == 403
    assert says(answer, "own_case")


def test_the_same_by_api_without_a_name(desk: Desk) -> None:
    learner_id = str(desk.pilot.learners[0])
    phone, teacher = desk.browser("parent"), desk.browser("class_teacher")
    assert phone.post(OWN, json={"name": NAME}).status_code == 201
    answer = teacher.get(API)
    assert NAME not in answer.text
    [waiting] = answer.json()["requests"]
    assert (waiting["learner_id"], waiting["details"]) == (learner_id, ["name"])
    one = f"{API}/{waiting['request_id']}"
    assert teacher.post(f"{one}/grant").status_code == 201
    late = teacher.post(f"{one}/refusal", json={"reason_code": "not_so"})
    assert (late.status_code, late.json()["code"]) == (409, "details_request_answered")
    paper = {"learner_id": learner_id, "phone": PHONE}
    assert teacher.post(API, json=paper).status_code == 201
    assert teacher.post(API, json={**paper, "phone": "1"}).json()["code"] == "phone_malformed"
    elsewhere = desk.browser("class_teacher_elsewhere")
    there = API.replace(SCHOOL, "4401040003")
    assert elsewhere.get(there).json() == {"requests": []}
    assert elsewhere.post(there, json=paper).json()["code"] == "learner_unknown"
    [open_one] = teacher.get(API).json()["requests"]
    unknown = elsewhere.post(f"{there}/{open_one['request_id']}/grant")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "details_request_unknown")
