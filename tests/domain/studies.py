"""Micro-classes, pushes and services as tests need them: invented, small, sound."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from domain.course import Course
from domain.micro_class import MicroClass, MicroClassPlan, Question, Segment
from domain.push import PushItem, PushPlan
from tests.domain.given import LIN, RULES, by

SCHOOL = "4401040001"
QUESTION = Question(
    text="情绪激动时先做什么？", choices=("先停一停", "先讲道理", "先批评"), right=0
)

QUIZ = tuple(
    QUESTION.model_copy(update={"text": f"{place}：{QUESTION.text}"}) for place in "一二三"
)


def segments(seconds: int = 800, how_many: int = 6) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            title=f"第{number + 1}段", seconds=seconds, sha256=f"{number:064x}",
            url=f"https://media.example/{number}",
        )
        for number in range(how_many)
    )  # fmt: skip


def micro_class_plan(**different: Any) -> MicroClassPlan:
    title = different.get("title", "情绪微课")
    values: dict[str, Any] = {
        "school_code": SCHOOL, "district_code": "440104", "school_year": 2026,
        "course_id": Course.create_id(SCHOOL, title), "course_version": 1, "title": title,
        "family": "mental_health", "stage": "primary", "carrier": "in_school",
        "grades": ("三年级",), "class_hours": 200, "class_hour_minutes": 40,
        "segments": segments(), "quiz": QUIZ,
    }  # fmt: skip
    return MicroClassPlan.model_validate(values | different)


def micro_class(**different: Any) -> MicroClass:
    ruled = by().under(RULES.version)
    return MicroClass.publish(micro_class_plan(**different), RULES.micro_class, ruled)


def push_plan(number: int = 0, **different: Any) -> PushPlan:
    values: dict[str, Any] = {
        "school_code": SCHOOL, "district_code": "440104", "school_year": 2026, "term_no": 1,
        "title": f"第{number}篇", "link": "https://read.example/1", "family": "mental_health",
        "stage": "primary", "carrier": "in_school", "grades": (), "question": QUESTION,
    }  # fmt: skip
    return PushPlan.model_validate(values | different)


def push(number: int = 0, **different: Any) -> PushItem:
    return PushItem.publish(push_plan(number, **different), by())


def somebody(number: int) -> UUID:
    return uuid5(LIN, f"somebody {number}")
