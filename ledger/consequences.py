"""Consequences: accounts settled, learners evaluated, certificates reviewed, in one decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.envelope import Envelope
from domain.evaluation import Evaluation
from domain.grades import Stage
from domain.learner import Learner
from domain.merging import take_over_star
from domain.rules import ReversalReason
from domain.settling import Claims
from ledger.evaluating import evaluated_everywhere
from ledger.ledger import Ledger
from ledger.reviews import reviews_after
from ledger.rulebooks import Rulebooks, RulesOn
from ledger.streams import Streams


class Consequences:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks

    def of(
        self,
        claims: Mapping[UUID, Claims],
        reason: ReversalReason,
        by: Envelope,
        facts: Iterable[LedgerAggregate] = (),
    ) -> list[LedgerAggregate]:
        """What follows when the claims of some accounts change; no claims: evaluate only.

        The same road as the first time: reverse whole, award again, evaluate again. `facts` are
        those that the change begins with; nobody is evaluated whom another record speaks for.
        """
        streams = Streams.of_learners(self._ledger.load, claims, facts)
        rules_on = RulesOn(self._rulebooks)
        changed: list[LedgerAggregate] = []
        for learner_id, asked in claims.items():
            changed += self._settled(streams, learner_id, asked, reason, by)
            learner = streams.get(Learner, learner_id)
            if learner is not None and learner.merged_into is None:
                taken = list(stars_taken_over(streams, learner, by))
                found = evaluated_everywhere(streams, learner, rules_on, by)
                changed += {each.id: each for each in (*taken, *found)}.values()
        return [*changed, *reviews_after(self._ledger, changed, streams.records_of, by)]

    def _settled(
        self,
        streams: Streams,
        learner_id: UUID,
        asked: Claims,
        reason: ReversalReason,
        by: Envelope,
    ) -> list[LedgerAggregate]:
        account = streams.get(Account, Account.create_id(learner_id))
        if account is None:
            if not any(asked.values()):
                return []
            account = Account(learner_id=learner_id, envelope=by)
            streams.put(account)
        account.settle(asked, self._rulebooks.version, reason, by)
        return [account]


def stars_taken_over(streams: Streams, learner: Learner, by: Envelope) -> Iterator[LedgerAggregate]:
    """The evaluations of who speaks for a person, where another record has the higher star."""
    for stage in Stage:
        for record in sorted(learner.merged_ids):
            theirs = streams.get(Evaluation, Evaluation.create_id(record, stage))
            if theirs is None or not theirs.star_level:
                continue
            mine = streams.get(Evaluation, Evaluation.create_id(learner.id, stage)) or Evaluation(
                learner_id=learner.id, stage=stage.value, envelope=by
            )
            streams.put(mine)
            take_over_star(mine, theirs, by)
            yield mine
