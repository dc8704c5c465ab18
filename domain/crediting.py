"""Crediting: hours for what was earned, and every limit that keeps an hour from counting twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.assessing import Result
from domain.hours import rounded_down
from domain.rulebook import Rulebook


class CreditClaim(BaseModel):
    """What somebody asks an account to credit: one source, its session, what it is worth uncapped.

    `rule_ref` names the figure that decided the hours; `day` is the local day. What was earned at
    no fixed time (a micro-class, a push, hours from elsewhere) begins and ends at one moment.
    `item_ids` are the single answers that a line of pushes is made of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    entry_id: UUID
    source_kind: str
    source_id: UUID
    session_id: UUID | None = None
    course_id: UUID
    course_version: int = 1
    school_code: str
    school_year: int
    term: str
    stage: str
    family: str
    mode: str
    carrier: str
    class_hours: int
    minutes: int
    day: date
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    hours: int
    rule_ref: str
    item_ids: tuple[UUID, ...] = ()

    @property
    def bare(self) -> CreditClaim:
        """The claim without what an award added."""
        return self

    def same_source(self, other: CreditClaim) -> bool:
        """One session is one credit for a person, however many children and entries."""
        return self.source_id == other.source_id or (
            self.session_id is not None and self.session_id == other.session_id
        )

    def same_course(self, other: CreditClaim) -> bool:
        return (self.course_id, self.school_year) == (other.course_id, other.school_year)

    def shares_items(self, other: CreditClaim) -> bool:
        """Whether an answer is in both lines: it was given under two records of one person."""
        return not set(self.item_ids).isdisjoint(other.item_ids)

    def overlaps(self, other: CreditClaim) -> bool:
        """Whether somebody would have been in two places; what has no time was in none."""
        timed = self.begins_at < self.ends_at and other.begins_at < other.ends_at
        return timed and self.begins_at < other.ends_at and other.begins_at < self.ends_at

    def other_part_of(self, other: CreditClaim) -> bool:
        """Another part in the same session: who spoke or helped there may have attended it too."""
        return self.session_id is not None and (
            self.session_id == other.session_id and self.source_id != other.source_id
        )

    def outlasts(self, other: CreditClaim) -> bool:
        """The longer one of two sessions that overlap; of two as long, the first one stays."""
        longer = self.ends_at - self.begins_at > other.ends_at - other.begins_at
        return longer and self.overlaps(other) and not self.same_source(other)


class Credit(CreditClaim):
    """A line of an account: a claim with the hours that were awarded for it."""

    face_to_face: bool
    rulebook_version: str

    @property
    def bare(self) -> CreditClaim:
        """What was claimed, as far as it was awarded."""
        known = self.model_dump(exclude={"face_to_face", "rulebook_version"})
        return CreditClaim.model_validate(known)


def credited(claim: CreditClaim, hours: int, rulebook: Rulebook) -> Credit:
    """The line of a claim that was awarded so many hours. Raises UnknownMode."""
    _, rule = rulebook.mode(claim.mode)
    return Credit.model_validate(
        {
            **claim.model_dump(),
            "hours": hours,
            "face_to_face": rule.face_to_face,
            "rulebook_version": rulebook.version,
        }
    )


