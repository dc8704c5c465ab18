"""From due to revoked, and from due to replaced, over the pages, by different people."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from api import certificates
from api.certificate_checks import verify
from api.signing import key_store
from certificates import status
from certificates.public_keys import by_kid
from certificates.status import Status
from certificates.verifying import State
from domain.envelope import Role
from ledger.ledger import Decision, Ledger, OutcomeUnknown
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.api.certificates.conftest import ISSUING, OTHER_SCHOOL, PAGE, Office
from tests.saying import says

OWN = "本人的证书由持有校长权限的另一人批准"


def bit_of(office: Office, list_number: int, index: int) -> Status:
    """What anybody reads in the signed list."""
    answer = office.browser().get(f"/status/{list_number}")
    keys = by_kid(key_store(office.runtime).public_keys())
    url = office.runtime.settings.public_url
    return status.open_list(answer.content, list_number, url, keys).at(index)


@pytest.mark.poppler
@pytest.mark.zbar
def test_a_certificate_is_issued_printed_scanned_and_revoked_by_two(
    office: Office, scanned: Callable[[bytes], str]
) -> None:
    office.complete(office.pilot.learners[0])
    head = office.head
    assert "批准颁发所选证书" in head.get(PAGE).text
    assert office.authorise(head).headers["location"] == f"{PAGE}?issued=2"
    certificate = office.issued("star_level")
    verdict = verify(office.runtime, scanned(office.pdf(certificate.number)))
    assert verdict.state is State.VALID
    assert verdict.claims is not None
    assert verdict.claims.number == certificate.number
    address = f"/staff/certificates/{certificate.number}"
    assert f'href="{address}"' in head.get(f"/staff/learners/{certificate.learner_id}").text
    fraud = {"reason": "fraud_confirmed"}
    assert head.post(f"{address}/revocation", data=fraud).status_code == 303
    assert office.verified(certificate.number) == "证书有效"
    assert head.post(f"{address}/revocation/confirm", data=fraud).status_code == 403
    officer = office.officer
    assert certificate.number in officer.get("/staff/revocations").text
    early = officer.post(f"{address}/revocation/confirm", data=fraud)
    assert (early.status_code, office.verified(certificate.number)) == (409, "证书有效")
    said = {"heard_by": "in_person", "words": "（示例）"}
    hearing = f"/staff/hearings/{certificate.certificate_id}/statements"
    assert head.post(hearing, data=said).status_code == 303
    assert officer.post(f"{address}/revocation/confirm", data=fraud).status_code == 303
    assert office.verified(certificate.number) == "证书已撤销"
    place = (certificate.status_list, certificate.status_index)
    assert bit_of(office, *place) is Status.REVOKED
    assert certificate.number not in officer.get("/staff/revocations").text


def test_a_holder_is_told_of_a_revocation_and_may_object(office: Office) -> None:
    certificate = office.issued()
    address = f"/staff/certificates/{certificate.number}"
    office.head.post(f"{address}/revocation", data={"reason": "wrong_person"})
    office.officer.post(f"{address}/revocation/confirm", data={"reason": "wrong_person"})
    phone, own = office.phone_of(certificate.learner_id), f"/me/certificates/{certificate.number}"
    told = phone.get("/me/changes").text
    assert "已撤销" in told
    assert "颁发给了他人" in told
    assert f'href="{own}"' in told
    objection = f"/me/disputes/new?kind=certificate&amp;id={certificate.certificate_id}"
    assert objection in phone.get(own).text
    assert phone.get(objection.replace("&amp;", "&")).status_code == 200


def test_a_reissued_certificate_answers_replaced_and_names_its_successor(office: Office) -> None:
    old = office.issued()
    answer = office.head.post(f"/staff/certificates/{old.number}/reissue", data={"reason": "lost"})
    assert answer.status_code == 303
    replaced = office.runtime.models.certificates.by_number(old.number)
    assert replaced is not None
    new = replaced.successor_number
    assert new is not None
    assert new in answer.headers["location"]
    assert office.verified(old.number) == "证书已换发"
    assert office.verified(new) == "证书有效"
    page = office.browser().get(
        "/verify", params={"number": old.number, "code": office.code(old.number)}
    )
    assert f"/verify?number={new}" in page.text
    assert bit_of(office, old.status_list, old.status_index) is Status.REPLACED


def test_a_batch_asked_for_twice_is_issued_once(office: Office) -> None:
    office.complete(office.pilot.learners[0])
    head, ids = office.head, [str(each) for each in office.due()]
    for _ in range(2):
        assert head.post(PAGE, data={"certificate_id": ids}).status_code == 303
    assert len(office.runtime.models.certificates.certificates_of(SCHOOL)) == 2
    assert office.due() == []


def test_an_error_in_one_does_not_stop_the_others_and_is_named(office: Office) -> None:
    first, second = office.pilot.learners[:2]
    office.runtime.book.vault.put(first, "learner", {"name": "（示例）陈\U0003106c"})
    office.complete(first)
    office.complete(second)
    answer = office.authorise()
    assert answer.status_code == 200
    assert "U+3106C" in answer.text
    assert "已颁发 2 份证书" in answer.text
    assert len(office.due()) == 2
    office.runtime.book.vault.put(first, "learner", {"name": "（示例）陈明"})
    assert office.authorise().status_code == 303
    assert office.due() == []


def test_a_batch_that_fails_hides_nothing_of_the_batches_before_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away between two commits."""
    office.complete(office.pilot.learners[0])
    monkeypatch.setattr(certificates, "BATCH", 1)
    commit, commits = Ledger.commit, list[UUID]()

    def commit_once(ledger: Ledger, command_id: UUID, decide: Decision) -> int:
        commits.append(command_id)
        if len(commits) > 1:
            raise OutcomeUnknown
        return commit(ledger, command_id, decide)

    by = envelope(ISSUING, Role.HEAD)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", commit_once)
        outcomes = certificates.authorise(office.runtime, SCHOOL, None, by)

    first, second = outcomes
    assert first.number is not None
    assert (second.number, type(second.refusal)) == (None, OutcomeUnknown)
    assert office.due() == [second.certificate_id]
    again = certificates.authorise(office.runtime, SCHOOL, None, by)
    assert [(each.certificate_id, each.refusal) for each in again] == [
        (second.certificate_id, None)
    ]


