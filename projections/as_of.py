"""As of a day: what a learner had, by either clock, told from the learner's own events.

Two questions, and both answers may be right:

- *As known on a day*: every fact that was recorded by the end of the local day, and no other. It
  is what the pages showed that evening.
- *As now true for a day*: by everything known today. A credit counts from the day of its session
  on, unless it was taken back, whenever that was found out; so does a completion from the day it
  was reached. Stars, their upkeep, verifications and certificates count by what had happened by
  that day: nobody's star is lowered, and no certificate is revoked for a time before that.

Nothing is judged here: an evaluation that was never made is not made now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.account import Account
from domain.calendar import CITY_ZONE, local_day
from domain.certificate import Certificate
from domain.crediting import Credit
from domain.evaluation import CompletionKind, Evaluation
from domain.grades import Stage
from projections.database import Views
from projections.feed import Fact, Feed

_CERTIFICATES: LiteralString = """
SELECT certificate_id FROM certificate WHERE learner_id = %(learner)s
"""


@dataclass(frozen=True, slots=True)
class CompletionThen:
    stage: str
    kind: str
    period: str
    hours: int
    reached_on: date


@dataclass(frozen=True, slots=True)
class StarThen:
    stage: str
    level: int
    since: date
    not_renewed_in: int | None = None


@dataclass(frozen=True, slots=True)
class CertificateThen:
    number: str
    kind: str
    state: str
    valid_until: datetime | None

    def at(self, moment: datetime) -> CertificateThen:
        """A valid certificate expires by itself: no fact is recorded for it."""
        over = self.valid_until is not None and self.valid_until <= moment
        return replace(self, state="expired") if over and self.state == "valid" else self


@dataclass(frozen=True, slots=True)
class Then:
    """What a learner had: hours in all and under verification, completions, stars, certificates."""

    balance: int = 0
    held: int = 0
    completions: tuple[CompletionThen, ...] = ()
    stars: tuple[StarThen, ...] = ()
    certificates: tuple[CertificateThen, ...] = ()


@dataclass(frozen=True, slots=True)
class BothAnswers:
    day: date
    as_known: Then
    as_now_true: Then


class AsOf:
    def __init__(self, views: Views) -> None:
        self._views = views
        self._feed = Feed(views)

    def on(self, learner_id: UUID, day: date) -> BothAnswers:
        """What was known on a day, and what is true for it by all that is known now."""
        facts = self._facts(learner_id)
        return BothAnswers(
            day, as_known=told(facts, known_by=end_of(day)), as_now_true=told(facts, as_of=day)
        )

    def then(
        self, learner_id: UUID, as_of: date | None = None, known_by: datetime | None = None
    ) -> Then:
        """Either clock, both or neither: what is true for a day by what was known at a moment."""
        return told(self._facts(learner_id), as_of, known_by)

    def _facts(self, learner_id: UUID) -> list[Fact]:
        certificates = self._views.cells(_CERTIFICATES, learner=learner_id)
        evaluations = [Evaluation.create_id(learner_id, stage) for stage in Stage]
        return self._feed.of([Account.create_id(learner_id), *evaluations, *certificates])


def end_of(day: date) -> datetime:
    """The midnight at which a local day ends; of the last day there is, the last moment."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(CITY_ZONE))


def told(
    facts: Iterable[Fact], as_of: date | None = None, known_by: datetime | None = None
) -> Then:
    """What a learner's facts add up to, of those recorded before a moment, for a day."""
    fold = _Fold(as_of)
    for fact in facts:
        if known_by is None or fact.recorded_at < known_by:
            fold.add(fact)
    return fold.then(end_of(as_of) if as_of else known_by)


@dataclass(slots=True)
class _Fold:
    """The facts of one learner, taken in one by one."""

    as_of: date | None
    credits: dict[UUID, Credit] = field(default_factory=dict[UUID, Credit])
    held: set[UUID] = field(default_factory=set[UUID])
    completions: dict[tuple[str, CompletionKind, str], CompletionThen] = field(
        default_factory=dict[tuple[str, CompletionKind, str], CompletionThen]
    )
    stars: dict[str, StarThen] = field(default_factory=dict[str, StarThen])
    certificates: dict[UUID, CertificateThen] = field(default_factory=dict[UUID, CertificateThen])

    def add(self, fact: Fact) -> None:
        match fact.event:
            case Account.CreditAwarded(credit=credit):
                self.credits[credit.entry_id] = credit
            case Account.CreditReversed(entry_id=entry_id):
                del self.credits[entry_id]
            case Evaluation.CompletionReached(stage=stage, kind=kind, period=period, hours=hours):
                day = local_day(fact.at, CITY_ZONE)
                reached = CompletionThen(stage, kind, period, hours, day)
                self.completions[stage, kind, period] = reached
            case Evaluation.CompletionWithdrawn(stage=stage, kind=kind, period=period):
                del self.completions[stage, kind, period]
            case _:
                if self.as_of is None or local_day(fact.at, CITY_ZONE) <= self.as_of:
                    self._happened(fact)

    def _happened(self, fact: Fact) -> None:
        """What counts from the day on which it happened."""
        match fact.event:
            case Account.CreditHeld(entry_ids=entries):
                self.held.update(entries)
            case Account.CreditReleased(entry_ids=entries):
                self.held.difference_update(entries)
            case Evaluation.StarAwarded(stage=stage, level=level, from_day=day):
                self.stars[stage] = StarThen(stage, level, day, self._not_renewed_in(stage))
            case Evaluation.StarNotRenewed(stage=stage, upkeep=upkeep):
                star = self.stars[stage]
                self.stars[stage] = replace(star, not_renewed_in=upkeep.school_year)
            case Evaluation.StarRenewed(stage=stage):
                self.stars[stage] = replace(self.stars[stage], not_renewed_in=None)
            case Certificate.Issued(award=award, issue=issue):
                made = CertificateThen(issue.number, award.kind, "valid", issue.valid_until)
                self.certificates[fact.stream] = made
            case Certificate.Reissued():
                self._end(fact.stream, "replaced")
            case Certificate.Revoked():
                self._end(fact.stream, "revoked")
            case Certificate.WithdrawnByHolder():
                self._end(fact.stream, "withdrawn")
            case _:
                pass

    def _not_renewed_in(self, stage: str) -> int | None:
        held = self.stars.get(stage)
        return held.not_renewed_in if held else None

    def _end(self, certificate_id: UUID, state: str) -> None:
        self.certificates[certificate_id] = replace(self.certificates[certificate_id], state=state)

    def then(self, moment: datetime | None) -> Then:
        counted = [c for c in self.credits.values() if self.as_of is None or c.day <= self.as_of]
        completions = self.completions.values()
        certificates = self.certificates.values()
        return Then(
            balance=sum(credit.hours for credit in counted),
            held=sum(credit.hours for credit in counted if credit.entry_id in self.held),
            completions=tuple(
                each for each in completions if self.as_of is None or each.reached_on <= self.as_of
            ),
            stars=tuple(self.stars.values()),
            certificates=tuple(each.at(moment) if moment else each for each in certificates),
        )
