"""Exams on paper: published by the coordinator, typed by one person, checked by another."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from tests.acting import SCHOOL
from tests.api.desk import Desk

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
    again = desk.browser("coordinator").post(f"/staff/exams/{SCHOOL}", data=PUBLISH)

    assert again.headers["location"] == exam
    assert len(desk.runtime.models.exams.exams_of(SCHOOL)) == 1


def test_an_exam_without_a_title_is_refused(desk: Desk) -> None:
    desk.at_the_door()

    answer = desk.browser("coordinator").post(
        f"/staff/exams/{SCHOOL}", data={**PUBLISH, "title": "  "}
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


@pytest.mark.parametrize("score", ["101", "-1", "8.5", "优", "８８"])
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
