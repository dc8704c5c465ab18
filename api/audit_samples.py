"""Audit samples as somebody asks for them: the population of today, and who may reach a sample."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.policy import CITY, Organisation
from api.asking import Asking
from api.bootstrap import Runtime
from api.closing import SECONDS_TO_CATCH_UP, ReadModelsBehind
from api.reaching import unknown
from domain.audit_refusals import UnknownAuditSample
from domain.audit_sample import Drawable, SeedSource
from domain.envelope import Envelope
from projections.audit_board import SampleRow

SHOWN_BY: Final = frozenset({"session_board", "audit_board"})
MOST_SESSIONS: Final = 1_000


class NewSample(BaseModel):
    """What somebody announces: sessions of which days, how many, and the value of which day."""

    model_config = ConfigDict(extra="forbid")

    begins: date
    ends: date
    size: int = Field(gt=0, le=MOST_SESSIONS)
    seed_source: SeedSource
    seed_day: date


def place_of(code: str) -> Organisation:
    """A district, or the city."""
    return Organisation() if code == CITY else Organisation(district=code)


def sample_for(asking: Asking, sample_id: UUID, action: Action) -> tuple[SampleRow, Envelope]:
    """Raises UnknownAuditSample, Forbidden, LoginRequired."""
    found = asking.runtime.models.audit.sample(sample_id)
    if found is None:
        raise unknown(asking, action, UnknownAuditSample(id=sample_id))
    return found, asking.may_in(action, place_of(found.organisation))


def published(runtime: Runtime, sample_id: UUID) -> SampleRow:
    """What anybody reads. Raises UnknownAuditSample."""
    found = runtime.models.audit.sample(sample_id)
    if found is None:
        raise UnknownAuditSample(id=sample_id)
    return found


def announce(asking: Asking, code: str, wanted: NewSample) -> UUID:
    """Fix the population as it is now.

    Raises Forbidden, LoginRequired, ReadModelsBehind, what `AuditSample.announce` refuses.
    """
    by, runtime = asking.may_in(Action.AUDIT_SAMPLE_DRAW, place_of(code)), asking.runtime
    upto = runtime.book.ledger.position()
    if not runtime.projector.wait_for(upto, SECONDS_TO_CATCH_UP, SHOWN_BY):
        raise ReadModelsBehind
    drawable = Drawable(organisation=code, upto=upto, **wanted.model_dump())
    sample_id = runtime.book.audit_samples.announce(drawable, population(runtime, drawable), by)
    runtime.settle(runtime.book.ledger.position())
    return sample_id


def draw(asking: Asking, sample_id: UUID, value: str) -> int:
    """Draw by the public value, from the population that was announced.

    Raises UnknownAuditSample, Forbidden, LoginRequired, what `AuditSample.draw` refuses.
    """
    row, by = sample_for(asking, sample_id, Action.AUDIT_SAMPLE_DRAW)
    runtime = asking.runtime
    known = population_of(runtime, row)
    return runtime.settle(runtime.book.audit_samples.draw(sample_id, value.strip(), known, by))


def population_of(runtime: Runtime, row: SampleRow) -> list[UUID]:
    return population(runtime, runtime.book.audit_samples.get(row.sample_id).drawable)


def population(runtime: Runtime, drawable: Drawable) -> list[UUID]:
    return runtime.models.audit.population(drawable, place_of(drawable.organisation).district)


def samples_of(runtime: Runtime, codes: Iterable[str]) -> list[SampleRow]:
    return runtime.models.audit.samples_of(list(codes))
