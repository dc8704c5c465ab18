"""Fraud is confirmed after its person was heard, or was told and had a week."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from domain.correction import AttendanceOrder, Correction, SessionVoidOrder, State
from domain.envelope import Role
from domain.hearing import AnswerAwaited, NoHearingNeeded, TellingAwaited, ToldBy
from domain.irregularity_finding import Finding, FindingReason, HeardBy
from domain.rules import ReversalReason
from domain.staff import OwnCase
from tests.acting import Pilot, envelope
from tests.case_acting import CLERK, HEAD, OFFICER, parent
from tests.ledger.test_corrections import LATER
from tests.ledger.test_irregularities import SAID, flagged
from tests.ledger_evening import hold

SAYS = "我当晚请人代签了（示例）"


@pytest.fixture
def chen(pilot: Pilot) -> UUID:
    hold(pilot, pilot.learners)
    return pilot.learners[0]


@pytest.fixture
def fraud(pilot: Pilot, chen: UUID) -> Correction:
    """Proposed by the coordinator: it waits for a second person."""
    return proposed(pilot, chen)


def proposed(pilot: Pilot, learner: UUID) -> Correction:
    order = AttendanceOrder(
        session_id=pilot.session_id, learner_id=learner,
        reason_code=ReversalReason.FRAUD_CONFIRMED,
    )  # fmt: skip
    corrections, by = pilot.book.corrections, envelope(LATER, actor_id=CLERK)
    return corrections.propose(order, corrections.preview(order, by).sha256, by)


def approve(pilot: Pilot, found: Correction, days: int = 0) -> Correction:
    by = envelope(LATER + timedelta(days=days), Role.HEAD, HEAD)
    return pilot.book.corrections.approve(found.id, found.sha256, by)


def test_fraud_is_not_confirmed_behind_the_back_of_its_person(
    pilot: Pilot, fraud: Correction
) -> None:
    before = pilot.book.ledger.position()
    with pytest.raises(TellingAwaited):
        approve(pilot, fraud, days=30)
    assert pilot.book.ledger.position() == before


def test_whoever_was_told_has_a_week_to_answer(pilot: Pilot, fraud: Correction) -> None:
    pilot.book.hearings.tell(fraud.id, ToldBy.ON_PAPER, envelope(LATER, actor_id=CLERK))
    with pytest.raises(AnswerAwaited):
        approve(pilot, fraud, days=7)
    assert approve(pilot, fraud, days=8).state is State.APPLIED


def test_what_the_person_says_goes_with_them(pilot: Pilot, chen: UUID, fraud: Correction) -> None:
    hearings = pilot.book.hearings
    hearings.hear(fraud.id, HeardBy.IN_PERSON, SAYS, envelope(LATER, actor_id=CLERK))
    assert hearings.words(fraud.id) == [SAYS]
    assert approve(pilot, fraud).state is State.APPLIED
    with pytest.raises(NoHearingNeeded):
        hearings.tell(fraud.id, ToldBy.BY_PHONE, envelope(LATER))
    pilot.book.vault.drop("learner", [chen])
    assert hearings.words(fraud.id) == []


def test_nobody_hears_themselves_and_only_fraud_is_heard(
    pilot: Pilot, chen: UUID, fraud: Correction
) -> None:
    pilot.book.registry.register_staff(HEAD, envelope(), chen)
    by = envelope(LATER, Role.HEAD, HEAD)
    with pytest.raises(OwnCase):
        pilot.book.hearings.tell(fraud.id, ToldBy.IN_PERSON, by)
    with pytest.raises(OwnCase):
        pilot.book.hearings.hear(fraud.id, HeardBy.IN_PERSON, SAYS, by)
    void = SessionVoidOrder(session_id=pilot.session_id, reason_code=ReversalReason.FRAUD_CONFIRMED)
    clerk = envelope(LATER, actor_id=CLERK)
    sha256 = pilot.book.corrections.preview(void, clerk).sha256
    waiting = pilot.book.corrections.propose(void, sha256, clerk)
    with pytest.raises(NoHearingNeeded):
        pilot.book.hearings.tell(waiting.id, ToldBy.IN_PERSON, clerk)


def test_a_confirmed_irregularity_had_its_hearing(pilot: Pilot, fraud: Correction) -> None:
    irregularities, (chen, lin, wu) = pilot.book.irregularities, pilot.learners
    key = flagged(pilot)
    clerk = envelope(LATER, actor_id=CLERK)
    officer = envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)
    for each in (chen, lin):
        irregularities.hear(key, each, SAID, parent(each, LATER))
    irregularities.link_correction(key, fraud.id, clerk)
    with pytest.raises(TellingAwaited):  # nothing is confirmed yet
        approve(pilot, fraud)
    reason = FindingReason.NOT_THERE
    irregularities.propose(key, Finding.CONFIRMED, reason, "（示例）", clerk)
    irregularities.agree(key, officer)
    stranger = proposed(pilot, wu)  # whom it does not name
    for correction in (fraud, stranger):
        irregularities.link_correction(key, correction.id, clerk)
    assert approve(pilot, fraud).state is State.APPLIED
    with pytest.raises(TellingAwaited):
        approve(pilot, stranger)
