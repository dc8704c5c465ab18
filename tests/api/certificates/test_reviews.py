"""A certificate whose completion was taken back: the head lets it stand, by page or by program."""

from __future__ import annotations

import pytest

from domain.certificate import Certificate
from domain.envelope import Role
from tests.acting import SCHOOL, envelope
from tests.api.certificates.conftest import PAGE, Office
from tests.saying import says


@pytest.fixture
def number(office: Office) -> str:
    """The number of a certificate that is under review."""
    found = office.issued()
    ledger = office.runtime.book.ledger
    certificate = ledger.find(Certificate, found.certificate_id)
    assert certificate is not None
    certificate.open_review("completion_withdrawn", envelope(office.clock.at))
    ledger.save(certificate)
    office.settle()
    assert reason_of(office, found.number) == "completion_withdrawn"
    return found.number


def reason_of(office: Office, number: str) -> str | None:
    found = office.runtime.models.certificates.by_number(number)
    assert found is not None
    return found.review_reason


@pytest.mark.parametrize("way", ["/staff/certificates", "/api/v1/certificates"])
def test_the_head_lets_it_stand(office: Office, number: str, way: str) -> None:
    head = office.head

    answers = [head.post(f"{way}/{number}/review/closing") for _ in range(2)]

    assert {answer.status_code for answer in answers} <= {200, 303}
    assert reason_of(office, number) is None


def test_no_head_decides_on_a_certificate_of_their_own(office: Office, number: str) -> None:
    own = office.person((Role.HEAD, SCHOOL), learner_id=office.pilot.learners[0])

    answer = office.screen_of(own).post(f"/api/v1/certificates/{number}/review/closing")

    assert says(answer, "own_case")
    assert reason_of(office, number) == "completion_withdrawn"


def test_a_reissue_stays_under_review_and_is_let_stand_there(office: Office, number: str) -> None:
    head, chip = office.head, "待复核"
    assert head.get(PAGE).text.count(chip) == 1
    head.post(f"/staff/certificates/{number}/reissue", data={"reason": "lost"})

    old = office.runtime.models.certificates.by_number(number)
    assert old is not None
    assert old.successor_number is not None
    assert (old.state, old.review_reason) == ("replaced", None)
    assert reason_of(office, old.successor_number) == "completion_withdrawn"
    assert head.get(PAGE).text.count(chip) == 1
    head.post(f"/staff/certificates/{old.successor_number}/review/closing")
    assert chip not in head.get(PAGE).text
