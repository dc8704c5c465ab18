"""The pages of the fifth star: the school's list, the publicity with masked names, the decision."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.acting import SCHOOL
from tests.api.desk import Desk
from tests.ledger.stars import READY_ON, with_four_stars
from tests.ledger.test_awards import enrol

PAGE = f"/staff/stars/{SCHOOL}"
NAME = "（示例）陈建2"


@pytest.fixture
def ready(desk: Desk) -> Desk:
    with_four_stars(desk.runtime.book, desk.pilot.learners[0])
    desk.clock.move_to(READY_ON)
    desk.authorised_until(READY_ON.date() + timedelta(days=60))
    desk.catch_up(desk.runtime.book.ledger.position())
    return desk


def propose(desk: Desk) -> str:
    form = {"learner_id": str(desk.pilot.learners[0]), "stage": "primary"}
    answer = desk.browser("coordinator").post(PAGE, data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_the_coordinator_proposes_from_the_list_and_nobody_else_is_offered_it(ready: Desk) -> None:
    assert "推荐并公示" in ready.browser("coordinator").get(PAGE).text
    assert "推荐并公示" not in ready.browser("head").get(PAGE).text

    address = propose(ready)

    page = ready.browser("coordinator").get(address).text
    assert "五星家长" in page
    assert "2030-05-13" in page
    assert NAME not in page
    listed = ready.browser("coordinator").get(PAGE).text
    assert "公示中" in listed
    assert "推荐并公示" not in listed


def test_the_district_sees_no_name_at_all(ready: Desk) -> None:
    address = propose(ready)
    for path in (PAGE, address):
        page = ready.browser("district_officer").get(path).text
        assert "示例）" not in page
        assert "陈" not in page


def test_a_parent_of_the_school_reads_the_publicity_and_objects(ready: Desk) -> None:
    address = propose(ready)
    parent = ready.browser("parent", ready.pilot.learners[1])
    page = parent.get("/me/stars").text
    assert "五星家长" in page
    assert NAME not in page
    form = {"reason_code": "no_example", "words": "示例说明"}
    proposal_id = address.rpartition("/")[2]

    answer = parent.post(f"/me/stars/{proposal_id}/objections", data=form)

    assert answer.status_code == 303
    assert "已收到" in parent.get(answer.headers["location"]).text
    assert "示例说明" not in ready.browser("coordinator").get(address).text
    assert ready.readings("star_objection") == 0
    assert "示例说明" in ready.browser("head").get(address).text
    assert ready.readings("star_objection") == 1


def test_the_candidate_reads_that_it_is_about_them_and_cannot_object(ready: Desk) -> None:
    proposal_id = propose(ready).rpartition("/")[2]
    own = ready.browser("parent")
    assert "这是您本人的公示" in own.get("/me/stars").text
    answer = own.post(f"/me/stars/{proposal_id}/objections", data={"reason_code": "other"})
    assert answer.status_code == 403


def test_the_head_answers_objections_and_decides_after_the_publicity(ready: Desk) -> None:
    address = propose(ready)
    host, head = ready.browser("host"), ready.browser("head")
    host.post(f"{address}/objections", data={"reason_code": "other", "words": "示例"})
    [objection] = ready.runtime.models.star_proposals.objections_to(
        ready.runtime.models.star_proposals.of_schools([SCHOOL])[0].proposal_id
    )
    early = head.post(f"{address}/decision", data={"decision": "granted"})
    assert early.status_code == 409
    assert "公示期未满" in early.text
    ready.clock.move_to(READY_ON + timedelta(days=8))
    head = ready.browser("head")
    form = {"upheld": "false"}
    assert head.post(f"{address}/objections/{objection.objection_id}", data=form).status_code == 303

    assert head.post(f"{address}/decision", data={"decision": "granted"}).status_code == 303

    assert "已授予" in head.get(address).text


@pytest.mark.parametrize(("decision", "words"), [("no_example", "不宜作为榜样"), ("x", "其他原因")])
def test_a_refusal_says_why(ready: Desk, decision: str, words: str) -> None:
    address = propose(ready)
    ready.clock.move_to(READY_ON + timedelta(days=8))
    ready.browser("head").post(f"{address}/decision", data={"decision": decision})
    page = ready.browser("coordinator").get(address).text
    assert "未通过" in page
    assert words in page


def test_what_is_refused_is_said_on_the_page_itself(ready: Desk) -> None:
    address = propose(ready)
    ready.clock.move_to(READY_ON + timedelta(days=8))
    proposal_id = address.rpartition("/")[2]
    form = {"reason_code": "other"}
    late = ready.browser("class_teacher").post(f"{address}/objections", data=form)
    assert late.status_code == 409
    assert "公示期已过" in late.text
    parent = ready.browser("parent", ready.pilot.learners[1])
    assert "公示期已过" in parent.post(f"/me/stars/{proposal_id}/objections", data=form).text
    unknown = f"{address}/objections/{proposal_id}"
    assert "没有这条" in ready.browser("head").post(unknown, data={"upheld": "true"}).text


def test_a_star_that_is_not_renewed_says_so_kindly_on_the_parents_home(ready: Desk) -> None:
    awards, learner = ready.runtime.book.awards, ready.pilot.learners[0]
    [(child, *_), *_] = ready.runtime.book.learners.get(learner).enrolments
    enrol(ready.runtime.book, learner, child_id=child, school_year=2030, grade="六年级")
    awards.evaluate_at_year_close(learner, 2030, READY_ON + timedelta(days=490), learner)
    ready.catch_up(ready.runtime.book.ledger.position())

    page = ready.browser("parent").get("/me").text

    assert "2030 学年未续学" in page
    assert "星级不变" in page
