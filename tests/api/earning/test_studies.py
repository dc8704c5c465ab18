"""Micro-classes, pushes and courses: published by a school, watched and answered by a parent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.app import create_app
from api.pages.staff_studies import LinesMalformed, question, segment
from api.studying import KEPT_FOR, Progress
from domain.course import Course
from tests.acting import SCHOOL, STARTS
from tests.api.desk import Desk
from tests.api.doors.test_doors import routes
from tests.api.earning.following import balance, follow
from tests.api.v1.test_sessions import NEW

QUESTION = {"text": "先做什么？", "choices": ["停一停", "讲道理"], "right": 0}
LESSON: dict[str, Any] = {
    "school_year": 2026, "title": "情绪微课", "family": "mental_health", "stage": "primary",
    "grades": ["三年级"], "class_hours": 100, "quiz": [QUESTION],
    "segments": [
        {"title": f"第{n}段", "seconds": 900, "url": f"https://a.example/{n}", "sha256": "0" * 64}
        for n in range(3)
    ],
}  # fmt: skip
READING: dict[str, Any] = {
    "title": "开学第一周", "link": "https://a.example/1", "family": "mental_health",
    "stage": "primary", "grades": ["三年级"], "question": QUESTION,
}  # fmt: skip
COURSE = Course.create_id(SCHOOL, "读懂孩子的情绪")


@pytest.fixture(autouse=True)
def in_term(desk: Desk) -> None:
    desk.clock.move_to(STARTS)


def publish(desk: Desk, **different: Any) -> str:
    answer = desk.browser("coordinator").post(
        f"/api/v1/schools/{SCHOOL}/micro-classes", json={**LESSON, **different}
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["micro_class_id"])


def send(desk: Desk, **different: Any) -> str:
    answer = desk.browser("coordinator").post(
        f"/api/v1/schools/{SCHOOL}/pushes", json={**READING, **different}
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["item_id"])


def pass_seconds(desk: Desk, seconds: float) -> None:
    desk.clock.move_to(desk.clock.at + timedelta(seconds=seconds))


def watch(desk: Desk, key: str) -> None:
    """All of it at one and a half times the speed, every check answered right."""
    parent, address = desk.browser("parent"), f"/api/v1/me/micro-classes/{key}"
    for number in range(3):
        parent.post(f"{address}/segments/{number}/open")
        pass_seconds(desk, 600)
        state = parent.post(f"{address}/segments/{number}/finish").json()
        for check in state["checks"]:
            choice = check["choices"].index(f"第{check['segment']}段")
            parent.post(f"{address}/checks/{check['segment']}", json={"choice": choice})


def test_a_micro_class_is_watched_by_the_real_clock_and_credited(desk: Desk) -> None:
    key, parent = publish(desk), desk.browser("parent")
    assert publish(desk) == key
    address = f"/api/v1/me/micro-classes/{key}"
    parent.post(f"{address}/segments/0/open")
    pass_seconds(desk, 599)
    fast = parent.post(f"{address}/segments/0/finish")
    unopened = parent.post(f"{address}/segments/1/finish")
    early = parent.post(f"{address}/quiz", json={"answers": [0]})
    assert (fast.json()["code"], fast.json()["retry_after"]) == ("segment_too_fast", 1)
    assert unopened.json()["code"] == "segment_not_opened"
    assert (early.json()["code"], early.json()["lacks"]) == (
        "study_incomplete", ["watched", "checks"],
    )  # fmt: skip
    watch(desk, key)

    assert parent.post(f"{address}/quiz", json={"answers": [0]}).status_code == 201
    follow(desk)
    assert balance(desk) == 100
    position = desk.runtime.book.ledger.position()
    assert parent.post(f"{address}/quiz", json={"answers": [0]}).status_code == 201
    follow(desk)
    assert desk.runtime.book.ledger.position() == position
    [offer] = parent.get("/api/v1/me/studies").json()["micro_classes"]
    assert offer["done_at"] is not None
    statement = parent.get("/me/statement").text
    assert "微课堂" in statement
    assert "微课看完并答对" in statement


def test_segments_are_watched_one_at_a_time(desk: Desk) -> None:
    key, parent = publish(desk), desk.browser("parent")
    address = f"/api/v1/me/micro-classes/{key}/segments"
    for number in (0, 1):
        parent.post(f"{address}/{number}/open")
    pass_seconds(desk, 900)
    assert parent.post(f"{address}/0/finish").json()["code"] == "segment_not_opened"
    assert parent.post(f"{address}/1/finish").status_code == 201
    assert parent.post(f"{address}/9/open").json()["code"] == "segment_not_opened"


def test_a_check_is_answered_right_or_not_and_nothing_is_watched_twice(desk: Desk) -> None:
    """It asks whether somebody is there; what they understood the quiz asks."""
    key, parent = publish(desk), desk.browser("parent")
    page = f"/me/micro-classes/{key}"
    for number in range(3):
        parent.post(f"{page}/segments/{number}/open")
        pass_seconds(desk, 600)
        parent.post(f"{page}/segments/{number}/finish")
    refused = parent.post(f"{page}/quiz", data={"q0": "0"})
    assert (refused.status_code, "中途提问还没答够" in refused.text) == (409, True)
    for number in range(3):
        parent.post(f"{page}/checks/{number}", data={"choice": "7"})
    assert parent.post(f"{page}/quiz", data={"q0": "0"}).status_code == 303
    assert "已学完" in parent.get(page).text


def test_the_pages_work_without_a_script(desk: Desk) -> None:
    key, item, parent = publish(desk), send(desk), desk.browser("parent")
    listed = parent.get("/me/studies").text
    assert f'href="/me/micro-classes/{key}"' in listed
    assert f'href="/me/pushes/{item}"' in listed
    page = f"/me/micro-classes/{key}"
    parent.post(f"{page}/segments/0/open")
    shown = parent.get(page).text
    assert 'href="https://a.example/0"' in shown
    fast = parent.post(f"{page}/segments/0/finish")
    assert (fast.status_code, "看得太快了" in fast.text) == (409, True)
    pass_seconds(desk, 600)
    assert parent.post(f"{page}/segments/0/finish").status_code == 303
    assert "刚才看的是哪一段？" in parent.get(page).text


def test_progress_is_no_fact_and_is_forgotten(desk: Desk) -> None:
    key, position = publish(desk), desk.runtime.book.ledger.position()
    desk.browser("parent").post(f"/me/micro-classes/{key}/segments/0/open")
    progress = Progress(desk.runtime.tables)
    assert desk.runtime.book.ledger.position() == position
    assert progress.forget_what_ended(desk.clock.at) == 0
    assert progress.forget_what_ended(desk.clock.at + KEPT_FOR) == 1


def test_a_push_counts_by_a_right_answer_after_a_pause(desk: Desk) -> None:
    item, parent = send(desk), desk.browser("parent")
    answers, position = f"/api/v1/me/pushes/{item}/answers", desk.runtime.book.ledger.position()
    wrong = parent.post(answers, json={"choice": 1})
    again = parent.post(answers, json={"choice": 0})
    assert (wrong.json()["code"], again.status_code) == ("answer_not_right", 429)
    assert desk.runtime.book.ledger.position() == position
    pass_seconds(desk, 120)
    assert parent.post(answers, json={"choice": 0}).status_code == 201
    assert parent.post(answers, json={"choice": 0}).status_code == 201
    desk.catch_up(desk.runtime.book.ledger.position())
    [offer] = parent.get("/api/v1/me/studies").json()["pushes"]
    assert offer["done_at"] is not None


def test_a_push_is_answered_on_its_page(desk: Desk) -> None:
    page, parent = f"/me/pushes/{send(desk)}", desk.browser("parent")
    assert "先做什么？" in parent.get(page).text
    wrong = parent.post(f"{page}/answers", data={"choice": "1"})
    assert (wrong.status_code, "回答不对" in wrong.text) == (409, True)
    pass_seconds(desk, 120)
    assert parent.post(f"{page}/answers", data={"choice": "0"}).status_code == 303
    assert "已答对" in parent.get(page).text


def test_nothing_is_asked_for_opening_liking_or_forwarding(desk: Desk) -> None:
    addresses = list(routes(create_app(desk.runtime)))
    names = ("like", "forward", "share-push", "read-push", "visit")
    assert [a for a in addresses if any(name in a.split("/") for name in names)] == []
    about = [a for a in addresses if "push" in a and a.startswith("POST")]
    assert {a.rsplit("/", 1)[-1] for a in about} == {"answers", "pushes", "withdrawal", "offer"}


def test_what_is_published_is_refused_with_its_code(desk: Desk) -> None:
    publish(desk)
    send(desk)
    coordinator = desk.browser("coordinator")
    lessons, pushes = (f"/api/v1/schools/{SCHOOL}/{kind}" for kind in ("micro-classes", "pushes"))
    segment = LESSON["segments"][0]
    wrong: list[tuple[str, dict[str, Any], str]] = [
        (lessons, {**LESSON, "title": "长", "class_hours": 125}, "class_hours_exceed_time"),
        (lessons, {**LESSON, "class_hours": 50}, "published_otherwise"),
        (lessons, {**LESSON, "title": "短", "segments": [{**segment, "seconds": 2400}]},
         "micro_class_too_few_segments"),
        (lessons, {**LESSON, "title": "错", "quiz": [{**QUESTION, "right": 2}]},
         "question_unanswerable"),
        (lessons, {**LESSON, "stage": "junior"}, "grade_not_of_this_school"),
        (pushes, {**READING, "link": "https://a.example/2"}, "published_otherwise"),
    ]  # fmt: skip
    for address, body, code in wrong:
        assert coordinator.post(address, json=body).json()["code"] == code


def test_what_is_not_there_is_told_to_a_parent(desk: Desk) -> None:
    parent = desk.browser("parent")
    assert parent.get(f"/api/v1/me/micro-classes/{uuid4()}").json()["code"] == "micro_class_unknown"
    answer = parent.post(f"/api/v1/me/pushes/{uuid4()}/answers", json={"choice": 0})
    assert answer.json()["code"] == "push_unknown"
    everything = desk.browser("city_administrator")
    assert everything.post(f"/api/v1/courses/{uuid4()}/retirement").json()["code"] == "forbidden"


def test_the_school_publishes_on_its_page(desk: Desk) -> None:
    coordinator, page = desk.browser("coordinator"), f"/staff/studies/{SCHOOL}"
    lines = "\n".join(f"第{n}段|900|https://a.example/{n}|{'0' * 64}" for n in range(3))
    lesson = {
        "title": "情绪微课", "family": "mental_health", "grades": "三年级", "class_hours": "1",
        "segments": lines, "quiz": "先做什么？|停一停|讲道理|1",
    }  # fmt: skip
    reading = {
        "title": "第一周", "link": "https://a.example/1", "family": "mental_health",
        "question": "先做什么？｜停一停｜讲道理｜1",
    }  # fmt: skip
    assert coordinator.post(f"{page}/micro-classes", data=lesson).status_code == 303
    assert coordinator.post(f"{page}/pushes", data=reading).status_code == 303
    for broken in ({**lesson, "quiz": "?"}, {**lesson, "segments": "一|二"},
                   {**lesson, "segments": "一|二|三|四"}):  # fmt: skip
        answer = coordinator.post(f"{page}/micro-classes", data=broken)
        assert (answer.status_code, "有一行看不懂" in answer.text) == (422, True)
    assert coordinator.post(f"{page}/pushes", data={**reading, "question": "?"}).status_code == 422
    shown = coordinator.get(page).text
    for words in ("情绪微课", "第一周", "读懂孩子的情绪", "0 人学完"):
        assert words in shown
    [made] = desk.runtime.models.studies.micro_classes_of(SCHOOL)
    address = f"/staff/micro-classes/{made.micro_class_id}/withdrawal"
    assert coordinator.post(address).status_code == 303
    assert "已下架" in coordinator.get(page).text


def test_a_line_that_cannot_be_read_is_refused() -> None:
    for read, cells in ((segment, ["一", "二"]), (question, ["题", "甲", "乙", "丙"])):
        with pytest.raises(LinesMalformed):
            read(cells)


def test_a_course_is_revised_and_retired(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    revised = coordinator.post(
        f"/api/v1/courses/{COURSE}/revisions", json={"family": "life_education"}
    )
    assert revised.status_code == 201
    assert coordinator.post(
        f"/staff/courses/{COURSE}/revisions", data={"family": "mental_health"}
    ).status_code == 303  # fmt: skip
    assert coordinator.post(f"/staff/courses/{COURSE}/retirement").status_code == 303
    [course] = coordinator.get(f"/api/v1/schools/{SCHOOL}/courses").json()["courses"]
    assert (course["number"], course["is_retired"]) == (3, True)
    new = {**NEW, "title": "读懂孩子的情绪"}
    answer = coordinator.post("/api/v1/sessions", json=new)
    assert (answer.status_code, answer.json()["code"]) == (409, "course_retired")


def test_two_sessions_at_once_are_asked_about(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    first = coordinator.post("/api/v1/sessions", json=NEW).json()
    clashing = {**NEW, "title": "同一时间"}
    refused = coordinator.post("/api/v1/sessions", json=clashing)
    assert (refused.status_code, refused.json()["code"]) == (409, "session_clashes")
    assert refused.json()["session_id"] == first["session_id"]
    meant = coordinator.post("/api/v1/sessions", json={**clashing, "confirmed": True})
    assert meant.status_code == 201


def test_the_templates_hold_no_script() -> None:
    folder = Path(__file__).parents[3] / "api" / "pages" / "templates" / "parent"
    for name in ("studies.html", "micro_class.html", "push.html"):
        assert "<script" not in (folder / name).read_text(encoding="utf-8")


def test_a_quiz_is_tried_three_times_a_day_and_tells_no_score(desk: Desk) -> None:
    key, parent = publish(desk), desk.browser("parent")
    address = f"/api/v1/me/micro-classes/{key}"
    tries = [parent.post(f"{address}/quiz", json={"answers": [1]}) for _ in range(4)]
    assert [each.status_code for each in tries] == [409] * 3 + [429]
    assert "quiz_percent" not in tries[0].json()
    assert parent.post(f"{address}/quiz", json={"answers": [0]}).status_code == 429

    desk.clock.move_to(desk.clock.at + timedelta(days=1))
    right = [parent.post(f"{address}/quiz", json={"answers": [0]}) for _ in range(4)]
    assert [each.json()["lacks"] for each in right] == [["watched", "checks"]] * 4
