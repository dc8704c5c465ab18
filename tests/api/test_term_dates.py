"""The dates of a term put right on the command line: what follows, and what keeps them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from api import closing
from api.bootstrap import Runtime
from api.closing import ReadModelsBehind
from api.term_dates import correct_dates
from domain.calendar import Term
from domain.envelope import Role
from domain.rulebook_refusals import NoRulebookInForce
from domain.term import SchoolTerm, TermDatesClosed, TermLeavesOut, TermsOverlap
from ledger.registry import UnknownTerm
from projections.rebuild import Rebuild
from tests.acting import SCHOOL, STARTS, Pilot, envelope
from tests.api.test_cli import Command
from tests.database import TestDatabase
from tests.held import hold
from tests.ledger.studies import LATER, micro_class, push, whole
from tests.ledger.test_corrections_of_closed_terms import close_the_term

FIRST = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
SECOND = Term(school_year=2026, term_no=2, begins=date(2027, 2, 22), ends=date(2027, 7, 11))
REASON = "抄错了市教育局通知里的日期"
EVENING = STARTS.date()
DAY = timedelta(days=1)


@pytest.fixture
def pilot(runtime: Runtime) -> Pilot:
    return Pilot(runtime.book).set_up()


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


def from_to(begins: date, ends: date) -> Term:
    return FIRST.model_copy(update={"begins": begins, "ends": ends})


def correct(runtime: Runtime, dates: Term) -> None:
    runtime.projector.catch_up()
    correct_dates(runtime, dates, REASON, envelope())


@pytest.mark.usefixtures("pilot")
def test_dates_are_corrected_by_a_command_with_the_reason_in_the_vault(
    command: Command, runtime: Runtime
) -> None:
    days = ("--begins", "2026-09-02", "--ends", "2027-02-28")
    assert (
        command("register", "correct-term", "2026", "1", *days, typed=f"{REASON}\n").exit_code == 0
    )

    shown = command("register", "term-dates", "2026", "1").output
    assert "2026-1 2026-09-02 – 2027-02-28" in shown
    assert shown.count(REASON) == 1
    stored = runtime.book.ledger.store.select_notifications(1, 10_000)
    assert all("抄错".encode() not in each.state for each in stored)
    with pytest.raises(UnknownTerm):
        command("register", "term-dates", "2026", "2")


@pytest.mark.usefixtures("pilot")
def test_what_reads_the_dates_follows_and_a_rebuild_finds_the_same(runtime: Runtime) -> None:
    correct(runtime, from_to(FIRST.begins, date(2027, 1, 31)))
    correct(runtime, from_to(date(2026, 9, 2), date(2027, 1, 31)))
    runtime.projector.catch_up()

    [term] = runtime.models.schools.terms()
    assert (term.begins, term.ends) == (date(2026, 9, 2), date(2027, 1, 31))
    assert runtime.book.registry.term_on(date(2026, 9, 2)).code == "2026-1"
    assert runtime.models.schools.term_on(date(2027, 2, 1)) is None
    assert runtime.book.closings.days(runtime.book.registry.term(2026, 1)).school < FIRST.ends
    assert Rebuild(runtime.views, runtime.models.schools).run().differing == ()


def test_no_session_and_no_hours_are_left_outside_and_they_are_named(
    runtime: Runtime, pilot: Pilot
) -> None:
    for dates in (from_to(EVENING + DAY, FIRST.ends), from_to(FIRST.begins, EVENING - DAY)):
        with pytest.raises(TermLeavesOut) as refusal:
            correct(runtime, dates)
        assert refusal.value.facts == {"days": (EVENING,), "sessions": (pilot.session_id,)}

    correct(runtime, from_to(EVENING, EVENING))

    [stored] = [
        each
        for each in runtime.book.ledger.store.select_notifications(1, 10_000)
        if each.topic == SchoolTerm.DatesCorrected.TOPIC
    ]
    assert stored.originator_id == SchoolTerm.create_id(2026, 1)


def test_a_session_that_was_called_off_holds_no_term(runtime: Runtime, pilot: Pilot) -> None:
    runtime.book.sessions.cancel(pilot.session_id, "school_affairs", envelope())

    correct(runtime, from_to(EVENING + DAY, FIRST.ends))

    assert runtime.book.registry.term(2026, 1).begins == EVENING + DAY


def test_hours_alone_hold_a_term_as_well(runtime: Runtime, pilot: Pilot) -> None:
    hold(pilot, "第一次活动", 400, pilot.learners)
    runtime.projector.catch_up()
    with runtime.views.transaction() as tx:
        tx.execute("UPDATE session_board SET standing = 'voided'")

    with pytest.raises(TermLeavesOut) as refusal:
        correct(runtime, from_to(EVENING + 30 * DAY, FIRST.ends))
    assert refusal.value.facts == {"days": (EVENING + DAY,), "sessions": ()}


@pytest.mark.usefixtures("pilot")
def test_it_waits_for_the_board_of_what_was_finished(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime.projector.catch_up()
    with runtime.views.transaction() as tx:
        tx.execute("UPDATE checkpoint SET position = 0 WHERE projection = 'study_board'")
    monkeypatch.setattr(closing, "SECONDS_TO_CATCH_UP", 0.1)

    with pytest.raises(ReadModelsBehind):
        correct_dates(runtime, from_to(FIRST.begins, EVENING), REASON, envelope())


def test_what_is_finished_and_not_credited_yet_holds_a_term_too(
    runtime: Runtime, pilot: Pilot
) -> None:
    runtime.book.sessions.cancel(pilot.session_id, "school_affairs", envelope())
    learner, item, watched = pilot.learners[0], push(pilot), micro_class(pilot)
    by = envelope(LATER, Role.PARENT, learner)
    runtime.book.pushes.answer(item, learner, 0, by)
    later = envelope(LATER + DAY, Role.PARENT, learner)
    runtime.book.micro_classes.complete(watched, learner, whole(pilot, watched, learner), later)

    with pytest.raises(TermLeavesOut) as refusal:
        correct(runtime, from_to(FIRST.begins, EVENING))
    assert refusal.value.facts["days"] == (EVENING + DAY, EVENING + 2 * DAY)


@pytest.mark.usefixtures("pilot")
def test_a_term_under_rules_is_not_taken_out_of_them(runtime: Runtime) -> None:
    with pytest.raises(NoRulebookInForce):
        correct(runtime, from_to(FIRST.begins - DAY, FIRST.ends))


def test_terms_share_no_day_when_opened_or_corrected(runtime: Runtime, pilot: Pilot) -> None:
    registry, position = pilot.book.registry, pilot.book.ledger.position()
    with pytest.raises(TermsOverlap):
        registry.open_term(SECOND.model_copy(update={"begins": FIRST.ends}), envelope())
    assert pilot.book.ledger.position() == position

    registry.open_term(SECOND, envelope())
    with pytest.raises(TermsOverlap):
        correct(runtime, from_to(FIRST.begins, SECOND.begins))
    assert registry.term(2026, 1) == FIRST


def test_the_dates_of_a_closed_term_are_kept(runtime: Runtime, pilot: Pilot) -> None:
    close_the_term(pilot)

    with pytest.raises(TermDatesClosed) as refusal:
        correct(runtime, from_to(FIRST.begins, date(2027, 1, 31)))
    assert refusal.value.facts == {"closed_by": (SCHOOL,)}
