"""The register of certificates handed out (证书发放登记表), row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, count
from typing import Final

from api.bootstrap import Runtime
from api.certificate_checks import state_of
from api.certificate_documents import snapshot_of
from api.certificates import SCHOOL_STAFF
from api.exports.workbook import Cell
from certificates.kind import title_of
from certificates.snapshot import Snapshot
from certificates.states import WORDS
from domain.calendar import CITY_ZONE, local_day
from domain.certificate import CertificateKind
from domain.envelope import Envelope
from domain.masking import mask_name
from domain.relation import relation_of
from projections.certificate_register import RegisteredCertificate

PURPOSE = "certificate_register"
COLUMNS: Final = {
    "序号": 6, "证书编号": 24, "证书名称": 16, "家长姓名": 18, "与学生关系": 12, "学校": 24,
    "学生班级": 14, "学年/学段": 12, "学时": 8, "成绩": 8, "星级": 6, "发证日期": 12,
    "领取人签名": 14, "领取日期": 12, "状态": 14, "备注": 32,
}  # fmt: skip
_AT_A_TIME = 500


def rows_of_register(runtime: Runtime, school_code: str, by: Envelope) -> Iterator[Sequence[Cell]]:
    """Names in full for the school's own staff, masked above it. The reading is recorded."""
    in_full = by.actor.role in SCHOOL_STAFF
    numbers = count(1)
    for some in in_parts(runtime, school_code):
        learners = {each.learner_id for each in some}
        runtime.book.vault.show(learners, to=by.actor, purpose=PURPOSE, at=by.at)
        for certificate in some:
            yield next(numbers), *row_of(runtime, certificate, in_full)


def certificates_of(runtime: Runtime, school_code: str) -> Iterator[RegisteredCertificate]:
    return chain.from_iterable(in_parts(runtime, school_code))


def in_parts(runtime: Runtime, school_code: str) -> Iterator[list[RegisteredCertificate]]:
    offset = 0
    register = runtime.models.certificates
    while found := register.certificates_of(school_code, limit=_AT_A_TIME, offset=offset):
        yield found
        offset += len(found)


def row_of(runtime: Runtime, certificate: RegisteredCertificate, in_full: bool) -> Sequence[Cell]:
    said = snapshot_of(runtime, certificate)
    relation, class_name = place_of(runtime, certificate)
    name = said.holder_name if said else "—"
    return [
        certificate.number,
        title_of(CertificateKind(certificate.kind)),
        name if in_full else mask_name(name),
        relation,
        said.school_name if said else certificate.school_code,
        class_name,
        period_of(certificate, said),
        Decimal(certificate.hours) / 100,
        said.exam_result.chinese if said and said.exam_result else None,
        certificate.level,
        said.awarded_on if said else None,
        None,
        None,
        WORDS[state_of(runtime, certificate)].heading,
        note_of(runtime, certificate),
        str(certificate.certificate_id),
    ]


def place_of(runtime: Runtime, certificate: RegisteredCertificate) -> tuple[str, str]:
    """Relation and class of the learner's newest place at the school."""
    places = runtime.models.roster.places_of(certificate.learner_id)
    for place in places:
        if place.school_code == certificate.school_code:
            return relation_of(place.relation_code).zh, f"{place.grade}{place.class_group}"
    return "", ""


def period_of(certificate: RegisteredCertificate, said: Snapshot | None) -> str:
    if said is not None and said.stage is not None:
        return said.stage.zh
    return f"{certificate.school_year}学年" if certificate.school_year else ""


def note_of(runtime: Runtime, certificate: RegisteredCertificate) -> str:
    """A reissue keeps both numbers together, on either line; so does what follows a revoked one."""
    register = runtime.models.certificates
    old = certificate.replaces and register.by_id(certificate.replaces)
    revoked = certificate.follows and register.by_id(certificate.follows)
    after = certificate.revoked_at and register.issued_after(certificate.certificate_id)
    revoked_on = local_day(certificate.revoked_at, CITY_ZONE) if certificate.revoked_at else None
    notes = [
        f"撤销于 {revoked_on}" if revoked_on else "",
        f"换发自 {old.number}" if old else "",
        f"{revoked.number} 撤销后重新颁发" if revoked else "",
        f"换发为 {certificate.successor_number}" if certificate.successor_number else "",
        f"重新颁发为 {after.number}" if after else "",
    ]
    return "；".join(note for note in notes if note)
