"""Applying better rules backwards: rehearsed, proposed, started by a second person, finished once.

To the learner's advantage only, and only where the new rules themselves say that they reach back.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from eventsourcing.domain import event
from pydantic import AwareDatetime, BaseModel, ConfigDict

from domain.aggregate import LedgerAggregate, LedgerCreated, LedgerEvent
from domain.envelope import Envelope, Role
from domain.identity import derived
from domain.refusals import Refused
from domain.rehearsal import Totals
from domain.rulebook import Rulebook
from domain.rulebook_refusals import RulebookNeedsSecondPerson
from domain.supplement import RuleLevel


class UnknownReEvaluation(Refused):
    """No re-evaluation with that id was proposed."""

    code = "re_evaluation_unknown"


class RulesReachNotBack(Refused):
    """The edition does not say that what is better reaches back (retroactivity)."""

    code = "re_evaluation_not_allowed"


class DryRunDiffers(Refused):
    """The dry run that was signed is another one: look at the newer one (`sha256`)."""

    code = "dry_run_differs"


class Plan(BaseModel):
    """What is judged again: by which version instead of which, where, as rehearsed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rulebook_id: str
    level: RuleLevel
    organisation: str = ""  # a district or school; the city's own is empty
    from_version: str
    to_version: str
    judged_at: AwareDatetime
    dry_run_id: UUID
    dry_run_sha256: str
    totals: Totals


class Outcomes(BaseModel):
    """What became of the learners of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    changed: int = 0
    unchanged: int = 0
    facts_changed: int = 0  # left out: something happened since the dry run
    would_lose: int = 0  # left out: not to the learner's advantage


class ReEvaluation(LedgerAggregate):
    TOPIC: ClassVar[str] = "re_evaluation"

    class Proposed(LedgerCreated):
        TOPIC = "re_evaluation.proposed"

        plan: Plan

    class Started(LedgerEvent):
        TOPIC = "re_evaluation.started"

        dry_run_sha256: str

    class Finished(LedgerEvent):
        TOPIC = "re_evaluation.finished"

        dry_run_sha256: str
        outcomes: Outcomes

    @staticmethod
    def create_id(plan: Plan) -> UUID:
        """One dry run is applied once; asked twice it is the same run."""
        versions = (plan.from_version, plan.to_version)
        key = (plan.rulebook_id, plan.organisation, *versions, plan.dry_run_sha256)
        return derived("re_evaluation", *key)

    @classmethod
    def propose(cls, plan: Plan, rulebook: Rulebook, envelope: Envelope) -> ReEvaluation:
        """Put a dry run forward. Raises RulesReachNotBack."""
        if not rulebook.retroactivity.better_backwards:
            raise RulesReachNotBack(version=plan.to_version)
        return cls(plan=plan, envelope=envelope)

    @event(Proposed)
    def __init__(self, plan: Plan, envelope: Envelope) -> None:
        self.plan = plan
        self.proposed_by = envelope.actor.id
        self.proposed_as = envelope.actor.role
        self.proposed_at = envelope.at
        self.is_started = False
        self.outcomes: Outcomes | None = None

    def start(self, dry_run_sha256: str, envelope: Envelope) -> None:
        """Sign the dry run as a second person; started before is no news.

        Raises DryRunDiffers, RulebookNeedsSecondPerson.
        """
        if dry_run_sha256 != self.plan.dry_run_sha256:
            raise DryRunDiffers(sha256=self.plan.dry_run_sha256)
        if self.is_started:
            return
        actor = envelope.actor
        both = {actor.role, self.proposed_as} == {Role.COORDINATOR, Role.HEAD}
        if actor.id == self.proposed_by or (self.plan.level is RuleLevel.SCHOOL and not both):
            raise RulebookNeedsSecondPerson(version=self.plan.to_version)
        self._started(dry_run_sha256=dry_run_sha256, envelope=envelope)

    def finish(self, outcomes: Outcomes, envelope: Envelope) -> None:
        """Say what became of everybody, once."""
        if self.outcomes is None:
            self._finished(
                dry_run_sha256=self.plan.dry_run_sha256, outcomes=outcomes, envelope=envelope
            )

    @event(Started)
    def _started(self, dry_run_sha256: str, envelope: Envelope) -> None:
        self.is_started = True

    @event(Finished)
    def _finished(self, dry_run_sha256: str, outcomes: Outcomes, envelope: Envelope) -> None:
        self.outcomes = outcomes
