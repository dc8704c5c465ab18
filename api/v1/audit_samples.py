"""Audit samples as JSON: published for everybody, announced and drawn by those above schools."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import DistrictCode, InAsking, InRuntime
from api.audit_samples import NewSample, announce, draw, place_of, published, sample_for, samples_of
from api.v1.case_states import LONGEST
from api.v1.recorded import Recorded
from domain.audit_sample import AuditCode, Severity
from ledger.audit_samples import NewFinding

router = APIRouter(prefix="/api/v1", tags=["audit samples"])


class SampleState(BaseModel):
    """Everything that drawing again takes. `seed` is the whole text that is hashed."""

    model_config = ConfigDict(from_attributes=True)

    sample_id: UUID
    organisation: str
    begins: date
    ends: date
    upto: int
    size: int
    seed_source: str
    seed_day: date
    population_count: int
    population_sha256: str
    announced_at: datetime
    seed: str | None
    session_ids: tuple[UUID, ...]
    drawn_at: datetime | None


class Samples(BaseModel):
    samples: list[SampleState]


class Announced(BaseModel):
    sample_id: UUID


class Value(BaseModel):
    """The public value of the announced day, as it was published."""

    model_config = ConfigDict(extra="forbid")

    value: str = Field(max_length=20)


class AuditFinding(BaseModel):
    model_config = ConfigDict(extra="forbid")

    session_id: UUID
    finding: AuditCode
    severity: Severity = Severity.NONE
    words: str = Field("", max_length=LONGEST)


class FindingState(BaseModel):
    """A finding without its words: they are read on the page of staff."""

    model_config = ConfigDict(from_attributes=True)

    session_id: UUID
    finding: str
    severity: str
    at: datetime


class Findings(BaseModel):
    findings: list[FindingState]


@router.get("/districts/{district_code}/audit-samples")
def listed(district_code: DistrictCode, asking: InAsking) -> Samples:
    """The samples of a district, or of the city by its own code."""
    asking.may_in(Action.AUDIT_SAMPLE_READ, place_of(district_code))
    found = samples_of(asking.runtime, [district_code])
    return Samples(samples=[SampleState.model_validate(each) for each in found])


@router.post("/districts/{district_code}/audit-samples", status_code=status.HTTP_201_CREATED)
def announced(district_code: DistrictCode, body: NewSample, asking: InAsking) -> Announced:
    """Fix the population before anybody knows the seed."""
    return Announced(sample_id=announce(asking, district_code, body))


@router.get("/audit-samples/{sample_id}")
def one(sample_id: UUID, runtime: InRuntime) -> SampleState:
    """For everybody: no person, no school, no finding stands in it."""
    return SampleState.model_validate(published(runtime, sample_id))


@router.post("/audit-samples/{sample_id}/draw")
def drawn(sample_id: UUID, body: Value, asking: InAsking) -> Recorded:
    return Recorded(position=draw(asking, sample_id, body.value))


@router.get("/audit-samples/{sample_id}/findings")
def findings(sample_id: UUID, asking: InAsking) -> Findings:
    sample_for(asking, sample_id, Action.AUDIT_SAMPLE_READ)
    found = asking.runtime.models.audit.findings_of(sample_id)
    return Findings(findings=[FindingState.model_validate(each) for each in found])


@router.post("/audit-samples/{sample_id}/findings")
def find(sample_id: UUID, body: AuditFinding, asking: InAsking) -> Recorded:
    """The one thing that an auditor writes about a session."""
    _, by = sample_for(asking, sample_id, Action.AUDIT_FINDING_RECORD)
    found = NewFinding(body.session_id, body.finding, body.severity, body.words)
    position = asking.runtime.book.audit_samples.find(sample_id, found, by)
    return Recorded(position=asking.runtime.settle(position))
