"""Cycles of the teachers' programme: they open by rule, and each edition judges those it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.rulebook import Rulebook
from domain.rules import TeacherProgramme
from domain.teacher_programmes import NoTeacherCycle, TeacherProgrammes
from tests.domain.given import RULES
from tests.domain.refusing import refused

ONE = TeacherProgrammes([RULES])


def edition(version: str, effective_from: date, **changes: Any) -> Rulebook:
    programme = RULES.teacher_programme.model_copy(update=changes)
    return RULES.model_copy(
        update={
            "version": version, "effective_from": effective_from, "teacher_programme": programme,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2024, 1, 1), "2024-2026"),
        (date(2026, 12, 31), "2024-2026"),
        (date(2027, 1, 1), "2027-2029"),
        (date(2031, 6, 1), "2030-2032"),
    ],
)
def test_cycles_follow_one_another_by_rule(day: date, code: str) -> None:
    found = ONE.holding(day)
    assert (found.cycle.code, found.rulebook_version) == (code, RULES.version)
    assert ONE.called(code) == found


@pytest.mark.parametrize("code", ["2023-2025", "2025-2027", "soon", "2024"])
def test_a_cycle_that_is_none_has_no_rules(code: str) -> None:
    with refused(NoTeacherCycle, cycle=code):
        ONE.called(code)


def test_there_is_no_cycle_before_the_first_and_none_without_a_programme() -> None:
    with refused(NoTeacherCycle, day=date(2023, 12, 31)):
        ONE.holding(date(2023, 12, 31))
    without = RULES.model_copy(update={"teacher_programme": TeacherProgramme()})
    none = TeacherProgrammes([without])
    with refused(NoTeacherCycle, day=date(2026, 1, 1)):
        none.holding(date(2026, 1, 1))
    with refused(NoTeacherCycle, cycle="2024-2026"):
        none.called("2024-2026")
    assert none.begun(date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (date(2023, 6, 1), []),
        (date(2026, 12, 31), ["2024-2026"]),
        (date(2027, 1, 1), ["2024-2026", "2027-2029"]),
    ],
)
def test_the_next_cycle_opens_when_the_last_one_is_over(today: date, codes: list[str]) -> None:
    assert [each.cycle.code for each in ONE.begun(today)] == codes


def test_the_edition_in_force_on_the_last_day_judges_a_cycle() -> None:
    last_day = edition("2026.2", date(2026, 12, 31), min_hours=2400)
    too_late = edition("2027.1", date(2027, 1, 1), min_hours=3000, cycle_years=2)
    both = TeacherProgrammes([RULES, last_day, too_late])

    first, second = both.called("2024-2026"), both.called("2027-2028")

    assert (first.programme.min_hours, first.rulebook_version) == (2400, "2026.2")
    assert (second.programme.min_hours, second.rulebook_version) == (3000, "2027.1")


def test_an_edition_from_before_the_programme_is_passed_over() -> None:
    before = edition("2025.1", date(2025, 9, 1), cycle_years=0)
    assert TeacherProgrammes([before, RULES]).called("2024-2026").rulebook_version == RULES.version


def test_the_first_edition_makes_the_cycles_from_before_it_took_effect() -> None:
    first = edition("2025.1", date(2025, 9, 1), cycle_years=1)
    second = edition("2026.1", date(2026, 9, 1), cycle_years=5)
    assert TeacherProgrammes([first, second]).called("2024-2024").rulebook_version == "2025.1"
