"""What becomes of the certificates of somebody who is erased: as they wished."""

from __future__ import annotations

from uuid import UUID

import pytest

from api import erasing
from api.certificate_checks import AnotherName, judged, require_name
from certificates.verifying import State
from domain.envelope import Role
from domain.erasure import CertificateWish, ErasureObstructed
from tests.acting import SCHOOL, envelope
from tests.api.certificates.conftest import OTHER_SCHOOL, PAGE, Office
from tests.domain.refusing import refused


def erased(
    office: Office, learner_id: UUID, wish: CertificateWish, school_code: str = SCHOOL
) -> None:
    """Asked by the holder, and carried out by the officer."""
    runtime, now = office.runtime, office.clock.at
    by = envelope(now, Role.PARENT, learner_id)
    runtime.book.erasures.request(learner_id, school_code, wish, by)
    office.settle()
    line = erasing.latest_of(runtime, learner_id)
    assert line is not None
    officer = envelope(now, Role.DATA_PROTECTION_OFFICER)
    erasing.carry_out(runtime, line, officer, identity_checked=True)
    office.settle()


@pytest.mark.parametrize("wish", list(CertificateWish))
def test_an_erased_holders_certificate_is_given_up_or_kept_as_they_wished(
    office: Office, wish: CertificateWish
) -> None:
    """Kept: checked as before, the typed name too, without the vault knowing the person."""
    certificate = office.issued()
    runtime, learner_id = office.runtime, certificate.learner_id
    erased(office, learner_id, wish)
    assert runtime.book.vault.open([learner_id]) == {}
    [stands] = [
        each
        for each in runtime.models.certificates.certificates_of_learner(learner_id)
        if each.certificate_id == certificate.certificate_id
    ]
    checked = judged(runtime, stands)
    if wish is CertificateWish.KEEP:
        assert (stands.state, checked.state) == ("valid", State.VALID)
        assert checked.snapshot is not None
        require_name(runtime, checked, checked.snapshot.holder_name)
        with pytest.raises(AnotherName):
            require_name(runtime, checked, "（示例）别人")
    else:
        assert (stands.state, checked.state) == ("withdrawn", State.WITHDRAWN)
        taken_back = runtime.models.status_places.taken_back(stands.status_list)
        assert taken_back[stands.status_index] == "withdrawn"
        assert checked.snapshot is None


@pytest.mark.parametrize(
    ("state", "heading"), [("revoked", "证书已撤销"), ("replaced", "证书已换发")]
)
def test_what_was_revoked_or_replaced_before_is_still_so_without_its_documents(
    office: Office, state: str, heading: str
) -> None:
    certificate = office.issued()
    address = f"/staff/certificates/{certificate.number}"
    if state == "revoked":
        office.head.post(f"{address}/revocation", data={"reason": "issued_in_error"})
        office.officer.post(f"{address}/revocation/confirm", data={"reason": "issued_in_error"})
    else:
        office.head.post(f"{address}/reissue", data={"reason": "lost"})
    erased(office, certificate.learner_id, CertificateWish.WITHDRAW)

    assert office.verified(certificate.number) == heading
    told = office.browser().get(
        f"/api/v1/certificates/{certificate.number}",
        params={"code": office.code(certificate.number)},
    )
    assert (told.json()["state"], told.json()["holder"]) == (state, None)
    assert heading in office.head.get(address).text


def test_nobody_is_erased_while_a_revocation_is_proposed(office: Office) -> None:
    """The district's decision would find no certificate any more."""
    certificate = office.issued()
    runtime, learner_id = office.runtime, certificate.learner_id
    head = envelope(office.clock.at, Role.HEAD)
    runtime.book.certificates.propose_revocation(
        certificate.certificate_id, "issued_in_error", head
    )
    with refused(ErasureObstructed):
        erased(office, learner_id, CertificateWish.WITHDRAW)
    assert runtime.book.vault.open([learner_id]) != {}


@pytest.mark.parametrize("school_code", [SCHOOL, OTHER_SCHOOL, ""])
def test_nothing_is_due_to_who_was_erased_wherever_that_was_asked(
    office: Office, school_code: str
) -> None:
    gone, stays = office.pilot.learners[:2]
    for each in (gone, stays):
        office.complete(each)
    erased(office, gone, CertificateWish.WITHDRAW, school_code)

    due = office.runtime.models.certificates.due_of(SCHOOL)
    assert {each.learner_id for each in due} == {stays}
    page = office.head.get(PAGE).text
    assert page.count('name="certificate_id"') == len(due)


def test_who_only_asked_to_be_erased_is_still_certified(office: Office) -> None:
    learner_id = office.pilot.learners[0]
    office.complete(learner_id)
    by = envelope(office.clock.at, Role.PARENT, learner_id)
    office.runtime.book.erasures.request(learner_id, SCHOOL, CertificateWish.KEEP, by)
    office.settle()

    assert len(office.due()) == 2
