"""One run of rules as it stands: what is tried or applied, how far it is, what it ended with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.re_evaluation import Outcomes
from domain.refusals import Refused
from domain.rehearsal import RuleEffects, Totals


class UnknownRun(Refused):
    """No such run of rules, or it was forgotten: ask for a dry run again."""

    code = "dry_run_unknown"


class RunUnfinished(Refused):
    """The dry run is not finished (`state`): nobody knows yet what would change."""

    code = "dry_run_unfinished"


class RunUnderWay(Refused):
    """A dry run of this organisation is under way: there is one at a time."""

    code = "dry_run_under_way"


class Kind(StrEnum):
    DRY_RUN = "dry_run"  # had a draft held
    BACKWARDS = "backwards"  # what a better edition would give backwards
    APPLY = "apply"  # and giving it


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewRun:
    """What is to be tried, or applied: an edition of a place, since a day or instead of another."""

    run_id: UUID
    kind: Kind
    place: str
    version: str
    asked_by: UUID
    asked_at: datetime
    from_version: str | None = None
    since: date | None = None
    follows: UUID | None = None


@dataclass(frozen=True, slots=True)
class RuleRun:
    """A run as it stands."""

    run_id: UUID
    kind: Kind
    place: str
    version: str
    from_version: str | None
    since: date | None
    follows: UUID | None
    asked_by: UUID
    asked_at: datetime
    state: State
    total: int
    done: int
    after_learner: UUID | None
    finished_at: datetime | None
    sha256: str | None
    result: dict[str, Any] | None
    error: str | None

    @property
    def percent(self) -> int:
        return 100 if self.state is State.FINISHED else self.done * 100 // max(self.total, 1)

    @property
    def is_over(self) -> bool:
        return self.state in {State.FINISHED, State.CANCELLED, State.FAILED}

    @property
    def totals(self) -> Totals | None:
        """What a finished dry run found."""
        known = self.result if self.kind is not Kind.APPLY else None
        return Totals.model_validate(known) if known is not None else None

    @property
    def outcomes(self) -> Outcomes | None:
        """What became of everybody when it was applied."""
        known = self.result if self.kind is Kind.APPLY else None
        return Outcomes.model_validate(known) if known is not None else None


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found for one learner who changes."""

    learner_id: UUID
    school_code: str
    effects: RuleEffects


def run_of(row: Sequence[Any]) -> RuleRun:
    known: dict[str, Any] = dict(zip(RuleRun.__slots__, row, strict=True))
    known |= {"kind": Kind(known["kind"]), "state": State(known["state"])}
    return RuleRun(**known)
