"""Evidence: every event behind a learner's hours, completions, stars and certificates, at hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import TypeVar
from uuid import UUID

from domain.account import Account
from domain.aggregate import LedgerEvent
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.crediting import Credit, CreditClaim
from domain.evaluation import Evaluation
from domain.exam import ExamRecord, Outcome
from domain.grades import Stage
from domain.learner import Learner
from domain.rules import ReversalReason
from domain.session import Session
from domain.star_proposal import StarProposal
from projections.feed import Fact, Feed

E = TypeVar("E", bound=LedgerEvent)
Result = ExamRecord.ResultCounted | Outcome


@dataclass(frozen=True)
class Evidence:
    """The facts of one learner's streams, and of what they rest on, by stream.

    Of the records that were ever merged into the learner's, accounts, exams and star proposals are
    at hand.
    """

    learner_id: UUID
    streams: dict[UUID, list[Fact]]

    @classmethod
    def of(cls, feed: Feed, learner_id: UUID) -> Evidence:
        """Three queries: the learner, the streams of the person, then those that they name."""
        person = feed.of([learner_id])
        records = {learner_id, *(each for fact in person for each in brought_by(fact))}
        evaluations = [Evaluation.create_id(learner_id, stage) for stage in Stage]
        own = [kind.create_id(each) for each in sorted(records) for kind in (Account, ExamRecord)]
        facts = feed.of([*own, *evaluations])
        named = {key for fact in facts for key in named_by(fact, records)}
        found = cls(learner_id, {})
        for fact in (*person, *facts, *feed.of(sorted(named))):
            found.streams.setdefault(fact.stream, []).append(fact)
        return found

    def account(self) -> Sequence[Fact]:
        return self.of_stream(Account.create_id(self.learner_id))

    def passed_exams(self, before: int) -> list[tuple[Fact, Result]]:
        """The exams that were passed by then, each by the attempt that says so last."""
        passing: dict[UUID, tuple[Fact, Result]] = {}
        for fact in self._of_person(ExamRecord, before):
            match fact.event:
                case ExamRecord.ResultCounted() as result:
                    passes = result.passed
                case ExamRecord.ResultRecounted(outcome=result, stands=stands):
                    passes = stands and result.passed
                case _:
                    continue
            passing.pop(result.attempt_id, None)
            if passes:
                passing[result.attempt_id] = (fact, result)
        return list({result.exam_id: (fact, result) for fact, result in passing.values()}.values())

    def evaluation(self, stage: str) -> Sequence[Fact]:
        return self.of_stream(Evaluation.create_id(self.learner_id, stage))

    def of_stream(self, key: UUID) -> Sequence[Fact]:
        return self.streams.get(key, [])

    def last(self, facts: Iterable[Fact], kind: type[E]) -> tuple[Fact, E] | None:
        """The last fact of a kind."""
        found = [(fact, fact.event) for fact in facts if isinstance(fact.event, kind)]
        return found[-1] if found else None

    def standing(self, before: int) -> list[Credit]:
        """The credits that stood when the fact at a position was recorded."""
        credits: dict[UUID, Credit] = {}
        for fact in self.account():
            if fact.position >= before:
                break
            match fact.event:
                case Account.CreditAwarded(credit=credit):
                    credits[credit.entry_id] = credit
                case Account.CreditReversed(entry_id=entry_id):
                    del credits[entry_id]
                case _:
                    pass
        return list(credits.values())

    def frauds(self, before: int) -> Iterator[Fact]:
        """What says that fraud was confirmed of the person, up to the fact at a position."""
        records = self.records(before)
        facts = self._of_person(Account, before)
        return (fact for fact in facts if says_fraud(fact.event, records))

    def records(self, before: int) -> list[UUID]:
        """Every record that was the person's when a position was recorded."""
        merged: dict[UUID, tuple[UUID, ...]] = {}
        for fact in self.of_stream(self.learner_id):
            match fact.event:
                case Learner.Merged(merged_id=record, brought=brought) if fact.position < before:
                    merged[record] = brought.records
                case Learner.Unmerged(merged_id=record) if fact.position < before:
                    merged.pop(record, None)
                case _:
                    pass
        return list(dict.fromkeys((self.learner_id, *chain.from_iterable(merged.values()))))

    def _of_person(self, kind: type[Account | ExamRecord], before: int) -> list[Fact]:
        """The facts of a kind under all of the person's records, in their order."""
        streams = (self.of_stream(kind.create_id(each)) for each in self.records(before))
        early = [fact for fact in chain.from_iterable(streams) if fact.position < before]
        return sorted(early, key=lambda fact: fact.position)

    def claim(self, entry_id: UUID) -> CreditClaim | None:
        """What was asked under an entry, awarded or not."""
        for fact in self.account():
            match fact.event:
                case Account.CreditAwarded(credit=claim) | Account.CreditLimited(claim=claim):
                    if claim.entry_id == entry_id:
                        return claim
                case _:
                    pass
        return None

    def title_of(self, claim: CreditClaim) -> str:
        """The title of a claim's session, as it was announced last; empty where there is none."""
        if claim.session_id is None:
            return ""
        titles = [
            fact.event.plan.title
            for fact in self.of_stream(claim.session_id)
            if isinstance(fact.event, Session.Scheduled | Session.Rescheduled)
        ]
        return titles[-1] if titles else ""


def brought_by(fact: Fact) -> tuple[UUID, ...]:
    """The records that a merge brought."""
    return fact.event.brought.records if isinstance(fact.event, Learner.Merged) else ()


def named_by(fact: Fact, records: Iterable[UUID]) -> Iterator[UUID]:
    """The streams that a fact of a learner's own stream rests on, under any of their records."""
    match fact.event:
        case Account.CreditAwarded(credit=claim) | Account.CreditLimited(claim=claim):
            yield claim.source_id
            if claim.session_id is not None:
                yield claim.session_id
        case ExamRecord.ResultCounted(exam_id=exam_id, attempt_id=attempt_id):
            yield exam_id
            yield attempt_id
        case Evaluation.StarAwarded(stage=stage, level=level, from_day=day):
            year = school_year_of(day)
            # A proposal of the summer may be decided in September.
            for learner, proposed_in in product(records, (year - 1, year)):
                yield StarProposal.create_id(learner, stage, level, proposed_in)
        case _:
            pass


def day_of(fact: Fact) -> str:
    return local_day(fact.at, CITY_ZONE).isoformat()


def says_fraud(event: LedgerEvent, records: Collection[UUID]) -> bool:
    """Whether fraud was confirmed; or came from a record that is not the person's any more."""
    match event:
        case Account.FraudConfirmed():
            return True
        case Account.HandedOver(from_learner_id=giver, frauds=frauds):
            return giver not in records and bool(frauds)
        case Account.CreditReversed(reason_code=why) | Account.ClaimWithdrawn(reason_code=why):
            return why is ReversalReason.FRAUD_CONFIRMED
        case _:
            return False
