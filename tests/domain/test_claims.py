"""What a claim of each source carries: whose it is, of what, when, and by which figure."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from domain.account import Account, entry_id_of
from domain.earned import external_claim, line_id, micro_class_claim, push_claim, service_claim
from domain.push import PushRecord, push_lines
from domain.service import Service, ServiceKind
from domain.session import Session
from domain.studying import Achieved, MicroClassCompletion
from tests.domain.given import CHEN, EVENING, RULES, by
from tests.domain.sessions import at, plan
from tests.domain.studies import micro_class, push, segments
from tests.domain.test_external import entered

TALK = ServiceKind.PARENT_LECTURER
FIGURES = Achieved(watched_percent=100, checks_asked=6, checks_answered=6, quiz_percent=100)


def test_a_service_is_claimed_of_its_session_at_the_rate_of_the_service() -> None:
    session = Session(
        id=uuid4(), plan=plan(class_hour_minutes=35).of_version(3), envelope=at(-9000)
    )
    named = Service.name(session, CHEN, TALK, 170, by())
    own = Account.create_id(CHEN)
    session.corrections = 2

    asked = service_claim(session, named, own, RULES)

    assert asked.entry_id == entry_id_of(own, named.id, 2)
    assert (asked.source_kind, asked.source_id) == ("service", named.id)
    assert (asked.course_id, asked.course_version) == (session.plan.course_id, 3)
    assert (asked.class_hours, asked.minutes, asked.hours) == (170, 59, 300)


def test_a_micro_class_is_claimed_of_its_course_and_overlaps_no_session() -> None:
    fresh = micro_class(segments=segments(835), course_version=3)
    done = MicroClassCompletion.record(fresh, CHEN, (2026, "2026-1"), FIGURES, by(CHEN))

    asked = micro_class_claim(fresh.plan, done, RULES)

    assert asked.entry_id == entry_id_of(Account.create_id(CHEN), done.id)
    assert (asked.source_kind, asked.source_id) == ("micro_class", done.id)
    assert (asked.session_id, asked.course_version) == (None, 3)
    assert (asked.minutes, asked.hours) == (83, 200)
    assert RULES.figure(asked.rule_ref).value == 100


def test_a_line_of_pushes_is_claimed_of_no_course_and_no_session() -> None:
    """It is dated by its last right answer, and is of the school and stage of its first item."""
    record = PushRecord(learner_id=CHEN, term="2026-1", envelope=by())
    items = [push(n, family="life_education", stage="primary") for n in range(5)]
    items[0] = push(0, stage="kindergarten")
    for days, item in enumerate(items):
        record.answer(item, 0, "2026-1", by(CHEN, EVENING + timedelta(days=days)))
    [line] = push_lines(list(record.items), 10, RULES.units.award_step)

    asked = push_claim(record, line, [item.plan for item in items], RULES)

    own = Account.create_id(CHEN)
    assert (asked.source_kind, asked.source_id) == ("push", line_id(record.id, line.number))
    assert asked.entry_id == entry_id_of(own, asked.source_id)
    assert (asked.session_id, asked.course_id) == (None, asked.source_id)
    assert (asked.class_hours, asked.minutes, asked.hours) == (0, 0, 50)
    assert (asked.stage, asked.begins_at) == ("kindergarten", EVENING + timedelta(days=4))


def test_hours_from_elsewhere_are_claimed_of_a_course_that_nobody_here_knows() -> None:
    hours = entered()
    hours.confirm(by(CHEN))

    asked = external_claim(hours, RULES)

    assert (asked.source_id, asked.course_id, asked.session_id) == (hours.id, hours.id, None)
    assert (asked.carrier, asked.minutes) == ("", 0)
    assert asked.entry_id == entry_id_of(Account.create_id(CHEN), hours.id)
