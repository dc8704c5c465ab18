"""What was published by a slip: a push with a wrong key is withdrawn, a micro-class comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

from openpyxl import load_workbook

from domain.calendar import Term
from tests.acting import SCHOOL, STARTS, envelope
from tests.api.desk import Desk
from tests.api.earning.test_studies import READING, pass_seconds, publish, send

PAGE = f"/staff/studies/{SCHOOL}"


def test_a_push_with_a_wrong_key_is_withdrawn_and_put_right(desk: Desk) -> None:
    desk.clock.move_to(STARTS)
    item, coordinator, parent = send(desk), desk.browser("coordinator"), desk.browser("parent")
    assert parent.post(f"/me/pushes/{item}/answers", data={"choice": "0"}).status_code == 303
    assert "更正后请换一个标题重新发布" in coordinator.get(PAGE).text

    for reason in ("wrong_key", "sent_in_error"):
        address = f"/staff/pushes/{item}/withdrawal"
        assert coordinator.post(address, data={"reason_code": reason}).status_code == 303

    assert "已下架" in coordinator.get(PAGE).text
    assert parent.get("/api/v1/me/studies").json()["pushes"] == []
    answers = f"/api/v1/me/pushes/{item}/answers"
    assert parent.post(answers, json={"choice": 0}).json()["code"] == "push_unknown"
    [listed] = coordinator.get(f"/api/v1/schools/{SCHOOL}/pushes").json()["pushes"]
    assert (listed["is_withdrawn"], listed["answered"]) == (True, 1)
    same = coordinator.post(f"/api/v1/schools/{SCHOOL}/pushes", json=READING)
    assert same.json()["code"] == "published_otherwise"
    pass_seconds(desk, 1)
    right = send(desk, title="开学第一周（更正）")
    address = f"/api/v1/pushes/{right}/withdrawal"
    assert coordinator.post(address, json={"reason_code": "?"}).status_code == 400
    assert coordinator.post(address, json={"reason_code": "wrong_content"}).status_code == 201


def test_a_micro_class_that_was_withdrawn_by_a_slip_is_offered_again(desk: Desk) -> None:
    desk.clock.move_to(STARTS)
    key, coordinator, parent = publish(desk), desk.browser("coordinator"), desk.browser("parent")
    coordinator.post(f"/staff/micro-classes/{key}/withdrawal")
    assert parent.get(f"/me/micro-classes/{key}").status_code == 404
    assert "重新上架" in coordinator.get(PAGE).text

    assert coordinator.post(f"/staff/micro-classes/{key}/offer").status_code == 303

    assert parent.get(f"/me/micro-classes/{key}").status_code == 200
    [offered] = parent.get("/api/v1/me/studies").json()["micro_classes"]
    assert offered["micro_class_id"] == key
    again = coordinator.post(f"/api/v1/micro-classes/{key}/offer")
    assert again.status_code == 201

    [course] = [
        each["course_id"]
        for each in coordinator.get(f"/api/v1/schools/{SCHOOL}/courses").json()["courses"]
        if each["title"] == "情绪微课"
    ]
    coordinator.post(f"/staff/micro-classes/{key}/withdrawal")
    coordinator.post(f"/staff/courses/{course}/retirement")
    refused = coordinator.post(f"/staff/micro-classes/{key}/offer")
    assert refused.status_code == 409
    assert "已下架" in refused.text


def test_a_push_that_was_withdrawn_by_a_slip_is_offered_again(desk: Desk) -> None:
    desk.clock.move_to(STARTS)
    item, coordinator, parent = send(desk), desk.browser("coordinator"), desk.browser("parent")
    parent.post(f"/me/pushes/{item}/answers", data={"choice": "0"})
    coordinator.post(f"/staff/pushes/{item}/withdrawal", data={"reason_code": "sent_in_error"})
    assert "重新上架 开学第一周" in coordinator.get(PAGE).text
    book = load_workbook(BytesIO(coordinator.get(f"{PAGE}/list.xlsx").content))
    assert "已下架" in {cell.value for sheet in book for row in sheet for cell in row}

    for address in (f"/staff/pushes/{item}/offer", f"/api/v1/pushes/{item}/offer"):
        assert coordinator.post(address).status_code in {201, 303}

    [offered] = parent.get("/api/v1/me/studies").json()["pushes"]
    assert (offered["item_id"], offered["done_at"] is not None) == (item, True)
    [listed] = coordinator.get(f"/api/v1/schools/{SCHOOL}/pushes").json()["pushes"]
    assert (listed["is_withdrawn"], listed["answered"]) == (False, 1)


def test_a_push_of_an_earlier_term_is_not_offered_again(desk: Desk) -> None:
    desk.until = date(2028, 8, 31)
    desk.clock.move_to(STARTS)
    item = send(desk)
    withdrawn = {"reason_code": "sent_in_error"}
    desk.browser("coordinator").post(f"/staff/pushes/{item}/withdrawal", data=withdrawn)
    term = Term(school_year=2027, term_no=1, begins=date(2027, 9, 1), ends=date(2028, 1, 31))
    desk.runtime.book.registry.open_term(term, envelope())
    desk.clock.move_to(datetime(2027, 10, 1, 3, tzinfo=UTC))
    coordinator = desk.browser("coordinator")

    refused = coordinator.post(f"/staff/pushes/{item}/offer")

    assert refused.status_code == 409
    assert "这条推送属于别的学期，不再计学时。" in refused.text
    assert coordinator.post(f"/api/v1/pushes/{item}/offer").json()["code"] == "push_over"
