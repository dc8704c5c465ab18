"""Exams on paper: published by the coordinator, typed by one person, checked by another."""

from __future__ import annotations

import html
import re
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from tests.acting import SCHOOL
from tests.api.desk import Desk
from tests.online_exams import fill_bank
from tests.saying import says

CLASS = {"grade": "三年级", "group": "2班"}
PUBLISH = {"title": "家庭教育知识考核", "held_on": "2026-09-18"}


@pytest.fixture
def exam(desk: Desk) -> str:
    """The address of an exam that the coordinator has published."""
    desk.at_the_door()
    answer = desk.browser("coordinator").post(f"/staff/exams/{SCHOOL}", data=PUBLISH)
    assert answer.status_code == 303
    return answer.headers["location"]


def send(
    client: TestClient, address: str, learners: list[UUID], scores: list[str]
) -> tuple[int, str]:
    form = {**CLASS, "learner": [str(each) for each in learners], "score": scores}
    answer = client.post(address, data=form)
    return answer.status_code, answer.text


def scores(desk: Desk, exam: str) -> dict[UUID, tuple[int | None, bool | None]]:
    lines = desk.runtime.models.exams.attempts_of(UUID(exam.rsplit("/", 1)[1]))
    return {line.learner_id: (line.score, line.passed) for line in lines}


def test_the_same_exam_again_is_no_news(desk: Desk, exam: str) -> None:
    """Nor with a sign in its title that nobody sees: a file of its results has none."""
    typed = {**PUBLISH, "title": f"\u200b{PUBLISH['title']} "}
    again = desk.browser("coordinator").post(f"/staff/exams/{SCHOOL}", data=typed)

    assert again.headers["location"] == exam
    assert len(desk.runtime.models.exams.exams_of(SCHOOL)) == 1


def test_an_exam_without_a_title_is_refused(desk: Desk) -> None:
    desk.at_the_door()

    answer = desk.browser("coordinator").post(
        f"/staff/exams/{SCHOOL}", data={**PUBLISH, "title": "\u200b "}
    )

    assert answer.status_code == 422
    assert desk.runtime.models.exams.exams_of(SCHOOL) == []


def test_typed_scores_wait_for_the_second_person(desk: Desk, exam: str) -> None:
    learners = desk.pilot.learners
    status, _ = send(desk.browser("class_teacher"), f"{exam}/results", learners, ["86", "", "55"])

    assert status == 303
    assert scores(desk, exam) == {learners[0]: (86, None), learners[2]: (55, None)}
    page = desk.browser("class_teacher").get(exam).text
    assert page.count("待复核") == 2
    assert ">86<" not in page
    assert 'value="86"' not in page


def test_a_parent_sees_the_result_of_a_paper_and_may_object(desk: Desk, exam: str) -> None:
    learner = desk.pilot.learners[0]
    for browser, door in (("class_teacher", "results"), ("head", "checks")):
        parent = desk.browser("parent", learner)
        assert "我的成绩" not in parent.get("/me/exams").text
        send(desk.browser(browser), f"{exam}/{door}", [learner], ["86"])

    page = parent.get("/me/exams").text
    for words in (PUBLISH["title"], "纸质", "86 分", "优秀"):
        assert words in page
    [object_to] = re.findall(r'href="(/me/disputes/new[^"]+)"', html.unescape(page))
    assert parent.get(object_to).status_code == 200


def test_a_score_is_read_in_either_width(desk: Desk, exam: str) -> None:
    first = desk.pilot.learners[0]
    status, _ = send(desk.browser("class_teacher"), f"{exam}/results", [first], ["８６"])
    assert (status, scores(desk, exam)) == (303, {first: (86, None)})


def test_nobody_has_sat_an_exam_that_is_to_come(desk: Desk, exam: str) -> None:
    coordinator = desk.browser("coordinator")
    to_come = coordinator.post(f"/staff/exams/{SCHOOL}", data={**PUBLISH, "held_on": "2026-09-19"})
    address = to_come.headers["location"]

    status, page = send(coordinator, f"{address}/results", desk.pilot.learners, ["86", "", ""])

    assert (status, "未开放" in page) == (409, True)
    assert scores(desk, address) == {}


