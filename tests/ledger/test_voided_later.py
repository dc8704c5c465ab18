"""Worked example 6: a session is voided in the next term; completion and certificate follow."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from domain.account import Account
from domain.certificate import Certificate
from domain.completing import StageEnrolment
from domain.crediting import Credit
from domain.evaluation import Evaluation
from ledger.reviews import reviews_after
from tests.acting import Pilot, envelope
from tests.domain.given import a_full_year as a_full_year_of_credits
from tests.domain.given import exam, record, ruled
from tests.ledger.evenings import balance
from tests.ledger.test_certificates import make
from tests.ledger.year import Year

COMPLETE = a_full_year_of_credits()
SHORT = COMPLETE[1:]
MARCH = datetime(2027, 3, 10, 8, tzinfo=UTC)  # the second term


def a_full_year(pilot: Pilot) -> Year:
    year = Year(pilot)
    for number in range(1, 5):
        year.attend(number)
    year.pass_exam()
    return year


def under_review(pilot: Pilot, certificate_id: UUID) -> bool:
    certificate = pilot.book.certificates.get(certificate_id)
    assert certificate.state == "valid"  # never revoked by itself
    return certificate.under_review


def test_a_session_voided_in_the_next_term_is_reversed_for_the_old_one(pilot: Pilot) -> None:
    year = a_full_year(pilot)
    assert balance(pilot, year.learner) == 800

    year.void(year.sessions[0], MARCH)

    assert balance(pilot, year.learner) == 600
    facts = pilot.book.ledger.repository.event_store.get(Account.create_id(year.learner))
    [last] = [fact for fact in facts if isinstance(fact, Account.CreditReversed)]
    assert (last.term, last.school_year) == ("2026-1", 2026)  # effective there
    assert last.envelope.occurred_at == MARCH


def test_the_completion_is_withdrawn_and_its_certificate_reviewed(pilot: Pilot) -> None:
    year = a_full_year(pilot)
    assert year.completed_years == {2026}
    certificate_id = year.certificate()
    assert not under_review(pilot, certificate_id)

    year.void(year.sessions[0], MARCH)

    assert year.completed_years == frozenset()
    assert under_review(pilot, certificate_id)


def test_a_certificate_reached_again_is_not_under_review_any_more(pilot: Pilot) -> None:
    year = a_full_year(pilot)
    certificate_id = year.certificate()
    year.void(year.sessions[0], MARCH)

    year.attend(6)

    assert year.completed_years == {2026}
    assert not under_review(pilot, certificate_id)


def test_a_year_that_stands_in_another_stage_keeps_its_certificate(pilot: Pilot) -> None:
    """With children in two stages one certificate names the year: it falls with the last one."""
    year = a_full_year(pilot)
    certificate_id = year.certificate()
    primary = year.evaluation
    junior = Evaluation(learner_id=year.learner, stage="junior", envelope=envelope())
    judge(junior, COMPLETE)

    judge(junior, SHORT)
    assert reviewed(pilot, primary, junior) == []
    judge(primary, SHORT)
    [certificate] = reviewed(pilot, primary, junior)
    assert certificate.id == certificate_id
    assert certificate.under_review
    pilot.book.ledger.save(certificate)

    judge(junior, COMPLETE)
    [certificate] = reviewed(pilot, junior, primary)
    assert not certificate.under_review


def test_nor_does_a_second_look_review_a_year_that_stands_in_another_stage(pilot: Pilot) -> None:
    year = a_full_year(pilot)
    certificate_id = year.certificate()
    primary = year.evaluation
    junior = Evaluation(learner_id=year.learner, stage="junior", envelope=envelope())
    judge(junior, COMPLETE)
    judge(primary, SHORT)
    pilot.book.ledger.save(junior, primary)

    pilot.book.second_looks.look_again([certificate_id], MARCH)
    assert not under_review(pilot, certificate_id)

    judge(junior, SHORT)
    pilot.book.ledger.save(junior)
    pilot.book.second_looks.look_again([certificate_id], MARCH)
    assert under_review(pilot, certificate_id)


def judge(evaluation: Evaluation, credits: tuple[Credit, ...]) -> None:
    enrolment = StageEnrolment(evaluation.stage, (2026,))
    judged = record(*credits, exams=(exam(),), enrolment=enrolment)
    evaluation.evaluate(judged, ruled(), envelope(MARCH))


def reviewed(pilot: Pilot, *evaluations: Evaluation) -> list[Certificate]:
    found = reviews_after(
        pilot.book.ledger, evaluations, lambda learner_id: [learner_id], envelope(MARCH)
    )
    return [each for each in found if isinstance(each, Certificate) and each.pending_events]


def test_the_head_may_let_a_certificate_stand(pilot: Pilot) -> None:
    year = a_full_year(pilot)
    certificate_id = year.certificate()
    year.void(year.sessions[0], MARCH)

    pilot.book.certificates.close_review(certificate_id, "kept_by_the_head", envelope(MARCH))
    pilot.book.certificates.close_review(certificate_id, "kept_by_the_head", envelope(MARCH))

    assert not under_review(pilot, certificate_id)


def test_the_review_finds_the_certificate_that_replaced_the_first(pilot: Pilot) -> None:
    year = a_full_year(pilot)
    first = year.certificate()
    second = pilot.book.certificates.reissue(first, "lost", make, envelope(MARCH))

    year.void(year.sessions[0], MARCH)

    assert under_review(pilot, second.certificate_id)


def test_a_reissue_is_under_the_review_of_the_one_it_replaced(pilot: Pilot) -> None:
    year = a_full_year(pilot)
    first = year.certificate()
    year.void(year.sessions[0], MARCH)

    second = pilot.book.certificates.reissue(first, "lost", make, envelope(MARCH))

    assert under_review(pilot, second.certificate_id)
    assert not pilot.book.certificates.get(first).under_review
    year.attend(6)
    assert not under_review(pilot, second.certificate_id)
