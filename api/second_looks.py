"""Certificates are looked at again once a completion is lost, and once they are issued."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.bootstrap import Runtime
from domain.certificate import Certificate
from domain.evaluation import Evaluation
from ledger.second_looks import certificate_of
from projections.feed import Fact
from projections.following import Follower

LOOKED_AT_AFTER: Final = frozenset({Certificate.Issued.TOPIC, Evaluation.CompletionWithdrawn.TOPIC})


def follow_certificates(runtime: Runtime) -> Follower:
    def follow(facts: Sequence[Fact]) -> None:
        about = [
            certificate_of(fact.event)
            for fact in facts
            if isinstance(fact.event, Certificate.Issued | Evaluation.CompletionWithdrawn)
        ]
        runtime.book.second_looks.look_again(about, runtime.now())

    return Follower("second_looks", LOOKED_AT_AFTER, follow)
