"""The words of disputes and appeals by code, in Chinese, and what a page shows of a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.bootstrap import Runtime
from api.pages.audit_words import TABLES as AUDITS
from api.pages.irregularity_words import TABLES as IRREGULARITIES
from projections.case_rows import CaseStep
from projections.cases import CaseFile

REASONS = {
    "there_longer": "我在场的时间更长",
    "not_listed": "我参加了，但没有学时",
    "wrong_person": "记错了人",
    "wrong_hours": "学时不对",
    "exam_result": "考核成绩不对",
    "other": "其他",
}
# What a parent is offered: few buttons, and none that cannot fit. On paper every reason may stand.
_OF_HOURS = ("there_longer", "wrong_hours", "wrong_person", "other")
_OF_AWARDS = ("wrong_hours", "wrong_person", "other")
FITTING = {
    "session": ("not_listed", "there_longer", "other"),
    "attendance": _OF_HOURS,
    "entry": _OF_HOURS,
    "attempt": ("exam_result", "wrong_person", "other"),
    "completion": _OF_AWARDS,
    "star": _OF_AWARDS,
    "certificate": _OF_AWARDS,
}
GROUNDS = {
    "answer": "不同意学校的答复",
    "posting": "不同意记录",
    "no_answer": "学校没有按时答复",
}
ANSWER_REASONS = {
    "record_wrong": "记录有误",
    "rule_misread": "规则适用有误",
    "new_evidence": "有新的材料",
    "record_right": "记录无误",
    "rule_applied": "规则适用正确",
    "no_evidence": "没有可以核对的材料",
    "other": "其他（见说明）",
}
SUBJECTS = {
    "session": "活动",
    "attendance": "签到与学时",
    "entry": "学时",
    "attempt": "考核成绩",
    "completion": "结业",
    "star": "星级",
    "certificate": "证书",
}
STANDS = {
    "open": "等学校答复",
    "answered": "学校已答复",
    "lodged": "申诉办理中",
    "decided": "申诉已有决定",
    "escalated": "区里复核中",
    "reviewed": "区里已作最后决定",
    "withdrawn": "已撤回",
}
OUTCOMES = {"upheld": "支持家长", "partly": "部分支持", "refused": "维持原记录"}
# The same steps, told to the parent.
STEPS = {
    "dispute.opened": "您提出了“不对”",
    "dispute.answered": "学校答复了",
    "dispute.correction_linked": "学校作了更正",
    "appeal.lodged": "您提出了申诉",
    "appeal.acknowledged": "学校已受理",
    "appeal.decided": "学校作了决定",
    "appeal.escalated": "您请区里复核",
    "appeal.reviewed": "区里作了最后决定",
    "appeal.withdrawn": "您撤回了申诉",
    "appeal.correction_linked": "学校作了更正",
}
TABLES = {
    "dispute_reasons": REASONS,
    "grounds": GROUNDS,
    "answer_reasons": ANSWER_REASONS,
    "subjects": SUBJECTS,
    "case_stands": STANDS,
    "outcomes": OUTCOMES,
    **IRREGULARITIES,
    **AUDITS,
}
# Whose last day `due` is, and whose `next_until`.
CHIPS = {"open": "blue", "lodged": "blue", "escalated": "blue", "answered": "ok", "decided": "ok"}


@dataclass(frozen=True)
class StepShown:
    """A step of a case with what was written beside it, as far as the reader may see it."""

    step: CaseStep
    words: str


@dataclass(frozen=True)
class CaseShown:
    """A case, and how many working days are left until its last day."""

    case: CaseFile
    days_left: int
    is_overdue: bool


def shown(runtime: Runtime, cases: Sequence[CaseFile], today: date) -> list[CaseShown]:
    days = runtime.book.calendars.around(today)
    return [
        CaseShown(each, days.left(today, each.due), each.is_pending and today > each.due)
        for each in cases
    ]


def steps_of(
    runtime: Runtime, case: CaseFile, said: Callable[[UUID], str] | None
) -> list[StepShown]:
    """The history of a case, oldest first; what was `said`, for those who may read it."""
    return [
        StepShown(step, said(step.words_id) if said and step.words_id else "")
        for step in runtime.models.cases.steps_of(case.case_id)
    ]
