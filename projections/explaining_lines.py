"""Explaining a line of the account: how long, by which scans, in which session, under what cap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from domain.account import Account
from domain.attendance import Attendance
from domain.crediting import Credit, CreditClaim, Limit
from domain.session import Session
from projections.evidence import Evidence
from projections.explanation import Node, RulesOf, Value, plain, rule_named, source_of
from projections.feed import Fact


def line_node(evidence: Evidence, rules: RulesOf, entry_id: UUID) -> Node | None:
    """A line with everything it rests on; None where the account has no such entry."""
    own = [fact for fact in evidence.account() if is_of(fact, entry_id)]
    claim = evidence.claim(entry_id)
    if claim is None:
        return None
    awarded = next((f for f in own if isinstance(f.event, Account.CreditAwarded)), None)
    first = awarded or own[0]
    version = first.event.envelope.rulebook_version
    return Node(
        "line",
        line_values(evidence, claim, own),
        source=source_of(first),
        children=(
            assessment(evidence, rules, claim, version, first),
            *session_nodes(evidence, claim),
            *limits(evidence, rules, claim, own, version),
            *corrections(evidence, claim, own),
        ),
    )


def is_of(fact: Fact, entry_id: UUID) -> bool:
    match fact.event:
        case Account.CreditAwarded(credit=claim) | Account.CreditLimited(claim=claim):
            return claim.entry_id == entry_id
        case Account.CreditReversed(entry_id=reversed_id):
            return reversed_id == entry_id
        case Account.CreditHeld(entry_ids=entries) | Account.CreditReleased(entry_ids=entries):
            return entry_id in entries
        case _:
            return False


def line_values(evidence: Evidence, claim: CreditClaim, own: Sequence[Fact]) -> dict[str, Value]:
    hours = claim.hours if isinstance(claim, Credit) else 0
    return {
        "entry_id": claim.entry_id,
        "hours": hours,
        "title": evidence.title_of(claim),
        "day": claim.day.isoformat(),
        "mode": claim.mode,
        "family": claim.family,
        "class_hours": claim.class_hours,
        "stands": not any(isinstance(f.event, Account.CreditReversed) for f in own),
    }


def shallow_line(evidence: Evidence, credit: Credit) -> Node:
    """A line that is only named: its own page explains it."""
    return Node("counted_line", line_values(evidence, credit, ()))


def assessment(
    evidence: Evidence, rules: RulesOf, claim: CreditClaim, version: str | None, first: Fact
) -> Node:
    """How the hours were worked out, and the facts of their source up to then."""
    facts = [f for f in evidence.of_stream(claim.source_id) if f.position <= first.position]
    assessed = evidence.last(facts, Attendance.Assessed)
    values: dict[str, Value] = {"kind": claim.source_kind, "minutes": claim.minutes}
    if assessed:
        event = assessed[1]
        values |= {
            "planned_minutes": event.planned_minutes,
            "percent": event.minutes * 100 // max(event.planned_minutes, 1),
            "result": event.result,
        }
    return Node(
        "assessment",
        values,
        rule_named(rules, claim.rule_ref, version),
        source_of(assessed[0]) if assessed else None,
        tuple(source_fact(f) for f in facts if not isinstance(f.event, Attendance.Assessed)),
    )


def source_fact(fact: Fact) -> Node:
    match fact.event:
        case Attendance.CheckedIn(on_paper=paper):
            on_sheet: dict[str, Value] = (
                {"sheet_id": paper.sheet_id, "row": paper.row} if paper else {}
            )
            return Node("check_in", on_sheet, source=source_of(fact))
        case Attendance.CheckedOut():
            return Node("check_out", {}, source=source_of(fact))
        case Attendance.Corrected(reason_code=reason, present_from=begins, present_to=ends):
            return plain(fact, reason_code=reason, present_from=begins, present_to=ends)
        case _:
            return plain(fact)


def session_nodes(evidence: Evidence, claim: CreditClaim) -> Iterator[Node]:
    """The session as it was announced, held, counted and attested."""
    facts: Sequence[Fact] = evidence.of_stream(claim.session_id) if claim.session_id else ()
    announced = [f for f in facts if isinstance(f.event, Session.Scheduled | Session.Rescheduled)]
    if not announced:
        return
    event = announced[-1].event
    assert isinstance(event, Session.Scheduled | Session.Rescheduled)
    plan = event.plan
    yield Node(
        "session",
        {
            "title": plan.title,
            "begins_at": plan.begins_at,
            "ends_at": plan.ends_at,
            "class_hours": plan.class_hours,
        },
        source=source_of(announced[-1]),
        children=tuple(session_fact(fact) for fact in facts if fact not in announced),
    )


def session_fact(fact: Fact) -> Node:
    match fact.event:
        case Session.Attested(attested_as=role):
            return Node("attested", {"role": role.value}, source=source_of(fact))
        case Session.HeadCounted(persons_present=present, compared_with=recorded):
            return plain(fact, persons_present=present, persons_recorded=recorded)
        case _:
            return plain(fact)


def limits(
    evidence: Evidence,
    rules: RulesOf,
    claim: CreditClaim,
    own: Sequence[Fact],
    version: str | None,
) -> Iterator[Node]:
    """Each cap that bit, with the lines that had used its room."""
    for fact in own:
        if isinstance(fact.event, Account.CreditLimited):
            standing = evidence.standing(before=fact.position)
            for limit in fact.event.limits:
                users = [c for c in standing if uses_room(limit, claim, c)]
                yield Node(
                    "limit",
                    {"would_be": limit.would_be, "awarded": limit.awarded},
                    rule_named(rules, limit.cap_ref, version),
                    source_of(fact),
                    tuple(shallow_line(evidence, credit) for credit in users),
                )


# Whether a cap counts a credit beside a claim, by the cap's own name; other caps look at no other.
_USES_ROOM: Mapping[str, Callable[[CreditClaim, Credit], bool]] = MappingProxyType(
    {
        "same_session": lambda claim, credit: claim.same_source(credit),
        "same_course_same_school_year": lambda claim, credit: claim.same_course(credit),
        "per_item": lambda claim, credit: claim.shares_items(credit),
        "overlapping_sessions": lambda claim, credit: claim.overlaps(credit),
        "cap_per_day": lambda claim, c: (c.mode, c.day) == (claim.mode, claim.day),
        "cap_per_term": lambda claim, c: (c.mode, c.term) == (claim.mode, claim.term),
        "term_cap_total": lambda claim, credit: credit.term == claim.term,
    }
)


def uses_room(limit: Limit, claim: CreditClaim, credit: Credit) -> bool:
    counts = _USES_ROOM.get(limit.cap_ref.rpartition(".")[2])
    return counts is not None and credit.entry_id != claim.entry_id and counts(claim, credit)


def corrections(evidence: Evidence, claim: CreditClaim, own: Sequence[Fact]) -> Iterator[Node]:
    """What was held, taken back, and what this line replaced or was replaced by."""
    for fact in own:
        match fact.event:
            case Account.CreditReversed(hours=hours, reason_code=reason, replaced_by=successor):
                values: dict[str, Value] = {"hours": hours, "reason_code": reason}
                successors = [evidence.claim(successor)] if successor else []
                followed = tuple(
                    shallow_line(evidence, each) for each in successors if isinstance(each, Credit)
                )
                yield Node("reversed", values, source=source_of(fact), children=followed)
            case Account.CreditHeld() | Account.CreditReleased():
                yield plain(fact)
            case _:
                pass
    yield from replaced(evidence, claim)


def replaced(evidence: Evidence, claim: CreditClaim) -> Iterator[Node]:
    """Earlier lines of the same source, and lines that this one took the place of."""
    credits: dict[UUID, Credit] = {}
    for fact in evidence.account():
        match fact.event:
            case Account.CreditAwarded(credit=credit):
                credits[credit.entry_id] = credit
            case Account.CreditReversed(entry_id=entry_id, replaced_by=successor, reason_code=why):
                old = credits[entry_id]
                is_own = old.source_id == claim.source_id and entry_id != claim.entry_id
                if successor == claim.entry_id or (is_own and successor is None):
                    line = shallow_line(evidence, old)
                    yield Node(
                        "replaced", {"reason_code": why}, source=source_of(fact), children=(line,)
                    )
            case _:
                pass
