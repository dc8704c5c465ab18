"""A course has versions and an end; a session keeps the version it was announced with."""

from __future__ import annotations

from uuid import uuid4

from domain.course import Course, CourseRetired
from domain.session import Session
from tests.domain.given import by, history, news
from tests.domain.refusing import refused
from tests.domain.sessions import at, plan, scheduled


def course() -> Course:
    return Course(school_code="4401040001", title="情绪", family="mental_health", envelope=by())


def test_a_course_is_revised_and_retired() -> None:
    made = course()
    again = at(0)
    made.revise("life_education", again)
    made.revise("life_education", again)  # the same command
    made.revise("life_education", at(1))
    made.retire(by())
    made.retire(by())
    with refused(CourseRetired, title="情绪"):
        made.revise("mental_health", at(2))

    told = news(made)

    assert [event.TOPIC for event in told] == [
        "course.registered", "course.revised", "course.revised", "course.retired",
    ]  # fmt: skip
    copy = history(told)
    assert isinstance(copy, Course)
    assert (copy.number, copy.family, copy.is_retired) == (3, "life_education", True)


def test_a_session_keeps_the_version_of_its_course() -> None:
    session = Session(id=uuid4(), plan=plan().of_version(2), envelope=at(-9000))
    session.reschedule(plan().of_version(3), at(-200))  # the same plan: no news
    session.collect_events()

    session.reschedule(plan(place="图书馆"), at(-100))

    [moved] = news(session)
    assert isinstance(moved, Session.Rescheduled)
    assert moved.plan.course_version == 2
    assert scheduled().plan.course_version == 1
