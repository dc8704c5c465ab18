"""Home visits: a day of the running school year, once; what was wrong is taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.home_visit import (
    HomeVisit,
    HomeVisitCounted,
    HomeVisitInFuture,
    HomeVisitOfOtherYear,
    Visit,
    VisitForm,
    VisitWay,
    visited_years,
)
from tests.domain.given import CHEN, by, news
from tests.domain.refusing import refused

SCHOOL = "4401040001"
TODAY = date(2026, 11, 20)
FIRST = date(2026, 9, 1)


def visit(on: date, year: int = 2026) -> Visit:
    return Visit(SCHOOL, on, VisitForm.ON_SITE, VisitWay.SINGLE, year)


def recorded() -> HomeVisit:
    made = HomeVisit(
        school_code=SCHOOL, school_year=2026, child_id=CHEN, on=TODAY, form=VisitForm.ON_SITE,
        way=VisitWay.GROUP, envelope=by(),
    )  # fmt: skip
    made.collect_events()
    return made


@pytest.mark.parametrize(
    ("on", "year", "placed_on"),
    [
        (TODAY, 2026, TODAY),
        (date(2026, 8, 1), 2026, FIRST),
        (date(2026, 8, 31), 2025, date(2026, 8, 31)),
        (date(2025, 8, 1), 2025, date(2025, 9, 1)),
    ],
)
def test_a_visit_counts_in_the_year_of_its_class_from_the_august_before(
    on: date, year: int, placed_on: date
) -> None:
    visit(on, year).must_fit(TODAY)
    assert visit(on, year).placed_on == placed_on


def test_in_august_the_year_to_come_is_visited_already() -> None:
    visit(date(2026, 8, 20), 2026).must_fit(date(2026, 8, 20))
    assert visited_years(date(2026, 7, 31)) == (2024, 2025)
    assert visited_years(date(2026, 8, 1)) == (2024, 2025, 2026)


def test_a_visit_is_recorded_once_it_has_been() -> None:
    with pytest.raises(HomeVisitInFuture):
        visit(TODAY + timedelta(days=1)).must_fit(TODAY)


@pytest.mark.parametrize(
    ("on", "year"),
    [(date(2026, 7, 31), 2026), (FIRST, 2025), (date(2025, 6, 1), 2024)],
)
def test_a_visit_of_another_year_or_long_ago_is_not_recorded(on: date, year: int) -> None:
    first, last = date(year, 8, 1), date(year + 1, 8, 31)
    with refused(HomeVisitOfOtherYear, first=first, last=last):
        visit(on, year).must_fit(TODAY)


def test_a_visit_is_taken_back_and_recorded_after_all_each_once() -> None:
    made = recorded()
    made.record_again(2026, by())
    assert news(made) == []
    with refused(HomeVisitCounted, school_year=2026):
        made.record_again(2025, by())
    made.withdraw(by())
    made.withdraw(by())
    assert [type(each) for each in news(made)] == [HomeVisit.Withdrawn]
    made.record_again(2025, by())
    assert [type(each) for each in news(made)] == [HomeVisit.RecordedAgain]
    assert made.school_year == 2025
