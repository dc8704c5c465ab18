"""What anybody reads of an audit sample: the population, the seed, and how to draw it again."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from api.asking import InRuntime
from api.audit_samples import population_of, published
from api.pages.audit_words import SOURCES
from api.rendering import page
from domain.calendar import CITY_ZONE, local_day
from domain.drawing import population_text
from domain.working_days import DAY

router = APIRouter(include_in_schema=False)


@router.get("/samples/{sample_id}")
def one(request: Request, runtime: InRuntime, sample_id: UUID) -> Response:
    row = published(runtime, sample_id)
    is_late = row.seed is None and local_day(runtime.now(), CITY_ZONE) > row.seed_day
    since = row.seed_day + DAY if is_late else None
    return page(request, "audit_sample.html", row=row, sources=SOURCES, since=since)


@router.get("/samples/{sample_id}/population.txt")
def population(runtime: InRuntime, sample_id: UUID) -> Response:
    """One id a line: its SHA-256 is the one that was announced."""
    row = published(runtime, sample_id)
    return PlainTextResponse(population_text(population_of(runtime, row)))
