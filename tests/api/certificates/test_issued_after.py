"""After a revocation a head issues another certificate, knowing of it; the old stays revoked."""

from __future__ import annotations

import pytest

from domain.envelope import Role
from projections.certificate_register import RegisteredCertificate
from tests.acting import SCHOOL
from tests.api.certificates.conftest import PAGE, Office
from tests.ledger.merging import merge_of, signed_by_two
from tests.saying import says

AFTER = f"{PAGE}/after-revocation"
WRONG = {"reason": "wrong_person"}


@pytest.fixture
def revoked(office: Office) -> RegisteredCertificate:
    certificate = office.issued()
    address = f"/staff/certificates/{certificate.number}/revocation"
    office.head.post(address, data=WRONG)
    office.officer.post(f"{address}/confirm", data=WRONG)
    return certificate


def test_a_head_who_saw_the_revocation_issues_another(
    office: Office, revoked: RegisteredCertificate
) -> None:
    head, form = office.head, {"revoked_id": str(revoked.certificate_id)}
    assert office.due() == []  # no batch
    page = head.get(PAGE).text
    assert "撤销后可以重新颁发" in page
    assert revoked.number in page
    unseen = head.post(AFTER, data=form)
    assert unseen.status_code == 422
    assert says(unseen, "revocation_unseen")

    answer = head.post(AFTER, data=form | {"revocation_seen": "true"})
    again = head.post(AFTER, data=form | {"revocation_seen": "true"})

    assert answer.status_code == 303
    assert again.headers["location"] == answer.headers["location"]
    number = answer.headers["location"].split("/")[3].partition("?")[0]
    assert number != revoked.number
    assert office.verified(revoked.number) == "证书已撤销"
    assert office.verified(number) == "证书有效"
    assert "撤销后可以重新颁发" not in head.get(PAGE).text
    old, new = (head.get(f"/staff/certificates/{each}").text for each in (revoked.number, number))
    assert f'href="/staff/certificates/{number}"' in old
    assert f'href="/staff/certificates/{revoked.number}"' in new
    told = office.browser().get(
        f"/api/v1/certificates/{revoked.number}", params={"code": office.code(revoked.number)}
    )
    assert (told.json()["state"], told.json()["successor_number"]) == ("revoked", None)


def test_it_may_be_revoked_in_its_turn_and_followed(
    office: Office, revoked: RegisteredCertificate
) -> None:
    head = office.head
    form = {"revoked_id": str(revoked.certificate_id), "revocation_seen": "true"}
    number = head.post(AFTER, data=form).headers["location"].split("/")[3].partition("?")[0]
    address = f"/staff/certificates/{number}/revocation"
    head.post(address, data=WRONG)
    office.officer.post(f"{address}/confirm", data=WRONG)

    [due] = office.runtime.models.certificates.due_after_revocation(SCHOOL)

    assert due.revoked_number == number


def test_nobody_issues_what_stands_no_longer_or_is_their_own(
    office: Office, revoked: RegisteredCertificate
) -> None:
    form = {"revoked_id": str(revoked.certificate_id), "revocation_seen": "true"}
    own = office.screen_of(office.person((Role.HEAD, SCHOOL), learner_id=revoked.learner_id))
    assert "本人的证书由持有校长权限的另一人批准" in own.get(PAGE).text
    assert f'action="{AFTER}"' not in own.get(PAGE).text
    assert says(own.post(AFTER, data=form), "own_case")
    star = office.issued("star_level")  # in force
    answer = office.head.post(AFTER, data=form | {"revoked_id": str(star.certificate_id)})
    assert answer.status_code == 409
    assert says(answer, "achievement_missing")
    assert office.runtime.models.certificates.issued_after(revoked.certificate_id) is None


def test_what_was_revoked_of_a_record_merged_since_is_no_batch_s_either(
    office: Office, revoked: RegisteredCertificate
) -> None:
    first, second, _ = office.pilot.learners
    signed_by_two(office.pilot, merge_of(second, first))
    office.complete(second)
    register = office.runtime.models.certificates
    assert {each.kind for each in register.due_of(SCHOOL)} <= {"star_level"}

    form = {"revoked_id": str(revoked.certificate_id), "revocation_seen": "true"}
    assert office.head.post(AFTER, data=form).status_code == 303

    new = register.issued_after(revoked.certificate_id)
    assert new is not None
    assert (new.learner_id, new.state) == (second, "valid")
    assert register.due_after_revocation(SCHOOL) == []
