"""What changed, in plain words: one sentence, why, and where it is shown in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.changes import About, Change
from api.pages.case_words import ANSWER_REASONS, OUTCOMES, SUBJECTS
from api.pages.certificate_words import REISSUE_REASONS, REVOCATION_REASONS
from api.pages.parent_words import CERTIFICATES, REASONS, STARS, Words
from domain.carriers import Mode
from domain.hours import as_text

ADDED = "“{what}”补记 {after} 学时。"
TAKEN_BACK = "“{what}”的 {before} 学时已冲正，不再计入。"
BECAME = "“{what}”的学时由 {before} 更正为 {after}。"
SAME = "“{what}”重新记账，学时不变（{after}）。"
POINTS = "{count} 分"
RESULTS = {"merit": "优秀", "passed": "合格", "not_passed": "可再考"}
WHOSE_STAR = "{kind}（{star}）"
SENTENCES = {
    "under_review": "{what}正在由学校复核，没有撤销；结果会记在这里。编号 {number}",
    "valid": "{what}已复核，保持不变。编号 {number}",
    "revoked": "{what}已撤销。编号 {number}",
    "withdrawn": "{what}已按持证人的申请注销。编号 {number}",
    "replaced": "{what}已换发。编号 {number}，新编号 {successor}",
    "answered": "学校答复了您对“{what}”的异议：{outcome}。",
    "decided": "学校对您就“{what}”的申诉作了决定：{outcome}。",
    "reviewed": "区里对您就“{what}”的申诉作了最后决定：{outcome}。",
    "granted": "“{what}”的请假已准。",
    "turned_down": "“{what}”的请假未准。",
    "taken_back": "为“{what}”安排的补课有误，已撤回；学校可以另行安排。",
    "corrected": "“{what}”的成绩已更正，现为{result}。",
    "voided": "“{what}”的一次成绩作废，不再计入。",
}
OF_CERTIFICATES = {
    **REISSUE_REASONS,
    **REVOCATION_REASONS,
    "completion_withdrawn": "学时更正后，结业条件不再满足",
}
WHY = {
    About.LINE: REASONS,
    About.CERTIFICATE: OF_CERTIFICATES,
    About.CASE: ANSWER_REASONS,
    About.LEAVE: {},
    About.MAKE_UP: {},
    About.EXAM: REASONS,
}


@dataclass(frozen=True)
class Told:
    """A change as it is said to a parent; leave and make-ups are shown in full by it."""

    at: datetime
    says: Words
    why: Words | str | None
    link: str | None


def told(change: Change) -> Told:
    known = WHY[change.about]
    code = change.reason_code
    return Told(
        at=change.at,
        says=said(change),
        why=Words(known.get(code, code)) if code else change.words or None,
        link=link_to(change),
    )


def said(change: Change) -> Words:
    values: dict[str, object] = {"what": what(change), "number": change.number}
    if change.about is About.LINE:
        return of_hours(change.hours_before or 0, change.hours_after or 0, values)
    if change.about is About.EXAM:
        values["result"] = result(change)
    elif change.outcome:
        values["outcome"] = Words(OUTCOMES[change.outcome])
    values["successor"] = change.successor_number
    return Words(SENTENCES[change.became], values)


def result(change: Change) -> tuple[Words, ...]:
    """The points, where there are any, and what they come to."""
    points = () if change.score is None else (Words(POINTS, {"count": change.score}),)
    return (*points, Words(RESULTS[change.outcome])) if change.outcome else points


def of_hours(before: int, after: int, values: dict[str, object]) -> Words:
    figures = {**values, "before": as_text(before), "after": as_text(after)}
    if before == after:
        return Words(SAME, figures)
    if not before:
        return Words(ADDED, figures)
    return Words(BECAME if after else TAKEN_BACK, figures)


def what(change: Change) -> object:
    """The session's title; else what the hours, the certificate or the case are about."""
    if change.title:
        return change.title
    match change.about:
        case About.LINE:
            return Mode(change.kind) if change.kind else ""
        case About.CERTIFICATE:
            kind = Words(CERTIFICATES[change.kind])
            star = Words(STARS[change.level]) if change.level else None
            return Words(WHOSE_STAR, {"kind": kind, "star": star}) if star else kind
        case _:
            return Words(SUBJECTS.get(change.kind, ""))


def link_to(change: Change) -> str | None:
    match change.about:
        case About.LINE:
            return f"/me/statement/{change.id}/why"
        case About.CERTIFICATE:
            return f"/me/certificates/{change.successor_number or change.number}"
        case About.CASE:
            return f"/me/cases/{change.id}"
        case About.EXAM:
            return "/me/exams"
        case About.LEAVE | About.MAKE_UP:
            return None
