"""In which stages hours are judged: those of one's children in that year, and no others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from domain.envelope import Role
from domain.service import ServiceKind
from tests.acting import Pilot, envelope
from tests.ledger.school_years import COORDINATOR, HOST, SchoolYears, evening_of, terms_of

YEAR = 2027
FIRST, SECOND, EXAM = date(YEAR, 9, 24), date(YEAR, 10, 15), date(YEAR, 12, 3)

Earned = Callable[[SchoolYears, date, str], None]


@pytest.fixture
def years(pilot: Pilot) -> SchoolYears:
    """A child in primary school; a year later another one, in the junior grades of that school."""
    learner = pilot.book.learners.get(pilot.learners[0])
    [(child, *_)] = learner.enrolments
    made = SchoolYears(pilot.book, learner.id, child)
    made.begin(2026, "三年级")
    for term in terms_of(YEAR):
        pilot.book.registry.open_term(term, envelope())
    made.enrol(YEAR, stage="junior", child_id=uuid4())
    return made


def evenings(years: SchoolYears, day: date, family: str) -> None:
    years.evening(day, f"示例讲座 {family}", family, hours=4)


def talks(years: SchoolYears, day: date, family: str) -> None:
    """The learner speaks, at double the rate, and has no seat."""
    book, session_id = years.book, years.plan(day, f"示例报告 {family}", family, 2, "on_site")
    by, begins = envelope(evening_of(day), Role.HOST, HOST), evening_of(day)
    ends = begins + timedelta(minutes=80)
    book.services.name(session_id, years.learner, ServiceKind.PARENT_LECTURER, 200, by)
    book.sessions.open(session_id, envelope(begins, Role.HOST, HOST))
    book.sessions.close(session_id, envelope(ends, Role.HOST, HOST))
    book.sessions.count_heads(session_id, 0, None, envelope(ends, Role.HOST, HOST))
    book.sessions.attest(session_id, Role.HOST, envelope(ends, Role.HOST, HOST))
    book.sessions.attest(session_id, Role.COORDINATOR, envelope(ends, actor_id=COORDINATOR))
    book.earning.of_session(session_id, ends, uuid4())


@pytest.mark.parametrize("earned", [evenings, talks])
def test_a_year_is_completed_only_in_a_stage_that_one_has_a_child_in(
    years: SchoolYears, earned: Earned
) -> None:
    years.exam(EXAM)
    evenings(years, FIRST, "mental_health")
    earned(years, SECOND, "life_education")

    assert years.balance == 800
    assert years.evaluation("junior").completed_years == {YEAR}
    primary = years.evaluation("primary")
    assert primary.completed_years == frozenset()
    # The hours were of primary school all the same: they count for its star.
    assert {c.value for c in primary.last_judged.conditions if c.ref.endswith(".hours")} == {800}
