"""An invented pilot district: schools, kindergartens, terms, and what they plan to hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import CITY_ZONE, Term
from domain.grades import GRADES, Stage
from domain.identity import derived
from domain.plan import SessionPlan
from domain.rulebook import Rulebook
from ledger.rulebooks import default_rulebook

DISTRICT = "440104"
SCHOOL_YEAR = 2025  # a year that is over: nothing that happened lies ahead of anybody's clock
TERMS = (
    Term(school_year=SCHOOL_YEAR, term_no=1, begins=date(2025, 9, 1), ends=date(2026, 2, 22)),
    Term(school_year=SCHOOL_YEAR, term_no=2, begins=date(2026, 2, 23), ends=date(2026, 8, 31)),
)
FIRST_EVENINGS = {1: date(2025, 9, 12), 2: date(2026, 3, 6)}
FORTNIGHT = timedelta(days=14)
BEGINS = time(19, 0, tzinfo=ZoneInfo(CITY_ZONE))
# Of seven institutions three are schools: 150 schools and 200 kindergartens of 350.
KINDS = (
    Stage.PRIMARY, Stage.KINDERGARTEN, Stage.KINDERGARTEN, Stage.JUNIOR, Stage.KINDERGARTEN,
    Stage.PRIMARY, Stage.KINDERGARTEN,
)  # fmt: skip
NAMES = {Stage.PRIMARY: "小学", Stage.JUNIOR: "中学", Stage.KINDERGARTEN: "幼儿园"}


@dataclass(frozen=True)
class Institution:
    number: int
    stage: Stage

    @property
    def school_code(self) -> str:
        return f"{DISTRICT}9{self.number:03}"

    @property
    def name(self) -> str:
        return f"示例{NAMES[self.stage]}{self.number:03}"

    @property
    def grades(self) -> list[str]:
        return [grade.name for grade in GRADES if grade.stage is self.stage]


def institutions(count: int) -> Iterator[Institution]:
    return (Institution(number, KINDS[number % len(KINDS)]) for number in range(count))


@dataclass(frozen=True)
class Evening:
    """A line of every institution's plan. A course that comes back is credited once a year."""

    title: str
    family: str
    mode: str
    class_hours: int


# One is longer than a session may count, one comes twice a year, one counts half: caps bite.
EVENINGS = {
    1: (
        Evening("读懂孩子的情绪", "mental_health", "on_site", 200),
        Evening("亲子共读", "parent_child_reading", "on_site", 200),
        Evening("生命教育主题日", "life_education", "theme_activity", 300),
        Evening("家校怎样配合", "school_collaboration", "on_site", 200),
        Evening("危机面前", "crisis_response", "on_site", 200),
        Evening("周末工作坊", "mental_health", "on_site", 500),
        Evening("线上微课", "career_experience", "micro_class", 200),
        Evening("陪伴的力量", "mental_health", "on_site", 200),
    ),
    2: (
        Evening("职业体验", "career_experience", "on_site", 200),
        Evening("读懂孩子的情绪", "mental_health", "on_site", 200),
        Evening("研学准备", "parent_child_study_trip", "theme_activity", 200),
        Evening("家长开放日", "school_collaboration", "open_day_parent_child", 200),
        Evening("亲子沟通", "mental_health", "on_site", 200),
        Evening("阅读的习惯", "parent_child_reading", "on_site", 200),
        Evening("生命与安全", "life_education", "on_site", 200),
        Evening("暑假怎么过", "school_collaboration", "on_site", 200),
    ),
}


def rules_of_the_district() -> Rulebook:
    """The project's rules, in force from the first day of the year."""
    return default_rulebook().model_copy(update={"effective_from": TERMS[0].begins})


def plans(place: Institution, term: Term, rules: Rulebook) -> list[SessionPlan]:
    """The sessions of a term, a fortnight apart."""
    minutes = rules.units.class_hour_minutes[place.stage]
    found: list[SessionPlan] = []
    for number, evening in enumerate(EVENINGS[term.term_no]):
        day = FIRST_EVENINGS[term.term_no] + FORTNIGHT * number
        begins_at = datetime.combine(day, BEGINS).astimezone(UTC)
        length = timedelta(minutes=minutes * evening.class_hours // 100)
        found.append(
            SessionPlan(
                school_code=place.school_code,
                district_code=DISTRICT,
                school_year=SCHOOL_YEAR,
                term_no=term.term_no,
                course_id=derived("course", place.school_code, evening.title),
                title=evening.title,
                family=evening.family,
                stage=place.stage.value,
                mode=evening.mode,
                carrier="in_school",
                class_hours=evening.class_hours,
                class_hour_minutes=minutes,
                begins_at=begins_at,
                ends_at=begins_at + length,
                place="报告厅",
            )
        )
    return found
