"""A parent takes an exam through the pages: looks, begins, saves, hands in, reads why."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from domain.correction import ExamResultOrder
from domain.envelope import Role
from domain.rules import ReversalReason
from tests.acting import envelope
from tests.api.parents.conftest import Evening
from tests.online_exams import STARTED, answers, publish_online

Form = dict[str, list[str]]


@pytest.fixture
def exam(evening: Evening) -> str:
    exam_id = publish_online(evening.runtime.book)
    evening.clock.move_to(STARTED)
    evening.settle()
    return f"/me/exams/{exam_id}"


@pytest.fixture
def phone(evening: Evening, exam: str) -> TestClient:
    return evening.enrolled_phone()


def begun(phone: TestClient, exam: str) -> str:
    """Press the button; the address of the attempt on the sheet."""
    assert phone.post(f"{exam}/start").status_code == 303
    [action] = re.findall(r'action="([^"]+)/submitted"', phone.get(exam).text)
    return str(action)


def ticks(evening: Evening, sheet: str, right: int) -> Form:
    """What a browser sends for so many right answers."""
    book, attempt_id = evening.runtime.book, UUID(sheet.rsplit("/", 1)[1])
    places = answers(book, attempt_id, evening.parent, right)
    asked = book.online_exams.sheet(attempt_id, evening.parent).questions
    return {
        f"q{number}": [str(place) for place in places[each.question_id]]
        for number, each in enumerate(asked)
        if each.question_id in places
    }


def test_a_parent_takes_the_exam_from_the_first_page_to_the_last(
    evening: Evening, exam: str, phone: TestClient
) -> None:
    assert "家庭教育知识考核" in phone.get("/me").text
    assert "可以开始" in phone.get("/me/exams").text
    page = phone.get(exam).text
    for words in ("20 题", "30 分钟", "60 分", "3 次"):
        assert words in page

    sheet = begun(phone, exam)
    shows_twenty_questions(phone.get(exam).text)
    evening.clock.move_to(STARTED + timedelta(minutes=10))
    saved = phone.post(f"{sheet}/saved", data=ticks(evening, sheet, 12))
    assert "已保存 12 题。" in saved.text
    assert saved.text.count(" checked") >= 12
    assert "还剩 20 分钟" in saved.text
    handed = phone.post(f"{sheet}/submitted", data=ticks(evening, sheet, 17))
    assert (handed.status_code, handed.headers["location"]) == (303, sheet)

    result = phone.get(sheet).text

    for words in ("优秀", ">85<", "正确答案", "您选的", "示例解析", "没有作答。"):
        assert words in result
    assert phone.post(f"{sheet}/submitted", data=ticks(evening, sheet, 17)).status_code == 303
    page = phone.get(exam).text
    assert "2026-09-16 08:10 以后可以再考。" in page
    assert "看解析" in page
    assert phone.get("/me/data.json").json()["exams"][0]["score"] == 85


def shows_twenty_questions(page: str) -> None:
    assert page.count("<fieldset") == 20
    assert 'data-seconds="1800"' in page
    assert "示例解析" not in page


def test_a_sheet_that_comes_too_late_is_told_so_and_led_to_the_result(
    evening: Evening, exam: str, phone: TestClient
) -> None:
    sheet = begun(phone, exam)
    phone.post(f"{sheet}/saved", data=ticks(evening, sheet, 12))
    late = ticks(evening, sheet, 20)
    evening.clock.move_to(STARTED + timedelta(minutes=31))
    assert "时间已到" in phone.get(exam).text

    for way in ("saved", "submitted"):
        answer = phone.post(f"{sheet}/{way}", data=late)
        assert answer.status_code == 409
        assert f'href="{sheet}"' in answer.text

    assert ">60<" in phone.get(sheet).text


def test_who_was_cut_off_past_the_end_sees_that_what_was_saved_counts(
    evening: Evening, exam: str, phone: TestClient
) -> None:
    """The worker has marked the sheet before the connection was back."""
    sheet = begun(phone, exam)
    phone.post(f"{sheet}/saved", data=ticks(evening, sheet, 12))
    late = ticks(evening, sheet, 20)
    evening.clock.move_to(STARTED + timedelta(minutes=31))
    attempt_id = UUID(sheet.rsplit("/", 1)[1])
    by = envelope(evening.clock.at, Role.SYSTEM)
    evening.runtime.book.online_exams.settle(attempt_id, by)
    evening.settle()

    for way in ("submitted", "saved"):
        answer = phone.post(f"{sheet}/{way}", data=late)
        assert answer.status_code == 409
        assert "时间内保存的答案已计入" in answer.text
        assert "计分的是已保存的 12 题。" in answer.text
    english = phone.post(f"{sheet}/submitted?lang=en", data=late).text
    assert "What you saved in time has been marked." in english
    assert "12 questions were saved, and these are what is marked." in english


def test_a_voided_sheet_is_told_that_nothing_of_it_counts(
    evening: Evening, exam: str, phone: TestClient
) -> None:
    sheet = begun(phone, exam)
    phone.post(f"{sheet}/saved", data=ticks(evening, sheet, 12))
    late = ticks(evening, sheet, 20)
    phone.post(f"{sheet}/submitted", data=ticks(evening, sheet, 12))
    order = ExamResultOrder(
        exam_id=UUID(exam.rsplit("/", 1)[1]), attempt_id=UUID(sheet.rsplit("/", 1)[1]),
        score=None, reason_code=ReversalReason.RULE_MISAPPLIED,
    )  # fmt: skip
    corrections, at = evening.runtime.book.corrections, evening.clock.at
    by = envelope(at, Role.COORDINATOR, uuid4())
    sha256 = corrections.preview(order, by).sha256
    made = corrections.propose(order, sha256, by)
    corrections.approve(made.id, sha256, envelope(at, Role.HEAD, uuid4()))
    evening.settle()

    for minutes in (1, 31):
        evening.clock.move_to(STARTED + timedelta(minutes=minutes))
        for way in ("submitted", "saved"):
            answer = phone.post(f"{sheet}/{way}", data=late)
            assert answer.status_code == 409
            assert "这次的成绩已作废，不计分，也不计入次数。" in answer.text
            assert "计分的是" not in answer.text
            assert "已计入" not in answer.text
    assert "has been voided" in phone.post(f"{sheet}/saved?lang=en", data=late).text


def test_time_that_ran_out_is_marked_at_the_press_of_a_button(
    evening: Evening, exam: str, phone: TestClient
) -> None:
    sheet = begun(phone, exam)
    assert phone.get(sheet).headers["location"] == exam
    evening.clock.move_to(STARTED + timedelta(minutes=31))

    answer = phone.post(f"{sheet}/ended")

    assert (answer.status_code, answer.headers["location"]) == (303, sheet)
    assert ">0<" in phone.get(sheet).text
    assert "还可以考" in phone.get(exam).text


def test_nonsense_in_the_form_is_no_answer(evening: Evening, exam: str, phone: TestClient) -> None:
    sheet = begun(phone, exam)
    form = {"q0": ["x"], "q99": ["0"], "qx": ["1"], "other": ["1"], "q²": ["1"]}
    assert "已保存 0 题。" in phone.post(f"{sheet}/saved", data=form).text
    assert phone.post(f"{sheet}/saved", data={"q0": ["9"]}).status_code == 422


def test_anothers_result_is_not_there(evening: Evening, exam: str, phone: TestClient) -> None:
    sheet = begun(phone, exam)
    other = evening.enrolled_phone(evening.pilot.learners[1])
    assert other.get(sheet).status_code == 404
    assert other.post(f"{sheet}/ended").status_code == 404
    begun(other, exam)


def test_without_an_exam_the_page_says_so(evening: Evening) -> None:
    phone = evening.enrolled_phone()
    assert "现在没有线上测评。" in phone.get("/me/exams").text
    assert "学习测评</h2>" not in phone.get("/me").text
