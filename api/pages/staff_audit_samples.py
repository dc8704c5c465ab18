"""Audit samples of a district or the city: announce, draw, open each session, write findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.asking import Asking, DistrictCode, InAsking
from api.audit_samples import (
    MOST_SESSIONS,
    NewSample,
    announce,
    draw,
    place_of,
    sample_for,
    samples_of,
)
from api.language.catalogue import language_of
from api.pages.audit_words import FINDINGS, SEVERITIES, SOURCES
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import may_in
from api.v1.case_states import LONGEST
from domain.audit_sample import AuditCode, Severity
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.refusals import Refused
from ledger.audit_samples import NewFinding
from projections.audit_board import FindingRow, SampleRow
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

ONE = "/staff/samples/of/{sample_id}"
ORDINARY_SIZE = 20


class Written(BaseModel):
    """A finding as it is typed."""

    model_config = ConfigDict(extra="forbid")

    session_id: UUID
    finding: AuditCode
    severity: Severity = Severity.NONE
    words: str = Field("", max_length=LONGEST)


@dataclass(frozen=True)
class Drawn:
    """A session of the sample with what was found of it, in the auditors' words."""

    session_id: UUID
    session: SessionOnBoard | None
    findings: list[tuple[FindingRow, str]]


@router.get("/staff/samples/{district_code}")
def listed(request: Request, asking: InAsking, district_code: DistrictCode) -> Response:
    asking.may_in(Action.AUDIT_SAMPLE_READ, place_of(district_code))
    return listed_page(request, asking, district_code)


@router.post("/staff/samples/{district_code}")
def announced(
    request: Request,
    asking: InAsking,
    district_code: DistrictCode,
    wanted: Annotated[NewSample, Form()],
) -> Response:
    asking.may_in(Action.AUDIT_SAMPLE_DRAW, place_of(district_code))
    try:
        sample_id = announce(asking, district_code, wanted)
    except Refused as refusal:
        return listed_page(request, asking, district_code, wanted, refusal)
    return RedirectResponse(f"/staff/samples/of/{sample_id}", status_code=303)


@router.get(ONE)
def one(request: Request, asking: InAsking, sample_id: UUID) -> Response:
    row, by = sample_for(asking, sample_id, Action.AUDIT_SAMPLE_READ)
    return one_page(request, asking, row, by)


@router.post(ONE + "/draw")
def drawn(
    request: Request, asking: InAsking, sample_id: UUID, value: Annotated[str, Form(max_length=20)]
) -> Response:
    row, by = sample_for(asking, sample_id, Action.AUDIT_SAMPLE_DRAW)
    return done(request, asking, row, by, lambda: draw(asking, sample_id, value), typed=value)


@router.post(ONE + "/findings")
def find(
    request: Request, asking: InAsking, sample_id: UUID, written: Annotated[Written, Form()]
) -> Response:
    row, by = sample_for(asking, sample_id, Action.AUDIT_FINDING_RECORD)
    found = NewFinding(written.session_id, written.finding, written.severity, written.words)
    book = asking.runtime.book
    return done(
        request, asking, row, by,
        lambda: asking.runtime.settle(book.audit_samples.find(sample_id, found, by)), written,
    )  # fmt: skip


def done(
    request: Request,
    asking: Asking,
    row: SampleRow,
    by: Envelope,
    act: Callable[[], int],
    written: Written | None = None,
    typed: str = "",
) -> Response:
    """Back to the sample; where a rule says no, the sample with why and what was typed."""
    try:
        act()
    except Refused as refusal:
        return one_page(request, asking, row, by, refusal, written, typed)
    return RedirectResponse(f"/staff/samples/of/{row.sample_id}", status_code=303)


def listed_page(
    request: Request,
    asking: Asking,
    code: str,
    wanted: NewSample | None = None,
    refusal: Refused | None = None,
) -> Response:
    today = local_day(asking.runtime.now(), CITY_ZONE)
    tomorrow = today + timedelta(days=1)
    return staff_page(
        request, "audit_samples.html", status_of(refusal.code) if refusal else 200,
        code=code, samples=samples_of(asking.runtime, [code]), today=today, tomorrow=tomorrow,
        may_draw=may_in(asking, Action.AUDIT_SAMPLE_DRAW, place_of(code)), sources=SOURCES,
        wanted=wanted, ordinary=ORDINARY_SIZE, most=MOST_SESSIONS,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip


def one_page(
    request: Request,
    asking: Asking,
    row: SampleRow,
    by: Envelope,
    refusal: Refused | None = None,
    written: Written | None = None,
    typed: str = "",
) -> Response:
    """What the auditors wrote as well: the look is logged."""
    place, today = place_of(row.organisation), local_day(asking.runtime.now(), CITY_ZONE)
    return staff_page(
        request, "audit_sample.html", status_of(refusal.code) if refusal else 200, row=row,
        drawn=drawn_of(asking, row, by), today=today, written=written, typed=typed, longest=LONGEST,
        may_draw=row.seed is None and may_in(asking, Action.AUDIT_SAMPLE_DRAW, place),
        may_find=may_in(asking, Action.AUDIT_FINDING_RECORD, place), findings=FINDINGS,
        severities=SEVERITIES,
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )  # fmt: skip


def drawn_of(asking: Asking, row: SampleRow, by: Envelope | None = None) -> list[Drawn]:
    """The sessions as they were drawn; with what was written for whoever reads it, logged."""
    runtime, of = asking.runtime, defaultdict[UUID, list[tuple[FindingRow, str]]](list)
    found = runtime.models.audit.findings_of(row.sample_id)
    written = [each.words_id for each in found if each.words_id] if by else []
    said = runtime.book.audit_samples.show(row.sample_id, written, by) if by else {}
    for each in found:
        of[each.session_id].append((each, said.get(each.words_id, "") if each.words_id else ""))
    return [Drawn(key, runtime.models.sessions.session(key), of[key]) for key in row.session_ids]
