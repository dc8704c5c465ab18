"""What is earned, as claims to an account: one function for each source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, TypedDict
from uuid import UUID

from domain.account import Account, entry_id_of
from domain.assessing import Result
from domain.calendar import local_day
from domain.carriers import Mode
from domain.crediting import CreditClaim, hours_for
from domain.external import ExternalHours
from domain.hours import rounded_down
from domain.identity import derived
from domain.making_up import MADE_UP
from domain.micro_class import MicroClassPlan
from domain.plan import SessionPlan
from domain.push import Answers, PushLine, PushPlan
from domain.rulebook import Rulebook
from domain.service import Service
from domain.session import Session
from domain.studying import MicroClassCompletion


class Seat(NamedTuple):
    """How somebody attended a session: the source and entry of it, and what it counts."""

    entry_id: UUID
    source_id: UUID
    minutes: int
    result: Result
    rule_ref: str


def seat_claim(session_id: UUID, plan: SessionPlan, seat: Seat, rulebook: Rulebook) -> CreditClaim:
    """What an attendance asks for. Raises UnknownMode."""
    return CreditClaim(
        entry_id=seat.entry_id,
        source_kind="session",
        source_id=seat.source_id,
        session_id=session_id,
        course_id=plan.course_id,
        course_version=plan.course_version,
        school_code=plan.school_code,
        school_year=plan.school_year,
        term=plan.term,
        stage=plan.stage,
        family=plan.family,
        mode=plan.mode,
        carrier=plan.carrier,
        class_hours=plan.class_hours,
        minutes=seat.minutes,
        day=local_day(plan.begins_at, rulebook.time_zone),
        begins_at=plan.begins_at,
        ends_at=plan.ends_at,
        hours=hours_for(rulebook, plan.mode, plan.class_hours, seat.result),
        rule_ref=seat.rule_ref,
    )


def service_claim(
    session: Session, service: Service, account_id: UUID, rulebook: Rulebook
) -> CreditClaim:
    """What a parent who spoke or helped in a session asks for, at the rate of the service."""
    plan = session.plan
    ref, _ = rulebook.mode(service.kind)
    class_hours = min(service.class_hours, plan.class_hours)  # a session may turn out shorter
    return CreditClaim(
        entry_id=entry_id_of(account_id, service.id, session.corrections),
        source_kind="service",
        source_id=service.id,
        session_id=session.id,
        course_id=plan.course_id,
        course_version=plan.course_version,
        school_code=plan.school_code,
        school_year=plan.school_year,
        term=plan.term,
        stage=plan.stage,
        family=plan.family,
        mode=service.kind,
        carrier=plan.carrier,
        class_hours=class_hours,
        minutes=class_hours * plan.class_hour_minutes // 100,
        day=local_day(plan.begins_at, rulebook.time_zone),
        begins_at=plan.begins_at,
        ends_at=plan.ends_at,
        hours=hours_for(rulebook, service.kind, class_hours, Result.FULL),
        rule_ref=f"{ref}.rate_per_class_hour",
    )


def micro_class_claim(
    plan: MicroClassPlan, completion: MicroClassCompletion, rulebook: Rulebook
) -> CreditClaim:
    """A micro-class completed. However many versions it has, its course counts once a year."""
    return CreditClaim(
        **at_no_time(completion.completed_at, rulebook),
        entry_id=entry_of(completion.learner_id, completion.id),
        source_kind="micro_class",
        source_id=completion.id,
        session_id=None,
        course_id=plan.course_id,
        course_version=plan.course_version,
        school_code=plan.school_code,
        school_year=completion.school_year,
        term=completion.term,
        stage=plan.stage,
        family=plan.family,
        mode=Mode.MICRO_CLASS,
        carrier=plan.carrier,
        class_hours=plan.class_hours,
        minutes=plan.seconds // 60,
        hours=hours_for(rulebook, Mode.MICRO_CLASS, plan.class_hours, Result.FULL),
        rule_ref="modes.micro_class.rate_per_class_hour",
    )


def push_claim(
    record: Answers, line: PushLine, items: Sequence[PushPlan], rulebook: Rulebook
) -> CreditClaim:
    """A line of right answers. It is of the family that most of its items have."""
    source_id = line_id(record.id, line.number)
    first = items[0]
    return CreditClaim(
        **at_no_time(record.items[line.item_ids[-1]], rulebook),
        entry_id=entry_of(record.learner_id, source_id),
        source_kind="push",
        source_id=source_id,
        session_id=None,
        course_id=source_id,  # no course: nothing else is the same
        school_code=first.school_code,
        school_year=first.school_year,
        term=record.term,
        stage=first.stage,
        family=Counter(item.family for item in items).most_common(1)[0][0],
        mode=Mode.INFO_PUSH,
        carrier=first.carrier,
        class_hours=0,
        minutes=0,
        hours=line.hours,
        rule_ref="modes.info_push.per_item",
        item_ids=line.item_ids,
    )


def at_rates_of(rulebook: Rulebook, claim: CreditClaim) -> CreditClaim:
    """The same claim at the rates of other rules; right answers stay in the lines they made.

    Raises UnknownMode.
    """
    match claim.source_kind:
        case "push":
            _, rule = rulebook.mode(Mode.INFO_PUSH)
            worth = len(claim.item_ids) * rule.per_item
        case "external":
            worth = claim.class_hours
        case _:
            worth = hours_for(rulebook, claim.mode, claim.class_hours, Result.FULL)
    if claim.rule_ref == MADE_UP:
        worth = worth * rulebook.make_up.rate_percent // 100
    hours = rounded_down(worth, rulebook.units.award_step)
    return claim.model_copy(update={"hours": hours})


def line_id(record_id: UUID, number: int) -> UUID:
    """The source that a line of right answers is."""
    return derived("push_line", record_id, number)


def external_claim(external: ExternalHours, rulebook: Rulebook) -> CreditClaim:
    """Hours from elsewhere, as they are proved; what they may make of a star is asked later."""
    return CreditClaim(
        **at_no_time(external.decided_at, rulebook),
        entry_id=entry_of(external.learner_id, external.id),
        source_kind="external",
        source_id=external.id,
        session_id=None,
        course_id=external.id,  # of a course elsewhere, which nobody here knows
        school_code=external.school_code,
        school_year=external.school_year,
        term=external.term,
        stage=external.stage,
        family=external.family,
        mode=Mode.EXTERNAL_RECOGNISED,
        carrier="",
        class_hours=external.hours,
        minutes=0,
        hours=rounded_down(external.hours, rulebook.units.award_step),
        rule_ref="external.max_percent_of_requirement",
    )


def entry_of(learner_id: UUID, source_id: UUID) -> UUID:
    return entry_id_of(Account.create_id(learner_id), source_id)


class Moment(TypedDict):
    """When something counts that took place at no fixed time."""

    day: date
    begins_at: datetime
    ends_at: datetime


def at_no_time(at: datetime, rulebook: Rulebook) -> Moment:
    """What was earned whenever somebody liked overlaps nothing: it begins and ends at once."""
    return {"day": local_day(at, rulebook.time_zone), "begins_at": at, "ends_at": at}
