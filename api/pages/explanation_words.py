"""What each part of an explanation says, in the words of a parent, in Chinese with its values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.pages.access_words import ROLES
from api.pages.parent_words import CERTIFICATES, CHANNELS, REASONS, RESULTS, STARS, Words
from api.pages.topic_words import TOPICS
from api.rendering import local
from domain.carriers import CourseFamily
from domain.grades import Stage
from domain.hours import as_short_text, as_text
from projections.explanation import Node

HOURS = frozenset({"min_hours", "min_face_to_face_hours", "hours"})
CONDITIONS = {
    "min_hours": "学时 {value}，需要 {threshold}",
    "min_face_to_face_hours": "面对面学时 {value}，需要 {threshold}",
    "hours": "学时 {value}，需要 {threshold}",
    "required_for_completion": "课程类别 {value} 类，需要 {threshold} 类",
    "exams_passed": "通过测评 {value} 次，需要 {threshold} 次",
    "years_numerator": "结业的学年 {value} 个，需要 {threshold} 个",
    "in_last_year": "最后一学年结业：{value}，需要 {threshold}",
    "annual_completions": "结业的学年 {value} 个，需要 {threshold} 个",
    "families": "课程类别 {value} 类，需要 {threshold} 类",
    "theme_activities": "主题活动 {value} 次，需要 {threshold} 次",
    "shares": "经验分享 {value} 次，需要 {threshold} 次",
    "no_star_terms_after_fraud": "核实不实之后已过 {value} 个学期，需要 {threshold} 个",
}
MUST_INCLUDE = "{family} {value} 次，需要 {threshold} 次"


def says(node: Node) -> Words:
    """One line for a part of the tree."""
    return SAYINGS[node.what](node)


def line(node: Node) -> Words:
    values: dict[str, object] = {**node.values, "hours": as_text(number(node, "hours"))}
    if not node.values["stands"]:
        return Words("{hours} 学时（已冲正）· {title} · {day}", values)
    return Words("{hours} 学时 · {title} · {day}", values)


def answer(node: Node) -> Words:
    """The whole of it in one sentence: why a line is what it is."""
    if node.what != "line":
        return says(node)
    assessed = next((each for each in node.children if each.what == "assessment"), None)
    limits = [each for each in node.children if each.what == "limit"]
    hours = as_text(number(node, "hours"))
    because = Words("没有达到上限") if not limits else says(limits[-1])
    if assessed is None or limits:
        return Words("计 {hours} 学时：{because}。", {"hours": hours, "because": because})
    return Words("计 {hours} 学时：{because}。", {"hours": hours, "because": says(assessed)})


def assessment(node: Node) -> Words:
    if "planned_minutes" not in node.values:
        return Words("认定 {minutes} 分钟", dict(node.values))
    result = Words(RESULTS[str(node.values["result"])])
    return Words(
        "在场 {minutes} 分钟，计划 {planned_minutes} 分钟，占 {percent}%，{result}",
        {**node.values, "result": result},
    )


def check_in(node: Node) -> Words:
    if "sheet_id" in node.values:
        return Words("签到 {time} · {channel}第 {row} 行", {**moment(node), **node.values})
    return Words("签到 {time} · {channel}", moment(node))


def check_out(node: Node) -> Words:
    return Words("签退 {time} · {channel}", moment(node))


def moment(node: Node) -> dict[str, object]:
    assert node.source is not None
    channel = Words(CHANNELS.get(node.source.channel, node.source.channel))
    return {"time": local(node.source.at, "%Y-%m-%d %H:%M"), "channel": channel}


def session(node: Node) -> Words:
    begins = node.values["begins_at"]
    values: dict[str, object] = {
        "title": node.values["title"],
        "when": local(begins, "%Y-%m-%d %H:%M") if isinstance(begins, datetime) else begins,
        "hours": as_short_text(number(node, "class_hours")),
    }
    return Words("活动“{title}”，{when} 开始，{hours} 课时", values)


def attested(node: Node) -> Words:
    return Words("{role}确认了名单", {"role": Words(ROLES[str(node.values["role"])])})


def limit(node: Node) -> Words:
    values: dict[str, object] = {
        name: as_text(number(node, name)) for name in ("would_be", "awarded")
    }
    return Words("达到上限，本应 {would_be} 学时，计 {awarded} 学时", values)


def reversed_line(node: Node) -> Words:
    hours = as_text(number(node, "hours"))
    return Words("冲正 {hours} 学时：{reason}", {"hours": hours, "reason": reason(node)})


def replaced(node: Node) -> Words:
    return Words("取代了先前的一笔：{reason}", {"reason": reason(node)})


def reason(node: Node) -> Words:
    code = str(node.values["reason_code"])
    return Words(REASONS.get(code, code))


def completion(node: Node) -> Words:
    values: dict[str, object] = {
        "stage": Stage(str(node.values["stage"])),
        "period": node.values["period"],
    }
    is_year, stands = node.values["kind"] == "annual", node.values["stands"]
    if is_year:
        return Words("{period} 学年结业" if stands else "{period} 学年结业（已撤回）", values)
    return Words("{stage}学段结业" if stands else "{stage}学段结业（已撤回）", values)


def condition(node: Node) -> Words:
    assert node.rule is not None
    group, _, what = node.rule.ref.rpartition(".")
    shown: Callable[[int], object] = as_text if what in HOURS else str
    values: dict[str, object] = {name: shown(number(node, name)) for name in ("value", "threshold")}
    if group == "course_families.must_include":
        family = CourseFamily(what) if what in set(CourseFamily) else what
        return Words(MUST_INCLUDE, {**values, "family": family})
    return Words(CONDITIONS.get(what, "{value}，需要 {threshold}"), values)


def exam(node: Node) -> Words:
    """Somebody judged what has no score: an oral exam, a study note."""
    if node.values["score"] is None:
        return Words("{school_year} 学年测评合格", dict(node.values))
    return Words("{school_year} 学年测评 {score} 分，合格", dict(node.values))


def star(node: Node) -> Words:
    return Words("{stage} {star}，{day} 起", star_values(node))


def star_taken_over(node: Node) -> Words:
    return Words("{stage} {star}，{day} 起，带自另一份记录", star_values(node))


def star_values(node: Node) -> dict[str, object]:
    return {
        "stage": Stage(str(node.values["stage"])),
        "star": Words(STARS[number(node, "level")]),
        "day": node.values["from_day"],
    }


def proposal(node: Node) -> Words:
    return Words("学校推荐，公示至 {published_until}", dict(node.values))


def certificate(node: Node) -> Words:
    kind = Words(CERTIFICATES[str(node.values["kind"])])
    return Words("{kind} {number}", {"kind": kind, "number": node.values["number"]})


def signature(node: Node) -> Words:
    return Words("签名密钥 {key_id}，状态表 {status_list} 第 {status_index} 位", dict(node.values))


def account(node: Node) -> Words:
    return Words("出具时账上的学时 {hours}", {"hours": as_text(number(node, "hours"))})


def fact(node: Node) -> Words:
    topic = str(node.values["topic"])
    return Words(TOPICS.get(topic, topic))


def number(node: Node, name: str) -> int:
    value = node.values[name]
    return value if isinstance(value, int) else 0


SAYINGS: dict[str, Callable[[Node], Words]] = {
    "line": line,
    "counted_line": line,
    "assessment": assessment,
    "check_in": check_in,
    "check_out": check_out,
    "session": session,
    "attested": attested,
    "limit": limit,
    "reversed": reversed_line,
    "replaced": replaced,
    "completion": completion,
    "condition": condition,
    "exam": exam,
    "star": star,
    "star_taken_over": star_taken_over,
    "proposal": proposal,
    "certificate": certificate,
    "signature": signature,
    "account": account,
    "fact": fact,
}
