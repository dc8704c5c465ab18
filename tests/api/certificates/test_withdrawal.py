"""A holder gives a certificate up: on their own page, or on paper at the school."""

from __future__ import annotations

import pytest
from httpx2 import Response

from certificates.status import Status
from domain.envelope import Role
from tests.acting import DISTRICT, SCHOOL
from tests.api.certificates.conftest import OTHER_SCHOOL, Office
from tests.api.certificates.test_documents import share
from tests.api.certificates.test_journey import bit_of
from tests.saying import says


def checked(office: Office, number: str) -> Response:
    return office.browser().get("/verify", params={"number": number, "code": office.code(number)})


def test_a_holder_reads_what_it_means_and_withdraws_and_nothing_of_it_is_told_any_more(
    office: Office,
) -> None:
    certificate = office.issued()
    phone, address = (
        office.phone_of(certificate.learner_id),
        f"/me/certificates/{certificate.number}",
    )
    assert f'href="{address}/withdrawal"' in phone.get(address).text
    link = share(phone, certificate.number)
    assert "注销以后不能恢复" in phone.get(f"{address}/withdrawal").text
    assert office.verified(certificate.number) == "证书有效"

    answer = phone.post(f"{address}/withdrawal")
    assert answer.headers["location"] == f"{address}?done=withdrawn"
    assert "证书已注销" in phone.get(answer.headers["location"]).text
    assert bit_of(office, certificate.status_list, certificate.status_index) is Status.WITHDRAWN
    assert office.browser().get(link).status_code == 410
    page = checked(office, certificate.number)
    assert office.verified(certificate.number) == "证书已注销"
    assert "持证人已自行注销" in page.text
    assert "示*" not in page.text
    assert "<dt>学时</dt>" not in page.text
    told = office.browser().get(
        f"/api/v1/certificates/{certificate.number}",
        params={"code": office.code(certificate.number)},
    )
    given = {name for name, value in told.json().items() if value is not None}
    assert given == {"number", "state", "words", "checked_at", "notice"}
    assert "已按持证人的申请注销" in phone.get("/me/changes").text


def test_what_was_withdrawn_stays_so(office: Office) -> None:
    certificate = office.issued()
    phone, address = (
        office.phone_of(certificate.learner_id),
        f"/me/certificates/{certificate.number}",
    )
    phone.post(f"{address}/withdrawal")
    again = phone.post(f"{address}/withdrawal")
    assert again.status_code == 409
    assert says(again, "certificate_not_in_force")
    reissued = office.head.post(
        f"/staff/certificates/{certificate.number}/reissue", data={"reason": "lost"}
    )
    assert reissued.status_code == 409
    assert office.due() == []


def test_nobody_escapes_a_revocation_by_withdrawing(office: Office) -> None:
    certificate = office.issued()
    office.head.post(
        f"/staff/certificates/{certificate.number}/revocation", data={"reason": "fraud_confirmed"}
    )
    phone, address = (
        office.phone_of(certificate.learner_id),
        f"/me/certificates/{certificate.number}",
    )
    assert "/withdrawal" not in phone.get(address).text
    assert phone.post(f"{address}/withdrawal").status_code == 409


@pytest.mark.parametrize("role", [Role.CLASS_TEACHER, Role.COORDINATOR])
def test_the_school_writes_down_what_a_holder_asks_on_paper(office: Office, role: Role) -> None:
    certificate = office.issued()
    staff, address = office.screen(role), f"/staff/certificates/{certificate.number}/withdrawal"
    card = f"/staff/learners/{certificate.learner_id}"
    assert f'href="{address}"' in staff.get(card).text
    assert "书面申请" in staff.get(address).text
    assert staff.post(address).headers["location"] == card
    assert office.verified(certificate.number) == "证书已注销"


def test_nobody_else_withdraws_it_and_no_member_of_staff_their_own(office: Office) -> None:
    certificate = office.issued()
    path = f"/certificates/{certificate.number}/withdrawal"
    own = office.person((Role.COORDINATOR, SCHOOL), learner_id=certificate.learner_id)
    for screen, address in (
        (office.phone_of(office.pilot.learners[1]), f"/me{path}"),
        (office.screen(Role.COORDINATOR, OTHER_SCHOOL), f"/staff{path}"),
        (office.screen(Role.DISTRICT_OFFICER, DISTRICT), f"/staff{path}"),
        (office.screen_of(own), f"/staff{path}"),
    ):
        assert screen.post(address).status_code == 403
    assert office.verified(certificate.number) == "证书有效"
