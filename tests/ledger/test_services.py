"""Parents who speak or help: named by a colleague, credited instead of their seat, corrected."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.correction import SessionVoidOrder
from domain.envelope import Role
from domain.learner import UnknownLearner
from domain.rules import ReversalReason
from domain.service import ServiceKind, ServiceNotNamed
from domain.session_refusals import SessionState
from domain.staff import OwnCase
from ledger.parent_services import Services
from ledger.session_credits import credit_of, noted
from ledger.sessions import Sessions
from tests.acting import ENDS, Pilot, envelope
from tests.database import TestDatabase
from tests.ledger.evenings import (
    COORDINATOR,
    HOST,
    attest,
    balance,
    hold,
    hold_until_counted,
    open_session,
    wish,
)
from tests.ledger.interrupting import interrupted
from tests.ledger.test_session_credit import earning

TALK, HELP = ServiceKind.PARENT_LECTURER, ServiceKind.COMMITTEE_OR_VOLUNTEER


def name(pilot: Pilot, learner: UUID, kind: ServiceKind = TALK, hours: int = 200) -> int:
    by = envelope(role=Role.HOST)
    return pilot.book.services.name(pilot.session_id, learner, kind, hours, by)


def credit(pilot: Pilot) -> None:
    pilot.book.awards.run(pilot.session_id, ENDS, uuid4())
    pilot.book.earning.of_session(pilot.session_id, ENDS, uuid4())


def modes(pilot: Pilot, learner: UUID) -> list[str]:
    account = pilot.book.ledger.find(Account, Account.create_id(learner))
    return [line.mode for line in account.standing] if account else []


def test_who_speaks_is_credited_instead_of_their_seat(pilot: Pilot) -> None:
    speaker, helper, guest = pilot.learners
    name(pilot, speaker)
    name(pilot, speaker)  # again: no news
    name(pilot, helper, HELP)
    hold(pilot, [speaker, helper, guest])

    credit(pilot)
    credit(pilot)

    assert [balance(pilot, each) for each in pilot.learners] == [400, 200, 200]
    assert modes(pilot, speaker) == ["parent_lecturer"]
    assert modes(pilot, helper) == ["on_site"]  # the better one of a person's parts
    assert len(pilot.book.services.of_session(pilot.session_id)) == 2


def test_who_speaks_without_a_seat_is_credited_too(pilot: Pilot) -> None:
    speaker = pilot.learners[0]
    name(pilot, speaker)
    pilot.book.earning.of_session(pilot.session_id, ENDS, uuid4())
    assert balance(pilot, speaker) == 0  # not attested yet
    hold(pilot, pilot.learners[1:])
    credit(pilot)
    assert balance(pilot, speaker) == 400


def test_a_name_is_withdrawn_until_the_session_is_attested(pilot: Pilot) -> None:
    speaker, by = pilot.learners[0], envelope(role=Role.HOST)
    services = pilot.book.services
    with pytest.raises(ServiceNotNamed):
        services.withdraw(pilot.session_id, speaker, TALK, by)
    name(pilot, speaker)
    services.withdraw(pilot.session_id, speaker, TALK, envelope())
    assert services.of_session(pilot.session_id) == []
    name(pilot, speaker, hours=100)
    hold(pilot, [])
    with pytest.raises(SessionState):
        services.withdraw(pilot.session_id, speaker, TALK, envelope())
    with pytest.raises(SessionState):
        name(pilot, pilot.learners[1])
    credit(pilot)
    assert balance(pilot, speaker) == 200


def test_nobody_names_or_attests_themselves_and_nobody_from_elsewhere(pilot: Pilot) -> None:
    own = pilot.learners[0]
    pilot.book.registry.register_staff(HOST, envelope(), learner_id=own)
    with pytest.raises(OwnCase):
        pilot.book.services.name(pilot.session_id, own, TALK, 100, envelope(actor_id=HOST))
    with pytest.raises(UnknownLearner):
        name(pilot, uuid4())
    name(pilot, own)
    with pytest.raises(OwnCase):
        hold(pilot, [])


def test_who_is_not_named_any_more_may_attest(pilot: Pilot) -> None:
    own = pilot.learners[0]
    pilot.book.registry.register_staff(HOST, envelope(), learner_id=own)
    name(pilot, own)
    pilot.book.services.withdraw(pilot.session_id, own, TALK, envelope())
    hold(pilot, [])


def test_a_voided_session_takes_back_what_was_spoken(pilot: Pilot) -> None:
    speaker = pilot.learners[0]
    name(pilot, speaker)
    hold(pilot, pilot.learners)
    credit(pilot)
    order = SessionVoidOrder(session_id=pilot.session_id, reason_code=ReversalReason.SESSION_VOIDED)
    corrections = pilot.book.corrections
    proposing = envelope(ENDS, actor_id=COORDINATOR)
    preview = corrections.preview(order, proposing)
    waiting = corrections.propose(order, preview.sha256, proposing)
    officer = envelope(ENDS, Role.DISTRICT_OFFICER)

    corrections.approve(waiting.id, preview.sha256, officer)

    assert [balance(pilot, each) for each in pilot.learners] == [0, 0, 0]


def test_a_service_survives_the_head_count(pilot: Pilot) -> None:
    """Who speaks is no attendance: heads are compared with those who checked in."""
    open_session(pilot)
    pilot.book.attendances.check_in(wish(pilot, pilot.learners[1]))
    name(pilot, pilot.learners[0])
    assert len(pilot.book.sessions.attendance_ids(pilot.session_id)) == 1


def test_a_name_is_not_withdrawn_while_its_hours_are_credited(
    pilot: Pilot, database: TestDatabase
) -> None:
    """Nobody had attested the session when it was decided to take the name off."""
    speaker = pilot.learners[0]
    name(pilot, speaker)
    hold_until_counted(pilot, pilot.learners[1:])

    def act() -> None:
        attest(pilot)
        credit(pilot)

    with interrupted(database, act) as ledger:
        services = Services(ledger, Sessions(ledger, pilot.book.rulebooks))
        with pytest.raises(SessionState):
            services.withdraw(pilot.session_id, speaker, TALK, envelope(role=Role.HOST))

    assert len(pilot.book.services.of_session(pilot.session_id)) == 1
    assert balance(pilot, speaker) == 400


def test_a_name_that_was_withdrawn_at_the_attestation_is_not_credited(
    pilot: Pilot, database: TestDatabase
) -> None:
    """Who takes it off had read the session before; the run had listed the name already."""
    speaker, book, by = pilot.learners[0], pilot.book, envelope(role=Role.HOST)
    name(pilot, speaker)
    hold_until_counted(pilot, pilot.learners[1:])
    not_attested = book.sessions.get(pilot.session_id)
    attest(pilot)

    def withdrawn() -> list[LedgerAggregate]:
        taken_up = credit_of(book.ledger, pilot.session_id, by)
        [service] = book.services.of_session(pilot.session_id)
        service.withdraw(not_attested, by)
        return noted(taken_up, [service], 1, by)

    with interrupted(database, lambda: book.ledger.commit(uuid4(), withdrawn)) as ledger:
        earning(pilot, ledger).of_session(pilot.session_id, ENDS, uuid4())

    assert balance(pilot, speaker) == 0
