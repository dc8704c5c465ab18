"""What the import pages show: words for codes, and the rows of a file by what they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from fastapi import Request
from fastapi.responses import Response

from api.access.actions import Action
from api.files.rejection import Rejection, UnreadableFile
from api.files.table import DEFAULT_LIMITS
from api.files.template import Kind
from api.imports.report import Imported, ImportReport, Outcome
from api.imports.texts import reason
from api.imports.uploads import Upload
from api.language.catalogue import Language, language_of
from api.rendering import page
from domain.school import School

KIND_NAMES: Final = {
    Kind.ROSTER: "家长学员花名册",
    Kind.PLAN: "家长学校教学计划",
    Kind.EXAM: "考核成绩表",
    Kind.QUESTIONS: "考核题库",
    Kind.TEACHER_HOURS: "教师家庭教育指导学时登记表",
    Kind.SIGN_IN_SHEET: "家长签到表",
}
OUTCOMES: Final = {
    Outcome.NEW: ("新增", "plus", "ok"),
    Outcome.CHANGED: ("有变动", "undo", "blue"),
    Outcome.SAME: ("无变化", "check", ""),
    Outcome.DOUBTFUL: ("待核对", "help", "warn"),
    Outcome.REJECTED: ("未通过", "x", "bad"),
}
FAULTS_SHOWN: Final = 100
TOO_LARGE, UNREADABLE = 413, 422


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to look at: where it is, what stands there, what is wrong."""

    row: int
    column: str
    value: str
    code: str
    text: str


# A row of a roster that a person must look at: the page of merges shows the two records.
TWO_RECORDS = frozenset({"two_persons_match", "child_may_be_twice"})


def schools_page(request: Request, schools: Sequence[School]) -> Response:
    return shown(request, "schools.html", schools=schools)


def upload_page(
    request: Request, values: dict[str, Any], status: int = 200, faults: Sequence[Fault] = ()
) -> Response:
    allowed: Sequence[Action] = values["allowed"]
    return shown(
        request,
        "upload.html",
        status,
        may_roster=Action.ROSTER_IMPORT in allowed,
        may_plan=Action.PLAN_IMPORT in allowed,
        may_enter=Action.EXAM_ENTER in allowed,
        may_check=Action.EXAM_CHECK in allowed,
        may_ask=Action.QUESTION_BANK_EDIT in allowed,
        may_enter_sheets=Action.SHEET_ENTER in allowed,
        may_check_sheets=Action.SHEET_CHECK in allowed,
        may_teachers=Action.TEACHER_HOURS_ENTER in allowed,
        most=DEFAULT_LIMITS.size,
        faults=faults,
        **values,
    )


def error_page(request: Request, values: dict[str, Any], error: UnreadableFile) -> Response:
    """The form again, with the reasons why the file as a whole could not be read."""
    status = TOO_LARGE if error.code == "file_too_large" else UNREADABLE
    return upload_page(request, values, status, faults_of(request, error.rejections))


def result_page(request: Request, school: School, found: Upload, imported: Imported) -> Response:
    report = imported.report
    return shown(
        request,
        "result.html",
        **about(school, found, report),
        faults=faults_of(request, report.wrong[:FAULTS_SHOWN]),
        more=max(0, len(report.wrong) - FAULTS_SHOWN),
        has_failed=imported.failed is not None,
        may_merge=any(each.code in TWO_RECORDS for each in report.wrong),
    )


def about(school: School, found: Upload, report: ImportReport) -> dict[str, Any]:
    return {
        "school": school,
        "upload_id": found.id,
        "checking": found.about.checking,
        "kind_name": KIND_NAMES[found.about.kind],
        "counts": [(*OUTCOMES[outcome], report.counts[outcome]) for outcome in OUTCOMES],
    }


def faults_of(request: Request, rejections: Sequence[Rejection]) -> list[Fault]:
    language = spoken(request)
    return [Fault(r.row, r.column, r.value, r.code, reason(r.code, language)) for r in rejections]


def spoken(request: Request) -> Literal["zh", "en"]:
    return "en" if language_of(request) is Language.ENGLISH else "zh"


def shown(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    known = {"home": "/staff", "outcomes": OUTCOMES}
    return page(request, f"staff_imports/{template}", status, **{**known, **values})
