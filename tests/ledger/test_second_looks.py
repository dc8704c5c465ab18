"""A certificate issued while its completion is being taken back is reviewed all the same."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from domain.certificate import Award, Certificate
from domain.certificate_issue import Issue
from ledger.certificate_numbers import Draw
from ledger.reviews import REACHED_AGAIN
from tests.acting import STARTS, Pilot, envelope
from tests.ledger import year as a_year
from tests.ledger.test_certificates import make
from tests.ledger.year import Year

LATER = STARTS + timedelta(days=70)


@pytest.fixture
def year(pilot: Pilot) -> Year:
    made = Year(pilot)
    for number in range(1, 5):
        made.attend(number)
    made.pass_exam()
    assert made.completed_years == {2026}
    return made


@pytest.fixture
def crossed(year: Year, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Issued by a hand that had looked before the correction was signed, and recorded after it."""

    def slowly(award: Award, draw: Draw) -> Issue:
        year.void(year.sessions[0], LATER)
        return make(award, draw)

    monkeypatch.setattr(a_year, "make", slowly)
    issued = year.certificate()
    assert year.completed_years == frozenset()
    assert not certificate(year, issued).under_review
    return issued


def certificate(year: Year, certificate_id: UUID) -> Certificate:
    found = year.pilot.book.ledger.find(Certificate, certificate_id)
    assert found is not None
    return found


def look(year: Year, certificate_id: UUID) -> None:
    year.pilot.book.second_looks.look_again([certificate_id], LATER)


def test_who_issued_in_that_moment_is_found_by_a_second_look(year: Year, crossed: UUID) -> None:
    look(year, crossed)
    reviewed = certificate(year, crossed)
    look(year, crossed)

    assert reviewed.under_review
    assert certificate(year, crossed).version == reviewed.version


def test_what_somebody_let_stand_is_not_asked_about_again(year: Year, crossed: UUID) -> None:
    look(year, crossed)
    kept = certificate(year, crossed)
    kept.close_review(REACHED_AGAIN, envelope(LATER))
    year.pilot.book.ledger.save(kept)

    look(year, crossed)

    assert not certificate(year, crossed).under_review


def test_nor_under_a_new_number(year: Year, crossed: UUID) -> None:
    look(year, crossed)
    kept = certificate(year, crossed)
    kept.close_review(REACHED_AGAIN, envelope(LATER))
    year.pilot.book.ledger.save(kept)
    again = year.pilot.book.certificates.reissue(crossed, "lost", make, envelope(LATER))

    look(year, again.certificate_id)

    assert not certificate(year, again.certificate_id).under_review


def test_what_stands_is_left_alone(year: Year) -> None:
    issued = year.certificate()
    look(year, issued)
    assert not certificate(year, issued).was_reviewed
