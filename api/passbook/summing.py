"""Summing: what facts add up to, in the same figures as the pages show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from api.passbook.file import Completed, Edition, Fact, Star, Summary, YearOfHours
from domain.account import Account
from domain.evaluation import Evaluation
from domain.grades import Stage
from domain.rulebook_edition import RulebookEdition
from ledger.mapper import load
from ledger.recomputing.given import GivenLedger


def summary_of(ledger: GivenLedger, learner_id: UUID) -> Summary:
    account = ledger.find(Account, Account.create_id(learner_id))
    found = (ledger.find(Evaluation, Evaluation.create_id(learner_id, s)) for s in Stage)
    evaluations = [each for each in found if each is not None]
    return Summary(
        hours=account.balance if account else 0,
        years=tuple(years_of(account)) if account else (),
        completions=tuple(c for each in evaluations for c in completions_of(ledger, each)),
        stars=tuple(
            Star(stage=each.stage, level=each.star_level, since=each.star_since)
            for each in evaluations
            if each.star_level
        ),
    )


def years_of(account: Account) -> Iterator[YearOfHours]:
    for year, stage in sorted({(line.school_year, line.stage) for line in account.standing}):
        totals = account.totals(year, stage)
        yield YearOfHours(
            school_year=year, stage=stage, hours=totals.hours, face_to_face=totals.face_to_face
        )


def completions_of(ledger: GivenLedger, evaluation: Evaluation) -> Iterator[Completed]:
    """Those that stand, with the hours that were told when they were reached last."""
    told = ledger.told(evaluation.id, Evaluation.CompletionReached)
    hours = {(event.kind, event.period): event.hours for event in told}
    for kind, period in evaluation.completions:
        yield Completed(stage=evaluation.stage, kind=kind, period=period, hours=hours[kind, period])


def editions_in(facts: Iterable[Fact]) -> Iterator[Edition]:
    """The rules that were published, by what their events say."""
    for fact in facts:
        if fact.topic == RulebookEdition.Published.TOPIC:
            event = load(fact.row.stored)
            assert isinstance(event, RulebookEdition.Published)
            yield Edition(
                version=event.version,
                organisation=event.organisation,
                effective_from=event.effective_from,
                sha256=event.sha256,
            )