def test_what_is_not_ticked_is_not_issued(office: Office) -> None:
    office.complete(office.pilot.learners[0])
    first, second = office.due()
    office.head.post(PAGE, data={"certificate_id": [str(first)]})
    assert office.due() == [second]


def test_without_a_key_the_head_is_told_so_and_nothing_is_issued(office: Office) -> None:
    office.complete(office.pilot.learners[0])
    store = key_store(office.runtime)
    store.retire(store.public_keys()[0].key_id, office.clock.at)
    answer = office.authorise()
    assert answer.status_code == 409
    assert 'class="card notice" role="alert"' in answer.text
    assert len(office.due()) == 2


@pytest.mark.parametrize(
    ("role", "organisation"),
    [
        (Role.COORDINATOR, SCHOOL),
        (Role.CLASS_TEACHER, SCHOOL),
        (Role.HEAD, OTHER_SCHOOL),
        (Role.DISTRICT_OFFICER, DISTRICT),
    ],
)
def test_nobody_but_the_schools_head_authorises_reissues_or_proposes(
    office: Office, role: Role, organisation: str
) -> None:
    certificate = office.issued()
    stranger = office.screen(role, organisation)
    address = f"/staff/certificates/{certificate.number}"
    for path, data in (
        (PAGE, {"certificate_id": str(certificate.certificate_id)}),
        (f"{address}/reissue", {"reason": "lost"}),
        (f"{address}/revocation", {"reason": "wrong_person"}),
    ):
        assert stranger.post(path, data=data).status_code == 403
    assert office.verified(certificate.number) == "证书有效"


def test_a_foreign_head_sees_neither_list_nor_sheet(office: Office) -> None:
    certificate = office.issued()
    stranger = office.screen(Role.HEAD, OTHER_SCHOOL)
    for path in (
        PAGE,
        f"{PAGE}/register.xlsx",
        f"/staff/certificates/{certificate.number}",
        f"/certificates/{certificate.number}.pdf",
        "/staff/revocations",
    ):
        assert stranger.get(path).status_code == 403


def test_who_proposed_a_revocation_cannot_confirm_it(office: Office) -> None:
    certificate = office.issued()
    both = office.screen_of(office.person((Role.HEAD, SCHOOL), (Role.DISTRICT_OFFICER, DISTRICT)))
    address = f"/staff/certificates/{certificate.number}"
    both.post(f"{address}/revocation", data={"reason": "wrong_person"})
    for decision in ("confirm", "decline"):
        answer = both.post(f"{address}/revocation/{decision}", data={"reason": "wrong_person"})
        assert says(answer, "own_case")
    assert office.verified(certificate.number) == "证书有效"


def test_nothing_is_confirmed_that_nobody_proposed(office: Office) -> None:
    certificate = office.issued()
    address = f"/staff/certificates/{certificate.number}/revocation/confirm"
    assert office.officer.post(address, data={"reason": "wrong_person"}).status_code == 409
    assert office.verified(certificate.number) == "证书有效"


def test_a_head_decides_nothing_about_their_own_certificate(office: Office) -> None:
    learner = office.pilot.learners[0]
    office.complete(learner)
    parent_and_head = office.person((Role.HEAD, SCHOOL), learner_id=learner)
    answer = office.authorise(office.screen_of(parent_and_head))
    assert answer.status_code == 200
    assert len(office.due()) == 2
    own = office.screen_of(parent_and_head)
    assert own.get(PAGE).text.count(OWN) == 2
    assert OWN not in office.head.get(PAGE).text
    certificate = office.issued()  # by the other head
    reissued = own.post(
        f"/staff/certificates/{certificate.number}/reissue", data={"reason": "lost"}
    )
    assert reissued.status_code == 403


def test_a_new_name_is_on_the_new_certificate_and_the_old_one_when_it_was_lost(
    office: Office,
) -> None:
    old = office.issued()
    office.runtime.book.vault.put(old.learner_id, "learner", {"name": "（示例）陈新名"})
    head = office.head
    lost = head.post(f"/staff/certificates/{old.number}/reissue", data={"reason": "lost"})
    assert "（示例）陈建2" in head.get(lost.headers["location"]).text
    number = lost.headers["location"].split("/")[3].partition("?")[0]
    renamed = head.post(f"/staff/certificates/{number}/reissue", data={"reason": "name_changed"})
    assert "（示例）陈新名" in head.get(renamed.headers["location"]).text
