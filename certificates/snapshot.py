"""The snapshot: everything a certificate prints, frozen when it was issued."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from certificates import number as numbers
from certificates.kind import ExamResult
from domain.certificate import CertificateKind
from domain.grades import Stage

Hours = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class StatementLine(BaseModel):
    """One line of a statement of hours; the hours are hundredths."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: date
    title: Annotated[str, Field(min_length=1, max_length=200)]
    class_hours: Hours
    hours: Hours


class Snapshot(BaseModel):
    """What is printed, and a salt. Hours are hundredths; days are local days.

    `school_name` is the registered name; `period_begins` and `period_ends` are the months that
    a completion or the days that a statement speaks of; `valid_until` is the last valid day.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    certificate_id: UUID
    number: str
    kind: CertificateKind
    holder_name: Name
    relation: str | None = None
    school_name: Name
    district_code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    period: str = ""
    period_begins: date | None = None
    period_ends: date | None = None
    stage: Stage | None = None
    level: Annotated[int, Field(ge=1, le=5)] | None = None
    hours: Hours
    face_to_face_hours: Hours = 0
    exam_result: ExamResult | None = None
    awarded_on: date
    issued_at: AwareDatetime
    valid_until: date | None = None
    rulebook_version: str
    wording_version: str
    renderer_version: str
    lines: tuple[StatementLine, ...] = ()
    host: str
    zone: str = "Asia/Shanghai"
    salt: str = Field(default="", repr=False)  # the first snapshots had none

    @field_validator("number")
    @classmethod
    def _canonical(cls, value: str) -> str:
        if numbers.read(value) != value:
            raise ValueError("not the canonical form of a certificate number")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind is CertificateKind.STAR_LEVEL and (self.level is None or self.stage is None):
            raise ValueError("a star level has a level and a stage")
        if self.kind is CertificateKind.STAGE_COMPLETION and self.stage is None:
            raise ValueError("a stage completion has a stage")
        if self.lines and self.kind is not CertificateKind.STATEMENT_OF_HOURS:
            raise ValueError("only a statement of hours has lines")
        if self.face_to_face_hours > self.hours:
            raise ValueError("more face-to-face hours than hours")
        return self

    @property
    def expires_at(self) -> datetime | None:
        """The first moment at which the certificate is no longer valid."""
        if self.valid_until is None:
            return None
        return datetime.combine(self.valid_until + timedelta(days=1), time(), ZoneInfo(self.zone))
