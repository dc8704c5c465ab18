"""Schools, courses, terms, plans of terms and staff: what is news, and what is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.aggregate import LedgerAggregate
from domain.course import Course
from domain.envelope import Role
from domain.rulebook_shelf import RulebookShelf
from domain.school import School, SchoolMerged
from domain.staff import GrantIsOver, GrantRunsLonger, LinkedOtherwise, Staff
from domain.term import SchoolTerm
from domain.term_plan import TermPlan
from tests.domain.given import CHEN, LIN, by, history, news
from tests.domain.refusing import refused

FROM, UNTIL = date(2026, 9, 1), date(2027, 8, 31)
NEXT_YEAR = date(2028, 8, 31)


def school() -> School:
    made = School(
        school_code="4401040001",
        name="示例小学",
        stages=("primary",),
        district_code="440104",
        run_by="district",
        envelope=by(),
    )
    news(made)
    return made


def test_a_parent_school_is_established_once() -> None:
    there = school()
    there.establish_parent_school(FROM, by())
    there.establish_parent_school(UNTIL, by())

    assert [type(event) for event in news(there)] == [School.ParentSchoolEstablished]
    assert there.established_on == FROM


def test_a_class_is_opened_once_a_school_year() -> None:
    there = school()
    for year in (2026, 2026, 2027):
        there.open_class(year, "三年级", "2班", by())

    assert len(news(there)) == 2
    assert there.classes_of(2026) == {("三年级", "2班")}
    assert there.classes_of(2025) == frozenset()


def test_classes_are_promoted_once_and_the_last_grade_of_a_stage_leaves() -> None:
    there = school()
    for grade in ("三年级", "六年级", "混龄"):
        there.open_class(2026, grade, "2班", by())
    there.open_class(2026, "一年级", "1班", by())
    there.open_class(2027, "二年级", "1班", by())
    news(there)

    for _ in range(2):
        there.promote_classes(2026, by())

    [promoted] = news(there)
    assert isinstance(promoted, School.ClassPromoted)
    assert (promoted.from_grade, promoted.grade, promoted.school_year) == ("三年级", "四年级", 2027)
    assert there.classes_of(2027) == {("二年级", "1班"), ("四年级", "2班")}


def test_a_grant_is_news_once_and_ends_once() -> None:
    staff = Staff(id=LIN, envelope=by())
    for _ in range(2):
        staff.authorise(Role.HOST, "4401040001", FROM, UNTIL, by())
    granted = dict(staff.grants)
    for _ in range(2):
        staff.end_authority(Role.HOST, "4401040001", UNTIL, "left", by())

    assert [type(event) for event in news(staff)] == [
        Staff.Registered,
        Staff.Authorised,
        Staff.AuthorityEnded,
    ]
    assert granted == {(Role.HOST, "4401040001"): (FROM, UNTIL)}
    assert staff.grants == {}


def test_a_grant_with_other_days_is_news() -> None:
    staff = Staff(id=LIN, envelope=by(), learner_id=CHEN)
    staff.authorise(Role.HOST, "4401040001", FROM, FROM, by())
    staff.authorise(Role.HOST, "4401040001", FROM, UNTIL, by())

    assert staff.grants[Role.HOST, "4401040001"] == (FROM, UNTIL)
    assert staff.learner_id == CHEN


def test_a_grant_that_runs_is_made_longer_from_its_first_day_and_not_shorter_unawares() -> None:
    staff, late = Staff(id=LIN, envelope=by()), UNTIL - timedelta(days=1)
    staff.authorise(Role.HOST, "4401040001", FROM, UNTIL, by())
    with refused(GrantRunsLonger, ends=UNTIL):
        staff.authorise(Role.HOST, "4401040001", FROM, late, by())

    staff.authorise(Role.HOST, "4401040001", late, UNTIL, by())
    staff.authorise(Role.HOST, "4401040001", UNTIL, NEXT_YEAR, by())

    assert staff.grants == {(Role.HOST, "4401040001"): (FROM, NEXT_YEAR)}
    assert len([event for event in news(staff) if isinstance(event, Staff.Authorised)]) == 2


def test_a_grant_that_is_over_begins_anew_and_none_is_over_before_it_begins() -> None:
    staff, after = Staff(id=LIN, envelope=by()), UNTIL + timedelta(days=1)
    staff.authorise(Role.HOST, "4401040001", FROM, UNTIL, by())
    staff.authorise(Role.HOST, "4401040001", after, NEXT_YEAR, by())

    assert staff.grants == {(Role.HOST, "4401040001"): (after, NEXT_YEAR)}
    with refused(GrantIsOver, ends=UNTIL):
        staff.authorise(Role.HEAD, "4401040001", after, UNTIL, by())


def test_a_person_at_work_is_linked_to_one_learner_and_to_no_other() -> None:
    staff = Staff(id=LIN, envelope=by())
    for _ in range(2):
        staff.link_to_learner(CHEN, by())

    assert [type(event) for event in news(staff)] == [Staff.Registered, Staff.LinkedToLearner]
    assert staff.learner_id == CHEN
    with refused(LinkedOtherwise, learner_id=CHEN):
        staff.link_to_learner(LIN, by())


def test_a_wrong_link_is_taken_back_by_a_fact_and_the_right_one_made() -> None:
    staff = Staff(id=LIN, envelope=by(), learner_id=LIN)
    with refused(LinkedOtherwise, learner_id=LIN):
        staff.unlink_from_learner(CHEN, by())
    for _ in range(2):
        staff.unlink_from_learner(LIN, by())
    staff.link_to_learner(CHEN, by())

    kinds = [Staff.Registered, Staff.UnlinkedFromLearner, Staff.LinkedToLearner]
    assert [type(event) for event in news(staff)] == kinds
    assert staff.learner_id == CHEN


def test_a_link_made_with_the_registration_is_no_news() -> None:
    staff = Staff(id=LIN, envelope=by(), learner_id=CHEN)
    staff.link_to_learner(CHEN, by())
    assert [type(event) for event in news(staff)] == [Staff.Registered]


def test_who_leaves_holds_no_grant_any_more() -> None:
    staff = Staff(id=LIN, envelope=by())
    staff.authorise(Role.HOST, "4401040001", FROM, UNTIL, by())
    staff.authorise(Role.HEAD, "4401040002", UNTIL, UNTIL, by())
    for _ in range(2):
        staff.end_every_authority(FROM, "left", by())

    ended = [event for event in news(staff) if isinstance(event, Staff.AuthorityEnded)]
    assert [(event.role, event.ended_on) for event in ended] == [
        (Role.HOST, FROM),
        (Role.HEAD, FROM),
    ]
    assert staff.grants == {}


def test_a_row_of_a_plan_is_one_session_for_ever() -> None:
    plan = TermPlan(school_code="4401040001", school_year=2026, term_no=1, envelope=by())
    plan.add("row", CHEN, by())
    plan.add("row", LIN, by())

    assert plan.sessions == {"row": CHEN}
    assert len(news(plan)) == 2


def test_an_edition_stands_on_the_shelf_once() -> None:
    shelf = RulebookShelf(rulebook_id="gz", envelope=by())
    shelf.add("2026.1", by())
    shelf.add("2026.1", by())
    shelf.add("2027.1", by())

    assert shelf.versions == ["2026.1", "2027.1"]
    assert len(news(shelf)) == 3


@pytest.mark.parametrize(
    "make",
    [
        lambda: Course(
            school_code="4401040001", title="情绪", family="mental_health", envelope=by()
        ),
        lambda: SchoolTerm(school_year=2026, term_no=1, begins=FROM, ends=UNTIL, envelope=by()),
    ],
)
def test_reference_data_is_the_same_after_a_reload(make: Callable[[], LedgerAggregate]) -> None:
    made = make()
    again = history(news(made))
    assert again is not None
    assert vars(again) | {"_pending_events": []} == vars(made) | {"_pending_events": []}


def test_what_is_registered_has_an_id_of_its_own_name() -> None:
    assert Course.create_id("4401040001", "情绪") != Course.create_id("4401040002", "情绪")
    assert SchoolTerm.create_id(2026, 1) != SchoolTerm.create_id(2026, 2)


def test_an_id_is_never_made_up_inside_a_rule() -> None:
    with pytest.raises(NotImplementedError):
        LedgerAggregate.create_id()


def test_a_school_changes_its_name_and_the_same_name_is_no_news() -> None:
    there = school()
    there.rename("示例实验小学", date(2027, 1, 18), by())
    there.rename("示例实验小学", date(2027, 1, 19), by())
    [renamed] = news(there)
    assert isinstance(renamed, School.Renamed)
    assert (there.name, renamed.renamed_on) == ("示例实验小学", date(2027, 1, 18))


def test_a_school_is_merged_once_into_another_one() -> None:
    there, day = school(), date(2027, 1, 18)
    with pytest.raises(SchoolMerged):
        there.merge_into(there.school_code, day, by())
    for _ in range(2):
        there.merge_into("4401040003", day, by())
    assert [type(event) for event in news(there)] == [School.Merged]
    assert there.successor_code == "4401040003"
    with pytest.raises(SchoolMerged):
        there.merge_into("4401040009", day, by())
    with pytest.raises(SchoolMerged):
        there.rename("示例新小学", day, by())
