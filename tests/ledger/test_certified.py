"""A certificate says what stands when it is signed, whatever was so when it was reached."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.certificate import Award, Certificate, CertificateKind
from domain.certificate_refusals import NotAchieved
from ledger.certified import HoursUnderVerification
from tests.acting import DISTRICT, SCHOOL, STARTS, Pilot, envelope
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.test_certificates import make
from tests.ledger.year import Year

LATER = STARTS + timedelta(days=70)
JULY = STARTS + timedelta(days=300)


@pytest.fixture
def year(pilot: Pilot) -> Year:
    """Completed with ten hours, of which eight are asked for."""
    made = Year(pilot)
    for number in range(1, 6):
        made.attend(number)
    made.pass_exam()
    return made


def completion(learner: UUID, **different: object) -> Award:
    """As a list showed it that had not heard of anything since."""
    values: dict[str, object] = {
        "kind": CertificateKind.ANNUAL_COMPLETION, "learner_id": learner, "school_code": SCHOOL,
        "district_code": DISTRICT, "stage": "primary", "school_year": 2026, "hours": 1000,
        "face_to_face_hours": 1000, "achieved_on": date(2026, 9, 1),
    }  # fmt: skip
    return Award.model_validate(values | different)


def signed(pilot: Pilot, award: Award) -> Award:
    """What is on the certificate of an award that is issued now. Raises what it is refused for."""
    [issued] = pilot.book.certificates.issue([award], make, envelope(LATER))
    if issued.refusal is not None:
        raise issued.refusal
    return pilot.book.certificates.get(issued.certificate_id).award


def held(year: Year, sessions: list[UUID]) -> None:
    account = year.pilot.book.ledger.find(Account, Account.create_id(year.learner))
    assert account is not None
    entries = tuple(c.entry_id for c in account.standing if c.session_id in sessions)
    account.hold(entries, uuid4(), envelope(LATER))
    year.pilot.book.ledger.save(account)


def test_hours_that_were_taken_back_before_are_not_signed(year: Year) -> None:
    year.void(year.sessions[0], LATER)

    said = signed(year.pilot, completion(year.learner))

    assert (said.hours, said.face_to_face_hours) == (800, 800)
    assert (said.achieved_on, said.rulebook_version) == (date(2026, 11, 17), "2026.1")


def test_hours_of_the_year_that_came_after_it_was_reached_are_signed(year: Year) -> None:
    year.attend(7)

    assert signed(year.pilot, completion(year.learner)).hours == 1200


def test_what_does_not_stand_any_more_is_not_signed(year: Year) -> None:
    for session_id in year.sessions[:2]:
        year.void(session_id, LATER)

    with pytest.raises(NotAchieved):
        signed(year.pilot, completion(year.learner))


def test_hours_under_verification_are_not_signed(year: Year) -> None:
    held(year, year.sessions[:1])

    assert signed(year.pilot, completion(year.learner)).hours == 800


def test_what_hangs_on_hours_under_verification_waits_for_the_case(year: Year) -> None:
    held(year, year.sessions[:2])

    with pytest.raises(HoursUnderVerification):
        signed(year.pilot, completion(year.learner))


def test_a_record_that_another_one_speaks_for_is_not_certified(year: Year) -> None:
    one, other = year.pilot.learners[1], year.learner
    signed_by_two(year.pilot, merge_of(one, other))

    with pytest.raises(NotAchieved):
        signed(year.pilot, completion(other))
    assert signed(year.pilot, completion(one)).hours == 1000


def test_an_award_that_is_said_anew_has_the_figures_of_now(year: Year) -> None:
    certificates = year.pilot.book.certificates
    old = certificates.get(year.certificate())
    year.void(year.sessions[0], LATER)

    lost = certificates.reissue(old.id, "lost", make, envelope(LATER))
    again = certificates.reissue(
        lost.certificate_id, "error", make, envelope(LATER), anew=old.award
    )

    assert (old.award.hours, lost.award.hours) == (1000, 1000)
    new = certificates.get(again.certificate_id)
    assert (again.award.hours, new.award.hours) == (800, 800)
    [first] = year.pilot.book.ledger.repository.event_store.get(new.id)
    assert isinstance(first, Certificate.Issued)
    assert first.envelope.rulebook_version == "2026.1"


def test_what_does_not_stand_any_more_is_not_said_anew(year: Year) -> None:
    certificates = year.pilot.book.certificates
    old = certificates.get(year.certificate())
    for session_id in year.sessions[:2]:
        year.void(session_id, LATER)

    with pytest.raises(NotAchieved):
        certificates.reissue(old.id, "error", make, envelope(LATER), anew=old.award)
    assert certificates.get(old.id).state == "valid"
