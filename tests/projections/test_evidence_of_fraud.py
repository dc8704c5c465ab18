"""What the reason of a suspension rests on: whatever says that fraud was confirmed."""

from __future__ import annotations

from domain.account import Account
from domain.merging import hand_over
from domain.rules import ReversalReason
from domain.suspension import Fraud
from projections.evidence import says_fraud
from tests.domain.given import EVENING, LIN, RULES, account, by, claim, news


def said(own: Account) -> list[str]:
    return [fact.TOPIC for fact in news(own) if says_fraud(fact, [own.learner_id])]


def test_a_line_that_was_reversed_for_it_says_so() -> None:
    own = account(claim(), claim(1))
    own.reverse(claim().entry_id, ReversalReason.FRAUD_CONFIRMED, by())
    own.reverse(claim(1).entry_id, ReversalReason.NOT_PRESENT, by())
    assert said(own) == ["account.credit_reversed"]


def test_so_does_what_brought_no_hours() -> None:
    own, again = account(claim()), claim(1, course_id=claim().course_id)
    own.award(again, RULES, by())
    own.settle({again.source_id: None}, lambda _: RULES, ReversalReason.FRAUD_CONFIRMED, by())
    own.confirm_fraud(Fraud.of(claim(2), EVENING), by())
    assert said(own) == ["account.claim_withdrawn", "account.fraud_confirmed"]


def test_a_record_that_took_fraud_over_says_so_and_the_one_that_gave_it_away_does_not() -> None:
    giver, taker = account(), Account(learner_id=LIN, envelope=by())
    hand_over(giver, taker, [claim().source_id], by())
    assert said(giver) == said(taker) == []

    giver.confirm_fraud(Fraud.of(claim(), EVENING), by())
    news(giver)
    hand_over(giver, taker, [claim().source_id], by())
    assert (said(giver), said(taker)) == ([], ["account.handed_over"])