def test_what_the_second_person_types_alike_counts(desk: Desk, exam: str) -> None:
    learners = desk.pilot.learners
    send(desk.browser("class_teacher"), f"{exam}/results", learners, ["86", "60", "55"])

    status, _ = send(desk.browser("head"), f"{exam}/checks", learners, ["86", "60", "55"])

    assert status == 303
    assert [scores(desk, exam)[each][1] for each in learners] == [True, True, False]
    page = desk.browser("head").get(exam).text
    assert [word for word in ("优秀", "合格", "可再考") if word not in page] == []


def test_a_difference_is_named_and_the_others_are_kept(desk: Desk, exam: str) -> None:
    first, second, third = desk.pilot.learners
    send(desk.browser("class_teacher"), f"{exam}/results", [first, second], ["86", "60"])

    status, page = send(
        desk.browser("head"), f"{exam}/checks", [first, second, third], ["86", "66", "70"]
    )

    assert status == 409
    assert "2 个成绩没有记录" in page
    assert 'value="66"' in page
    assert scores(desk, exam)[first] == (86, True)
    assert scores(desk, exam)[second] == (60, None)


def test_nobody_checks_what_they_typed(desk: Desk, exam: str) -> None:
    [first, *_] = desk.pilot.learners
    teacher = desk.browser("class_teacher")
    send(teacher, f"{exam}/results", [first], ["86"])

    status, _ = send(teacher, f"{exam}/checks", [first], ["86"])

    assert status == 409
    assert scores(desk, exam)[first] == (86, None)


def test_nobody_types_their_own_result(desk: Desk, exam: str) -> None:
    own = desk.pilot.learners[0]

    status, _ = send(
        desk.browser("class_teacher", learner_id=own), f"{exam}/results", [own], ["100"]
    )

    assert status == 409
    assert scores(desk, exam) == {}


@pytest.mark.parametrize("score", ["101", "-1", "8.5", "优", "9" * 5000])
def test_a_score_is_a_whole_number_up_to_a_hundred(desk: Desk, exam: str, score: str) -> None:
    status, _ = send(
        desk.browser("class_teacher"), f"{exam}/results", desk.pilot.learners[:1], [score]
    )

    assert status == 409
    assert scores(desk, exam) == {}


def test_a_score_for_somebody_who_is_not_enrolled_is_refused(desk: Desk, exam: str) -> None:
    status, _ = send(desk.browser("class_teacher"), f"{exam}/results", [uuid4()], ["80"])

    assert status == 409
    assert scores(desk, exam) == {}


@pytest.mark.parametrize(("asker", "status"), [("city_administrator", 403), ("coordinator", 403)])
def test_an_unknown_exam_looks_foreign(desk: Desk, asker: str, status: int) -> None:
    assert desk.browser(asker).get(f"/staff/exams/of/{uuid4()}").status_code == status


def at(desk: Desk, exam: str, path: str = "") -> str:
    """The only attempt's own address."""
    [line] = desk.runtime.models.exams.attempts_of(UUID(exam.rsplit("/", 1)[1]))
    return f"{exam}/attempts/{line.attempt_id}{path}"


def test_a_second_sitting_is_another_attempt(desk: Desk, exam: str) -> None:
    [first, *_] = desk.pilot.learners
    for sitting in ("1", "2"):
        form = {**CLASS, "learner": [str(first)], "score": ["50"], "sitting": sitting}
        for asker, way in (("class_teacher", "results"), ("head", "checks")):
            assert desk.browser(asker).post(f"{exam}/{way}", data=form).status_code == 303
    page = desk.browser("head").get(exam).text
    assert "第2次" in page


def test_readings_that_differ_are_counted_and_the_coordinator_withdraws(
    desk: Desk, exam: str
) -> None:
    [first, *_] = desk.pilot.learners
    send(desk.browser("class_teacher"), f"{exam}/results", [first], ["86"])
    for score in ("85", "84"):
        send(desk.browser("head"), f"{exam}/checks", [first], [score])
    assert "不一致，还可复核 1 次" in desk.browser("head").get(exam).text
    send(desk.browser("head"), f"{exam}/checks", [first], ["83"])
    status, _ = send(desk.browser("head"), f"{exam}/checks", [first], ["86"])
    assert status == 409
    page = desk.browser("coordinator").get(exam).text
    assert "多次不一致，请负责人核对" in page
    assert "撤回录入" in page
    assert "撤回录入" not in desk.browser("class_teacher").get(exam).text

    answer = desk.browser("coordinator").post(at(desk, exam, "/withdrawal"), data=CLASS)

    assert answer.status_code == 303
    assert "已撤回" in desk.browser("head").get(exam).text


