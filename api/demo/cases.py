"""One example of every case to look at, beside what the ten minutes walk through."""

from __future__ import annotations

from collections.abc import Callable

from api.demo import (
    accusing,
    closing_books,
    disputing,
    people,
    planning,
    righting,
    ruling,
    screen_exams,
    studying,
    training,
    visiting,
    working_days,
)
from api.demo.loading import Pilot

Step = tuple[str, Callable[[], None]]


def steps(pilot: Pilot) -> tuple[Step, ...]:
    """What the loading does after the schools' everyday."""
    return (
        ("更正与异议 · corrections and cases", lambda: evening_with_cases(pilot)),
        ("补课与自学 · make-ups and studies", lambda: studies(pilot)),
        ("家访 · home visits", lambda: visiting.visit(pilot)),
        ("网上考核 · exams on a screen", lambda: screen_exams.examine(pilot)),
        ("归档 · closed terms and year", lambda: closing_books.close(pilot)),
        ("规则 · rules to come", lambda: ruling.rule(pilot)),
        ("人员变动 · people", lambda: people.change(pilot)),
        ("教师学时 · teachers", lambda: training.train(pilot)),
    )


def evening_with_cases(pilot: Pilot) -> None:
    """One talk with its leave, its lecturer, its mistake and the parents who disagree."""
    working_days.publish(pilot)
    session_id = righting.announce_talk(pilot)
    studying.missed(pilot, session_id)
    people.typed_twice(pilot)
    righting.hold_talk(pilot, session_id, people.comes_twice(pilot))
    correction_id = righting.put_right(pilot, session_id)
    disputing.dispute(pilot, session_id, correction_id)
    studying.make_up(pilot, session_id)
    righting.void_waits(pilot)
    accusing.accuse(pilot)
    planning.call_off(pilot)


def studies(pilot: Pilot) -> None:
    studying.asks_for_leave(pilot)
    studying.micro_class(pilot)
    studying.pushes(pilot)
    studying.elsewhere(pilot)
