"""What a plan lacks, in words for the desk: one short part for each condition."""

from __future__ import annotations

from collections.abc import Iterable

from api.language.catalogue import Language, translate
from api.pages.parent_words import Words, say
from domain.carriers import CourseFamily
from domain.completing import Condition
from domain.hours import as_short_text
from domain.plan_check import GradeOutlook

LACKS = {
    "completion.annual.min_hours": "学时还差 {hours}",
    "completion.annual.min_face_to_face_hours": "面授学时还差 {hours}",
    "completion.annual.exams_passed": "本学年还没有发布考核",
    "course_families.required_for_completion": "课程类别还差 {count} 类",
    "course_families.must_include": "缺{family}",
    "hours": "学时还差 {hours}",
    "exams_passed": "还没有发布考核",
    "annual_completions": "学年结业还差 {count} 次",
    "families": "课程类别还差 {count} 类",
    "theme_activities": "主题活动还差 {count} 次",
    "shares": "经验分享 {count} 次，由家长自己承担",
}


def lacking(condition: Condition) -> Words:
    lacks = condition.threshold - condition.value
    group, _, last = condition.ref.rpartition(".")
    values: dict[str, object] = {"hours": as_short_text(lacks), "count": lacks}
    if group == "course_families.must_include":
        return Words(LACKS[group], {"family": CourseFamily(last)})
    return Words(LACKS.get(condition.ref) or LACKS[last], values)


def lacking_text(language: Language, conditions: Iterable[Condition]) -> str:
    """What must be there by name first: 缺心理健康指导课程；学时还差 2."""
    named = sorted(conditions, key=lambda each: "must_include" not in each.ref)
    parts = (str(say(language, lacking(each))) for each in named)
    return translate(language, "；").join(parts)


def grade_text(language: Language, found: GradeOutlook) -> str:
    """A grade and what its completion lacks, as in 三年级缺心理健康指导课程；学时还差 2."""
    return translate(
        language, "{grade}：{lacks}", grade=found.grade, lacks=lacking_text(language, found.missing)
    )
