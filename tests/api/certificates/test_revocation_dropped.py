"""A proposed revocation is seen by whoever decides, and ends: confirmed, declined or withdrawn."""

from __future__ import annotations

from uuid import uuid4

import pytest

from api import erasing
from api.erasure_effects import effects_of
from api.erasure_list import Carried
from domain.certificate import Certificate
from domain.envelope import Role
from domain.erasure import CertificateWish
from projections.certificate_register import RegisteredCertificate
from projections.reversing import reversals
from tests.acting import DISTRICT, SCHOOL
from tests.api.certificates.conftest import OTHER_SCHOOL, PAGE, Office
from tests.api.certificates.test_erased_holders import erased
from tests.saying import says

LIST = "/staff/revocations"
WRONG = {"reason": "wrong_person"}


@pytest.fixture
def certificate(office: Office) -> RegisteredCertificate:
    return office.issued()


@pytest.fixture
def address(office: Office, certificate: RegisteredCertificate) -> str:
    """Of the certificate; its revocation is proposed."""
    address = f"/staff/certificates/{certificate.number}"
    assert office.head.post(f"{address}/revocation", data=WRONG).status_code == 303
    return address


def test_the_district_is_led_to_what_waits_and_declines_it(
    office: Office, certificate: RegisteredCertificate, address: str
) -> None:
    officer = office.officer
    home = officer.get("/staff").text
    assert "证书撤销等待区级决定" in home
    assert home.count(f'href="{LIST}"') == 2  # what waits, and the way that is always there
    assert f'href="{LIST}"' in officer.get(address).text
    page = officer.get(LIST).text
    assert '<nav class="crumb noprint" aria-label="位置"><a href="/staff">' in page
    assert "2027-01-20" in page
    assert f'action="{address}/revocation/decline"' in page

    answer = officer.post(f"{address}/revocation/decline", data=WRONG)

    assert answer.headers["location"] == f"{LIST}?done=declined"
    assert certificate.number not in officer.get(answer.headers["location"]).text
    assert "证书撤销等待区级决定" not in officer.get("/staff").text
    assert "不予确认" in office.head.get(address).text
    assert office.verified(certificate.number) == "证书有效"


def test_another_reason_is_no_second_proposal(office: Office, address: str) -> None:
    head = office.head

    assert head.post(f"{address}/revocation", data=WRONG).status_code == 303
    other = head.post(f"{address}/revocation", data={"reason": "fraud_confirmed"})

    assert other.status_code == 409
    assert says(other, "revocation_under_way")
    assert "颁发给了他人" in head.get(address).text


def test_the_head_sees_since_when_it_is_proposed_and_takes_it_back(
    office: Office, certificate: RegisteredCertificate, address: str
) -> None:
    head = office.head
    assert "撤销待区级决定" in head.get(PAGE).text
    page = head.get(address).text
    assert "2027-01-20" in page
    assert "颁发给了他人" in page
    assert says(head.post(f"{address}/reissue", data={"reason": "lost"}), "revocation_pending")

    answer = head.post(f"{address}/revocation/withdrawal")

    assert answer.headers["location"] == f"{address}?done=dropped"
    page = head.get(address).text
    assert "学校撤回了撤销提议" in page
    assert "换发证书" in page
    assert "撤销待区级决定" not in head.get(PAGE).text
    told = office.runtime.models.history.history(certificate.certificate_id)
    proposed, dropped = told[-2:]
    assert reversals(told) == {proposed.position: dropped.position}
    again = head.post(f"{address}/revocation/withdrawal")
    assert again.status_code == 409
    assert says(again, "revocation_not_proposed")
    late = office.officer.post(f"{address}/revocation/confirm", data=WRONG)
    assert late.status_code == 409
    assert says(late, "revocation_not_proposed")


