"""What a school decided or has to: corrections, cases, stars, studies, hours from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.access.policy import Organisation
from api.asking import Asking, DistrictCode, InAsking
from api.correcting import may_read
from api.corrections_waiting import awaited
from api.exports.handing_out import (
    FileName,
    Listing,
    Saying,
    handed_out,
    hours,
    moment,
    numbered,
    saying,
)
from api.exports.staff_named import Names, staff_named
from api.pages import staff_external
from api.pages.parent_words import STARS
from api.pages.star_words import PROPOSAL_STATES
from api.star_proposals import masked_for, may_see_names
from api.studies_seen import micro_classes_seen, pushes_seen
from projections.cases import CaseFile
from projections.correction_board import CorrectionRow
from projections.parts import AT_ONCE, Part, part_by_part

router = APIRouter(include_in_schema=False)

CORRECTIONS = {
    "序号": 6, "学校标识码": 14, "更正内容": 18, "提出": 18, "归属学期": 10, "状态": 12,
    "决定时间": 18, "理由": 18, "影响": 40, "提出人": 18, "决定人": 18,
}  # fmt: skip
CASES = {
    "序号": 6, "学校标识码": 14, "事项": 30, "理由": 22, "状态": 18, "提出": 18, "最后一天": 12,
    "结果": 14, "办结": 18,
}  # fmt: skip
PROPOSALS = {
    "序号": 6, "家长姓名": 16, "学段": 12, "星级": 12, "学年": 8, "公示至": 12, "状态": 14,
    "未答复的异议": 14,
}  # fmt: skip
CANDIDATES = {"序号": 6, "家长姓名": 16, "学段": 12, "星级": 12, "年级": 12, "班级": 12, "截至": 12}
MICRO_CLASSES = {
    "序号": 6, "微课": 30, "课程类别": 18, "面向年级": 18, "课时": 8, "学完人数": 10, "状态": 10,
}  # fmt: skip
PUSHES = {
    "序号": 6,
    "推送": 30,
    "课程类别": 18,
    "面向年级": 18,
    "链接": 36,
    "答对人数": 10,
    "状态": 10,
}
COURSES = {"序号": 6, "课程": 30, "课程类别": 18, "版本": 8, "状态": 10}
EXTERNAL = {
    "序号": 6, "家长姓名": 18, "出具单位": 18, "证明编号": 20, "学时": 8, "课程类别": 16,
    "归属学期": 10, "状态": 14, "录入时间": 18,
}  # fmt: skip


@router.get("/staff/corrections.xlsx")
def waiting_for_me(request: Request, asking: InAsking) -> Response:
    board, wanted = asking.runtime.models.corrections, awaited(asking)
    found = corrections_in(partial(board.awaited, wanted))
    listing = corrections_listing(asking, "待复核的更正", found, saying(request))
    return handed_out(request, asking, FileName("待复核的更正"), [listing])


@router.get("/staff/corrections/{school_code}/list.xlsx")
def corrections(request: Request, asking: InAsking, school_code: str) -> Response:
    may_read(asking, school_code)
    models = asking.runtime.models
    found = corrections_in(partial(models.corrections.of_schools, [school_code], None))
    listing = corrections_listing(asking, "更正", found, saying(request))
    name = FileName("更正", models.schools.school(school_code))
    return handed_out(request, asking, name, [listing])


def corrections_in(read: Callable[[Part], Sequence[CorrectionRow]]) -> Iterator[CorrectionRow]:
    return part_by_part(read, lambda row: row.correction_id)


def corrections_listing(
    asking: Asking, title: str, found: Iterable[CorrectionRow], say: Saying
) -> Listing:
    rows = numbered(
        (
            row.school_code, say.word("corrections", row.kind), moment(row.proposed_at),
            row.effective_term, say.word("correction_states", row.state), moment(row.decided_at),
            reason_of(row, say), effects_of(row, say), names.get(row.proposed_by),
            names.get(row.decided_by), str(row.correction_id),
        )
        for row, names in beside_staff(asking, found)
    )  # fmt: skip
    return Listing(title, CORRECTIONS, rows)


def beside_staff(
    asking: Asking, found: Iterable[CorrectionRow]
) -> Iterator[tuple[CorrectionRow, Names]]:
    """Each beside the names of its school's, as whoever may read the corrections there sees them.

    A thousand at a time: a city's list is not in memory.
    """
    rows = iter(found)
    while some := list(islice(rows, AT_ONCE)):
        staff: dict[str, set[UUID | None]] = {}
        for row in some:
            staff.setdefault(row.school_code, set()).update((row.proposed_by, row.decided_by))
        names = {
            code: staff_named(asking, ids, may_read(asking, code)) for code, ids in staff.items()
        }
        yield from ((row, names[row.school_code]) for row in some)


def reason_of(row: CorrectionRow, say: Saying) -> str:
    """Why it was refused, else why it was asked for."""
    if row.refusal_reason:
        return say.word("correction_refusals", row.refusal_reason)
    return say.word("reasons", str(row.order.get("reason_code") or ""))


def effects_of(row: CorrectionRow, say: Saying) -> str:
    return "、".join(f"{say.word('effects', what)} {n}" for what, n in row.counts.items() if n)


@router.get("/staff/cases/{school_code}/list.xlsx")
def cases(request: Request, asking: InAsking, school_code: str) -> Response:
    """Nobody's words and names: who looks after a case reads them on its page."""
    asking.may(Action.CASE_READ, school_code)
    models = asking.runtime.models
    found = cases_in(school_code, models.cases.open_of, models.cases.ended_of)
    name = FileName("异议与申诉", models.schools.school(school_code))
    return handed_out(request, asking, name, [cases_listing(name.title, found, saying(request))])


