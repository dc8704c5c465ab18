"""The home visits of a class, and how many of each class were visited in a school year."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import InAsking
from api.exports.handing_out import FileName, Listing, handed_out, numbered, saying
from api.pages import staff_home_visits
from api.pages.staff_classes import year_of

router = APIRouter(include_in_schema=False)

VISITS = {
    "序号": 6, "年级": 12, "班级": 12, "学生姓名": 18, "日期": 12, "家访形式": 12, "家访方式": 12,
    "登记人": 14,
}  # fmt: skip
CLASSES = {"序号": 6, "年级": 12, "班级": 12, "已家访": 10, "学生": 10}


@router.get("/staff/home-visits/{school_code}/visits.xlsx")
def visits(
    request: Request,
    asking: InAsking,
    school_code: str,
    grade: str = "",
    group: str = "",
    year: staff_home_visits.SchoolYear = None,
) -> Response:
    """What is recorded of a class in a school year; who is left stands on the page alone."""
    by = asking.may(Action.HOME_VISIT_RECORD, school_code)
    say, year = saying(request), staff_home_visits.year_asked(asking, year)
    rows = numbered(
        (
            grade, group, child.name, visit.visited_on, say.word("visit_forms", visit.form),
            say.word("visit_ways", visit.way), say.word("roles", visit.by_role),
            str(visit.visit_id),
        )
        for child in staff_home_visits.children_of(asking, school_code, year, (grade, group), by)
        for visit in child.visits
    )  # fmt: skip
    school = asking.runtime.models.schools.school(school_code)
    name = FileName(f"家访登记-{grade}{group}", school, period=f"{year}学年")
    return handed_out(request, asking, name, [Listing("家访登记", VISITS, rows)])


@router.get("/staff/home-visits/{school_code}/classes.xlsx")
def classes(
    request: Request, asking: InAsking, school_code: str, year: staff_home_visits.SchoolYear = None
) -> Response:
    asking.may(Action.HOME_VISIT_COUNTS, school_code)
    year = year_of(asking) if year is None else year
    rows = numbered(
        (
            each.counted.grade, each.counted.class_group, each.visited, each.counted.children,
            f"{school_code} {year} {each.counted.grade}{each.counted.class_group}",
        )
        for each in staff_home_visits.classes_of(asking, school_code, year)
    )  # fmt: skip
    school = asking.runtime.models.schools.school(school_code)
    name = FileName("家访情况", school, period=f"{year}学年")
    return handed_out(request, asking, name, [Listing(name.title, CLASSES, rows)])
