"""Given: the rulebook of the project, invented people, claims and records to judge."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from domain.account import Account, entry_id_of
from domain.aggregate import LedgerAggregate, LedgerEvent
from domain.calendar import local_day
from domain.completing import LearningRecord, PassedExam, StageEnrolment
from domain.crediting import Credit, CreditClaim
from domain.envelope import Actor, Channel, Envelope, Role
from domain.judging import RulesOfDay
from domain.rulebook import Rulebook

FILE = Path(__file__).parents[2] / "ledger" / "rulebooks" / "gz-parent-school-2026.1.json"
RULES = Rulebook.model_validate_json(FILE.read_bytes())
TERM_CLOSE = date(2027, 2, 28)
EVENING = datetime(2026, 9, 11, 11, 0, tzinfo=UTC)  # 19:00 in Guangzhou
CHEN, LIN = (uuid5(NAMESPACE_OID, name) for name in ("陈小明家长（示例）", "林示例"))
ACCOUNT = Account.create_id(CHEN)


def by(actor: UUID = LIN, at: datetime = EVENING, role: Role = Role.SYSTEM) -> Envelope:
    return Envelope(
        command_id=uuid5(NAMESPACE_OID, f"{actor}{at}"),
        actor=Actor(id=actor, role=role),
        channel=Channel.SYSTEM,
        occurred_at=at,
    )


def changed(ref: str, value: Any) -> Rulebook:
    """The rulebook with one figure changed."""
    rules = RULES.model_dump(mode="json")
    *path, name = ref.split(".")
    group = rules
    for step in path:
        group = group[step]
    group[name] = value
    return Rulebook.model_validate(rules)


def ruled(*years: int, rulebook: Rulebook = RULES, day: date = TERM_CLOSE) -> RulesOfDay:
    """One rulebook for everything: stars on a day, and the completions of these school years."""
    return RulesOfDay(day, rulebook, dict.fromkeys(years or (2026,), rulebook))


def claim(number: int = 0, generation: int = 0, **different: Any) -> CreditClaim:
    """A two-hour evening of primary school: another session and course, a day later each time."""
    session_id = uuid5(NAMESPACE_OID, f"session {number}")
    begins_at = different.pop("begins_at", EVENING + timedelta(days=number))
    facts: dict[str, Any] = {
        "source_kind": "session",
        "source_id": session_id,
        "session_id": session_id,
        "course_id": uuid5(NAMESPACE_OID, f"course {number}"),
        "school_code": "4401040001",
        "school_year": 2026,
        "term": "2026-1",
        "stage": "primary",
        "family": "mental_health",
        "mode": "on_site",
        "carrier": "in_school",
        "class_hours": 200,
        "minutes": 80,
        "day": local_day(begins_at, RULES.time_zone),
        "begins_at": begins_at,
        "ends_at": begins_at + timedelta(minutes=80),
        "hours": 200,
        "rule_ref": "attendance.full_credit_min_percent",
        **different,
    }
    return CreditClaim(entry_id=entry_id_of(ACCOUNT, facts["source_id"], generation), **facts)


def credit(number: int = 0, **different: Any) -> Credit:
    face_to_face = different.get("mode") != "micro_class"
    asked = claim(number, **different).model_dump()
    return Credit(**asked, face_to_face=face_to_face, rulebook_version=RULES.version)


def account(*claims: CreditClaim) -> Account:
    """An account with a history; what was recorded up to here is not news any more."""
    opened = Account(learner_id=CHEN, envelope=by())
    for asked in claims:
        opened.award(asked, RULES, by())
    opened.collect_events()
    return opened


def news(aggregate: LedgerAggregate) -> list[LedgerEvent]:
    return [event for event in aggregate.collect_events() if isinstance(event, LedgerEvent)]


def history(events: list[LedgerEvent]) -> LedgerAggregate | None:
    """The aggregate again, from what was stored of it: JSON there, JSON back."""
    copy: LedgerAggregate | None = None
    for event in events:
        copy = type(event).model_validate_json(event.model_dump_json()).mutate(copy)
    return copy


def exam(school_year: int = 2026, number: int = 0) -> PassedExam:
    exam_id = uuid5(NAMESPACE_OID, f"exam {school_year} {number}")
    return PassedExam(exam_id=exam_id, school_year=school_year)


def record(
    *credits: Credit, exams: tuple[PassedExam, ...] = (), **different: Any
) -> LearningRecord:
    enrolment = different.pop("enrolment", StageEnrolment("primary", (2026,)))
    return LearningRecord(credits, exams, enrolment, **different)


def a_full_year(school_year: int = 2026) -> tuple[Credit, ...]:
    """Four evenings of two hours in two families: with an exam an annual completion."""
    first = (school_year - 2026) * 365
    families = ("mental_health", "life_education", "mental_health", "career_experience")
    return tuple(
        credit(first + number, school_year=school_year, term=f"{school_year}-1", family=family)
        for number, family in enumerate(families)
    )
