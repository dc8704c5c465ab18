"""Effects: what a decision would change, read from the facts it has spoken but not recorded yet.

A preview, a dry run and the real run are compared by one hash over the changes: amounts, never
balances, so that other hours that arrive meanwhile spoil no preview.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import singledispatch
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from domain.account import Account
from domain.account_facts import FraudConfirmed, HandedOver
from domain.aggregate import LedgerAggregate
from domain.certificate import Certificate
from domain.evaluation import Evaluation
from domain.evaluation_facts import StarNotRenewed, StarRenewed
from domain.exam import Outcome
from domain.exam_attempt import Attempt
from domain.learner import Enrolment, Learner


class Effect(BaseModel):
    """One change for one learner: `what` is a kind of line, completion, star or certificate.

    `subject` is what it is about (a source, a stage and period, a number); `hours` move the
    balance.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    learner_id: UUID
    what: str
    subject: str
    hours: int = 0
    session_id: UUID | None = None
    because: str = ""


class Change(BaseModel):
    """What changes for one learner: hours before and after, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    learner_id: UUID
    hours_before: int
    hours_after: int
    effects: tuple[Effect, ...]

    @property
    def loses(self) -> bool:
        """Whether anything is taken away that is not given back."""
        taken = {effect.what for effect in self.effects} & {"completion_withdrawn"}
        return self.hours_after < self.hours_before or bool(taken)


class Effects(BaseModel):
    """Everything that a decision would change, learner by learner."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    changes: tuple[Change, ...] = ()

    def sha256(self, order: BaseModel) -> str:
        """Over what is asked for and all that follows, in one order: what two persons sign."""
        said = sorted(
            json.dumps(effect.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
            for change in self.changes
            for effect in change.effects
        )
        asked = json.dumps(order.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256("\n".join([asked, *said]).encode()).hexdigest()

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind of effect, by kind."""
        found = Counter(effect.what for change in self.changes for effect in change.effects)
        return dict(sorted(found.items()))


def effects_of(aggregates: Iterable[LedgerAggregate]) -> Effects:
    """What the facts that are not recorded yet would change, in the order of the learners' ids."""
    effects: dict[UUID, list[Effect]] = {}
    accounts: dict[UUID, Account] = {}
    for aggregate in aggregates:
        if isinstance(aggregate, Account):
            accounts[aggregate.learner_id] = aggregate
        for fact in aggregate.pending_events:
            for effect in _effects(fact):
                effects.setdefault(effect.learner_id, []).append(effect)
    return Effects(
        changes=tuple(
            _change(learner_id, accounts.get(learner_id), effects[learner_id])
            for learner_id in sorted(effects)
        )
    )


def books_of(aggregates: Iterable[LedgerAggregate]) -> set[tuple[str, str]]:
    """The schools and terms in whose books the facts that are not recorded yet move hours."""
    found: set[tuple[str, str]] = set()
    for account in (each for each in aggregates if isinstance(each, Account)):
        for fact in account.pending_events:
            if isinstance(fact, Account.CreditAwarded):
                found.add((fact.credit.school_code, fact.credit.term))
            elif isinstance(fact, Account.CreditReversed):
                found.add((account.reversed[fact.entry_id].school_code, fact.term))
    return found


def _change(learner_id: UUID, account: Account | None, effects: list[Effect]) -> Change:
    after = account.balance if account else 0
    return Change(
        learner_id=learner_id,
        hours_before=after - sum(effect.hours for effect in effects),
        hours_after=after,
        effects=tuple(effects),
    )


@singledispatch
def _effects(fact: object) -> Iterator[Effect]:
    """Most facts change nothing that a person has."""
    del fact
    yield from ()


@_effects.register
def _(fact: Account.CreditAwarded) -> Iterator[Effect]:
    credit = fact.credit
    yield Effect(
        learner_id=fact.learner_id,
        what="awarded",
        subject=str(credit.source_id),
        hours=credit.hours,
        session_id=credit.session_id,
        because=credit.rule_ref,
    )


@_effects.register
def _(fact: Account.CreditReversed) -> Iterator[Effect]:
    yield Effect(
        learner_id=fact.learner_id,
        what="reversed",
        subject=str(fact.entry_id),
        hours=fact.hours,
        session_id=fact.session_id,
        because=fact.reason_code,
    )


@_effects.register
def _(fact: Account.CreditLimited) -> Iterator[Effect]:
    for limit in fact.limits:
        yield Effect(
            learner_id=fact.learner_id,
            what="limited",
            subject=str(fact.claim.source_id),
            session_id=fact.claim.session_id,
            because=limit.cap_ref,
        )


@_effects.register
def _(fact: Account.ClaimWithdrawn) -> Iterator[Effect]:
    yield Effect(
        learner_id=fact.learner_id,
        what="claim_withdrawn",
        subject=str(fact.source_id),
        because=fact.reason_code,
    )


@_effects.register
def _(fact: FraudConfirmed) -> Iterator[Effect]:
    subject = str(fact.fraud.source_id)
    yield Effect(learner_id=fact.learner_id, what="fraud_confirmed", subject=subject)


@_effects.register
def _(fact: HandedOver) -> Iterator[Effect]:
    what = "fraud_taken_over" if fact.learner_id == fact.to_learner_id else "fraud_handed_over"
    for fraud in fact.frauds:
        yield Effect(learner_id=fact.learner_id, what=what, subject=str(fraud.source_id))


@_effects.register
def _(fact: Evaluation.CompletionReached) -> Iterator[Effect]:
    subject = f"{fact.stage} {fact.kind.value} {fact.period}"
    yield Effect(learner_id=fact.learner_id, what="completion_reached", subject=subject)


@_effects.register
def _(fact: Evaluation.CompletionWithdrawn) -> Iterator[Effect]:
    subject = f"{fact.stage} {fact.kind.value} {fact.period}"
    yield Effect(learner_id=fact.learner_id, what="completion_withdrawn", subject=subject)


@_effects.register
def _(fact: Evaluation.StarAwarded) -> Iterator[Effect]:
    what = "star_taken_over" if fact.taken_over_from else "star_awarded"
    yield Effect(learner_id=fact.learner_id, what=what, subject=f"{fact.stage} {fact.level}")


@_effects.register
def _(fact: Evaluation.StarEvaluated) -> Iterator[Effect]:
    """Whether the school may propose the next star."""
    if fact.needs_proposal and not fact.needed_proposal:
        subject = f"{fact.stage} {fact.level_after + 1}"
        yield Effect(learner_id=fact.learner_id, what="star_proposable", subject=subject)
    elif fact.needed_proposal and not fact.needs_proposal and fact.level_after == fact.level_before:
        subject = f"{fact.stage} {fact.level_before + 1}"
        yield Effect(learner_id=fact.learner_id, what="star_not_proposable", subject=subject)


@_effects.register
def _(fact: StarNotRenewed) -> Iterator[Effect]:
    subject = f"{fact.stage} {fact.upkeep.school_year}"
    yield Effect(learner_id=fact.learner_id, what="star_not_renewed", subject=subject)


@_effects.register
def _(fact: StarRenewed) -> Iterator[Effect]:
    subject = f"{fact.stage} {fact.upkeep.school_year}"
    yield Effect(learner_id=fact.learner_id, what="star_renewed", subject=subject)


@_effects.register
def _(fact: Certificate.ReviewOpened) -> Iterator[Effect]:
    yield Effect(learner_id=fact.learner_id, what="certificate_reviewed", subject=fact.number)


@_effects.register
def _(fact: Certificate.ReviewClosed) -> Iterator[Effect]:
    subject = str(fact.originator_id)
    yield Effect(learner_id=fact.learner_id, what="certificate_review_closed", subject=subject)


@_effects.register
def _(fact: Learner.GuardianshipLinked) -> Iterator[Effect]:
    subject = f"{fact.child_id} {fact.relation_code} {fact.is_guardian}"
    yield Effect(learner_id=fact.originator_id, what="child_linked", subject=subject)


@_effects.register
def _(fact: Learner.GuardianshipEnded) -> Iterator[Effect]:
    yield Effect(learner_id=fact.originator_id, what="child_unlinked", subject=str(fact.child_id))


@_effects.register
def _(fact: Learner.Enrolled) -> Iterator[Effect]:
    yield _place(fact.originator_id, "place_taken", fact.enrolment)


@_effects.register
def _(fact: Learner.EnrolmentEnded) -> Iterator[Effect]:
    yield _place(fact.originator_id, "place_ended", fact.enrolment)


@_effects.register
def _(fact: Learner.Unmerged) -> Iterator[Effect]:
    for place in fact.places:
        yield _place(fact.originator_id, "place_given_back", place)


def _place(learner_id: UUID, what: str, place: Enrolment) -> Effect:
    subject = f"{place.school_code} {place.child_id} {place.school_year} {place.grade}"
    return Effect(learner_id=learner_id, what=what, subject=subject)


@_effects.register
def _(fact: Attempt.ResultCorrected) -> Iterator[Effect]:
    yield _exam_result(fact.outcome, "exam_corrected", fact.signed.reason_code)


@_effects.register
def _(fact: Attempt.ResultVoided) -> Iterator[Effect]:
    yield _exam_result(fact.outcome, "exam_voided", fact.signed.reason_code)


def _exam_result(outcome: Outcome, what: str, because: str) -> Effect:
    verdict = "passed" if outcome.passed else "failed"
    score = "-" if outcome.score is None else str(outcome.score)
    subject = f"{outcome.attempt_id} {score} {verdict}"
    return Effect(learner_id=outcome.learner_id, what=what, subject=subject, because=because)
