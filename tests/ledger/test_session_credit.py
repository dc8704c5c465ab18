"""Award runs and corrections of one evening: after each other, and at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

import pytest

from domain.correction import Order, PreviewOutdated, SessionTimesOrder, State
from domain.envelope import Role
from domain.plan import HeldTimes
from domain.service import ServiceKind
from domain.session_refusals import SessionState
from domain.standing import Standing
from ledger.awards import Awards
from ledger.corrections import Corrections
from ledger.earning import Earning
from ledger.ledger import Contended, Ledger
from ledger.parent_services import Services
from ledger.sessions import Sessions
from tests.acting import ENDS, STARTS, Pilot, envelope
from tests.database import TestDatabase
from tests.ledger import evenings
from tests.ledger.evenings import balance
from tests.ledger.interrupting import interrupted
from tests.ledger.merging import evening
from tests.ledger.test_corrections import (
    COORDINATOR,
    ERROR,
    LATER,
    OFFICER,
    corrected,
    void,
    was_there,
)
from tests.ledger_evening import hold


@pytest.fixture
def pilot(pilot: Pilot) -> Pilot:
    """Learners who have accounts and evaluations: only what is new about them is written."""
    evening(pilot, 3, pilot.learners)
    return pilot


def signed(corrections: Corrections, order: Order) -> State:
    """Previewed, proposed, and approved by the district where it takes a second person."""
    by = envelope(LATER, actor_id=COORDINATOR)
    sha256 = corrections.preview(order, by).sha256
    proposed = corrections.propose(order, sha256, by)
    if proposed.state is State.WAITING:
        second = envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)
        proposed = corrections.approve(proposed.id, sha256, second)
    return proposed.state


def awards(pilot: Pilot, ledger: Ledger) -> Awards:
    """An award run in steps of one learner."""
    rulebooks = pilot.book.rulebooks
    return Awards(ledger, Sessions(ledger, rulebooks), rulebooks, learners_at_once=1)


def earning(pilot: Pilot, ledger: Ledger) -> Earning:
    sessions = Sessions(ledger, pilot.book.rulebooks)
    return Earning(ledger, sessions, Services(ledger, sessions), pilot.book.rulebooks)


def corrections(pilot: Pilot, ledger: Ledger) -> Corrections:
    return Corrections(ledger, Sessions(ledger, pilot.book.rulebooks), pilot.book.rulebooks)


def one_class_hour(pilot: Pilot) -> SessionTimesOrder:
    times = HeldTimes(opened_at=STARTS, closed_at=ENDS, class_hours=100)
    return SessionTimesOrder(session_id=pilot.session_id, times=times, reason_code=ERROR)


def balances(pilot: Pilot) -> list[int]:
    return [balance(pilot, learner) for learner in pilot.learners]


def standing(pilot: Pilot) -> Standing:
    return pilot.book.sessions.get(pilot.session_id).standing


def test_a_run_repeated_after_a_correction_that_moved_no_hour_records_nothing(
    pilot: Pilot,
) -> None:
    """The stay was longer, and counts from the session's beginning to its end all the same."""
    [chen, *_] = pilot.learners
    hold(pilot, [chen])
    corrected(pilot, was_there(pilot, chen, -5, 85))
    position = pilot.book.ledger.position()

    pilot.book.awards.run(pilot.session_id, ENDS, uuid4())

    assert pilot.book.ledger.position() == position


@pytest.mark.parametrize("step", [1, 2, 3])
def test_nothing_is_credited_for_a_session_that_is_voided_during_its_run(
    pilot: Pilot, database: TestDatabase, step: int
) -> None:
    evenings.hold(pilot, pilot.learners)

    def act() -> None:
        signed(pilot.book.corrections, void(pilot))

    with interrupted(database, act, step) as ledger:
        awards(pilot, ledger).run(pilot.session_id, ENDS, uuid4())

    assert (standing(pilot), balances(pilot)) == (Standing.VOIDED, [200, 200, 200])


@pytest.mark.parametrize("step", [1, 2])
def test_nothing_is_credited_for_a_service_in_a_session_that_is_voided_meanwhile(
    pilot: Pilot, database: TestDatabase, step: int
) -> None:
    for learner in pilot.learners[:2]:
        by = envelope(role=Role.HOST)
        kind = ServiceKind.PARENT_LECTURER
        pilot.book.services.name(pilot.session_id, learner, kind, 200, by)
    evenings.hold(pilot, pilot.learners[2:])

    def act() -> None:
        signed(pilot.book.corrections, void(pilot))

    with interrupted(database, act, step) as ledger:
        earning(pilot, ledger).of_session(pilot.session_id, ENDS, uuid4())

    assert (standing(pilot), balances(pilot)) == (Standing.VOIDED, [200, 200, 200])