class Limit(BaseModel):
    """A limit that bit: without it `would_be`, with it `awarded`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cap_ref: str
    would_be: int
    awarded: int


class Grant(NamedTuple):
    """The answer to a claim: hours, every limit that bit, the shorter credits it takes over."""

    hours: int
    limits: tuple[Limit, ...] = ()
    replaces: tuple[UUID, ...] = ()


class Room(NamedTuple):
    """A cap, and how many hours it leaves."""

    cap_ref: str
    hours: int


def least_room(
    rulebook: Rulebook, mode: str, when: tuple[str, date], standing: Iterable[Credit]
) -> Room:
    """How much more of a mode counts on a day of a term, and by which cap. Raises UnknownMode."""
    least = min(_caps(rulebook, mode, when, tuple(standing)), key=lambda room: room.hours)
    return least._replace(hours=rounded_down(least.hours, rulebook.units.award_step))


def hours_for(rulebook: Rulebook, mode: str, class_hours: int, result: Result) -> int:
    """What an attendance is worth before any cap. Raises UnknownMode."""
    _, rule = rulebook.mode(mode)
    full = class_hours * rule.rate_per_class_hour // 100
    worth = {Result.FULL: full, Result.HALF: full // 2}.get(result, 0)
    return rounded_down(worth, rulebook.units.award_step)


def grant(rulebook: Rulebook, claim: CreditClaim, standing: Iterable[Credit]) -> Grant:
    """How much of a claim counts beside the credits that stand. Raises UnknownMode.

    Of several parts of one person in a session the better one counts: a claim of which more is left
    takes the place of the other part. Of sessions that overlap only the longer one counts: a claim
    that is longer takes the place of the shorter credits, unless another limit leaves nothing.
    """
    credits = tuple(standing)
    parts = tuple(credit for credit in credits if claim.other_part_of(credit))
    instead = _taking_over(rulebook, claim, credits, parts)
    if instead.hours > _sum(parts):
        return instead
    return _taking_over(rulebook, claim, credits, ())


def _taking_over(
    rulebook: Rulebook, claim: CreditClaim, credits: tuple[Credit, ...], parts: tuple[Credit, ...]
) -> Grant:
    """The grant if the claim takes the place of these parts, and of all that is shorter."""
    gone = tuple(credit for credit in credits if credit in parts or claim.outlasts(credit))
    others = tuple(credit for credit in credits if credit not in gone)
    limits = tuple(_limits(rulebook, claim, others))
    hours = limits[-1].awarded if limits else claim.hours
    return Grant(hours, limits, tuple(credit.entry_id for credit in gone) if hours else ())


def _limits(rulebook: Rulebook, claim: CreditClaim, others: tuple[Credit, ...]) -> Iterator[Limit]:
    """Each limit in turn takes what it takes; the next one sees what is left."""
    hours = claim.hours
    for cap_ref, room in (
        *_once_only(claim, others),
        *_caps(rulebook, claim.mode, (claim.term, claim.day), others),
    ):
        if room < hours:
            awarded = rounded_down(room, rulebook.units.award_step)
            yield Limit(cap_ref=cap_ref, would_be=hours, awarded=awarded)
            hours = awarded


def _once_only(claim: CreditClaim, others: tuple[Credit, ...]) -> Iterator[tuple[str, int]]:
    """What leaves no room at all once it is credited."""
    if any(claim.same_source(credit) for credit in others):
        yield "no_double_credit.same_session", 0
    if any(claim.same_course(credit) for credit in others):
        yield "no_double_credit.same_course_same_school_year", 0
    if any(claim.shares_items(credit) for credit in others):
        yield "modes.info_push.per_item", 0
    if any(claim.overlaps(credit) for credit in others):
        yield "no_double_credit.overlapping_sessions", 0


def _caps(
    rulebook: Rulebook, mode: str, when: tuple[str, date], others: tuple[Credit, ...]
) -> Iterator[Room]:
    """The room under each cap that the rulebook sets: per session, day, term, and in all."""
    (ref, rule), (of_term, of_day) = rulebook.mode(mode), when
    term = [credit for credit in others if credit.term == of_term]
    alike = [credit for credit in others if credit.mode == mode]
    spans: tuple[tuple[str, int | None, list[Credit]], ...] = (
        ("cap_per_session", rule.cap_per_session, []),
        ("cap_per_day", rule.cap_per_day, [c for c in alike if c.day == of_day]),
        ("cap_per_term", rule.cap_per_term, [c for c in alike if c.term == of_term]),
    )
    for name, cap, credits in spans:
        if cap is not None:
            yield Room(f"{ref}.{name}", max(cap - _sum(credits), 0))
    yield Room(
        "no_double_credit.term_cap_total",
        max(rulebook.no_double_credit.term_cap_total - _sum(term), 0),
    )


def _sum(credits: Iterable[Credit]) -> int:
    return sum(credit.hours for credit in credits)
