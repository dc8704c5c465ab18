"""The words of a parent's pages by code, in Chinese, and how they are said in a language."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from fastapi import Request
from fastapi.responses import Response

from api.language.catalogue import Language, language_of, translate
from api.pages.staff_words import name_of, role_called
from api.rendering import page
from domain.carriers import Named
from domain.grades import Grade, Stage
from domain.relation import Relation

LINE_KINDS = {
    "awarded": "入账",
    "reversed": "冲正",
    "limited": "达到上限",
    "held": "核实中",
    "released": "核实完毕",
}
CHANNELS = {
    "rotating_qr": "扫码签到",
    "typed_code": "数字码签到",
    "staff_scan": "老师扫码",
    "staff_entry": "老师登记",
    "paper_import": "纸质签到表",
    "file_import": "文件导入",
    "online": "线上",
    "system": "系统",
}
RESULTS = {
    "full": "全部计入",
    "half": "计一半",
    "none": "不计入",
    "pending": "等待学校确认离场时间",
}
REASONS = {
    "duplicate": "重复计入",
    "wrong_person": "记错了人",
    "not_present": "本人未到场",
    "session_voided": "活动作废",
    "entry_error": "录入有误",
    "rule_misapplied": "规则用错",
    "fraud_confirmed": "经核实不实",
    "merged": "账户合并",
    "unmerged": "撤销账户合并",
    "re_evaluated": "按规则重新计算",
}
# What a figure of the rulebook says to a parent; `value` is the figure with its unit.
RULES = {
    "attendance.full_credit_min_percent": "在场时间达到{value}，全部计入",
    "attendance.half_credit_min_percent": "在场时间达到{value}，计一半；更少不计",
    "attendance.missing_check_out_confirm_days": "没有签退：{value}内由学校确认，逾期计一半",
    "no_double_credit.same_session": "同一场活动只计一次",
    "no_double_credit.same_course_same_school_year": "同一课程一学年只计一次",
    "no_double_credit.overlapping_sessions": "时间重叠的活动，只计较长的一场",
    "no_double_credit.term_cap_total": "每学期最多计{value}",
    "other_activities.parent_lecturer.rate_per_class_hour": "家长讲师每课时计{value}",
    "other_activities.committee_or_volunteer.rate_per_class_hour": "志愿服务每课时计{value}",
    "modes.micro_class.rate_per_class_hour": "微课看完并答对，每课时计{value}",
    "modes.info_push.per_item": "推送每答对一条计{value}，同一条只计一次，满一档一起入账",
    "make_up.rate_percent": "补课按{value}计入",
    "external.max_percent_of_requirement": "校外学时最多占结业、星级要求的{value}",
}
CAPS = {
    "cap_per_session": "{mode}每场最多计{value}",
    "cap_per_day": "{mode}每天最多计{value}",
    "cap_per_term": "{mode}每学期最多计{value}",
}
UNITS = {
    "hours": "{value} 学时",
    "percent": "{value}%",
    "minutes": "{value} 分钟",
    "days": "{value} 天",
}
BASES = {
    "SEED": "依据：广州市2024—2026年家庭教育工作方案",
    "SEED-SOFT": "依据：广州市工作方案（鼓励性条款）",
    "LAW": "依据：法律规定",
    "PRACTICE": "依据：同类做法，本地暂定",
    "LOCAL": "依据：本地暂定规则",
}
CERTIFICATES = {
    "annual_completion": "学年结业证书",
    "stage_completion": "学段结业证书",
    "star_level": "星级家长证书",
    "statement_of_hours": "学时证明",
}
CERTIFICATE_STATES = {
    "valid": "有效",
    "expired": "已过期",
    "suspended": "已暂停",
    "revoked": "已撤销",
    "replaced": "已换发",
    "withdrawn": "已注销",
}
STARS = {1: "一星家长", 2: "二星家长", 3: "三星家长", 4: "四星家长", 5: "五星家长"}
TABS = (
    ("home", "/me", "home", "首页"),
    ("statement", "/me/statement", "list", "学时"),
    ("check_in", "/in", "scan", "签到"),
    ("certificates", "/me/certificates", "cert", "证书"),
    ("data", "/me/data", "user", "我的"),
)
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True)
class Words:
    """A text in Chinese and the values that belong into it; templates say it in their language."""

    text: str
    values: dict[str, object] = field(default_factory=dict[str, object])


def parent_page(
    request: Request, template: str, here: str, status: int = 200, **values: Any
) -> Response:
    """A parent's page: their home, the tab they are on, and how its words are said."""
    language = language_of(request)
    tabs = [(*tab, translate(language, words)) for *tab, words in TABS]
    return page(
        request, template, status, home="/me", tab=here, tabs=tabs, say=partial(say, language),
        kinds=LINE_KINDS, channels=CHANNELS, results=RESULTS, reasons=REASONS,
        role_name=partial(role_called, language),
        named=partial(name_of, language=language),
        star_names=STARS, certificate_names=CERTIFICATES, certificate_states=CERTIFICATE_STATES,
        **values,
    )  # fmt: skip


def say(language: Language, what: object) -> object:
    """Words, and whatever has a name in both languages, in one of them; all else as it is."""
    if isinstance(what, tuple):
        several = cast("tuple[object, ...]", what)  # pyright: ignore[reportUnknownMemberType]
        return translate(language, "、").join(str(say(language, each)) for each in several)
    if isinstance(what, Words):
        return translate(
            language, what.text, **{n: say(language, v) for n, v in what.values.items()}
        )
    if isinstance(what, Named | Stage | Relation):
        return what.en if language is Language.ENGLISH else what.zh
    if isinstance(what, Grade):
        return what.en if language is Language.ENGLISH else what.name
    return what
