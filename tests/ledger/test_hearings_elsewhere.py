"""Whoever a teacher's reversal or a revocation says cheated is heard first, as any parent is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.certificate import Certificate
from domain.hearing import AnswerAwaited, NoHearingNeeded, TellingAwaited, ToldBy
from domain.irregularity_finding import HeardBy
from domain.rules import ReversalReason
from domain.staff import OwnCase
from domain.teacher_correction import FraudNeedsSecondPerson
from ledger.book import Book
from tests.acting import ENDS, Pilot, envelope
from tests.ledger.evenings import hold
from tests.ledger.staffroom import ERROR, NEW_YEAR, close, hours, new, now, typed
from tests.ledger.test_certificates import make, statement

FRAUD = ReversalReason.FRAUD_CONFIRMED.value
SAYS = "证书上的学时是真的（示例）"
FIRST, SECOND = uuid4(), uuid4()


@pytest.fixture
def certificate(pilot: Pilot) -> UUID:
    """A statement of hours whose revocation for fraud the head has proposed."""
    hold(pilot, pilot.learners)
    pilot.book.awards.run(pilot.session_id, ENDS, uuid4())
    award = statement(pilot.learners[0])
    pilot.book.certificates.issue([award], make, envelope())
    propose(pilot, award.certificate_id)
    return award.certificate_id


def propose(pilot: Pilot, certificate_id: UUID) -> None:
    by = envelope(actor_id=FIRST)
    pilot.book.certificates.propose_revocation(certificate_id, FRAUD, by)


def revoked(pilot: Pilot, certificate_id: UUID, days: int = 0) -> Certificate:
    by = envelope(envelope().at + timedelta(days=days), actor_id=SECOND)
    pilot.book.certificates.confirm_revocation(certificate_id, FRAUD, by)
    return pilot.book.certificates.get(certificate_id)


def accused(school: Book, me: UUID | None = None) -> tuple[UUID, UUID, UUID]:
    """A teacher, who may be `me` at work, with an award that somebody says is untrue."""
    li = school.teachers.register(new(), now())
    if me is not None:
        school.registry.register_staff(me, envelope())
        school.teachers.link(li, me, now())
    award_id = school.teachers.award(li, typed(), now())
    corrections = school.teacher_corrections
    found = corrections.propose_reversal(li, award_id, ReversalReason(FRAUD), now(FIRST))
    return li, award_id, found


def test_a_certificate_is_not_revoked_for_fraud_behind_its_holders_back(
    pilot: Pilot, certificate: UUID
) -> None:
    before = pilot.book.ledger.position()
    with pytest.raises(TellingAwaited):
        revoked(pilot, certificate, days=30)
    assert pilot.book.ledger.position() == before

    pilot.book.hearings.tell(certificate, ToldBy.ON_PAPER, envelope())
    with pytest.raises(AnswerAwaited):
        revoked(pilot, certificate, days=7)
    assert revoked(pilot, certificate, days=8).state == "revoked"


def test_each_proposal_to_revoke_has_a_hearing_of_its_own(pilot: Pilot, certificate: UUID) -> None:
    hearings, certificates = pilot.book.hearings, pilot.book.certificates
    hearings.hear(certificate, HeardBy.IN_PERSON, SAYS, envelope())
    assert hearings.words(certificate) == [SAYS]
    certificates.withdraw_revocation(certificate, envelope())
    with pytest.raises(NoHearingNeeded):
        hearings.tell(certificate, ToldBy.IN_PERSON, envelope())
    assert (hearings.of(certificate), hearings.words(certificate)) == (None, [])

    propose(pilot, certificate)
    with pytest.raises(TellingAwaited):
        revoked(pilot, certificate, days=30)
    hearings.hear(certificate, HeardBy.BY_PHONE, SAYS, envelope())
    assert revoked(pilot, certificate).state == "revoked"


def test_another_reason_to_revoke_waits_for_nobody(pilot: Pilot, certificate: UUID) -> None:
    certificates, wrong = pilot.book.certificates, "wrong_person"
    certificates.decline_revocation(certificate, FRAUD, envelope(actor_id=SECOND))
    certificates.propose_revocation(certificate, wrong, envelope(actor_id=FIRST))
    with pytest.raises(NoHearingNeeded):
        pilot.book.hearings.tell(certificate, ToldBy.IN_PERSON, envelope())
    certificates.confirm_revocation(certificate, wrong, envelope(actor_id=SECOND))
    assert certificates.get(certificate).state == "revoked"


def test_nobody_takes_down_what_they_say_of_their_own_certificate(
    pilot: Pilot, certificate: UUID
) -> None:
    pilot.book.registry.register_staff(SECOND, envelope(), pilot.learners[0])
    with pytest.raises(OwnCase):
        pilot.book.hearings.tell(certificate, ToldBy.IN_PERSON, envelope(actor_id=SECOND))


def test_a_teachers_fraud_takes_two_and_a_hearing_in_an_open_cycle_too(school: Book) -> None:
    li, award_id, found = accused(school)
    with pytest.raises(FraudNeedsSecondPerson):
        school.teachers.reverse(li, award_id, ReversalReason(FRAUD), now(FIRST))
    with pytest.raises(TellingAwaited):
        school.teacher_corrections.confirm(found, now(SECOND, NEW_YEAR))
    assert hours(school, li) == 600

    school.hearings.hear(found, HeardBy.IN_PERSON, SAYS, now(FIRST))
    school.teacher_corrections.confirm(found, now(SECOND))
    assert (hours(school, li), school.hearings.words(found)) == (0, [SAYS])
    with pytest.raises(NoHearingNeeded):
        school.hearings.tell(found, ToldBy.IN_PERSON, now(FIRST))


def test_a_closed_cycle_waits_for_the_answer_as_well(school: Book) -> None:
    li, award_id, _ = accused(school)
    close(school, li)
    first, corrections = now(FIRST, NEW_YEAR), school.teacher_corrections
    found = corrections.propose_reversal(li, award_id, ReversalReason(FRAUD), first)
    school.hearings.tell(found, ToldBy.BY_PHONE, first)
    with pytest.raises(AnswerAwaited):
        corrections.confirm(found, now(SECOND, NEW_YEAR + timedelta(days=7)))
    corrections.confirm(found, now(SECOND, NEW_YEAR + timedelta(days=8)))
    assert hours(school, li) == 0


def test_other_reasons_in_a_teachers_cycle_wait_for_nobody(school: Book) -> None:
    li, award_id, _ = accused(school)
    close(school, li)
    corrections = school.teacher_corrections
    found = corrections.propose_reversal(li, award_id, ERROR, now(FIRST, NEW_YEAR))
    with pytest.raises(NoHearingNeeded):
        school.hearings.tell(found, ToldBy.IN_PERSON, now(FIRST, NEW_YEAR))
    corrections.confirm(found, now(SECOND, NEW_YEAR))
    assert hours(school, li) == 0


def test_an_accused_teacher_neither_hears_nor_declines(school: Book) -> None:
    me = uuid4()
    _, _, found = accused(school, me)
    with pytest.raises(OwnCase):
        school.hearings.hear(found, HeardBy.IN_PERSON, SAYS, now(me))
    with pytest.raises(OwnCase):
        school.teacher_corrections.decline(found, now(me))
