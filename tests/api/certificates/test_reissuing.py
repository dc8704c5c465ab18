"""What a new number says: an error what stands today, what was lost the same again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from api.certificate_documents import snapshot_of
from api.certificate_particulars import Sources
from api.certificates import issue_statement
from certificates.snapshot import Snapshot
from domain.account import Account
from domain.certificate import Award, CertificateKind
from domain.envelope import Role
from domain.evaluation import Evaluation
from projections.certificate_register import RegisteredCertificate
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.api.certificates.conftest import ISSUING, Office
from tests.ledger.stars import claim

MARCH = ISSUING + timedelta(days=50)


def two_more_hours(office: Office, learner: UUID) -> None:
    """Of an evening in September, as a correction finds them in March."""
    ledger = office.runtime.book.ledger
    account = ledger.find(Account, Account.create_id(learner))
    assert account is not None
    account.award(claim(account.id, learner, 0), office.pilot.rules, envelope(MARCH))
    ledger.save(account)
    office.clock.move_to(MARCH)


def reissued(office: Office, old: RegisteredCertificate, reason: str) -> Snapshot:
    address = f"/staff/certificates/{old.number}/reissue"
    assert office.head.post(address, data={"reason": reason}).status_code == 303
    office.settle()
    register = office.runtime.models.certificates
    replaced = register.by_number(old.number)
    assert replaced is not None
    assert replaced.successor_number is not None
    new = register.by_number(replaced.successor_number)
    assert new is not None
    said = snapshot_of(office.runtime, new)
    assert said is not None
    return said


@pytest.mark.parametrize(
    ("reason", "hours", "day"),
    [
        ("error", 400, MARCH.date()),
        ("name_changed", 400, MARCH.date()),
        ("lost", 200, ISSUING.date()),
        ("issuer_changed", 200, ISSUING.date()),
    ],
)
def test_an_error_says_the_hours_of_today_and_what_was_lost_the_same_again(
    office: Office, reason: str, hours: int, day: date
) -> None:
    old = office.issued()
    two_more_hours(office, old.learner_id)

    said = reissued(office, old, reason)

    assert (said.hours, said.face_to_face_hours) == (hours, hours)
    assert (said.awarded_on, said.period_ends) == (day, day)


def test_a_statement_with_an_error_is_made_out_again(office: Office) -> None:
    learner, by = office.pilot.learners[0], envelope(ISSUING, Role.HEAD)
    number = issue_statement(office.runtime, SCHOOL, learner, uuid4(), by).number
    old = office.runtime.models.certificates.by_number(number or "")
    assert old is not None
    two_more_hours(office, learner)
    office.settle()

    said = reissued(office, old, "error")

    assert (said.hours, len(said.lines)) == (400, 2)


def test_what_was_taken_back_is_not_signed_anew_and_a_new_name_changes_nothing_else(
    office: Office,
) -> None:
    old = office.issued()
    evaluation = office.runtime.book.ledger.find(
        Evaluation, Evaluation.create_id(old.learner_id, "primary")
    )
    assert evaluation is not None
    office.term.withdraw(evaluation)
    two_more_hours(office, old.learner_id)

    answer = office.head.post(f"/staff/certificates/{old.number}/reissue", data={"reason": "error"})

    assert answer.status_code == 409
    assert "账户中没有达到这项成果" in answer.text
    renamed = reissued(office, old, "name_changed")
    assert (renamed.hours, renamed.awarded_on) == (200, ISSUING.date())


@pytest.mark.parametrize(
    ("on", "ends"),
    [(date(2028, 7, 10), date(2028, 7, 10)), (date(2028, 9, 20), date(2028, 8, 31))],
)
def test_a_stage_prints_its_school_years_and_the_rules_it_was_judged_by(
    office: Office, on: date, ends: date
) -> None:
    award = Award(
        kind=CertificateKind.STAGE_COMPLETION, learner_id=office.pilot.learners[0],
        school_code=SCHOOL, district_code=DISTRICT, stage="primary", hours=3200,
        achieved_on=date(2028, 9, 10), first_year=2026, last_year=2027,
        rulebook_version="2026.9+440104:2027.1",
    )  # fmt: skip

    said = Sources(office.runtime, [award.learner_id], on).particulars_of(award)

    assert (said.period_begins, said.period_ends) == (date(2026, 9, 1), ends)
    assert said.rulebook_version == "2026.9"
