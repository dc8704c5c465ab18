"""Fraud in an attendance that no line of an account stands for: it is noted there all the same."""

from __future__ import annotations

from dataclasses import replace

from domain.account import Account
from domain.assessing import Result, assess
from domain.attendance import Attendance
from domain.envelope import Envelope
from domain.suspension import Fraud
from ledger.earning import account_of
from ledger.judging import Run, claim_for
from ledger.ledger import Ledger
from ledger.streams import Streams


def fraud_noted(ledger: Ledger, run: Run, untrue: Attendance, by: Envelope) -> list[Account]:
    """The account that notes it, asked before the attendance is put right."""
    streams = Streams.of_learners(ledger.load, [untrue.learner_id])
    account = account_of(streams, streams.speaker(untrue.learner_id), by)
    if any(credit.source_id == untrue.id for credit in account.standing):
        return []
    account.confirm_fraud(what_it_claimed(streams, run, account, untrue, by), by)
    return [account]


def what_it_claimed(
    streams: Streams, run: Run, account: Account, untrue: Attendance, by: Envelope
) -> Fraud:
    """As much as the stay was worth; the whole session where that was not settled."""
    judged = assess(run.rulebook.attendance, run.times, untrue.presence, run.at)
    if judged.result not in {Result.HALF, Result.FULL}:
        judged = replace(judged, result=Result.FULL)
    make_ups = streams.making_up(untrue.learner_id, run.session.id)
    return Fraud.of(claim_for(run, untrue, account.id, judged, make_ups), by.at)
