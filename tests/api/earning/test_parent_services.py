"""Who speaks and helps in a session, from outside: named, shown by name, taken off, refused."""

from __future__ import annotations

from typing import Any

from tests.api.desk import Desk
from tests.api.v1.test_sessions import NEW


def named(desk: Desk, **different: Any) -> dict[str, Any]:
    learner = str(desk.pilot.learners[0])
    return {"learner_id": learner, "kind": "parent_lecturer", "class_hours": 200, **different}


def test_a_lecturer_is_named_and_taken_off(desk: Desk) -> None:
    host, services = desk.browser("host"), f"{desk.session_api}/services"
    assert host.post(services, json=named(desk)).status_code == 201
    assert host.get(services).json()["services"] == [named(desk)]
    off = {key: value for key, value in named(desk).items() if key != "class_hours"}
    assert host.post(f"{services}/withdrawals", json=off).status_code == 201
    assert host.get(services).json()["services"] == []


def test_each_refusal_has_its_code(desk: Desk) -> None:
    host, services = desk.browser("host"), f"{desk.session_api}/services"
    off = {"learner_id": str(desk.pilot.learners[0]), "kind": "committee_or_volunteer"}
    answers = [
        host.post(services, json=named(desk, class_hours=201)),
        host.post(f"{services}/withdrawals", json=off),
        desk.browser("coordinator", learner_id=desk.pilot.learners[0]).post(
            services, json=named(desk)
        ),
    ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (422, "service_exceeds_session"),
        (409, "service_not_named"),
        (403, "own_case"),
    ]


def test_the_page_names_by_name_and_tells_a_refusal(desk: Desk) -> None:
    host, page = desk.browser("host"), f"{desk.session}/services"
    learner = str(desk.pilot.learners[0])
    form = {"learner_id": learner, "kind": "parent_lecturer", "class_hours": "2"}

    assert host.post(page, data=form).status_code == 303

    shown = host.get(page).text
    assert shown.count("（示例）陈建2") == 3  # named, to be taken off, offered for the other one
    assert "家长讲师" in shown
    assert desk.readings("session_services") >= 2
    refused = host.post(page, data={**form, "class_hours": "3"})
    assert (refused.status_code, "服务课时不能超过活动课时" in refused.text) == (422, True)
    assert host.post(f"{page}/withdrawals", data=form).status_code == 303
    assert "还没有登记。" in host.get(page).text


def test_a_session_is_not_planned_as_a_talk(desk: Desk) -> None:
    answers = [
        desk.browser("coordinator").post("/api/v1/sessions", json={**NEW, "mode": mode})
        for mode in ("parent_lecturer", "committee_or_volunteer")
    ]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {
        (422, "mode_not_planned")
    }
