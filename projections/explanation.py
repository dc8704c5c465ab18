"""An explanation: a tree of what was recorded, from the answer down to the scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.rulebook import Rulebook, UnknownRule
from projections.feed import Fact

Value = str | int | bool | datetime | UUID | None
RulesOf = Callable[[str], Rulebook]


@dataclass(frozen=True, slots=True)
class RuleNamed:
    """A rule as an event named it: its reference in one version, with value and basis there."""

    ref: str
    version: str
    value: object
    basis: str


@dataclass(frozen=True, slots=True)
class Source:
    """The event that says so: where it stands, when it happened and by which role."""

    position: int
    stream: UUID
    topic: str
    at: datetime
    recorded_at: datetime
    role: str
    channel: str


@dataclass(frozen=True, slots=True)
class Node:
    """One thing that is said, with its figures, its rule, its event, and what it rests on."""

    what: str
    values: dict[str, Value] = field(default_factory=dict[str, Value])
    rule: RuleNamed | None = None
    source: Source | None = None
    children: tuple[Node, ...] = ()


def source_of(fact: Fact) -> Source:
    envelope = fact.event.envelope
    return Source(
        position=fact.position,
        stream=fact.stream,
        topic=fact.event.TOPIC,
        at=fact.at,
        recorded_at=fact.recorded_at,
        role=envelope.actor.role,
        channel=envelope.channel,
    )


def plain(fact: Fact, **values: Value) -> Node:
    """A fact that is told by its name alone."""
    return Node("fact", {"topic": fact.event.TOPIC, **values}, source=source_of(fact))


def told(facts: Iterable[Fact]) -> tuple[Node, ...]:
    return tuple(plain(fact) for fact in facts)


def rule_named(rules: RulesOf, ref: str, version: str | None) -> RuleNamed | None:
    """A rule of the version that the event names; a rule without a figure has no value."""
    if version is None:
        return None
    try:
        figure = rules(version).figure(ref)
    except UnknownRule:
        return RuleNamed(ref, version, None, "")
    return RuleNamed(ref, version, figure.value, figure.basis)
