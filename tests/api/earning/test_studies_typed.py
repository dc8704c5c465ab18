"""What was typed for a micro-class or a push stays when it is refused; the line is named."""

from __future__ import annotations

import pytest

from tests.acting import SCHOOL, STARTS
from tests.api.desk import Desk

PAGE = f"/staff/studies/{SCHOOL}"
SEGMENT = f"第1段|1800|https://a.example/1|{'0' * 64}"
LESSON = {
    "title": "情绪<微课>", "family": "life_education", "grades": "三年级", "class_hours": "0.5",
    "segments": SEGMENT, "quiz": "先做什么？|停一停|讲道理|1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text", "named"),
    [
        ("quiz", "先做什么？|停一停|讲道理|1\n\n再做什么？|停一停|1", "小测第 3 行：有一行看不懂"),
        ("quiz", "先做什么？|停一停|讲道理|9", "小测第 1 行：有一行看不懂"),
        ("quiz", f"先做什么？|停一停|讲道理|{'1' * 5000}", "小测第 1 行：有一行看不懂"),
        ("quiz", "先做什么？|停一停|停一停\u200b|1", "不同的选项"),
        ("quiz", "先做什么？|停|讲|1\n先做什么？|讲|停|2", "同一道题出现了两次"),
        ("segments", f"{SEGMENT}\n第2段|九百|https://a.example/2|{'0' * 64}", "分段第 2 行："),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_rest_stays(
    desk: Desk, field: str, text: str, named: str
) -> None:
    desk.clock.move_to(STARTS)
    typed = {**LESSON, field: text}

    answer = desk.browser("coordinator").post(f"{PAGE}/micro-classes", data=typed)

    assert answer.status_code == 422
    for words in (
        named, 'value="情绪&lt;微课&gt;"', 'value="life_education" selected', 'value="0.5"',
        'value="三年级" checked', typed["segments"], typed["quiz"],
    ):  # fmt: skip
        assert words in answer.text


def test_a_hash_may_be_typed_in_capitals(desk: Desk) -> None:
    """As PowerShell writes it."""
    desk.clock.move_to(STARTS)
    typed = {**LESSON, "segments": SEGMENT.replace("00000000", "ABCDEF01")}
    answer = desk.browser("coordinator").post(f"{PAGE}/micro-classes", data=typed)
    assert answer.status_code == 303


def test_a_push_that_is_refused_stays_typed(desk: Desk) -> None:
    desk.clock.move_to(STARTS)
    typed = {
        "title": "第一周", "link": "https://a.example/1", "family": "mental_health",
        "question": "先做什么？|停一停|1",
    }  # fmt: skip
    browser = desk.browser("coordinator")
    answer = browser.post(f"{PAGE}/pushes", data=typed, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    for words in ("Question, line 1: A line cannot be read", 'value="第一周"', typed["question"]):
        assert words in answer.text