def test_a_void_that_credit_overtakes_is_previewed_again(
    pilot: Pilot, database: TestDatabase
) -> None:
    evenings.hold(pilot, pilot.learners)
    by, second = envelope(LATER, actor_id=COORDINATOR), envelope(LATER, Role.DISTRICT_OFFICER)
    sha256 = pilot.book.corrections.preview(void(pilot), by).sha256
    proposed = pilot.book.corrections.propose(void(pilot), sha256, by)

    def act() -> None:
        pilot.book.awards.run(pilot.session_id, ENDS, uuid4())

    with interrupted(database, act) as ledger, pytest.raises(PreviewOutdated):
        corrections(pilot, ledger).approve(proposed.id, sha256, second)
    assert (standing(pilot), balances(pilot)) == (Standing.ATTESTED, [400, 400, 400])

    signed(pilot.book.corrections, void(pilot))
    assert balances(pilot) == [200, 200, 200]


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_run_goes_on_by_the_class_hours_that_were_corrected_meanwhile(
    pilot: Pilot, database: TestDatabase, step: int
) -> None:
    evenings.hold(pilot, pilot.learners)

    def act() -> None:
        signed(pilot.book.corrections, one_class_hour(pilot))

    with interrupted(database, act, step) as ledger:
        awards(pilot, ledger).run(pilot.session_id, ENDS, uuid4())

    assert balances(pilot) == [300, 300, 300]


def test_nobody_comes_upon_the_list_of_a_session_while_it_is_voided(
    pilot: Pilot, database: TestDatabase
) -> None:
    chen, lin, zhang = pilot.learners
    hold(pilot, [chen, lin])

    def act() -> None:
        signed(pilot.book.corrections, void(pilot))

    with interrupted(database, act) as ledger, pytest.raises(SessionState):
        signed(corrections(pilot, ledger), was_there(pilot, zhang, 0, 80))
    assert balances(pilot) == [200, 200, 200]


def test_a_stay_corrected_while_the_session_is_attested_and_awarded_is_judged_anew(
    pilot: Pilot, database: TestDatabase
) -> None:
    """Nobody had attested it when the correction was decided: it would have claimed nothing."""
    chen = pilot.learners[0]
    evenings.hold_until_counted(pilot, [chen])

    def act() -> None:
        evenings.attest(pilot)
        pilot.book.awards.run(pilot.session_id, ENDS, uuid4())

    with interrupted(database, act) as ledger, pytest.raises(PreviewOutdated):
        signed(corrections(pilot, ledger), was_there(pilot, pilot.learners[1], 0, 80))
    assert standing(pilot) is Standing.ATTESTED
    signed(pilot.book.corrections, was_there(pilot, pilot.learners[1], 0, 80))
    assert balances(pilot) == [400, 400, 200]


@pytest.mark.parametrize("head_start", [0, 0.05])
def test_whoever_comes_first_nothing_stands_of_a_voided_session(
    pilot: Pilot, head_start: float
) -> None:
    """A run, services, a list that is put right and a void, by four workers at once."""
    chen, lin, zhang = pilot.learners
    by, kind = envelope(role=Role.HOST), ServiceKind.COMMITTEE_OR_VOLUNTEER
    pilot.book.services.name(pilot.session_id, chen, kind, 200, by)
    evenings.hold(pilot, [chen, lin])
    book = pilot.book

    def voided() -> None:
        time.sleep(head_start)
        sign_until_it_is_done(book.corrections, void(pilot))

    jobs: list[Callable[[], object]] = [
        lambda: awards(pilot, book.ledger).run(pilot.session_id, ENDS, uuid4()),
        lambda: book.earning.of_session(pilot.session_id, ENDS, uuid4()),
        lambda: sign_until_it_is_done(book.corrections, was_there(pilot, zhang, 0, 80)),
        voided,
    ]
    with ThreadPoolExecutor(len(jobs)) as workers:
        for done in [workers.submit(job) for job in jobs]:
            done.result()

    assert (standing(pilot), balances(pilot)) == (Standing.VOIDED, [200, 200, 200])


def sign_until_it_is_done(desk: Corrections, order: Order) -> None:
    """As somebody at the page would: a new preview is read, and what is over is over."""
    while True:
        with suppress(PreviewOutdated, Contended):
            with suppress(SessionState):
                signed(desk, order)
            return
