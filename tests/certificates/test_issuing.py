"""Issuing files exactly what its event will vouch for, and refuses what cannot be printed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from certificates import commitment, qr, verifying
from certificates.drawing import MissingGlyph
from certificates.issuing import (
    CodeDoesNotFit,
    CredentialUnwritable,
    Holder,
    HolderErased,
    Issuer,
    Particulars,
    Place,
    credential_kind,
    signed_kind,
    snapshot_kind,
)
from certificates.keys import FileSigner
from certificates.public_keys import PublicKey
from certificates.snapshot import Snapshot
from certificates.status import Status
from domain.certificate import Award, CertificateKind
from ledger.certificate_numbers import Draw

ISSUED_AT = datetime(2026, 7, 10, 4, 0, 0, 123456, tzinfo=UTC)
PLACE = Place("http://127.0.0.1:8000", status_order=bytes(32), check_secret=bytes(32))
SAID = Particulars(
    "示例小学", "2026.1", period="2025学年", period_begins=date(2025, 9, 1),
    period_ends=date(2026, 7, 10),
)  # fmt: skip

Files = dict[tuple[UUID, str], bytes]
Make = Callable[..., tuple[Issuer, Files]]


@pytest.fixture
def make(signer: FileSigner) -> Make:
    """An issuer, and the drawer it files into."""

    def issuer(name: str | None = "示例慧", **changes: Any) -> tuple[Issuer, Files]:
        files: Files = {}
        holder = None if name is None else Holder(name, bytes(range(32)))

        def file(document_id: UUID, kind: str, holder_id: UUID, content: bytes) -> None:
            files.setdefault((document_id, kind), content)

        made = Issuer(signer, PLACE, ISSUED_AT, lambda _: holder, lambda _: SAID, file)
        return replace(made, **changes), files

    return issuer


def award(**changes: Any) -> Award:
    values: dict[str, Any] = {
        "kind": CertificateKind.ANNUAL_COMPLETION, "learner_id": UUID(int=7),
        "school_code": "4401040001", "district_code": "440104", "stage": "primary",
        "school_year": 2025, "hours": 1250, "face_to_face_hours": 800,
        "achieved_on": date(2026, 7, 1),
    }  # fmt: skip
    return Award(**(values | changes))


def draw(serial: int = 12, counter: int = 5) -> Draw:
    return Draw(uuid4(), 2026, serial, status_list=1, status_counter=counter)


def test_the_issue_has_the_hashes_of_what_was_filed(make: Make) -> None:
    issuer, files = make()
    drawn = draw()
    issue = issuer.make(award(), drawn)
    printed = files[drawn.certificate_id, snapshot_kind(issue.number, issue.snapshot_sha256)]
    signed = files[drawn.certificate_id, signed_kind(issue.number, issue.signed_sha256)]
    assert hashlib.sha256(printed).hexdigest() == issue.snapshot_sha256
    assert hashlib.sha256(signed).hexdigest() == issue.signed_sha256
    kind = credential_kind(issue.number, issue.credential_sha256)
    credential = files[drawn.certificate_id, kind]
    assert hashlib.sha256(credential).hexdigest() == issue.credential_sha256
    said = Snapshot.model_validate_json(printed)
    assert (said.number, said.holder_name, said.issued_at) == (
        issue.number, "示例慧", issue.issued_at,
    )  # fmt: skip


def test_the_hash_of_what_was_printed_confirms_no_guessed_name(make: Make) -> None:
    """Everything else on it stands in the ledger: without a salt, names could be tried out."""
    drawn = draw()
    issuer, files = make()
    issue = issuer.make(award(), drawn)
    printed = files[drawn.certificate_id, snapshot_kind(issue.number, issue.snapshot_sha256)]
    guessed = Snapshot.model_validate_json(printed).model_copy(update={"salt": ""})
    unsalted = guessed.model_dump_json().encode()
    assert hashlib.sha256(unsalted).hexdigest() != issue.snapshot_sha256
    other = replace(issuer, holder_of=lambda _: Holder("示例慧", bytes(32)))
    hashes = [each.make(award(), drawn).snapshot_sha256 for each in (issuer, other)]
    assert (hashes[0] == issue.snapshot_sha256, hashes[0] == hashes[1]) == (True, False)


def test_what_is_filed_verifies_and_says_the_same(make: Make, keys: dict[bytes, PublicKey]) -> None:
    issuer, files = make()
    drawn = draw()
    issue = issuer.make(award(), drawn)
    signed = files[drawn.certificate_id, signed_kind(issue.number, issue.signed_sha256)]
    text = qr.link(PLACE.base_url, signed)
    verdict = verifying.verify(text, keys, lambda _: Status.VALID, ISSUED_AT)
    assert verdict.state is verifying.State.VALID
    claims = verdict.claims
    assert claims is not None
    assert (claims.status_list, claims.status_index) == (issue.status_list, issue.status_index)
    assert claims.name_commitment.hex() == issue.name_commitment


def test_a_sheet_that_replaces_another_keeps_its_award_date(make: Make) -> None:
    awarded = date(2025, 7, 1)
    issuer, files = make(particulars_of=lambda _: replace(SAID, awarded_on=awarded))
    drawn = draw()
    issue = issuer.make(award(), drawn)
    printed = files[drawn.certificate_id, snapshot_kind(issue.number, issue.snapshot_sha256)]
    assert Snapshot.model_validate_json(printed).awarded_on == awarded


def test_the_commitment_is_to_the_name_and_differs_from_certificate_to_certificate(
    make: Make,
) -> None:
    issuer, _ = make()
    first, second = draw(), draw(13, 6)
    issues = [issuer.make(award(), drawn) for drawn in (first, second)]
    assert issues[0].name_commitment != issues[1].name_commitment
    holder = issuer.holder_of(UUID(int=7))
    assert holder is not None
    committed = bytes.fromhex(issues[0].name_commitment)
    salt = holder.salt(first.certificate_id)
    assert commitment.same_name("示例 慧".replace(" ", ""), salt, committed)
    assert not commitment.same_name("示例惠", salt, committed)


def test_a_number_drawn_again_after_a_lost_try_keeps_both_files_apart(make: Make) -> None:
    issuer, files = make()
    drawn = draw()
    lost = issuer.make(award(), drawn)
    later = replace(issuer, at=ISSUED_AT + timedelta(hours=1)).make(
        award(), replace(drawn, status_counter=9)
    )
    assert lost.number == later.number
    signed = files[drawn.certificate_id, signed_kind(later.number, later.signed_sha256)]
    assert hashlib.sha256(signed).hexdigest() == later.signed_sha256
    assert len(files) == 6


@pytest.mark.parametrize("name", [None, ""])
def test_without_a_name_nothing_is_issued(make: Make, name: str | None) -> None:
    issuer, files = make(name)
    with pytest.raises(HolderErased):
        issuer.make(award(), draw())
    assert files == {}


def test_whoever_is_erased_in_between_stops_this_one_alone(make: Make) -> None:
    def gone(*_: object) -> None:
        raise LookupError

    issuer, _ = make(file=gone)
    with pytest.raises(HolderErased):
        issuer.make(award(), draw())


def test_a_word_that_is_read_in_two_ways_is_not_signed(make: Make) -> None:
    issuer, files = make(particulars_of=lambda _: replace(SAID, school_name="示例\x0b小学"))
    with pytest.raises(CredentialUnwritable):
        issuer.make(award(), draw())
    assert files == {}


def test_a_glyph_that_no_font_has_is_named_and_nothing_is_filed(make: Make) -> None:
    issuer, files = make("示例\U0003106c")
    with pytest.raises(MissingGlyph) as refused:
        issuer.make(award(), draw())
    assert refused.value.character == "\U0003106c"
    assert files == {}


def test_an_address_too_long_for_the_code_is_refused(make: Make) -> None:
    issuer, _ = make(place=replace(PLACE, base_url=f"https://{'a' * 60}.example.org"))
    with pytest.raises(CodeDoesNotFit):
        issuer.make(award(), draw())
