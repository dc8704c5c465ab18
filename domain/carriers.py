"""What kind of teaching a session is: its carrier, its mode, the family of its course.

Carriers and modes are named in clause 6 of Guangzhou's plan for 2024-2026, the first seven course
families in clause 7; the lists are open. The other modes and families are local defaults.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Named(StrEnum):
    """A code with a name in each language."""

    @property
    def zh(self) -> str:
        return _NAMES[self][0]

    @property
    def en(self) -> str:
        return _NAMES[self][1]

    @classmethod
    def called(cls, words: str) -> Self | None:
        """The member that a school means by its code, its name or a usual short form, or None."""
        wanted = words.strip().strip("“”\"'《》").lower()
        known = ((m, {m.value, *map(str.lower, _NAMES[m])}) for m in cls)
        return next((member for member, names in known if wanted in names), None)


class Carrier(Named):
    """Where the teaching is delivered (载体)."""

    IN_SCHOOL = "in_school"
    YANGCHENG_HOME_SCHOOL_CLASS = "yangcheng_home_school_class"
    SCHOOL_GATE_CLASS = "school_gate_class"
    MOBILE_CLASS = "mobile_class"


class Mode(Named):
    """How it is taught (方式). The first four are the plan's; the rest are other activities."""

    ON_SITE = "on_site"
    THEME_ACTIVITY = "theme_activity"
    MICRO_CLASS = "micro_class"
    INFO_PUSH = "info_push"
    PARENT_LECTURER = "parent_lecturer"
    COMMITTEE_OR_VOLUNTEER = "committee_or_volunteer"
    PARENT_MEETING = "parent_meeting"
    OPEN_DAY_PARENT_CHILD = "open_day_parent_child"
    HOME_VISIT = "home_visit"
    EXTERNAL_RECOGNISED = "external_recognised"

    @property
    def is_a_session(self) -> bool:
        """Whether a term plan can hold it. Parents who speak or help are named on a session."""
        return self not in _NO_SESSION


_NO_SESSION = frozenset(
    {
        Mode.PARENT_LECTURER,
        Mode.COMMITTEE_OR_VOLUNTEER,
        Mode.HOME_VISIT,
        Mode.EXTERNAL_RECOGNISED,
    }
)


class LecturerKind(Named):
    """What the lecturer is (主讲人身份); the name is personal data and belongs in the vault."""

    SCHOOL_TEACHER = "school_teacher"
    GUIDANCE_TEACHER = "guidance_teacher"
    MENTAL_HEALTH_TEACHER = "mental_health_teacher"
    SCHOOL_LEADER = "school_leader"
    EXPERT = "expert"
    PARENT_LECTURER = "parent_lecturer"
    COMMUNITY_WORKER = "community_worker"
    OTHER = "other"

    @classmethod
    def of(cls, words: str) -> LecturerKind:
        """The kind that a school means; whatever is not in the list is another kind."""
        return cls.called(words) or cls.OTHER


class CourseFamily(Named):
    """The family of a course (课程类别)."""

    SCHOOL_COLLABORATION = "school_collaboration"
    PARENT_CHILD_STUDY_TRIP = "parent_child_study_trip"
    PARENT_CHILD_READING = "parent_child_reading"
    MENTAL_HEALTH = "mental_health"
    CRISIS_RESPONSE = "crisis_response"
    LIFE_EDUCATION = "life_education"
    CAREER_EXPERIENCE = "career_experience"
    LAW_AND_RIGHTS = "law_and_rights"
    GROWTH_AND_HABITS = "growth_and_habits"
    DIGITAL_LITERACY = "digital_literacy"
    HEALTH_NUTRITION_SAFETY = "health_nutrition_safety"
    POLICY_BRIEFING = "policy_briefing"

    @property
    def is_named_by_the_plan(self) -> bool:
        """Whether clause 7 of the plan names it; the others are extra families of the rulebook."""
        return self not in _EXTRA_FAMILIES


_EXTRA_FAMILIES = frozenset(
    {
        CourseFamily.LAW_AND_RIGHTS,
        CourseFamily.GROWTH_AND_HABITS,
        CourseFamily.DIGITAL_LITERACY,
        CourseFamily.HEALTH_NUTRITION_SAFETY,
        CourseFamily.POLICY_BRIEFING,
    }
)

