"""Effects in words: what a correction, a dry run or a merge would change for each learner."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from api.access.actions import Action
from api.asking import Asking
from api.language.catalogue import Language, language_of, translate
from api.merging import is_here
from api.pages.staff_class_list import called
from api.pages.staff_words import LINES, REASONS, name_of
from api.reaching import may_too
from domain.effects import Change, Effect, Effects
from domain.envelope import Envelope, Role
from domain.hours import as_text
from domain.masking import mask_name

PURPOSE = "correction_preview"
MOST_LEARNERS = 400

EFFECTS = {
    "awarded": "入账 {hours} 学时",
    "reversed": "冲正 {hours} 学时（{reason}）",
    "limited": "达到上限",
    "completion_reached": "达成结业（{period}）",
    "completion_withdrawn": "撤回结业（{period}）",
    "star_awarded": "授予{stage} {level} 星",
    "star_taken_over": "带入另一份记录的{stage} {level} 星",
    "star_proposable": "学校可以推荐{stage} {level} 星",
    "star_not_proposable": "学校不再可以推荐{stage} {level} 星",
    "star_not_renewed": "{stage}星级未续学（{year}）",
    "star_renewed": "{stage}星级恢复续学（{year}）",
    "claim_withdrawn": "撤回一项没有入账的记录（{reason}）",
    "fraud_confirmed": "记下一项查实的弄虚作假（没有对应的入账学时）",
    "fraud_handed_over": "一项查实的弄虚作假随来源转出到另一份记录",
    "fraud_taken_over": "一项查实的弄虚作假随来源从另一份记录转入",
    "exam_corrected": "考核成绩更正为 {result}",
    "exam_voided": "考核成绩作废",
    "certificate_reviewed": "证书 {number} 转入人工复核",
    "certificate_review_closed": "一份证书的人工复核结束，证书继续有效",
    "child_linked": "关联一名学生",
    "child_unlinked": "解除与一名学生的关联",
    "place_taken": "登记{year}的就读（{grade}）",
    "place_ended": "{year}的就读已结束（{grade}）",
    "place_given_back": "{year}的就读登记转回另一份记录（{grade}）",
}
YEAR = "{year}学年"
VERDICTS = {"passed": "合格", "failed": "不合格"}


@dataclass(frozen=True)
class ChangeRow:
    """One learner: a name for their own school's staff, the hours, and each effect in words."""

    learner_id: UUID
    name: str | None
    hours_before: int
    hours_after: int
    says: list[str]


def change_rows(
    request: Request, asking: Asking, effects: Effects, school_code: str, by: Envelope
) -> list[ChangeRow]:
    """The learners whom it changes something for, as far as a page shows them."""
    language = language_of(request)
    shown = effects.changes[:MOST_LEARNERS]
    names: dict[UUID, str] = {}
    if may_too(asking, Action.LEARNER_READ, school_code):
        # A preview may reach into another school's records: those stay ids.
        ids = [c.learner_id for c in shown if is_here(asking, school_code, c.learner_id)]
        found = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
        hide = by.actor.role is Role.AUDITOR
        names = {key: called(found, key) for key in ids}
        names = {key: mask_name(name) if hide else name for key, name in names.items()}
    return [row_of(change, names.get(change.learner_id), language) for change in shown]


def row_of(change: Change, name: str | None, language: Language) -> ChangeRow:
    return ChangeRow(
        learner_id=change.learner_id,
        name=name,
        hours_before=change.hours_before,
        hours_after=change.hours_after,
        says=[said(effect, language) for effect in change.effects],
    )


def said(effect: Effect, language: Language) -> str:
    """One effect in a language."""
    values: dict[str, object] = {
        "hours": as_text(abs(effect.hours)),
        "number": effect.subject,
        "reason": translate(language, REASONS.get(effect.because, effect.because)),
    }
    if effect.what == "exam_corrected":
        _, score, verdict = effect.subject.split(" ")
        words = translate(language, VERDICTS[verdict])
        values["result"] = words if score == "-" else f"{score}（{words}）"
    elif effect.what.startswith("star"):
        stage, level = effect.subject.split(" ")
        year = translate(language, YEAR, year=level)
        values |= {"stage": name_of("stage", stage, language), "level": level, "year": year}
    elif effect.what.startswith("completion"):
        stage, kind, period = effect.subject.split(" ")
        year = translate(language, YEAR, year=period)
        values["period"] = year if kind == "annual" else name_of("stage", stage, language)
    elif effect.what.startswith("place"):
        _, _, period, grade = effect.subject.split(" ", 3)
        values |= {"year": translate(language, YEAR, year=period), "grade": grade}
    return translate(language, EFFECTS.get(effect.what, LINES.get(effect.what, "")), **values)
