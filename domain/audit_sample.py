"""A random sample of sessions (抽查): announced with its population before its seed can be known.

The seed is a public value of a later day. Nobody chooses it, and anybody draws again.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from eventsourcing.domain import event
from pydantic import BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.audit_refusals import (
    AuditPeriodMalformed,
    AuditPopulationDiffers,
    AuditPopulationTooSmall,
    AuditSampleDrawn,
    AuditSeedAwaited,
    AuditSeedDayTooEarly,
    AuditSeedDayWithoutValue,
    AuditSeedMalformed,
    AuditSessionNotDrawn,
)
from domain.calendar import CITY_ZONE, local_day
from domain.dispute import ReasonsMissing
from domain.drawing import draw, population_sha256
from domain.envelope import Envelope
from domain.identity import derived
from domain.working_days import SATURDAY, WorkingDays


class SeedSource(StrEnum):
    """Public values that nobody here can steer, printed in newspapers and kept on many sites."""

    PAILIE5 = "pailie5"  # 中国体育彩票“排列5”当日开奖号码: five digits, drawn every evening
    SSE_CLOSE = "sse_close"  # 上证综合指数当日收盘点位: two decimals, on trading days


_FORMS: Final = {
    SeedSource.PAILIE5: re.compile(r"[0-9]{5}", re.ASCII),
    SeedSource.SSE_CLOSE: re.compile(r"[0-9]{3,5}\.[0-9]{2}", re.ASCII),
}


class AuditCode(StrEnum):
    """What an auditor found of a session."""

    IN_ORDER = "in_order"
    SHEET_MISSING = "sheet_missing"
    HEAD_COUNT_DIFFERS = "head_count_differs"
    LIST_DIFFERS = "list_differs"
    HOURS_WRONG = "hours_wrong"
    NOT_HELD = "not_held"
    OTHER = "other"


class Severity(StrEnum):
    NONE = "none"
    MINOR = "minor"
    SERIOUS = "serious"


class Drawable(BaseModel):
    """What is announced: which sessions, how many of them, and where the seed will come from.

    `upto` is a position of the feed: what was attested later is not in the population.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: str
    begins: date
    ends: date
    upto: int
    size: int
    seed_source: SeedSource
    seed_day: date


class AuditSample(LedgerAggregate):
    """One for each organisation, period and day of the seed: nobody announces until one suits."""

    TOPIC: ClassVar[str] = "audit_sample"

    class Announced(LedgerCreated):
        TOPIC = "audit_sample.announced"

        drawable: Drawable
        population_count: int
        population_sha256: str

    class Drawn(LedgerEvent):
        TOPIC = "audit_sample.drawn"

        seed: str
        session_ids: tuple[UUID, ...]

    class Found(LedgerEvent):
        TOPIC = "audit_sample.finding_recorded"

        session_id: UUID
        finding: AuditCode
        severity: Severity
        words_id: UUID | None = None

    @staticmethod
    def create_id(organisation: str, begins: date, ends: date, seed_day: date) -> UUID:
        days = (each.isoformat() for each in (begins, ends, seed_day))
        return derived("audit_sample", organisation, *days)

    @classmethod
    def id_of(cls, drawable: Drawable) -> UUID:
        return cls.create_id(
            drawable.organisation, drawable.begins, drawable.ends, drawable.seed_day
        )

    @classmethod
    def announce(
        cls,
        drawable: Drawable,
        population: tuple[UUID, ...],
        days: WorkingDays,
        envelope: Envelope,
    ) -> AuditSample:
        """Fix what is drawn from, while nobody knows the seed.

        Raises AuditPeriodMalformed, AuditSeedDayTooEarly, AuditSeedDayWithoutValue,
        AuditPopulationTooSmall.
        """
        today = local_day(envelope.at, CITY_ZONE)
        if not drawable.begins <= drawable.ends <= today:
            raise AuditPeriodMalformed
        if drawable.seed_day <= today:
            raise AuditSeedDayTooEarly(today=today)
        if not has_value(drawable.seed_source, drawable.seed_day, days):
            raise AuditSeedDayWithoutValue(source=drawable.seed_source.value)
        if not 0 < drawable.size <= len(population):
            raise AuditPopulationTooSmall(sessions=len(population))
        return cls(
            id=cls.id_of(drawable),
            drawable=drawable,
            population_count=len(population),
            population_sha256=population_sha256(population),
            envelope=envelope,
        )

    @event(Announced)
    def __init__(
        self,
        id: UUID,  # noqa: A002 - the library's name
        drawable: Drawable,
        population_count: int,
        population_sha256: str,
        envelope: Envelope,
    ) -> None:
        self.drawable = drawable
        self.population_sha256 = population_sha256
        self.seed: str | None = None
        self.session_ids: tuple[UUID, ...] = ()
        self.findings: set[tuple[UUID, AuditCode, Severity]] = set()

    def draw(self, value: str, population: tuple[UUID, ...], envelope: Envelope) -> None:
        """Draw once the day of the seed is over; the same value again is no news.

        Raises AuditSeedMalformed, AuditSampleDrawn, AuditSeedAwaited, AuditPopulationDiffers.
        """
        told = self.drawable
        if not _FORMS[told.seed_source].fullmatch(value):
            raise AuditSeedMalformed(source=told.seed_source.value)
        seed = seed_of(told, value)
        if self.seed is not None:
            if seed != self.seed:
                raise AuditSampleDrawn
            return
        if local_day(envelope.at, CITY_ZONE) <= told.seed_day:
            raise AuditSeedAwaited(seed_day=told.seed_day)
        if population_sha256(population) != self.population_sha256:
            raise AuditPopulationDiffers
        self._drawn(seed=seed, session_ids=draw(seed, population, told.size), envelope=envelope)

    def find(
        self,
        session_id: UUID,
        finding: AuditCode,
        severity: Severity,
        words_id: UUID | None,
        envelope: Envelope,
    ) -> None:
        """Say what was found of a session; the same again without words is no news.

        Raises AuditSessionNotDrawn, ReasonsMissing where something was found.
        """
        if session_id not in self.session_ids:
            raise AuditSessionNotDrawn(session_id=session_id)
        if words_id is None:
            if finding is not AuditCode.IN_ORDER:
                raise ReasonsMissing
            if (session_id, finding, severity) in self.findings:
                return
        self._found(
            session_id=session_id, finding=finding, severity=severity, words_id=words_id,
            envelope=envelope,
        )  # fmt: skip

    @event(Drawn)
    def _drawn(self, seed: str, session_ids: tuple[UUID, ...], envelope: Envelope) -> None:
        self.seed = seed
        self.session_ids = session_ids

    @event(Found)
    def _found(
        self,
        session_id: UUID,
        finding: AuditCode,
        severity: Severity,
        envelope: Envelope,
        words_id: UUID | None = None,
    ) -> None:
        self.findings.add((session_id, finding, severity))


def has_value(source: SeedSource, day: date, days: WorkingDays) -> bool:
    """Whether that day brings a value of its own; else the last one, known before, is shown.

    Nothing is drawn or traded on the holidays; the exchange is shut on every weekend, worked or
    not.
    """
    is_shut = source is SeedSource.SSE_CLOSE and day.weekday() >= SATURDAY
    return day not in days.days_off and not is_shut


def seed_of(drawable: Drawable, value: str) -> str:
    """The text that is hashed: where the value is from, of which day, and the value."""
    return f"{drawable.seed_source.value}:{drawable.seed_day.isoformat()}:{value}"
