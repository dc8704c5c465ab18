"""The words that certificates print for kinds and exam results."""

from __future__ import annotations

from enum import StrEnum

from domain.certificate import CertificateKind


class ExamResult(StrEnum):
    """How the exam went."""

    PASS = "pass"  # noqa: S105 - no password
    MERIT = "merit"

    @property
    def chinese(self) -> str:
        return {"pass": "合格", "merit": "优秀"}[self.value]


_WORDS = {
    CertificateKind.ANNUAL_COMPLETION: ("结业证书", "穗家结"),
    CertificateKind.STAGE_COMPLETION: ("学段结业证书", "穗家结"),
    CertificateKind.STAR_LEVEL: ("星级家长证书", "穗家星"),
    CertificateKind.STATEMENT_OF_HOURS: ("学时证明", "穗家学"),
}


def title_of(kind: CertificateKind) -> str:
    return _WORDS[kind][0]


def prefix_of(kind: CertificateKind) -> str:
    """The decoration before a printed number."""
    return _WORDS[kind][1]
