"""Home visits: a day of the running school year, once; what was wrong is taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.home_visit import (
    HomeVisit,
    HomeVisitInFuture,
    HomeVisitOfOtherYear,
    Visit,
    VisitForm,
    VisitWay,
)
from tests.domain.given import CHEN, by, news
from tests.domain.refusing import refused

SCHOOL = "4401040001"
TODAY = date(2026, 11, 20)
FIRST = date(2026, 9, 1)


def visit(on: date) -> Visit:
    return Visit(SCHOOL, on, VisitForm.ON_SITE, VisitWay.SINGLE)


def recorded() -> HomeVisit:
    made = HomeVisit(
        school_code=SCHOOL, school_year=2026, child_id=CHEN, on=TODAY, form=VisitForm.ON_SITE,
        way=VisitWay.GROUP, envelope=by(),
    )  # fmt: skip
    made.collect_events()
    return made


@pytest.mark.parametrize("on", [FIRST, TODAY])
def test_a_visit_counts_in_the_school_year_that_is_running(on: date) -> None:
    assert visit(on).school_year(TODAY) == 2026


def test_a_visit_is_recorded_once_it_has_been() -> None:
    with pytest.raises(HomeVisitInFuture):
        visit(TODAY + timedelta(days=1)).school_year(TODAY)


def test_a_visit_before_the_school_year_is_not_recorded_in_it() -> None:
    with refused(HomeVisitOfOtherYear, begins_on=FIRST):
        visit(FIRST - timedelta(days=1)).school_year(TODAY)


def test_a_visit_is_taken_back_and_recorded_after_all_each_once() -> None:
    made = recorded()
    made.record_again(by())
    assert news(made) == []
    made.withdraw(by())
    made.withdraw(by())
    assert [type(each) for each in news(made)] == [HomeVisit.Withdrawn]
    made.record_again(by())
    assert [type(each) for each in news(made)] == [HomeVisit.RecordedAgain]
