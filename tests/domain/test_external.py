"""Hours from elsewhere: one document once, entered by one person and decided by another."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest

from domain.external import ExternalHours, IssuerKind, TurnedDownBecause
from domain.external_refusals import (
    DocumentUsed,
    EnteredByAnother,
    ExternalDecided,
    ExternalEntryWithdrawn,
    ExternalNeedsSecondPerson,
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


def test_whoever_entered_an_entry_withdraws_it_while_nobody_has_decided() -> None:
    hours = entered()
    with pytest.raises(EnteredByAnother):
        hours.withdraw_entry(by(CHEN))

    hours.withdraw_entry(by(LIN))
    hours.withdraw_entry(by(LIN))

    told = news(hours)
    assert [each.TOPIC for each in told] == ["external.entered", "external.entry_withdrawn"]
    again = history(told)
    assert isinstance(again, ExternalHours)
    assert (again.counts, again.gives_document_back) == (False, True)
    with pytest.raises(ExternalEntryWithdrawn):
        again.confirm(by(CHEN))
    with pytest.raises(ExternalEntryWithdrawn):
        again.turn_down(WHY, by(CHEN))
    with pytest.raises(DocumentUsed):
        again.must_be(entered())


@pytest.mark.parametrize("confirmed", [True, False])
def test_what_is_decided_is_withdrawn_by_nobody_alone(confirmed: bool) -> None:
    hours = entered()
    if confirmed:
        hours.confirm(by(CHEN))
    else:
        hours.turn_down(WHY, by(CHEN))
    with refused(ExternalDecided, is_confirmed=confirmed):
        hours.withdraw_entry(by(LIN))
    assert not hours.gives_document_back


def test_what_is_turned_down_as_mistyped_gives_its_document_back() -> None:
    hours = entered()
    hours.turn_down(TurnedDownBecause.ENTRY_ERROR, by(CHEN))
    assert hours.gives_document_back


def test_recognised_hours_are_corrected_and_of_none_taken_back() -> None:
    hours = entered()
    hours.confirm(by(CHEN))
    hours.correct(100, ReversalReason.ENTRY_ERROR, DOCUMENT, by())
    again = history(news(hours))
    assert isinstance(again, ExternalHours)
    assert (again.hours, again.counts, again.gives_document_back) == (100, True, False)
    again.correct(0, ReversalReason.ENTRY_ERROR, DOCUMENT, by())
    assert (again.counts, again.gives_document_back) == (False, True)


def test_a_forged_document_is_not_given_back() -> None:
    hours = entered()
    hours.confirm(by(CHEN))
    hours.withdraw(ReversalReason.FRAUD_CONFIRMED, DOCUMENT, by())
    assert not hours.gives_document_back
