"""Better rules applied backwards, learner by learner, as rehearsed; resumed after a crash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from psycopg.sql import SQL, Identifier

from domain.account import Account
from domain.aggregate import LedgerAggregate
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.evaluation import Evaluation
from domain.grades import Stage
from domain.re_evaluation import Outcomes, Plan, ReEvaluation, UnknownReEvaluation
from domain.rehearsal import RuleEffects, compared
from domain.rulebook_refusals import NoRulebookInForce
from domain.rules import ReversalReason
from domain.session_credit import SessionCredit
from domain.settling import Claims
from ledger.consequences import Consequences
from ledger.evaluating import system_envelope
from ledger.ledger import EVENTS_TABLE, Ledger
from ledger.rulebooks import Rulebooks
from ledger.rulebooks_instead import Instead, Trial, fewest
from ledger.rulebooks_rehearsal import (
    AttendancesOf,
    Reading,
    Seen,
    evaluations_of,
    held_by,
    standing_of,
)
from ledger.session_credits import credits_of


class Outcome(StrEnum):
    """What became of one learner in a run."""

    CHANGED = "changed"
    FACTS_CHANGED = "facts_changed"
    WOULD_LOSE = "would_lose"


@dataclass(frozen=True, slots=True)
class Decided:
    """What one learner gets; and of how many sources the credit is decided, by session."""

    effects: RuleEffects
    facts: list[LedgerAggregate]
    sessions: Counter[UUID]


class ReEvaluations:
    def __init__(self, ledger: Ledger, rulebooks: Rulebooks) -> None:
        self._ledger = ledger
        self._rulebooks = rulebooks

    def get(self, re_evaluation_id: UUID) -> ReEvaluation:
        """Raises UnknownReEvaluation."""
        return self._ledger.get(ReEvaluation, re_evaluation_id, UnknownReEvaluation)

    def propose(self, plan: Plan, by: Envelope) -> UUID:
        """Put a finished dry run forward; the same one again is no news.

        Raises RulesReachNotBack, UnknownRulebook, NoRulebookInForce before the rules take effect.
        """
        key = ReEvaluation.create_id(plan)

        def decide() -> list[LedgerAggregate]:
            if self._ledger.find(ReEvaluation, key):
                return []
            today = local_day(by.at, CITY_ZONE)
            edition = self._rulebooks.edition(plan.to_version, plan.organisation)
            if not edition.binds or edition.effective_from > today:
                raise NoRulebookInForce(on=today)
            name = self._rulebooks.on(today).version
            rules = self._rulebooks.shelves.replaced(name, edition)
            return [ReEvaluation.propose(plan, rules, by)]

        self._ledger.commit(by.command_id, decide)
        return key

    def start(self, re_evaluation_id: UUID, dry_run_sha256: str, by: Envelope) -> int:
        """Raises UnknownReEvaluation, DryRunDiffers, RulebookNeedsSecondPerson."""

        def decide() -> list[LedgerAggregate]:
            found = self.get(re_evaluation_id)
            found.start(dry_run_sha256, by)
            return [found]

        return self._ledger.commit(by.command_id, decide)

    def finish(self, re_evaluation_id: UUID, outcomes: Outcomes, at: datetime) -> int:
        """Raises UnknownReEvaluation."""
        by = system_envelope(at, "", re_evaluation_id, "finish")

        def decide() -> list[LedgerAggregate]:
            found = self.get(re_evaluation_id)
            found.finish(outcomes, by)
            return [found]

        return self._ledger.commit(by.command_id, decide)


class Backwards:
    """One trial of better rules on what was judged before: rehearsed, and then applied."""

    def __init__(
        self, ledger: Ledger, rulebooks: Rulebooks, trial: Trial, attendances_of: AttendancesOf
    ) -> None:
        self._ledger = ledger
        self._trial = trial
        self._instead = Instead(rulebooks, trial)
        self._reading = Reading(ledger, attendances_of)
        self._consequences = Consequences(ledger, rulebooks)
        # Account and evaluations of a learner: what a run has recorded names it as its cause.
        self._caused = SQL(
            "SELECT DISTINCT originator_id FROM {}.{} WHERE originator_id = ANY(%b)"
            " AND convert_from(state, 'UTF8')::jsonb #>> '{{envelope,causation_id}}' = %t"
        ).format(Identifier(ledger.store.datastore.schema), Identifier(EVENTS_TABLE))

    def effects(self, learner_ids: Sequence[UUID]) -> Iterator[RuleEffects]:
        """What the run would change for each learner, by the same road; nothing is recorded."""
        by = system_envelope(self._trial.at, "", self._trial.run_id, "rehearsal")
        for seen in self._reading.learners(learner_ids):
            yield self._decided(seen, by).effects

    def apply(
        self, re_evaluation_id: UUID, expected: Mapping[UUID, str], at: datetime
    ) -> dict[UUID, Outcome]:
        """Give some learners what was rehearsed for them; `expected` is its hash, by learner.

        Whose facts changed since, and who would lose anything, is left out. Asked again after a
        crash, what is recorded already stays as it is.
        """
        by = system_envelope(at, "", re_evaluation_id, "apply", *list(expected)[:1])
        done = self._done(re_evaluation_id, list(expected))
        outcomes: dict[UUID, Outcome] = {}

        def decide() -> list[LedgerAggregate]:
            outcomes.clear()
            outcomes.update(dict.fromkeys(expected, Outcome.FACTS_CHANGED))
            outcomes.update(dict.fromkeys(done, Outcome.CHANGED))
            given: list[Decided] = []
            learners = [key for key in expected if key not in done]
            credits = credits_of(self._ledger, self._sessions_of(learners), by)
            for seen in self._reading.learners(learners):
                decided = self._decided(seen, by)
                outcome = outcome_of(decided, credits, expected[seen.learner.id])
                outcomes[seen.learner.id] = outcome
                if outcome is Outcome.CHANGED:
                    given.append(decided)
            return recorded(given, credits, by)

        self._ledger.commit(by.command_id, decide)
        return outcomes

    def _sessions_of(self, learner_ids: Sequence[UUID]) -> set[UUID]:
        """The sessions out of which the learners may be credited; all is read anew after this."""
        self._reading.forget()
        found: set[UUID] = set()
        for seen in self._reading.learners(learner_ids):
            found |= {session.id for _, session in seen.attended}
            found |= set(sessions_in(seen.account.claims))
        self._reading.forget()
        return found

    def _decided(self, seen: Seen, by: Envelope) -> Decided:
        """What a learner gets by the new rules, as facts that are spoken and not recorded."""
        held = held_by(seen)
        asked = self._instead.claims(
            seen.account,
            seen.attended,
            seen.making_up,
            lambda run, attendance: run.judge(attendance, by),
        )
        claims = {seen.learner.id: fewest(seen.account, asked, self._instead.rules)}
        follows = self._consequences.of(claims, ReversalReason.RE_EVALUATED, by)
        account = next(each for each in follows if isinstance(each, Account))
        evaluations = {each.stage: each for each in evaluations_of(seen)}
        evaluations |= {each.stage: each for each in follows if isinstance(each, Evaluation)}
        hours = {credit.source_id: credit.hours for credit in account.standing}
        after = standing_of(hours, list(evaluations.values()))
        judged = [attendance for attendance, _ in seen.attended if attendance.pending_events]
        effects = compared(seen.learner.id, held, held, after)
        return Decided(effects, [*judged, *follows], sessions_in(claims[seen.learner.id]))

    def _done(self, re_evaluation_id: UUID, learner_ids: Sequence[UUID]) -> set[UUID]:
        """Who got theirs already: the answer of an earlier try was lost."""
        streams = {Account.create_id(key): key for key in learner_ids}
        streams |= {Evaluation.create_id(key, stage): key for key in learner_ids for stage in Stage}
        rows = self._ledger.store.rows(self._caused, (list(streams), str(re_evaluation_id)))
        return {streams[key] for (key,) in rows}


def recorded(
    given: Sequence[Decided], credits: Mapping[UUID, SessionCredit], by: Envelope
) -> list[LedgerAggregate]:
    """What some learners get, noted in the credit of every session that it comes out of."""
    sources = sum((each.sessions for each in given), Counter[UUID]())
    for session_id, number in sources.items():
        credits[session_id].decide(number, by)
    facts = (fact for each in given for fact in each.facts)
    return [*(credits[session_id] for session_id in sources), *facts]


def sessions_in(claims: Claims) -> Counter[UUID]:
    found = (claimed.claim.session_id for claimed in claims.values() if claimed)
    return Counter(session_id for session_id in found if session_id is not None)


def outcome_of(decided: Decided, credits: Collection[UUID], expected: str) -> Outcome:
    """A session whose credit was not taken up came in the meantime."""
    if decided.effects.sha256 != expected or not decided.sessions.keys() <= set(credits):
        return Outcome.FACTS_CHANGED
    return Outcome.WOULD_LOSE if decided.effects.loses else Outcome.CHANGED
