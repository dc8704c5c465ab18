"""The worker looks again at certificates, whichever of two that crossed was recorded later."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from api.bootstrap import Runtime
from api.serving import make_runner
from domain.certificate import Award
from domain.certificate_issue import Issue
from ledger import reviews
from ledger.certificate_numbers import Draw
from tests.acting import STARTS, Pilot
from tests.journeys.site import until
from tests.ledger import year as a_year
from tests.ledger.test_certificates import make
from tests.ledger.year import Year

LATER = STARTS + timedelta(days=70)


@pytest.fixture
def year(runtime: Runtime) -> Year:
    made = Year(Pilot(runtime.book).set_up())
    for number in range(1, 5):
        made.attend(number)
    made.pass_exam()
    return made


def is_reviewed(year: Year, certificate_id: UUID) -> bool:
    return year.pilot.book.certificates.get(certificate_id).under_review


def test_a_certificate_recorded_after_its_completion_was_lost(
    runtime: Runtime, year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(award: Award, draw: Draw) -> Issue:
        year.void(year.sessions[0], LATER)
        return make(award, draw)

    monkeypatch.setattr(a_year, "make", slowly)
    issued = year.certificate()
    assert not is_reviewed(year, issued)

    with make_runner(runtime):
        until(lambda: is_reviewed(year, issued))


def test_a_loss_recorded_after_the_certificate_that_it_had_not_seen(
    runtime: Runtime, year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = year.certificate()
    with monkeypatch.context() as blind:
        blind.setattr(reviews, "in_force", lambda *_: [])
        year.void(year.sessions[0], LATER)
    assert not is_reviewed(year, issued)

    with make_runner(runtime):
        until(lambda: is_reviewed(year, issued))
