"""What is proposed about somebody, said to them in plain words and without blame."""

from __future__ import annotations

from collections.abc import Iterator

from api.language.catalogue import Language, translate
from api.pages.parent_words import CERTIFICATES
from api.pages.staff_words import role_called
from api.proposed import About, Proposed, Stage
from api.rendering import local
from domain.hours import as_text

NOTHING_YET = "这是一项提议，现在没有任何决定，您的学时、证书照旧。"
# By what it is about, and whether anything is left of it.
ASKED = {
    (About.ATTENDANCE, True): "提议把您在这场活动的时间记为 {begins} 到 {ends}，学时按此重新计算。",
    (About.ATTENDANCE, False): "提议按您没有到场记录这场活动，原来的学时不再计入。",
    (About.EXAM, True): "提议更正这次考核的成绩。",
    (About.EXAM, False): "提议这次考核的成绩不再计入。",
    (About.EXTERNAL, True): "提议把{year}学年的一份校外学时由 {was} 学时更正为 {hours} 学时。",
    (About.EXTERNAL, False): "提议{year}学年的一份校外学时（{was} 学时）不再计入。",
    (About.TRAINING, False): "提议这项培训的 {hours} 学时不再计入。",
    (About.CERTIFICATE, False): "提议撤销{certificate}，编号 {number}。",
}
WHY = "理由：学校认为记录与实际情况不符，所以想先听您说明。"
FIGURES = "如果通过，学时合计由 {before} 变为 {after}。"
NO_STAR = "如果通过，本学期和规则写明的其后学期不授予新的星级；已有的星级保留。"
UNTIL = {
    Stage.UNTOLD: "学校会先正式告知您；从告知那天起七天内，您都可以说明。",
    Stage.TOLD: "您可以在 {day} 以前说明，当天也可以。",
    Stage.HELD: "学校已经记下您的说明；决定以前还可以补充。",
}
BY_WHOM = "听取说明的是{school}的{role}：当面说、打电话，或写在纸上交回，都一样。"
THEN = "然后由另一位没有参与提议的人决定。不同意决定的，可以申诉。"
TURNS_ON_HOURS = (About.ATTENDANCE, About.EXTERNAL)


def lines_of(proposed: Proposed, school: str, language: Language) -> list[str]:
    """The same sentences on a phone, on the staff's screen and on paper."""
    return [
        translate(language, text, **values) for text, values in _said(proposed, school, language)
    ]


def _said(
    proposed: Proposed, school: str, language: Language
) -> Iterator[tuple[str, dict[str, object]]]:
    yield ASKED[proposed.about, proposed.counts], asked_values(proposed, language)
    yield WHY, {}
    if proposed.hours_before is not None and proposed.hours_after is not None:
        before, after = as_text(proposed.hours_before), as_text(proposed.hours_after)
        yield FIGURES, {"before": before, "after": after}
    if proposed.about in TURNS_ON_HOURS:
        yield NO_STAR, {}
    yield NOTHING_YET, {}
    yield UNTIL[proposed.stage], {"day": proposed.answer_until}
    yield BY_WHOM, {"school": school, "role": role_called(language, proposed.heard_by)}
    yield THEN, {}


def asked_values(proposed: Proposed, language: Language) -> dict[str, object]:
    stay, kind = proposed.stay, CERTIFICATES.get(proposed.kind or "", "")
    return {
        "begins": local(stay.begins, "%H:%M") if stay else "",
        "ends": local(stay.ends, "%H:%M") if stay else "",
        "hours": as_text(proposed.hours or 0),
        "was": as_text(proposed.was or 0),
        "year": proposed.school_year or "",
        "certificate": translate(language, kind) if kind else "",
        "number": proposed.number or "",
    }
