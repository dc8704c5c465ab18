"""The register of certificates handed out (证书发放登记表) as a file for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from api.bootstrap import Runtime
from api.certificate_checks import state_of
from api.certificate_documents import snapshot_of
from api.certificates import SCHOOL_STAFF
from api.files.formula import defused
from certificates.kind import title_of
from certificates.snapshot import Snapshot
from certificates.states import WORDS
from certificates.wording import hours_text
from domain.certificate import CertificateKind
from domain.envelope import Envelope
from domain.masking import mask_name
from domain.relation import relation_of
from projections.certificate_register import RegisteredCertificate

PURPOSE = "certificate_register"
COLUMNS = (
    "序号", "证书编号", "证书名称", "家长姓名", "与学生关系", "学校", "学生班级", "学年/学段",
    "学时", "成绩", "星级", "发证日期", "领取人签名", "领取日期", "状态", "备注",
)  # fmt: skip
_AT_A_TIME = 500


def register_file(runtime: Runtime, school_code: str, by: Envelope) -> bytes:
    """CSV with a byte order mark; names in full for the school's own staff, masked above it."""
    certificates = list(certificates_of(runtime, school_code))
    learners = {each.learner_id for each in certificates}
    runtime.book.vault.show(learners, to=by.actor, purpose=PURPOSE, at=by.at)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    in_full = by.actor.role in SCHOOL_STAFF
    for ordinal, certificate in enumerate(certificates, start=1):
        cells = [str(ordinal), *row_of(runtime, certificate, in_full)]
        writer.writerow([defused(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def certificates_of(runtime: Runtime, school_code: str) -> Iterator[RegisteredCertificate]:
    offset = 0
    register = runtime.models.certificates
    while found := register.certificates_of(school_code, limit=_AT_A_TIME, offset=offset):
        yield from found
        offset += len(found)


def row_of(runtime: Runtime, certificate: RegisteredCertificate, in_full: bool) -> list[str]:
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
        hours_text(certificate.hours),
        said.exam_result.chinese if said and said.exam_result else "",
        str(certificate.level or ""),
        said.awarded_on.isoformat() if said else "",
        "",
        "",
        WORDS[state_of(runtime, certificate)].heading,
        note_of(certificate),
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


def note_of(certificate: RegisteredCertificate) -> str:
    """A reissue keeps both numbers together."""
    return f"换发为 {certificate.successor_number}" if certificate.successor_number else ""
