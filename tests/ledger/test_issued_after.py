"""After a revocation: a new number for what stands in the ledger, and the old one stays revoked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from domain.certificate import Award, Certificate
from domain.certificate_issue import Issue
from domain.certificate_refusals import (
    NotAchieved,
    NotInForce,
    NotRevoked,
    RevocationNotProposed,
)
from domain.refusals import Refused
from ledger.certificate_numbers import Draw
from ledger.certificates import Issued
from tests.acting import STARTS, Pilot, envelope
from tests.ledger.test_certificates import make
from tests.ledger.year import Year

LATER = STARTS + timedelta(days=70)


@pytest.fixture
def year(pilot: Pilot) -> Year:
    made = Year(pilot)
    for number in range(1, 5):
        made.attend(number)
    made.pass_exam()
    return made


@pytest.fixture
def revoked(year: Year) -> Certificate:
    certificates, key = year.pilot.book.certificates, year.certificate()
    certificates.propose_revocation(key, "issued_in_error", envelope())
    certificates.confirm_revocation(key, "issued_in_error", envelope())
    return certificates.get(key)


def issue_after(year: Year, revoked: Certificate) -> Issued:
    certificates = year.pilot.book.certificates
    return certificates.issue_after(revoked.id, revoked.award, make, envelope())


def test_it_has_a_new_number_and_the_old_one_stays_revoked(
    year: Year, revoked: Certificate
) -> None:
    assert year.certificate() == revoked.id  # a batch issues nothing
    first, again = issue_after(year, revoked), issue_after(year, revoked)

    certificates = year.pilot.book.certificates
    assert first == again  # one for each that was revoked
    assert (revoked.issue.number, first.number) == ("1", "2")
    assert certificates.get(revoked.id).state == "revoked"
    new = certificates.get(first.certificate_id)
    assert (new.state, new.follows, new.replaces) == ("valid", revoked.id, None)


def test_two_heads_at_once_issue_one(year: Year, revoked: Certificate) -> None:
    with ThreadPoolExecutor(2) as heads:
        one, other = heads.map(lambda _: issue_after(year, revoked), range(2))
    assert one == other


def test_nothing_is_issued_where_the_completion_stands_no_longer(
    year: Year, revoked: Certificate
) -> None:
    year.void(year.sessions[0], LATER)
    with pytest.raises(NotAchieved):
        issue_after(year, revoked)


def test_nor_after_one_that_is_in_force(year: Year) -> None:
    valid = year.pilot.book.certificates.get(year.certificate())
    with pytest.raises(NotRevoked):
        issue_after(year, valid)


def test_it_is_reviewed_when_its_completion_is_lost_though_the_old_one_was_too(year: Year) -> None:
    certificates, key = year.pilot.book.certificates, year.certificate()
    year.void(year.sessions[0], LATER)
    assert certificates.get(key).was_reviewed
    certificates.propose_revocation(key, "hours_reversed", envelope())
    certificates.confirm_revocation(key, "hours_reversed", envelope())
    year.attend(6)
    new = issue_after(year, certificates.get(key)).certificate_id

    year.void(year.sessions[1], LATER)

    assert certificates.get(new).under_review


def test_a_second_look_finds_it_where_the_completion_was_lost_in_that_moment(
    year: Year, revoked: Certificate
) -> None:
    def slowly(award: Award, draw: Draw) -> Issue:
        year.void(year.sessions[0], LATER)
        return make(award, draw)

    book = year.pilot.book
    new = book.certificates.issue_after(revoked.id, revoked.award, slowly, envelope())
    assert not book.certificates.get(new.certificate_id).under_review

    book.second_looks.look_again([revoked.id], LATER)  # by the completion that was lost

    assert book.certificates.get(new.certificate_id).under_review


def test_of_two_decisions_on_one_proposal_one_is_refused(year: Year) -> None:
    certificates, key = year.pilot.book.certificates, year.certificate()
    certificates.propose_revocation(key, "wrong_person", envelope())

    def decide(what: str) -> Refused | None:
        try:
            if what == "withdraw":
                certificates.withdraw_revocation(key, envelope())
            else:
                certificates.confirm_revocation(key, "wrong_person", envelope())
        except Refused as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(2) as both:
        refusals = [each for each in both.map(decide, ("withdraw", "confirm")) if each]

    [refusal] = refusals
    was_revoked = certificates.get(key).state == "revoked"
    assert isinstance(refusal, NotInForce if was_revoked else RevocationNotProposed)
