"""An irregularity: two persons, the concerned heard, and nothing that happens by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.aggregate import LedgerEvent
from domain.dispute import ReasonsMissing
from domain.envelope import Actor, Channel, Envelope, Role
from domain.hearing import ToldBy
from domain.irregularity import Irregularity
from domain.irregularity_finding import Finding, FindingReason, HeardBy, Says, Stands
from domain.irregularity_look import Flag, Rule
from domain.irregularity_refusals import (
    HearingAwaited,
    IrregularityAwaitsSecond,
    IrregularityDecided,
    IrregularityNeedsDistrict,
    IrregularityNeedsSecond,
    IrregularityTellingAwaited,
    NoFindingProposed,
    ReasonDoesNotFit,
    UnknownIrregularity,
)
from domain.refusals import Refused
from domain.staff import OwnCase

NOW = datetime(2026, 9, 19, 2, 0, tzinfo=UTC)
LIN, HOST = UUID(int=100), UUID(int=8)
COORDINATOR, OFFICER, HEAD = uuid4(), uuid4(), uuid4()
WORDS = UUID(int=77)
Act = Callable[[Irregularity], None]


def by(actor_id: UUID = COORDINATOR, role: Role = Role.COORDINATOR, days: int = 0) -> Envelope:
    return Envelope(
        command_id=uuid4(), actor=Actor(id=actor_id, role=role), channel=Channel.ONLINE,
        occurred_at=NOW + timedelta(days=days),
    )  # fmt: skip


def flagged(**given: Any) -> Irregularity:
    values: dict[str, Any] = {
        "rule": Rule.SHARED_DEVICE, "school_code": "4401040001", "term": "2026-1",
        "session_ids": (UUID(int=1),), "score": 60, "facts": {"persons": 5},
        "learner_ids": (LIN,), "cause": "phone",
    }  # fmt: skip
    found = Irregularity.flag(Flag(**(values | given)), by())
    found.collect_events()
    return found


def hear(found: Irregularity, words_id: UUID | None = None) -> None:
    found.hear(LIN, Says.WAS_THERE, HeardBy.IN_PERSON, words_id, by())


def clear(found: Irregularity) -> None:
    found.propose(Finding.CLEARED, FindingReason.ONE_HOUSEHOLD, None, by())


def confirm(found: Irregularity, days: int = 0, words_id: UUID | None = WORDS) -> None:
    found.propose(Finding.CONFIRMED, FindingReason.NOT_THERE, words_id, by(days=days))


def spoken(found: Irregularity) -> list[str]:
    return [event.TOPIC for event in found.collect_events() if isinstance(event, LedgerEvent)]


def refused(refusal: type[Refused], found: Irregularity, act: Act) -> None:
    found.collect_events()
    with pytest.raises(refusal):
        act(found)
    assert not found.pending_events


def test_the_same_cause_is_the_same_irregularity() -> None:
    assert flagged().id == flagged(score=90).id
    assert flagged().id != flagged(cause="another phone").id


def test_two_persons_in_two_roles_clear_it() -> None:
    found = flagged()
    clear(found)
    found.agree(by(OFFICER, Role.DISTRICT_OFFICER))
    assert spoken(found) == ["irregularity.finding_proposed", "irregularity.cleared"]
    assert found.stands is Stands.CLEARED


@pytest.mark.parametrize(("actor_id", "role"), [(COORDINATOR, Role.HEAD), (HEAD, Role.COORDINATOR)])
def test_the_second_is_another_person_in_another_role(actor_id: UUID, role: Role) -> None:
    found = flagged()
    clear(found)
    refused(IrregularityNeedsSecond, found, lambda each: each.agree(by(actor_id, role)))


def test_what_staff_did_is_decided_with_the_district() -> None:
    found = flagged(learner_ids=(), staff_ids=(HOST,), rule=Rule.SHORT_SESSION)
    clear(found)
    refused(IrregularityNeedsDistrict, found, lambda each: each.agree(by(HEAD, Role.HEAD)))
    found.agree(by(OFFICER, Role.DISTRICT_OFFICER))
    assert spoken(found) == ["irregularity.cleared"]


def test_nothing_is_confirmed_before_the_learner_was_heard_or_had_a_week() -> None:
    found = flagged()
    refused(HearingAwaited, found, confirm)
    refused(HearingAwaited, found, lambda each: confirm(each, days=7))
    confirm(found, days=8)
    assert found.stands is Stands.PROPOSED


def test_without_a_phone_the_week_begins_when_somebody_is_told() -> None:
    found, grandmother = flagged(learner_ids=(LIN,)), (LIN,)

    def confirm_on(days: int) -> Act:
        reason = FindingReason.NOT_THERE
        return lambda each: each.propose(
            Finding.CONFIRMED, reason, WORDS, by(days=days), grandmother
        )

    refused(IrregularityTellingAwaited, found, confirm_on(30))
    for days in (30, 31):  # told again, it is no news
        found.tell(LIN, ToldBy.ON_PAPER, by(days=days))
    assert spoken(found) == ["irregularity.told"]
    refused(HearingAwaited, found, confirm_on(37))
    confirm_on(38)(found)
    assert found.stands is Stands.PROPOSED


def test_nobody_else_is_told_and_nobody_concerned_tells_or_hears() -> None:
    found = flagged(staff_ids=(HOST,))
    host = by(HOST, Role.HEAD)
    refused(UnknownIrregularity, found, lambda each: each.tell(UUID(int=9), ToldBy.IN_PERSON, by()))
    refused(OwnCase, found, lambda each: each.tell(LIN, ToldBy.IN_PERSON, host))
    refused(
        OwnCase,
        found,
        lambda each: each.hear(HOST, Says.OTHER, HeardBy.IN_PERSON, WORDS, host),
    )


def test_once_heard_it_may_be_confirmed_in_words() -> None:
    found = flagged()
    hear(found)
    refused(ReasonsMissing, found, lambda each: confirm(each, words_id=None))
    confirm(found)
    found.agree(by(OFFICER, Role.DISTRICT_OFFICER))
    assert spoken(found) == ["irregularity.finding_proposed", "irregularity.confirmed"]
    refused(IrregularityDecided, found, hear)
    refused(IrregularityDecided, found, clear)
    refused(IrregularityDecided, found, lambda each: each.set_aside(by()))


def test_a_reason_belongs_to_its_finding() -> None:
    found = flagged()
    hear(found)
    refused(
        ReasonDoesNotFit,
        found,
        lambda each: each.propose(Finding.CLEARED, FindingReason.NOT_THERE, WORDS, by()),
    )


def test_whoever_is_concerned_reviews_nothing() -> None:
    found = flagged(learner_ids=(), staff_ids=(HOST,), rule=Rule.STAFF_BURST)
    host = by(HOST, Role.HEAD)
    reason = FindingReason.HELPED_BY_STAFF
    refused(OwnCase, found, lambda each: each.propose(Finding.CLEARED, reason, None, host))
    clear(found)
    refused(OwnCase, found, lambda each: each.agree(host))
    refused(OwnCase, found, lambda each: each.set_aside(host))
    refused(OwnCase, found, lambda each: each.link_correction(uuid4(), host))


def test_the_same_proposal_is_no_news_and_another_waits() -> None:
    found = flagged()
    clear(found)
    found.collect_events()
    clear(found)
    assert not found.pending_events
    other = FindingReason.WAS_THERE
    refused(
        IrregularityAwaitsSecond,
        found,
        lambda each: each.propose(Finding.CLEARED, other, None, by(HEAD, Role.HEAD)),
    )


def test_a_finding_that_was_set_aside_may_be_proposed_anew() -> None:
    found = flagged()
    refused(NoFindingProposed, found, lambda each: each.agree(by(OFFICER, Role.DISTRICT_OFFICER)))
    clear(found)
    found.set_aside(by(OFFICER, Role.DISTRICT_OFFICER))
    refused(NoFindingProposed, found, lambda each: each.set_aside(by()))
    clear(found)
    assert found.stands is Stands.PROPOSED


def test_somebody_may_be_heard_again_with_more_to_say() -> None:
    found = flagged()
    hear(found)
    hear(found)
    assert spoken(found) == ["irregularity.heard"]
    hear(found, words_id=WORDS)
    assert spoken(found) == ["irregularity.heard"]


def test_nobody_else_is_heard() -> None:
    refused(
        UnknownIrregularity,
        flagged(),
        lambda each: each.hear(HOST, Says.OTHER, HeardBy.SCREEN, None, by()),
    )


def test_a_correction_is_named_once() -> None:
    found = flagged()
    for _ in range(2):
        found.link_correction(UUID(int=5), by())
    assert spoken(found) == ["irregularity.correction_linked"]
