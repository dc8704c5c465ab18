"""Irregularities in the ledger: flagged once, words under the right keys, no hours touched."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.correction import UnknownCorrection
from domain.envelope import Envelope, Role
from domain.irregularity import Irregularity
from domain.irregularity_finding import (
    Finding,
    FindingReason,
    HeardBy,
    HeardByOwnDevice,
    Says,
    Stands,
)
from domain.irregularity_look import Flag, Rule
from domain.irregularity_refusals import UnknownIrregularity
from domain.learner import UnknownLearner
from domain.staff import OwnCase
from ledger.book import Book
from ledger.irregularities import Answer
from tests.acting import ENDS, SCHOOL, Pilot, envelope
from tests.case_acting import CLERK, HEAD, OFFICER, correction, parent
from tests.ledger_evening import hold

SAID = Answer(Says.SHARED_PHONE, HeardBy.SCREEN, "我借了邻座的手机（示例）")


@pytest.fixture
def pilot(book: Book) -> Pilot:
    made = Pilot(book).set_up()
    hold(made, made.learners)
    return made


def flagged(pilot: Pilot, cause: UUID | None = None, **given: Any) -> UUID:
    values: dict[str, Any] = {
        "rule": Rule.SHARED_DEVICE, "school_code": SCHOOL, "term": "2026-1",
        "session_ids": (pilot.session_id,), "score": 60, "facts": {"persons": 4},
        "learner_ids": tuple(pilot.learners[:2]), "cause": "phone",
    }  # fmt: skip
    flag = Flag(**(values | given))
    pilot.book.irregularities.flag([flag], ENDS, cause or uuid4())
    return Irregularity.create_id(flag.rule, flag.session_ids, flag.cause)


def by(role: Role = Role.COORDINATOR, actor_id: UUID = CLERK) -> Envelope:
    return envelope(ENDS, role, actor_id)


def test_looking_again_flags_nothing_twice(pilot: Pilot) -> None:
    first = flagged(pilot)
    position = pilot.book.ledger.position()
    assert flagged(pilot) == first
    assert pilot.book.ledger.position() == position
    assert pilot.book.irregularities.flag([], ENDS, uuid4()) == position


def test_a_review_touches_no_hours_whatever_it_finds(pilot: Pilot) -> None:
    key, account_id = flagged(pilot), Account.create_id(pilot.learners[0])
    before = pilot.book.ledger.get(Account, account_id, UnknownLearner)
    irregularities = pilot.book.irregularities
    for learner in pilot.learners[:2]:
        irregularities.hear(key, learner, SAID, parent(learner, ENDS))
    words = "当晚本人不在场，由他人代签（示例）"
    reason = FindingReason.NOT_THERE
    irregularities.propose(key, Finding.CONFIRMED, reason, words, by())
    irregularities.agree(key, by(Role.DISTRICT_OFFICER, OFFICER))
    assert irregularities.get(key).stands is Stands.CONFIRMED
    after = pilot.book.ledger.get(Account, account_id, UnknownLearner)
    assert (after.version, after.held) == (before.version, {})
    correction_id = correction(pilot)
    irregularities.link_correction(key, correction_id, by())
    assert irregularities.get(key).corrections == (correction_id,)
    with pytest.raises(UnknownCorrection):
        irregularities.link_correction(key, uuid4(), by())


def test_what_a_learner_says_goes_with_the_learner_and_what_staff_say_does_not(
    pilot: Pilot,
) -> None:
    learner, irregularities = pilot.learners[0], pilot.book.irregularities
    key = flagged(pilot, staff_ids=(HEAD,))
    irregularities.hear(key, learner, SAID, parent(learner, ENDS))
    told = Answer(Says.OTHER, HeardBy.IN_PERSON, "名单是照纸抄的（示例）")
    with pytest.raises(HeardByOwnDevice):
        irregularities.hear(key, HEAD, SAID, by())
    irregularities.hear(key, HEAD, told, by())
    irregularities.propose(key, Finding.CLEARED, FindingReason.PAPER_KEPT, "有纸为证（示例）", by())
    ledger = pilot.book.ledger
    facts = map(ledger.events_mapper.to_domain_event, ledger.store.select_streams([key])[key])
    kept: list[UUID] = [event.words_id for event in facts if hasattr(event, "words_id")]
    assert [irregularities.words(each) for each in kept] == [
        SAID.words, told.words, "有纸为证（示例）"
    ]  # fmt: skip
    pilot.book.vault.drop("learner", [learner])
    assert [irregularities.words(each) for each in kept] == ["", told.words, "有纸为证（示例）"]


def test_a_parent_answers_for_themselves_alone(pilot: Pilot) -> None:
    key, (own, other, stranger) = flagged(pilot), pilot.learners
    irregularities = pilot.book.irregularities
    with pytest.raises(UnknownIrregularity):
        irregularities.hear(key, other, SAID, parent(own, ENDS))
    with pytest.raises(UnknownIrregularity):
        irregularities.hear(key, stranger, SAID, parent(stranger, ENDS))
    with pytest.raises(UnknownIrregularity):
        irregularities.hear(uuid4(), own, SAID, parent(own, ENDS))


def test_staff_who_are_concerned_as_parents_review_nothing(pilot: Pilot) -> None:
    key, irregularities = flagged(pilot), pilot.book.irregularities
    pilot.book.registry.register_staff(HEAD, envelope(), pilot.learners[1])
    head = by(Role.HEAD, HEAD)
    with pytest.raises(OwnCase):
        irregularities.propose(key, Finding.CLEARED, FindingReason.WAS_THERE, "", head)
    with pytest.raises(OwnCase):
        irregularities.hear(key, pilot.learners[0], SAID, head)
    irregularities.propose(key, Finding.CLEARED, FindingReason.WAS_THERE, "", by())
    for act in (irregularities.agree, irregularities.set_aside):
        with pytest.raises(OwnCase):
            act(key, head)
    irregularities.set_aside(key, by())
    assert irregularities.get(key).stands is Stands.FLAGGED