def test_what_it_held_up_is_free_again(
    office: Office, certificate: RegisteredCertificate, address: str
) -> None:
    """A new proposal, which the district reads before it decides, and an erasure."""
    head, officer = office.head, office.officer
    head.post(f"{address}/revocation/withdrawal")
    head.post(f"{address}/revocation", data={"reason": "issued_in_error"})
    stale = officer.post(f"{address}/revocation/confirm", data=WRONG)
    assert says(stale, "revocation_not_proposed")
    assert "不予确认" in officer.get(LIST).text
    officer.post(f"{address}/revocation/decline", data={"reason": "issued_in_error"})

    erased(office, certificate.learner_id, CertificateWish.WITHDRAW)

    assert office.verified(certificate.number) == "证书已注销"


def test_an_erasure_that_left_it_to_the_district_is_finished_once_that_declines(
    office: Office, certificate: RegisteredCertificate
) -> None:
    """A restored ledger: the proposal is open again, and the erasure is carried out again."""
    runtime, learner_id = office.runtime, certificate.learner_id
    scope = effects_of(runtime, learner_id).scope(CertificateWish.WITHDRAW)
    address = f"/staff/certificates/{certificate.number}"
    office.head.post(f"{address}/revocation", data=WRONG)
    carried = Carried(learner_id=learner_id, request_id=uuid4(), at=office.clock.at, scope=scope)
    erasing.replay(runtime, [carried])
    office.officer.post(f"{address}/revocation/decline", data=WRONG)

    follower, feed = erasing.follow_erasures(runtime), runtime.projector.feed
    dropped = feed.page(0, feed.head(), frozenset({Certificate.RevocationDropped.TOPIC}), 10).facts
    for _ in range(2):
        follower.on_batch(dropped)
    office.settle()

    assert office.verified(certificate.number) == "证书已注销"


def test_nobody_else_ends_a_proposal(office: Office, address: str) -> None:
    for role, organisation in (
        (Role.COORDINATOR, SCHOOL),
        (Role.HEAD, OTHER_SCHOOL),
        (Role.DISTRICT_OFFICER, "440105"),
        (Role.AUDITOR, DISTRICT),
    ):
        stranger = office.screen(role, organisation)
        for way in ("withdrawal", "decline", "confirm"):
            assert stranger.post(f"{address}/revocation/{way}", data=WRONG).status_code == 403
        assert "撤回撤销提议" not in stranger.get(address).text
    assert "撤回撤销提议" in office.head.get(address).text


def test_neither_head_nor_officer_ends_one_on_their_own_certificate(
    office: Office, certificate: RegisteredCertificate, address: str
) -> None:
    both = (Role.HEAD, SCHOOL), (Role.DISTRICT_OFFICER, DISTRICT)
    own = office.screen_of(office.person(*both, learner_id=certificate.learner_id))
    for way in ("withdrawal", "decline", "confirm"):
        assert says(own.post(f"{address}/revocation/{way}", data=WRONG), "own_case")


def test_a_revocation_for_an_untrue_record_is_told_to_its_holder_first(
    office: Office, certificate: RegisteredCertificate
) -> None:
    head, phone = office.head, office.phone_of(certificate.learner_id)
    address, fraud = f"/staff/certificates/{certificate.number}", {"reason": "fraud_confirmed"}
    own = f"/me/proposals/{certificate.certificate_id}"
    assert phone.get(own).status_code == 404
    assert head.post(f"{address}/revocation", data=fraud).status_code == 303

    assert own in phone.get("/me").text
    assert certificate.number in phone.get(own).text
    assert "听取说明的是示例小学的校长" in phone.get(own).text
    hearing = f"/staff/hearings/{certificate.certificate_id}"
    for page in (head.get(address), office.officer.get(LIST)):
        assert f'href="{hearing}"' in page.text
    assert f"编号 {certificate.number}" in head.get(f"{hearing}/question").text
    refused = office.officer.post(f"{hearing}/telling", data={"how": "by_phone"})
    assert refused.status_code == 403

    assert head.post(f"{address}/revocation/withdrawal").status_code == 303
    assert phone.get("/api/v1/me/changes").json()["proposed"] == []
