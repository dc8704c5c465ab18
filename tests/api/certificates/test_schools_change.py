"""A school is renamed, another is merged: its certificates stand, and both names are told."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from api.certificate_documents import snapshot_of
from domain.envelope import Role
from domain.school import SchoolMerged
from projections.certificate_register import RegisteredCertificate
from tests.acting import SCHOOL, envelope
from tests.api.certificates.conftest import OTHER_SCHOOL, Office

DAY = date(2027, 1, 18)


def renamed(office: Office, name: str = "示例实验小学") -> None:
    office.runtime.book.registry.rename_school(SCHOOL, name, DAY, envelope())
    office.settle()


def merged(office: Office) -> None:
    office.runtime.book.registry.merge_school(SCHOOL, OTHER_SCHOOL, DAY, envelope())
    office.settle()


def told(office: Office, number: str) -> tuple[str, str | None]:
    """What the page and what programs are told."""
    asked = {"number": number, "code": office.code(number)}
    page = office.browser().get("/verify", params=asked).text
    return page, office.browser().get(f"/api/v1/certificates/{number}", params=asked).json()[
        "issuer_now"
    ]


def successor(office: Office, old: RegisteredCertificate) -> RegisteredCertificate:
    register = office.runtime.models.certificates
    replaced = register.by_number(old.number)
    assert replaced is not None
    assert replaced.successor_number is not None
    found = register.by_number(replaced.successor_number)
    assert found is not None
    return found


def test_a_certificate_of_a_renamed_school_tells_both_names(office: Office) -> None:
    certificate = office.issued()
    assert told(office, certificate.number)[1] is None
    renamed(office)
    page, now = told(office, certificate.number)
    assert "原示例小学，现示例实验小学" in page
    assert now == "示例实验小学"
    assert office.verified(certificate.number) == "证书有效"


def test_it_is_reissued_under_the_new_name_and_keeps_its_day(office: Office) -> None:
    old = office.issued()
    before = snapshot_of(office.runtime, old)
    renamed(office)
    office.clock.move_to(office.clock.at.replace(month=3))
    address = f"/staff/certificates/{old.number}/reissue"
    assert office.head.post(address, data={"reason": "issuer_changed"}).status_code == 303
    new = successor(office, old)
    after = snapshot_of(office.runtime, new)
    assert before is not None
    assert after is not None
    assert (after.school_name, after.holder_name) == ("示例实验小学", before.holder_name)
    assert (after.awarded_on, after.hours) == (before.awarded_on, before.hours)
    assert after.issued_at > before.issued_at
    for here, there in ((old.number, new.number), (new.number, old.number)):
        assert there in office.head.get(f"/staff/certificates/{here}").text
    page, now = told(office, new.number)
    assert "原示例小学" not in page
    assert now is None


def test_the_school_it_was_merged_into_answers_for_it(office: Office) -> None:
    old = office.issued()
    heirs = office.screen(Role.HEAD, OTHER_SCHOOL)
    assert heirs.get(f"/staff/certificates/{old.number}").status_code == 403
    merged(office)
    assert "原示例小学，现示例中学" in told(office, old.number)[0]
    page = heirs.get(f"/staff/certificates/{old.number}")
    assert "学校更名或合并" in page.text
    answer = heirs.post(
        f"/staff/certificates/{old.number}/reissue", data={"reason": "issuer_changed"}
    )
    assert answer.status_code == 303
    said = snapshot_of(office.runtime, successor(office, old))
    assert said is not None
    assert said.school_name == "示例中学"


def test_a_school_merges_once_and_into_one_that_stands(office: Office) -> None:
    merged(office)
    registry = office.runtime.book.registry
    merged(office)  # no news
    for code, into in ((OTHER_SCHOOL, SCHOOL), (OTHER_SCHOOL, OTHER_SCHOOL)):
        with pytest.raises(SchoolMerged):
            registry.merge_school(code, into, DAY, envelope())
    with pytest.raises(SchoolMerged):
        registry.rename_school(SCHOOL, "示例新小学", DAY, envelope())
    assert registry.answering(SCHOOL).school_code == OTHER_SCHOOL


def test_a_lost_certificate_is_replaced_under_the_day_it_was_awarded(office: Office) -> None:
    old = office.issued()
    before = snapshot_of(office.runtime, old)
    office.clock.move_to(office.clock.at.replace(month=3))
    office.head.post(f"/staff/certificates/{old.number}/reissue", data={"reason": "lost"})
    after = snapshot_of(office.runtime, successor(office, old))
    assert before is not None
    assert after is not None
    assert after.awarded_on == before.awarded_on


def test_two_schools_merged_into_each_other_in_one_second_hang_nobody(office: Office) -> None:
    book = office.runtime.book
    schools = [book.registry.school(code) for code in (SCHOOL, OTHER_SCHOOL)]
    for school, into in zip(schools, (OTHER_SCHOOL, SCHOOL), strict=True):
        school.merge_into(into, DAY, envelope())
    book.ledger.commit(uuid4(), lambda: [*schools])
    office.settle()
    assert book.registry.answering(SCHOOL).school_code == SCHOOL
    answering = office.runtime.models.schools.answering(SCHOOL)
    assert answering is not None
    assert answering.school_code == SCHOOL
