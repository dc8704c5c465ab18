"""What a certificate certifies: its kinds, stages and exam results, and their Chinese words."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The four kinds. The order is the code in the QR payload and never changes."""

    ANNUAL_COMPLETION = "annual_completion"
    STAGE_COMPLETION = "stage_completion"
    STAR_LEVEL = "star_level"
    STATEMENT_OF_HOURS = "statement_of_hours"

    @property
    def chinese(self) -> str:
        return _KIND_WORDS[self][0]

    @property
    def prefix(self) -> str:
        """The decoration before a printed number."""
        return _KIND_WORDS[self][1]


class Stage(StrEnum):
    """A stage of schooling. The order is the code in the QR payload and never changes."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    SPECIAL = "special"

    @property
    def chinese(self) -> str:
        return _STAGE_WORDS[self]


class ExamResult(StrEnum):
    """How the exam went. The order is the code in the QR payload and never changes."""

    PASS = "pass"  # noqa: S105 - no password
    MERIT = "merit"

    @property
    def chinese(self) -> str:
        return {"pass": "合格", "merit": "优秀"}[self.value]


_KIND_WORDS = {
    Kind.ANNUAL_COMPLETION: ("结业证书", "穗家结"),
    Kind.STAGE_COMPLETION: ("学段结业证书", "穗家结"),
    Kind.STAR_LEVEL: ("星级家长证书", "穗家星"),
    Kind.STATEMENT_OF_HOURS: ("学时证明", "穗家学"),
}
_STAGE_WORDS = {
    Stage.KINDERGARTEN: "学前",
    Stage.PRIMARY: "小学",
    Stage.JUNIOR: "初中",
    Stage.SENIOR: "高中",
    Stage.VOCATIONAL: "中职",
    Stage.SPECIAL: "特教",
}