@router.get("/staff/districts/{district_code}/cases.xlsx")
def district_cases(request: Request, asking: InAsking, district_code: DistrictCode) -> Response:
    asking.may_in(Action.CASE_OVERVIEW_READ, Organisation(district=district_code))
    models = asking.runtime.models
    found = cases_in(district_code, models.cases.escalated_to, models.cases.reviewed_by)
    name = FileName("区级复核", place=district_code)
    return handed_out(request, asking, name, [cases_listing(name.title, found, saying(request))])


def cases_in(place: str, *halves: Callable[[str, Part], Sequence[CaseFile]]) -> Iterator[CaseFile]:
    """What waits, then what ended."""
    for half in halves:
        yield from part_by_part(partial(half, place), lambda case: case.case_id)


def cases_listing(title: str, found: Iterable[CaseFile], say: Saying) -> Listing:
    rows = numbered(
        (
            case.school_code, case.title or say.word("subjects", case.subject_kind),
            say.word("dispute_reasons" if case.kind == "dispute" else "grounds", case.reason_code),
            say.word("case_stands", case.stands), moment(case.opened_at), case.due,
            say.word("outcomes", case.outcome), moment(case.ended_at), str(case.case_id),
        )
        for case in found
    )  # fmt: skip
    return Listing(title, CASES, rows)


@router.get("/staff/stars/{school_code}/list.xlsx")
def stars(request: Request, asking: InAsking, school_code: str) -> Response:
    by = asking.may(Action.STAR_READ, school_code)
    models, say = asking.runtime.models, saying(request)
    made = models.star_proposals.of_schools([school_code])
    others = models.star_proposals.candidates_of(school_code)
    ids = [each.learner_id for each in made] + [each.learner_id for each in others]
    names = masked_for(asking, ids, by) if may_see_names(asking, school_code) else {}
    proposals = numbered(
        (
            names.get(each.learner_id, "—"), say.named("stage", each.stage),
            say.text(STARS[each.level]), each.school_year, each.published_until,
            say.text(PROPOSAL_STATES[each.state]), each.open_objections, str(each.proposal_id),
        )
        for each in made
    )  # fmt: skip
    candidates = numbered(
        (
            names.get(each.learner_id, "—"), say.named("stage", each.stage),
            say.text(STARS[each.level]), each.grade, each.class_group, each.as_of,
            str(each.learner_id),
        )
        for each in others
    )  # fmt: skip
    listings = [
        Listing("星级公示", PROPOSALS, proposals),
        Listing("可推荐", CANDIDATES, candidates),
    ]
    name = FileName("星级推荐", models.schools.school(school_code))
    return handed_out(request, asking, name, listings)


@router.get("/staff/studies/{school_code}/list.xlsx")
def studies(request: Request, asking: InAsking, school_code: str) -> Response:
    asking.may(Action.SESSION_READ, school_code)
    models = asking.runtime.models
    name = FileName("微课、推送与课程", models.schools.school(school_code))
    return handed_out(request, asking, name, studies_of(asking, school_code, saying(request)))


def studies_of(asking: InAsking, school_code: str, say: Saying) -> Iterator[Listing]:
    micro_classes = numbered(
        (
            each.title, say.named("family", each.family), say.grades(each.grades),
            hours(each.class_hours), each.completed, withdrawn(each.is_withdrawn, say),
            str(each.micro_class_id),
        )
        for each in micro_classes_seen(asking, school_code)
    )  # fmt: skip
    pushes = numbered(
        (
            each.title, say.named("family", each.family), say.grades(each.grades), each.link,
            each.answered, withdrawn(each.is_withdrawn, say), str(each.item_id),
        )
        for each in pushes_seen(asking, school_code)
    )  # fmt: skip
    courses = numbered(
        (
            each.title, say.named("family", each.family), each.number,
            say.text("已停用") if each.is_retired else None, str(each.course_id),
        )
        for each in asking.runtime.models.courses.courses_of(school_code)
    )  # fmt: skip
    yield Listing("微课", MICRO_CLASSES, micro_classes)
    yield Listing("推送", PUSHES, pushes)
    yield Listing("课程", COURSES, courses, about_parents=False)


def withdrawn(is_withdrawn: bool, say: Saying) -> str | None:
    return say.text("已下架") if is_withdrawn else None


@router.get("/staff/external/{school_code}/list.xlsx")
def external(request: Request, asking: InAsking, school_code: str) -> Response:
    by = asking.may(Action.EXTERNAL_READ, school_code)
    say = saying(request)
    rows = numbered(
        (
            row.name, say.word("issuers", row.line.issuer), row.number, hours(row.line.hours),
            say.named("family", row.line.family), f"{row.line.school_year}-{row.line.term_no}",
            decided(row, say), moment(row.line.entered_at), str(row.line.external_id),
        )
        for row in staff_external.rows_of(asking, school_code, by)
    )  # fmt: skip
    name = FileName("校外学时", asking.runtime.models.schools.school(school_code))
    return handed_out(request, asking, name, [Listing(name.title, EXTERNAL, rows)])


def decided(row: staff_external.Row, say: Saying) -> str:
    line = row.line
    if line.is_withdrawn:
        return say.text("已撤回")
    if line.is_confirmed is None:
        return say.text("等待区里确认")
    return say.text("已认定") if line.is_confirmed else say.word("turned_down", line.reason)
