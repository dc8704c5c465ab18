"""What other rules would change: hours, completions, stars and certificates of learners.

Pure comparison of standings: nothing here judges an attendance or a record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.certificate import CertificateKind, completion_certificate_id
from domain.identity import derived
from domain.rulebook import fingerprint


class Reached(BaseModel):
    """A completion: of which stage, annual or of the stage, of which school year or stage."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str
    kind: str
    period: str

    def certificate_id(self, learner_id: UUID) -> UUID:
        kind = CertificateKind(f"{self.kind}_completion")
        return completion_certificate_id(learner_id, kind, self.period)


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner as some rules make them: hours by source, completions, the star of each stage."""

    hours: Mapping[UUID, int]
    completions: frozenset[Reached]
    stars: Mapping[str, int]


class LineChange(BaseModel):
    """The hours of one source, now and under the other rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_id: UUID
    before: int
    after: int


class StarChange(BaseModel):
    """The star of one stage, now and under the other rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str
    before: int
    after: int


class RuleEffects(BaseModel):
    """What other rules change for one learner. No names: a learner is an id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learner_id: UUID
    hours_before: int
    hours_after: int
    lines: tuple[LineChange, ...] = ()
    completions_gained: tuple[Reached, ...] = ()
    completions_lost: tuple[Reached, ...] = ()
    stars: tuple[StarChange, ...] = ()
    certificates: tuple[UUID, ...] = ()  # issued for what would be lost

    @property
    def is_nothing(self) -> bool:
        return not (self.lines or self.completions_gained or self.completions_lost or self.stars)

    @property
    def loses(self) -> bool:
        """Whether anything at all becomes less: one line is enough."""
        return bool(
            self.completions_lost
            or any(line.after < line.before for line in self.lines)
            or any(star.after < star.before for star in self.stars)
        )

    @property
    def certificates_in_question(self) -> tuple[UUID, ...]:
        """The ids that certificates of what is lost have, issued or not."""
        completions = (each.certificate_id(self.learner_id) for each in self.completions_lost)
        stars = (
            derived("certificate", self.learner_id, star.stage, level)
            for star in self.stars
            for level in range(star.after + 1, star.before + 1)
        )
        return (*completions, *stars)

    @property
    def sha256(self) -> str:
        """Over what changes, never over balances: hours that arrive meanwhile spoil nothing."""
        changes = self.model_dump(mode="json", exclude={"hours_before", "hours_after"})
        return fingerprint(changes)


def compared(learner_id: UUID, held: Standing, today: Standing, other: Standing) -> RuleEffects:
    """What changes from today's rules to others, of what a learner holds.

    `today` is what today's rules make of the record. It differs from what is held where something
    is protected (a star is never lowered): what today's rules would not give is not lost.
    """
    sources = [*today.hours, *(source for source in other.hours if source not in today.hours)]
    lines = tuple(
        LineChange(source_id=source, before=before, after=after)
        for source in sources
        if (before := today.hours.get(source, 0)) != (after := other.hours.get(source, 0))
    )
    hours = sum(held.hours.values())
    return RuleEffects(
        learner_id=learner_id,
        hours_before=hours,
        hours_after=hours + sum(line.after - line.before for line in lines),
        lines=lines,
        completions_gained=_sorted(other.completions - today.completions - held.completions),
        completions_lost=_sorted((today.completions - other.completions) & held.completions),
        stars=tuple(_stars(held, today, other)),
    )


def _sorted(completions: Iterable[Reached]) -> tuple[Reached, ...]:
    return tuple(sorted(completions, key=lambda each: (each.stage, each.kind, each.period)))


def _stars(held: Standing, today: Standing, other: Standing) -> Iterator[StarChange]:
    for stage in sorted({*held.stars, *other.stars}):
        before, after = held.stars.get(stage, 0), other.stars.get(stage, 0)
        now = today.stars.get(stage, 0)
        if (after > now and after > before) or (after < now and after < before):
            yield StarChange(stage=stage, before=before, after=after)


class Totals(BaseModel):
    """What other rules change for all learners together. Hours are hundredths."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learners: int = 0
    gaining: int = 0
    losing: int = 0
    hours_gained: int = 0
    hours_lost: int = 0
    completions_gained: int = 0
    completions_lost: int = 0
    stars_gained: int = 0
    stars_lost: int = 0
    certificates: int = 0

    @classmethod
    def of(cls, effects: RuleEffects) -> Self:
        changes = [line.after - line.before for line in effects.lines]
        gains = (
            any(change > 0 for change in changes)
            or bool(effects.completions_gained)
            or any(star.after > star.before for star in effects.stars)
        )
        return cls(
            learners=1,
            gaining=int(gains),
            losing=int(effects.loses),
            hours_gained=sum(change for change in changes if change > 0),
            hours_lost=-sum(change for change in changes if change < 0),
            completions_gained=len(effects.completions_gained),
            completions_lost=len(effects.completions_lost),
            stars_gained=sum(star.after > star.before for star in effects.stars),
            stars_lost=sum(star.after < star.before for star in effects.stars),
            certificates=len(effects.certificates),
        )

    def __add__(self, other: Totals) -> Totals:
        names = type(self).model_fields
        return Totals(**{name: getattr(self, name) + getattr(other, name) for name in names})


class Line(NamedTuple):
    """A learner whose standing changes, and the fingerprint of how."""

    learner_id: UUID
    sha256: str


class Digest:
    """The fingerprint of a whole run: a line a learner who changes, in the order of their ids."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, line: Line) -> None:
        self._hash.update(f"{line.learner_id} {line.sha256}\n".encode())

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()
