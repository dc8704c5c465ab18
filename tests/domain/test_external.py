"""Hours from elsewhere: one document once, entered by one person and decided by another."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest

from domain.external import (
    DocumentUsed,
    ExternalDecided,
    ExternalHours,
    ExternalNeedsSecondPerson,
    IssuerKind,
    TurnedDownBecause,
)
from domain.rules import ReversalReason
from tests.domain.given import CHEN, LIN, by, history, news
from tests.domain.refusing import refused

DOCUMENT = uuid5(NAMESPACE_OID, "document")
WHY = TurnedDownBecause.NOT_VERIFIABLE


def entered(**different: Any) -> ExternalHours:
    values: dict[str, Any] = {
        "learner_id": CHEN, "school_code": "4401040001", "document_id": DOCUMENT,
        "issuer": IssuerKind.COMMUNITY_STATION, "hours": 420, "family": "mental_health",
        "stage": "primary", "school_year": 2026, "term_no": 1, "envelope": by(LIN),
    }  # fmt: skip
    return ExternalHours(**(values | different))


def test_a_document_counts_once() -> None:
    entered().must_be(entered())
    for different in ({"learner_id": LIN}, {"hours": 400}, {"term_no": 2}):
        with pytest.raises(DocumentUsed):
            entered().must_be(entered(**different))


def test_a_recognition_is_taken_back() -> None:
    hours = entered()
    counted = [hours.counts]
    hours.confirm(by(CHEN))
    counted.append(hours.counts)
    assert counted == [False, True]
    hours.withdraw(ReversalReason.ENTRY_ERROR, DOCUMENT, by())
    again = history(news(hours))
    assert isinstance(again, ExternalHours)
    assert [again.counts, again.is_confirmed] == [False, True]


def test_that_hours_are_credited_is_noted_and_they_count_as_before() -> None:
    hours = entered()
    hours.confirm(by(CHEN))

    hours.credit(by())

    told = news(hours)
    credited = told[-1]
    assert isinstance(credited, ExternalHours.Credited)
    assert (credited.learner_id, credited.school_code) == (CHEN, "4401040001")
    again = history(told)
    assert isinstance(again, ExternalHours)
    assert again.counts


@pytest.mark.parametrize("confirmed", [True, False])
def test_another_person_decides_once(confirmed: bool) -> None:
    hours = entered()

    def decide(good: bool, actor: Any = CHEN) -> None:
        if good:
            hours.confirm(by(actor))
        else:
            hours.turn_down(WHY, by(actor))

    with pytest.raises(ExternalNeedsSecondPerson):
        decide(confirmed, LIN)
    decide(confirmed)
    decide(confirmed)
    with refused(ExternalDecided, is_confirmed=confirmed):
        decide(not confirmed)

    told = news(hours)

    assert len(told) == 2
    again = history(told)
    assert isinstance(again, ExternalHours)
    assert (again.is_confirmed, again.term) == (confirmed, "2026-1")
