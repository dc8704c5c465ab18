"""What was published by a slip: a push with a wrong key is withdrawn, a micro-class comes back."""

from __future__ import annotations

from tests.acting import SCHOOL, STARTS
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