# The Chinese name, the English name, then the other words that schools write.
_NAMES: dict[Named, tuple[str, ...]] = {
    Carrier.IN_SCHOOL: ("校内家长学校", "in-school parent school", "校内"),
    Carrier.YANGCHENG_HOME_SCHOOL_CLASS: ("羊城家校学堂", "Yangcheng Home-School Classroom"),
    Carrier.SCHOOL_GATE_CLASS: ("校门口家校学堂", "School-Gate Home-School Classroom", "校门口"),
    Carrier.MOBILE_CLASS: ("移动家校学堂", "Mobile Home-School Classroom", "移动"),
    Mode.ON_SITE: ("现场教学", "on-site teaching", "现场", "面授"),
    Mode.THEME_ACTIVITY: ("主题活动", "theme activity"),
    Mode.MICRO_CLASS: ("微课堂", "micro-class", "微课"),
    Mode.INFO_PUSH: ("信息推送", "information push", "推送"),
    Mode.PARENT_LECTURER: ("家长讲师/经验分享", "parent lecturer", "家长讲师", "经验分享"),
    Mode.COMMITTEE_OR_VOLUNTEER: (
        "家委会/志愿服务",
        "parents' committee or volunteering",
        "家委会",
        "志愿服务",
    ),
    Mode.PARENT_MEETING: ("家长会", "parents' meeting"),
    Mode.OPEN_DAY_PARENT_CHILD: (
        "家长开放日/亲子活动",
        "open day or parent-child activity",
        "家长开放日",
        "开放日",
        "亲子活动",
    ),
    Mode.HOME_VISIT: ("家访", "home visit"),
    Mode.EXTERNAL_RECOGNISED: ("校外学时认定", "recognised external hours"),
    LecturerKind.SCHOOL_TEACHER: ("本校教师", "teacher of the school", "教师", "班主任", "老师"),
    LecturerKind.GUIDANCE_TEACHER: (
        "家庭教育指导教师",
        "family-education guidance teacher",
        "家庭教育指导师",
    ),
    LecturerKind.MENTAL_HEALTH_TEACHER: ("心理教师", "mental-health teacher", "心理老师"),
    LecturerKind.SCHOOL_LEADER: ("学校领导", "school leader", "校长", "副校长", "德育主任"),
    LecturerKind.EXPERT: ("专家", "expert", "校外专家", "特约教研员", "高校教师"),
    LecturerKind.PARENT_LECTURER: ("家长讲师", "parent lecturer", "家长"),
    LecturerKind.COMMUNITY_WORKER: ("社区工作者", "community worker", "社工"),
    LecturerKind.OTHER: ("其他", "other"),
    CourseFamily.SCHOOL_COLLABORATION: (
        "校本特色的协同育人活动课程",
        "school-based course in home-school collaboration",
        "协同育人",
        "协同育人活动课程",
        "校本课程",
    ),
    CourseFamily.PARENT_CHILD_STUDY_TRIP: ("亲子研学课程", "parent-child study trip", "亲子研学"),
    CourseFamily.PARENT_CHILD_READING: ("亲子共读课程", "parent-child reading", "亲子共读"),
    CourseFamily.MENTAL_HEALTH: (
        "心理健康指导课程",
        "mental-health guidance",
        "心理健康指导",
        "心理健康",
    ),
    CourseFamily.CRISIS_RESPONSE: (
        "危机应急处置课程",
        "crisis and emergency response",
        "危机应急处置",
    ),
    CourseFamily.LIFE_EDUCATION: ("生命教育课程", "life education", "生命教育"),
    CourseFamily.CAREER_EXPERIENCE: ("职业生涯体验课程", "career experience", "职业生涯体验"),
    CourseFamily.LAW_AND_RIGHTS: ("法治与权益课程", "law and rights", "法治与权益"),
    CourseFamily.GROWTH_AND_HABITS: ("成长与习惯课程", "growth and habits", "成长与习惯"),
    CourseFamily.DIGITAL_LITERACY: ("数字素养课程", "digital literacy", "数字素养"),
    CourseFamily.HEALTH_NUTRITION_SAFETY: (
        "健康营养与安全课程",
        "health, nutrition and safety",
        "健康营养与安全",
    ),
    CourseFamily.POLICY_BRIEFING: ("政策解读课程", "policy briefing", "政策解读"),
}
