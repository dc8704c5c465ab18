"""An audit sample: its population is fixed before its seed is known, and anybody draws again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.aggregate import LedgerEvent
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
from domain.audit_sample import AuditCode, AuditSample, Drawable, SeedSource, Severity
from domain.dispute import ReasonsMissing
from domain.drawing import draw, population_sha256, population_text
from domain.envelope import Actor, Channel, Envelope, Role
from domain.refusals import Refused
from domain.working_days import WorkingDays

NOON = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
TODAY, SEED_DAY = date(2026, 11, 26), date(2026, 11, 27)
HOLIDAYS = WorkingDays(
    days_off=frozenset({date(2026, 12, 1)}), extra=frozenset({date(2026, 11, 29)})
)
POPULATION = tuple(UUID(int=n) for n in range(1, 41))
VALUE = "48213"


def by(days: int = 0) -> Envelope:
    return Envelope(
        command_id=uuid4(), actor=Actor(id=uuid4(), role=Role.AUDITOR), channel=Channel.ONLINE,
        occurred_at=NOON + timedelta(days=days),
    )  # fmt: skip


def drawable(**given: object) -> Drawable:
    values: dict[str, object] = {
        "organisation": "440104", "begins": date(2026, 9, 1), "ends": TODAY, "upto": 900,
        "size": 5, "seed_source": SeedSource.PAILIE5, "seed_day": SEED_DAY,
    }  # fmt: skip
    return Drawable.model_validate(values | given)


def announced(**given: object) -> AuditSample:
    return AuditSample.announce(drawable(**given), POPULATION, HOLIDAYS, by())


@pytest.mark.parametrize(
    ("source", "day", "is_taken"),
    [
        (SeedSource.SSE_CLOSE, 27, True),
        (SeedSource.SSE_CLOSE, 28, False),  # Saturday
        (SeedSource.SSE_CLOSE, 29, False),  # a Sunday that is worked: the exchange is shut
        (SeedSource.SSE_CLOSE, 31, False),  # 1 December, made a holiday here
        (SeedSource.PAILIE5, 28, True),
        (SeedSource.PAILIE5, 31, False),
    ],
)
def test_the_day_of_the_seed_has_a_value_of_its_own(
    source: SeedSource, day: int, is_taken: bool
) -> None:
    seed_day = date(2026, 11, 1) + timedelta(days=day - 1)
    if is_taken:
        assert announced(seed_source=source, seed_day=seed_day).drawable.seed_day == seed_day
    else:
        with pytest.raises(AuditSeedDayWithoutValue):
            announced(seed_source=source, seed_day=seed_day)


def drawn() -> AuditSample:
    sample = announced()
    sample.draw(VALUE, POPULATION, by(2))
    sample.collect_events()
    return sample


def refused(refusal: type[Refused], act: Callable[[], object]) -> None:
    with pytest.raises(refusal):
        act()


def test_anybody_draws_again_by_hand() -> None:
    sample, seed = drawn(), f"pailie5:2026-11-27:{VALUE}"
    by_hand = sorted(
        (hashlib.sha256(f"{seed} {each}".encode()).hexdigest(), each) for each in POPULATION
    )
    assert sample.session_ids == tuple(each for _, each in by_hand[:5])
    assert sample.seed == seed


def test_the_order_and_the_repeats_of_a_population_change_nothing() -> None:
    mixed = [*reversed(POPULATION), POPULATION[0]]
    assert population_text(mixed) == population_text(POPULATION)
    assert population_sha256(mixed) == population_sha256(POPULATION)
    assert draw("s", mixed, 7) == draw("s", POPULATION, 7)


def test_another_value_draws_others() -> None:
    assert draw("pailie5:2026-11-27:48213", POPULATION, 5) != draw(
        "pailie5:2026-11-27:48214", POPULATION, 5
    )


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
def test_the_seed_is_of_a_later_day(day: date) -> None:
    refused(AuditSeedDayTooEarly, lambda: announced(seed_day=day))


@pytest.mark.parametrize("size", [0, 41])
def test_a_sample_is_smaller_than_its_population(size: int) -> None:
    refused(AuditPopulationTooSmall, lambda: announced(size=size))


@pytest.mark.parametrize(
    ("begins", "ends"), [(TODAY, TODAY - timedelta(days=1)), (TODAY, TODAY + timedelta(days=1))]
)
def test_a_period_lies_behind_us(begins: date, ends: date) -> None:
    refused(AuditPeriodMalformed, lambda: announced(begins=begins, ends=ends))


def test_nothing_is_drawn_before_the_day_of_the_seed_is_over() -> None:
    sample = announced()
    refused(AuditSeedAwaited, lambda: sample.draw(VALUE, POPULATION, by()))
    refused(AuditSeedAwaited, lambda: sample.draw(VALUE, POPULATION, by(1)))
    sample.draw(VALUE, POPULATION, by(2))


def test_nothing_is_drawn_from_another_population() -> None:
    refused(AuditPopulationDiffers, lambda: announced().draw(VALUE, POPULATION[1:], by(2)))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (SeedSource.PAILIE5, "4821"), (SeedSource.PAILIE5, "48 213"),
        (SeedSource.PAILIE5, "４８２１３"), (SeedSource.SSE_CLOSE, "3215"),
        (SeedSource.SSE_CLOSE, "3215.447"),
    ],
)  # fmt: skip
def test_a_value_looks_as_its_source_publishes_it(source: SeedSource, value: str) -> None:
    sample = announced(seed_source=source)
    refused(AuditSeedMalformed, lambda: sample.draw(value, POPULATION, by(2)))


def test_it_is_drawn_once() -> None:
    sample = drawn()
    sample.draw(VALUE, POPULATION, by(3))
    assert not sample.pending_events
    refused(AuditSampleDrawn, lambda: sample.draw("11111", POPULATION, by(3)))


def test_one_period_and_day_of_the_seed_have_one_sample_whatever_its_size() -> None:
    assert announced().id == announced(size=9, upto=1000).id
    assert announced().id != announced(seed_day=SEED_DAY + timedelta(days=1)).id


def test_what_was_found_is_said_in_words() -> None:
    sample = drawn()
    one, words = sample.session_ids[0], uuid4()
    none, minor = Severity.NONE, Severity.MINOR
    sample.find(one, AuditCode.IN_ORDER, none, None, by(3))
    sample.find(one, AuditCode.IN_ORDER, none, None, by(3))
    refused(ReasonsMissing, lambda: sample.find(one, AuditCode.SHEET_MISSING, minor, None, by(3)))
    sample.find(one, AuditCode.SHEET_MISSING, minor, words, by(3))
    facts = [each.TOPIC for each in sample.collect_events() if isinstance(each, LedgerEvent)]
    assert facts == ["audit_sample.finding_recorded"] * 2


def test_a_finding_is_about_a_session_that_was_drawn() -> None:
    sample = drawn()
    stranger = next(each for each in POPULATION if each not in sample.session_ids)
    refused(
        AuditSessionNotDrawn,
        lambda: sample.find(stranger, AuditCode.IN_ORDER, Severity.NONE, None, by(3)),
    )