def test_an_oral_exam_waits_for_the_witness(desk: Desk, exam: str) -> None:
    [first, *_] = desk.pilot.learners
    form = {**CLASS, "learner": str(first), "passed": "true", "reason": "elderly"}
    teacher = desk.browser("class_teacher")
    assert teacher.post(f"{exam}/oral-results", data=form).status_code == 303
    page = teacher.get(exam).text
    assert "待见证" in page
    assert "口头 · 年长" in page
    assert ">见证<" not in page
    witness = at(desk, exam, "/witness")
    assert f'action="{witness}"' in desk.browser("head").get(exam).text

    assert desk.browser("head").post(witness, data=CLASS).status_code == 303

    assert scores(desk, exam) == {first: (None, True)}
    page = desk.browser("coordinator").get(at(desk, exam, "/correction")).text
    assert 'value="failed" checked' in page


def test_a_study_note_is_offered_where_the_exam_takes_one(desk: Desk, exam: str) -> None:
    assert "study-notes" not in desk.browser("class_teacher").get(exam).text
    bank = fill_bank(desk.runtime.book)
    desk.catch_up(desk.runtime.book.ledger.position())
    form = {
        "title": "线上考核", "opens_at": "2026-09-18T08:00", "closes_at": "2026-10-18T20:00",
        "bank": str(bank), "others": ["study_note"],
    }  # fmt: skip
    coordinator = desk.browser("coordinator")
    assert "读懂孩子的情绪" in coordinator.get(f"/staff/exams/{SCHOOL}").text
    online = coordinator.post(f"/staff/exams/{SCHOOL}/online", data=form).headers["location"]
    page = desk.browser("class_teacher").get(online).text
    assert "20 题，30 分钟" in page
    assert "录入成绩" not in page

    note = {**CLASS, "learner": str(desk.pilot.learners[0]), "passed": "true"}
    answer = desk.browser("class_teacher").post(f"{online}/study-notes", data=note)

    assert answer.status_code == 303
    assert scores(desk, online) == {desk.pilot.learners[0]: (None, True)}
    blank = {**form, "title": " "}
    assert coordinator.post(f"/staff/exams/{SCHOOL}/online", data=blank).status_code == 422


def test_a_score_that_waits_for_its_check_cannot_be_read(desk: Desk, exam: str) -> None:
    send(desk.browser("class_teacher"), f"{exam}/results", desk.pilot.learners[:1], ["53"])
    page = desk.browser("coordinator").get(at(desk, exam, "/correction"))
    assert says(page, "result_not_counted")
    assert "成绩" in page.text
    assert "53" not in re.sub(r"[0-9a-f-]{36}", "", page.text)


def test_a_result_is_corrected_on_a_preview_by_two(desk: Desk, exam: str) -> None:
    [first, *_] = desk.pilot.learners
    for asker, way in (("class_teacher", "results"), ("head", "checks")):
        send(desk.browser(asker), f"{exam}/{way}", [first], ["50"])
    coordinator, address = desk.browser("coordinator"), at(desk, exam, "/correction")
    assert address in coordinator.get(exam).text
    assert 'class="card" method="post"' in coordinator.get(address).text  # no score in an address
    asked = {"verdict": "score", "score": "80", "reason": "entry_error"}
    assert coordinator.post(address, data={**asked, "score": "x"}).status_code == 422
    assert coordinator.post(address, data={**asked, "score": "50"}).status_code == 409
    preview = coordinator.post(address, data=asked).text
    assert "考核成绩更正为 80（合格）" in preview
    assert "成绩更正须由另一人复核后才生效。" in preview
    [order] = re.findall(r'name="order" value="([^"]+)"', preview)
    [sha256] = re.findall(r'name="sha256" value="([^"]+)"', preview)

    signed = {"order": html.unescape(order), "sha256": sha256}
    place = coordinator.post("/staff/corrections", data=signed).headers["location"]
    assert "更正考核成绩" in desk.browser("head").get(place).text
    approved = desk.browser("head").post(f"{place}/approval", data={"sha256": sha256})

    assert approved.status_code == 303
    assert scores(desk, exam) == {first: (80, True)}
    assert "已更正" in coordinator.get(exam).text
    void = coordinator.post(address, data={**asked, "verdict": "void"}).text
    assert "考核成绩作废" in void
    assert (
        coordinator.get(at(desk, exam).rsplit("/", 1)[0] + f"/{uuid4()}/correction").status_code
        == 404
    )
