"""An invented pilot district: schools, kindergartens, terms, and what they plan to hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.calendar import CITY_ZONE, Term
from domain.envelope import Actor, Channel, Envelope, Role
from domain.grades import GRADES, Stage
from domain.identity import derived
from domain.term import SchoolTerm
from ledger.book import Book
from ledger.plan_rows import PlannedSession
from ledger.registry import Registry
from ledger.rulebooks import Rulebooks, default_rulebook

DISTRICT = "440104"
SCHOOL_YEAR = 2025  # a year that is over: nothing that happened lies ahead of anybody's clock
SET_UP = datetime(SCHOOL_YEAR, 8, 18, 1, 0, tzinfo=UTC)
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
    district: str = DISTRICT

    @property
    def school_code(self) -> str:
        return f"{self.district}9{self.number:03}"

    @property
    def name(self) -> str:
        return f"示例{NAMES[self.stage]}{self.number:03}"

    @property
    def grades(self) -> list[str]:
        return [grade.name for grade in GRADES if grade.stage is self.stage]


@dataclass(frozen=True)
class Size:
    """How much is made. All of it hangs on the seed."""

    institutions: int
    families: int
    seed: int = 1
    evenings: int = 8  # a term
    comes: float = 0.765  # so many of the families to each


PILOT = Size(institutions=350, families=150)


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


def planned(place: Institution, term_no: int, evenings: int) -> list[PlannedSession]:
    """The plan of a term, a fortnight between two evenings."""
    minutes = default_rulebook().units.class_hour_minutes[place.stage]
    rows: list[PlannedSession] = []
    for number, evening in enumerate(EVENINGS[term_no][:evenings]):
        day = FIRST_EVENINGS[term_no] + FORTNIGHT * number
        begins_at = datetime.combine(day, BEGINS).astimezone(UTC)
        rows.append(
            PlannedSession(
                row=number + 2,
                title=evening.title,
                family=evening.family,
                mode=evening.mode,
                carrier="in_school",
                grades=(),
                stage=place.stage.value,
                class_hours=evening.class_hours,
                begins_at=begins_at,
                ends_at=begins_at + timedelta(minutes=minutes * evening.class_hours // 100),
                place="报告厅",
            )
        )
    return rows


def set_up(rulebooks: Rulebooks, registry: Registry, seed: int) -> None:
    """The project's rules, in force from the first day of the year, and the terms."""

    def by(*parts: str) -> Envelope:
        return Envelope(
            command_id=command_of(seed, *parts),
            actor=Actor(id=derived("district", seed, "officer"), role=Role.DISTRICT_OFFICER),
            channel=Channel.SYSTEM,
            occurred_at=SET_UP,
        )

    rules = default_rulebook().model_copy(update={"effective_from": TERMS[0].begins})
    rulebooks.publish_at_set_up(rules, by("rules"))
    for term in TERMS:
        registry.open_term(term, by("term", term.code))


def was_set_up(book: Book, seed: int) -> bool:
    """Whether what is in a ledger began with this seed."""
    term = TERMS[0]
    key = SchoolTerm.create_id(term.school_year, term.term_no)
    return book.ledger.store.position_of(command_of(seed, "term", term.code), {key: 1}) is not None


def command_of(seed: int, *parts: str) -> UUID:
    return derived("district", seed, *parts)
