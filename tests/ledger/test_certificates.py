"""Issuing: no number twice, no gap, no certificate for nothing, and the signed bytes are kept."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.certificate import Award, Certificate, CertificateKind
from domain.certificate_issue import Issue
from domain.certificate_refusals import (
    NotAchieved,
    NotInForce,
    RevocationNotProposed,
    UnknownCertificate,
)
from domain.refusals import Refused
from domain.staff import OwnCase
from ledger.book import Book
from ledger.certificate_numbers import Draw
from ledger.certificates import document_id
from tests.acting import DISTRICT, ENDS, SCHOOL, Pilot, envelope
from tests.ledger.evenings import hold


class NoGlyph(Refused):
    code = "glyph_missing"


def statement(learner: UUID, **different: object) -> Award:
    values: dict[str, object] = {
        "kind": CertificateKind.STATEMENT_OF_HOURS, "learner_id": learner, "school_code": SCHOOL,
        "district_code": DISTRICT, "stage": "primary", "hours": 200,
        "achieved_on": date(2026, 9, 18), "request_id": uuid4(),
    }  # fmt: skip
    return Award.model_validate(values | different)


def issue(number: str, content: bytes = b"") -> Issue:
    return Issue(
        number=number, key_id="k1", status_list=1, status_index=int(number),
        signed_sha256=hashlib.sha256(content).hexdigest(), snapshot_sha256="b",
        name_commitment="c", issued_at=ENDS, wording_version="1", renderer_version="1",
    )  # fmt: skip


def make(_: Award, draw: Draw) -> Issue:
    return issue(str(draw.serial))


def filing(book: Book) -> Callable[[Award, Draw], Issue]:
    """A maker as it is in earnest: it signs what holds the number, and files it in the vault."""

    def sign(award: Award, draw: Draw) -> Issue:
        content = f"signed {draw.serial}".encode()
        made = issue(str(draw.serial), content)
        key = document_id(draw.certificate_id, made.signed_sha256)
        book.vault.file(key, "signed", award.learner_id, content)
        return made

    return sign


@pytest.fixture
def credited(pilot: Pilot) -> Pilot:
    hold(pilot, pilot.learners)
    pilot.book.awards.run(pilot.session_id, ENDS, uuid4())
    return pilot


def test_a_batch_is_numbered_in_its_order(credited: Pilot) -> None:
    awards = [statement(learner) for learner in credited.learners]
    issued = credited.book.certificates.issue(awards, make, envelope())
    assert [each.number for each in issued] == ["1", "2", "3"]


def test_what_was_issued_before_keeps_its_number_and_records_nothing(credited: Pilot) -> None:
    awards = [statement(learner) for learner in credited.learners]
    first = credited.book.certificates.issue([*awards, awards[0]], make, envelope())
    position = credited.book.ledger.position()

    again = credited.book.certificates.issue(awards, make, envelope())

    assert again == first[:3]
    assert first[3] == first[0]
    assert credited.book.ledger.position() == position


def test_a_refusal_stops_one_and_takes_no_number(credited: Pilot) -> None:
    awards = [statement(learner) for learner in credited.learners]

    def picky(award: Award, draw: Draw) -> Issue:
        if award == awards[1]:
            raise NoGlyph
        return make(award, draw)

    issued = credited.book.certificates.issue(awards, picky, envelope())
    later = credited.book.certificates.issue([awards[1]], make, envelope())

    assert [each.number for each in (*issued, *later)] == ["1", None, "2", "3"]
    assert isinstance(issued[1].refusal, NoGlyph)


def test_a_batch_of_refusals_records_nothing(credited: Pilot) -> None:
    def never(_: Award, __: Draw) -> Issue:
        raise NoGlyph

    position = credited.book.ledger.position()
    [issued] = credited.book.certificates.issue(
        [statement(credited.learners[0])], never, envelope()
    )
    assert issued.number is None
    assert credited.book.ledger.position() == position


@pytest.mark.parametrize(
    "different",
    [
        {"hours": 201},
        {"hours": 0},
        {"kind": CertificateKind.STAR_LEVEL, "level": 1},
        {"kind": CertificateKind.STAR_LEVEL, "level": 0},
        {"kind": CertificateKind.STAR_LEVEL, "level": 1, "stage": "junior"},
        {"kind": CertificateKind.STAGE_COMPLETION},
        {"kind": CertificateKind.ANNUAL_COMPLETION, "school_year": 2026},
        {"learner_id": uuid4()},
    ],
)
def test_nothing_is_certified_that_the_account_does_not_show(
    credited: Pilot, different: dict[str, object]
) -> None:
    award = statement(credited.learners[0], **different)
    [issued] = credited.book.certificates.issue([award], make, envelope())
    assert isinstance(issued.refusal, NotAchieved)


def test_two_issuers_at_once_never_give_one_number_twice_and_keep_the_bytes(
    credited: Pilot,
) -> None:
    book, start = credited.book, threading.Barrier(4)
    shared = [statement(learner) for learner in credited.learners]

    def run(_: int) -> list[str | None]:
        start.wait()
        own = [statement(learner) for learner in credited.learners]
        outcomes = book.certificates.issue([*shared, *own], filing(book), envelope())
        return [each.number for each in outcomes]

    with ThreadPoolExecutor(4) as issuers:
        runs = list(issuers.map(run, range(4)))

    assert len({tuple(numbers[:3]) for numbers in runs}) == 1
    numbers = {number for each in runs for number in each}
    assert numbers == {str(n) for n in range(1, 16)}
    for award in shared:
        made = book.certificates.get(award.certificate_id)
        kept = document_id(made.id, made.issue.signed_sha256)
        assert book.vault.document(kept, "signed") == f"signed {made.issue.number}".encode()


def issued_one(pilot: Pilot) -> Certificate:
    [issued] = pilot.book.certificates.issue([statement(pilot.learners[0])], make, envelope())
    return pilot.book.certificates.get(issued.certificate_id)


def test_a_reissue_has_a_new_number_and_the_old_one_points_to_it(credited: Pilot) -> None:
    old = issued_one(credited)
    issued = credited.book.certificates.reissue(old.id, "name_corrected", make, envelope())

    new = credited.book.certificates.get(issued.certificate_id)
    assert (issued.number, new.issue.number, new.state) == ("2", "2", "valid")
    assert credited.book.certificates.get(old.id).state == "replaced"
    with pytest.raises(NotInForce):
        credited.book.certificates.reissue(old.id, "name_corrected", make, envelope())
    again = credited.book.certificates.reissue(new.id, "name_corrected", make, envelope())
    assert again.number == "3"


def test_a_reissue_sent_again_gets_the_first_answer(credited: Pilot) -> None:
    old, by = issued_one(credited), envelope()
    first = credited.book.certificates.reissue(old.id, "name_corrected", make, by)
    position = credited.book.ledger.position()

    assert credited.book.certificates.reissue(old.id, "name_corrected", make, by) == first
    assert credited.book.ledger.position() == position


def test_a_reissue_that_cannot_be_made_leaves_the_old_one_in_force(credited: Pilot) -> None:
    def never(_: Award, __: Draw) -> Issue:
        raise NoGlyph

    old = issued_one(credited)
    with pytest.raises(NoGlyph):
        credited.book.certificates.reissue(old.id, "name_corrected", never, envelope())
    assert credited.book.certificates.get(old.id).state == "valid"


def test_of_two_reissues_at_once_one_is_refused(credited: Pilot) -> None:
    old = issued_one(credited)

    def run(_: int) -> str:
        try:
            credited.book.certificates.reissue(old.id, "name_corrected", make, envelope())
        except NotInForce:
            return "refused"
        return "reissued"

    with ThreadPoolExecutor(3) as heads:
        assert sorted(heads.map(run, range(3))) == ["refused", "refused", "reissued"]


def test_two_persons_revoke_and_a_confirmation_comes_twice(credited: Pilot) -> None:
    certificates, made = credited.book.certificates, issued_one(credited)
    head, district = envelope(), envelope()
    with pytest.raises(RevocationNotProposed):
        certificates.confirm_revocation(made.id, "issued_in_error", district)
    certificates.propose_revocation(made.id, "issued_in_error", head)
    with pytest.raises(OwnCase):
        certificates.confirm_revocation(
            made.id, "issued_in_error", envelope(actor_id=head.actor.id)
        )
    position = certificates.confirm_revocation(made.id, "issued_in_error", district)

    assert certificates.confirm_revocation(made.id, "issued_in_error", district) == position
    with pytest.raises(NotInForce):
        certificates.confirm_revocation(made.id, "issued_in_error", envelope())
    assert certificates.get(made.id).state == "revoked"


def test_a_revoked_certificate_is_not_issued_again(credited: Pilot) -> None:
    certificates, made = credited.book.certificates, issued_one(credited)
    certificates.propose_revocation(made.id, "issued_in_error", envelope())
    certificates.confirm_revocation(made.id, "issued_in_error", envelope())
    [again] = certificates.issue([made.award], make, envelope())
    assert again.number == made.issue.number
    assert certificates.get(made.id).state == "revoked"


def test_an_unknown_certificate_is_refused(credited: Pilot) -> None:
    with pytest.raises(UnknownCertificate):
        credited.book.certificates.reissue(uuid4(), "name_corrected", make, envelope())
