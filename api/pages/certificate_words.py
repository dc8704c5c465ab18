"""The words of the certificate pages by code, in Chinese; templates translate them with `_`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from api.language.catalogue import Language, language_of, translate
from api.rendering import page
from certificates.number import printed
from certificates.states import WORDS
from certificates.verifying import State
from certificates.wording import hours_text
from domain.certificate import CertificateKind
from domain.grades import Stage

KINDS = {
    "annual_completion": "结业证书",
    "stage_completion": "学段结业证书",
    "star_level": "星级家长证书",
    "statement_of_hours": "学时证明",
}
EXAM_RESULTS = {"pass": "合格", "merit": "优秀"}
STARS = {1: "一星级", 2: "二星级", 3: "三星级", 4: "四星级", 5: "五星级"}
REISSUE_REASONS = {
    "lost": "证书遗失",
    "name_changed": "持证人姓名变更",
    "error": "证书内容有误",
    "issuer_changed": "学校更名或合并",
    "key_compromised": "签发密钥作废，重新签名",
}
REVOCATION_REASONS = {
    "issued_in_error": "颁发有误",
    "hours_reversed": "学时冲正后条件不再满足",
    "wrong_person": "颁发给了他人",
    "fraud_confirmed": "经核实不实",
}
DROPPED = {
    "withdrawn": "学校撤回了撤销提议。",
    "declined": "区级对撤销提议不予确认，证书照常有效。",
}
TABLES: dict[str, dict[str, str]] = {
    "kinds": KINDS,
    "exam_results": EXAM_RESULTS,
    "reissue_reasons": REISSUE_REASONS,
    "revocation_reasons": REVOCATION_REASONS,
    "dropped": DROPPED,
}
# The icons of the verify page by the names of the design system.
ICONS = {
    "check": "check", "cross": "x", "minus": "minus", "clock": "clock", "pause": "pause",
    "again": "again", "help": "help",
}  # fmt: skip


def certificate_page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page about certificates, with the words for every code that it may show."""
    language = language_of(request)

    def words(table: str, code: str) -> str:
        return translate(language, TABLES[table].get(code, code))

    def hours_of(hundredths: int) -> str:
        return translate(language, "{hours} 学时", hours=hours_text(hundredths))

    def number_of(number: str, kind: str) -> str:
        return printed(number, CertificateKind(kind))

    def period(kind: str, stage: str, school_year: int | None, level: int | None) -> str:
        return period_of(language, kind, stage, school_year, level)

    known: dict[str, Any] = {
        "words": words,
        "state": state_words(language),
        "period": period,
        "printed": number_of,
        "hours_of": hours_of,
    }
    return page(request, f"certificates/{template}", status, **{**known, **values})


def state_words(language: Language) -> Callable[[str], dict[str, str]]:
    """Colour, icon, heading and explanation of a state in a language."""
    chinese = language is Language.CHINESE

    def of(state: str) -> dict[str, str]:
        words = WORDS[State(state)]
        return {
            "colour": words.colour,
            "icon": ICONS[words.icon],
            "heading": words.heading if chinese else words.heading_in_english,
            "explanation": words.explanation if chinese else words.explanation_in_english,
        }

    return of


def stage_name(language: Language, stage: str) -> str:
    found = Stage(stage)
    return found.zh if language is Language.CHINESE else found.en


def period_of(
    language: Language, kind: str, stage: str, school_year: int | None, level: int | None
) -> str:
    """What a certificate is about: a school year, a stage, a level in a stage."""
    if kind == CertificateKind.ANNUAL_COMPLETION:
        return translate(language, "{year}学年", year=school_year)
    if kind == CertificateKind.STAGE_COMPLETION:
        return stage_name(language, stage)
    if kind == CertificateKind.STAR_LEVEL:
        return f"{translate(language, STARS[level or 1])} · {stage_name(language, stage)}"
    return ""
