"""How a rule is said by its reference: its name, its value with the unit, what it stands on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, cast

from api.pages.parent_words import REASONS, Words
from api.pages.rule_names import GROUPS, NAMES
from domain.carriers import CourseFamily, Mode, Named
from domain.figures import Figure, Unit
from domain.grades import Stage
from domain.hours import as_text
from domain.rulebook import Rulebook, UnknownRule

# A rule that was applied, in the words of a parent; `value` is the figure with its unit.
SENTENCES = {
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
    "modes.info_push.per_item": "推送每答对一条计{value}，满一档一起入账",
    "make_up.rate_percent": "补课按{value}计入",
    "external.max_percent_of_requirement": "校外学时最多占结业、星级要求的{value}",
    "deductions.no_star_terms_after_fraud": "有学时经核实不实的，当学期及之后{value}个学期暂停评星",
}
CAPS = {
    "cap_per_session": "{mode}每场最多计{value}",
    "cap_per_day": "{mode}每天最多计{value}",
    "cap_per_term": "{mode}每学期最多计{value}",
}
UNITS = {
    Unit.HOURS: "{value} 学时",
    Unit.CLASS_HOURS: "{value} 课时",
    Unit.PERCENT: "{value}%",
    Unit.SECONDS: "{value} 秒",
    Unit.MINUTES: "{value} 分钟",
    Unit.CLOCK_HOURS: "{value} 小时",
    Unit.DAYS: "{value} 天",
    Unit.WORKING_DAYS: "{value} 个工作日",
    Unit.YEARS: "{value} 年",
    Unit.MARKS: "{value} 分",
}
BASES = {
    "SEED GZ": "依据：广州市协同育人行动计划（2024—2026年）第{item}项",
    "SEED MOE": "依据：教育部等十三部门意见第{item}条",
    "SEED-SOFT GZ": "依据：广州市协同育人行动计划（2024—2026年）第{item}项（鼓励性条款）",
    "SEED-SOFT MOE": "依据：教育部等十三部门意见第{item}条（鼓励性条款）",
    "LAW": "依据：法律规定",
    "PRACTICE": "依据：同类做法，本地暂定",
    "LOCAL": "地方默认规则，可修改",
}
CODES = {"once": "只计一次", "longer_one": "只计较长的一场"}
TRACKS = {"six_year": "六年制", "three_year": "三年制"}
_CLAUSE = re.compile(r"(SEED|SEED-SOFT) (GZ|MOE)-(\w+)")


class RuleWords(NamedTuple):
    """A rule in words. A page says each part in its language with `say`."""

    name: Words
    value: object
    basis: Words


def rule_of(rulebook: Rulebook, ref: str) -> RuleWords:
    """A rule by its reference; one without a figure of its own has a name and no value."""
    return words_of(figure_of(rulebook, ref))


def words_of(figure: Figure) -> RuleWords:
    return RuleWords(name_of_rule(figure.ref), value_of(figure), basis_of(figure.basis))


def figure_of(rulebook: Rulebook, ref: str) -> Figure:
    try:
        return rulebook.figure(ref)
    except UnknownRule:
        return Figure(ref, "", "LOCAL")


def name_of_rule(ref: str) -> Words:
    """What a figure is called; an unknown reference is its own name."""
    for pattern, name in NAMES.items():
        if found := parts_of(pattern).fullmatch(ref.replace("other_activities.", "modes.")):
            parts = found.groupdict()
            return Words(name, {kind: part_called(kind, code) for kind, code in parts.items()})
    return Words("{ref}", {"ref": ref})


@cache
def parts_of(pattern: str) -> re.Pattern[str]:
    """A name's pattern: a segment in braces stands for any code."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^.]+)", re.escape(pattern)))


def value_of(figure: Figure) -> object:
    """A figure's value with its unit, as `say` says it."""
    match figure.value:
        case bool(value):
            return Words("是" if value else "否")
        case int(value) if figure.unit:
            is_hundredths = figure.unit in {Unit.HOURS, Unit.CLASS_HOURS}
            return Words(UNITS[figure.unit], {"value": as_text(value) if is_hundredths else value})
        case str(value) if value:
            return text_called(figure.ref, value)
        case tuple():
            codes = cast("tuple[str, ...]", figure.value)  # pyright: ignore[reportUnknownMemberType]
            return tuple(code_called(figure.ref, code) for code in codes)
        case value:
            return value


def basis_of(basis: str) -> Words:
    """What a figure stands on, by the first word of its basis and the clause it names."""
    if clause := _CLAUSE.match(basis):
        return Words(BASES[f"{clause[1]} {clause[2]}"], {"item": clause[3]})
    return Words(BASES.get(re.split(r"[: ]", basis)[0], BASES["LOCAL"]))


def says(figure: Figure) -> Words:
    """A rule that was applied, as a sentence; a cap names its mode."""
    group, _, last = figure.ref.rpartition(".")
    if last in CAPS:
        mode = part_called("mode", group.rpartition(".")[2])
        return Words(CAPS[last], {"value": value_of(figure), "mode": mode})
    if figure.ref in SENTENCES:
        return Words(SENTENCES[figure.ref], {"value": value_of(figure)})
    name = name_of_rule(figure.ref)
    return (
        Words("{name}：{value}", {"name": name, "value": value_of(figure)})
        if figure.value
        else name
    )


def part_called(kind: str, code: str) -> object:
    """What a part of a reference is called: a mode, a family, a stage, a track, or itself."""
    if code == "*":
        return Words("任意一项")
    if kind == "track":
        return Words(TRACKS.get(code, code))
    return named(kind, code) or code


def named(kind: str, code: str) -> Named | Stage | None:
    """A mode, family or stage that has a name in both languages."""
    kinds: Mapping[str, type[Named | Stage]] = {
        "mode": Mode, "family": CourseFamily, "stage": Stage,
    }  # fmt: skip
    return kinds[kind](code) if kind in kinds and code in set(kinds[kind]) else None


def text_called(ref: str, value: str) -> object:
    """A figure that is a text: the name of a mode or family, a code in words, or itself."""
    parts = ref.split(".")
    kind, code = ("mode", parts[1]) if parts[-1] == "zh" else ("family", parts[-1])
    return named(kind, code) or Words(CODES.get(value, value))


def code_called(ref: str, code: str) -> object:
    """One of a figure's several codes."""
    if ref.startswith("margins."):
        group = code.removesuffix(".*")
        is_whole = group in GROUPS
        return (
            Words("{group}（全部）", {"group": Words(GROUPS[group])})
            if is_whole
            else name_of_rule(code)
        )
    if ref == "deductions.reason_codes":
        return Words(REASONS.get(code, code))
    return part_called("stage" if ref.endswith(".stages") else "mode", code)
