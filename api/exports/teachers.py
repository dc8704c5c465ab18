"""The hours of teachers (教师学时登记表), and where they stand; above the school counts alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import Asking, DistrictCode, InAsking
from api.exports.handing_out import (
    FileName,
    Listing,
    Row,
    Saying,
    handed_out,
    hours,
    moment,
    saying,
)
from api.exports.staff_named import staff_named
from api.pages.staff_teacher import Line, lines_of
from api.teacher_counts import HIDDEN, CycleCounts, counts_of_schools, schools_shown
from api.teacher_reaching import own_teacher, teacher_for
from api.teacher_report import (
    UNNAMED,
    CycleReport,
    Named,
    TeacherInCycle,
    cycle_report,
    district_report,
    in_order,
    names_of,
    rules_asked,
)
from domain.envelope import Envelope
from domain.teacher_cycle import CycleStanding
from projections.schools import School
from projections.teachers import TeacherRow

router = APIRouter(include_in_schema=False)

STANDING = {
    "序号": 6, "学校标识码": 14, "教师姓名": 18, "工号": 12, "周期": 12, "学时": 8, "要求学时": 10,
    "状态": 14, "结账": 18,
}  # fmt: skip
HOURS = {
    "序号": 6, "学校标识码": 14, "教师姓名": 18, "工号": 12, "周期": 12, "培训项目": 28,
    "举办单位": 22, "起止日期": 26, "方式": 12, "学时": 8, "证明材料编号": 14, "认定人": 18,
    "备注": 16,
}  # fmt: skip
COUNTS = {"序号": 6, "学校": 24, "教师": 8, "已参训": 10, "已结账": 10}
STANDINGS = {
    CycleStanding.MET: "已达标",
    CycleStanding.ON_TRACK: "进度正常",
    CycleStanding.SHORT: "学时不足",
}
Cycle = str | None


@router.get("/staff/teachers/{school_code}/list.xlsx")
def teachers(request: Request, asking: InAsking, school_code: str, cycle: Cycle = None) -> Response:
    """Two sheets: where each teacher stands, and every training with its hours."""
    by = asking.may(Action.TEACHER_READ, school_code)
    runtime = asking.runtime
    report = cycle_report(runtime, rules_asked(runtime, cycle), school_code=school_code)
    school = runtime.models.schools.school(school_code)
    name = FileName("教师学时登记表", school, period=report.rules.cycle.code)
    return handed_out(request, asking, name, cycle_listings(asking, report, by, saying(request)))


def cycle_listings(asking: Asking, report: CycleReport, by: Envelope, say: Saying) -> list[Listing]:
    names = names_of(asking.runtime, [each.teacher_id for each in report.teachers], by)
    people = in_order(report.teachers, names)
    standing = Listing(
        "教师培训周期", STANDING, standing_rows(report, people, say), about_parents=False
    )
    trainings = (
        (each.school_code, named, line)
        for each, named in people
        for line in trainings_of(asking, each.teacher_id, report.rules.cycle.code)
    )
    return [standing, hours_listing(asking, trainings, by, say)]


@router.get("/staff/teachers/of/{teacher_id}/hours.xlsx")
def teacher(request: Request, asking: InAsking, teacher_id: UUID) -> Response:
    found, by = teacher_for(asking, teacher_id, Action.TEACHER_READ)
    named = names_of(asking.runtime, [teacher_id], by).get(teacher_id, UNNAMED)
    lines = trainings_of(asking, teacher_id)
    return listing_of(request, asking, found, named, lines, by)


@router.get("/staff/my-hours.xlsx")
def own(request: Request, asking: InAsking) -> Response:
    """What counts of one's own, without others' names; nothing for staff who are no teachers."""
    found = own_teacher(asking)
    if found is None:
        nothing = hours_listing(asking, [], None, saying(request))
        return handed_out(request, asking, FileName("教师学时登记表"), [nothing])
    lines = trainings_of(asking, found.teacher_id)
    counting = [line for line in lines if not line.award.reversed_at]
    return listing_of(request, asking, found, UNNAMED, counting, None)


def listing_of(
    request: Request,
    asking: Asking,
    found: TeacherRow,
    named: Named,
    lines: Iterable[Line],
    by: Envelope | None,
) -> Response:
    trainings = ((found.school_code, named, line) for line in lines)
    school = asking.runtime.models.schools.school(found.school_code)
    listing = hours_listing(asking, trainings, by, saying(request))
    return handed_out(request, asking, FileName("教师学时登记表", school), [listing])


@router.get("/staff/teachers/regions/{district_code}/list.xlsx")
def region(
    request: Request, asking: InAsking, district_code: DistrictCode, cycle: Cycle = None
) -> Response:
    """Counts of each school, small ones left out as on the page."""
    report, say = district_report(asking, district_code, cycle), saying(request)
    by_school, _ = counts_of_schools(report)
    known = schools_shown(asking.runtime, district_code, by_school)
    columns = COUNTS | {say.text(STANDINGS[each]): 10 for each in CycleStanding}
    rows = count_rows(by_school, known)
    name = FileName("教师培训周期", place=district_code, period=report.rules.cycle.code)
    return handed_out(
        request, asking, name, [Listing(name.title, columns, rows, about_parents=False)]
    )


def count_rows(by_school: dict[str, CycleCounts], known: Iterable[School]) -> Iterator[Row]:
    for number, school in enumerate(known, start=1):
        counts = by_school.get(school.school_code, HIDDEN)
        yield (
            number, school.name, counts.teachers, counts.trained, counts.closed,
            *counts.counts.values(), school.school_code,
        )  # fmt: skip


def standing_rows(
    report: CycleReport, people: Iterable[tuple[TeacherInCycle, Named]], say: Saying
) -> Iterator[Row]:
    for number, (each, named) in enumerate(people, start=1):
        yield (
            number, each.school_code, named.name, named.staff_no, report.rules.cycle.code,
            hours(each.hours), hours(each.required), say.text(STANDINGS[each.standing]),
            moment(each.closing.closed_at) if each.closing else None, str(each.teacher_id),
        )  # fmt: skip


def trainings_of(asking: Asking, teacher_id: UUID, cycle: str | None = None) -> list[Line]:
    """What counts and what was taken back, of a cycle or of all."""
    awards = asking.runtime.models.teacher_cycle.awards_of(teacher_id)
    return lines_of(asking, [each for each in awards if cycle in {None, each.cycle}])


def hours_listing(
    asking: Asking,
    trainings: Iterable[tuple[str, Named, Line]],
    by: Envelope | None,
    say: Saying,
) -> Listing:
    """Each training with who recognised it, where somebody may read it: `by`."""

    def rows() -> Iterator[Row]:
        known = list(trainings)
        entered = (line.award.entered_by for _, _, line in known)
        names = staff_named(asking, entered, by) if by else {}
        for number, (code, named, line) in enumerate(known, start=1):
            award = line.award
            yield (
                number, code, named.name, named.staff_no, award.cycle, line.title, line.organiser,
                f"{award.begins}至{award.ends}", say.word("sources", award.source),
                hours(0 if award.reversed_at else award.hours), None, names.get(award.entered_by),
                say.word("reasons", award.reason_code), str(award.award_id),
            )  # fmt: skip

    return Listing("教师学时登记表", HOURS, rows(), about_parents=False)
