"""Hours from elsewhere that were mistyped: withdrawn, entered again, corrected, taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.correction import ExternalOrder, NothingToCorrect, PreviewOutdated
from domain.envelope import Role
from domain.external import TurnedDownBecause
from domain.external_refusals import (
    DocumentUsed,
    EnteredByAnother,
    ExternalDecided,
    ExternalEntryWithdrawn,
)
from domain.rules import ReversalReason
from domain.staff import OwnCase
from tests.acting import SCHOOL, Pilot, envelope
from tests.ledger.evenings import balance
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.studies import COORDINATOR, LATER, OFFICER, confirm, enter
from tests.ledger.test_corrections_of_closed_terms import account_of, close_the_term

OWN = envelope(LATER, actor_id=COORDINATOR)
DISTRICT = envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)


def put_right(
    pilot: Pilot, external: UUID, hours: int, why: ReversalReason = ReversalReason.ENTRY_ERROR
) -> None:
    signed_by_two(pilot, ExternalOrder(external_id=external, hours=hours, reason_code=why))


def withdraw(pilot: Pilot, external: UUID) -> None:
    pilot.book.external_hours.withdraw_entry(external, envelope(LATER, actor_id=COORDINATOR))


def test_whoever_mistyped_an_entry_withdraws_it_and_enters_the_document_rightly(
    pilot: Pilot,
) -> None:
    wrong, right, _ = pilot.learners
    mistyped = enter(pilot, learner_id=wrong, reason="（示例）写错")

    withdraw(pilot, mistyped)
    withdraw(pilot, mistyped)
    anew = enter(pilot, learner_id=right, reason="（示例）写对")

    assert anew != mistyped
    assert enter(pilot, learner_id=right) == anew
    with pytest.raises(DocumentUsed):
        enter(pilot, learner_id=wrong)
    with pytest.raises(ExternalEntryWithdrawn):
        confirm(pilot, mistyped)
    confirm(pilot, anew)
    assert (balance(pilot, wrong), balance(pilot, right)) == (0, 400)
    words = [words_of(pilot, each)["reason"] for each in (mistyped, anew)]
    assert words == ["（示例）写错", "（示例）写对"]


def words_of(pilot: Pilot, external: UUID) -> dict[str, str]:
    hours = pilot.book.external_hours
    return hours.document(hours.get(external).document_id)


def test_nobody_withdraws_what_another_entered_or_what_is_decided(pilot: Pilot) -> None:
    external = enter(pilot)
    with pytest.raises(EnteredByAnother):
        pilot.book.external_hours.withdraw_entry(external, envelope(LATER, actor_id=uuid4()))
    confirm(pilot, external)
    with pytest.raises(ExternalDecided):
        withdraw(pilot, external)
    with pytest.raises(DocumentUsed):
        enter(pilot, hours=450)


def test_whoever_turned_out_to_be_the_person_does_not_withdraw_it(pilot: Pilot) -> None:
    external = enter(pilot)
    pilot.book.registry.register_staff(COORDINATOR, envelope(), learner_id=pilot.learners[0])
    with pytest.raises(OwnCase):
        withdraw(pilot, external)


def test_what_the_district_sends_back_as_mistyped_is_entered_again(pilot: Pilot) -> None:
    """Whoever entered it may have left since."""
    external, hours = enter(pilot, hours=4300), pilot.book.external_hours
    hours.turn_down(external, TurnedDownBecause.ENTRY_ERROR, DISTRICT)
    anew = enter(pilot)
    hours.turn_down(anew, TurnedDownBecause.NOT_VERIFIABLE, DISTRICT)
    with pytest.raises(DocumentUsed):
        enter(pilot, hours=450)


def test_recognised_hours_are_put_right_by_two_on_one_preview(pilot: Pilot) -> None:
    external, learner = enter(pilot, hours=1000), pilot.learners[0]
    confirm(pilot, external)
    assert balance(pilot, learner) == 1000

    put_right(pilot, external, 100)

    pilot.book.earning.of_external(external, LATER, uuid4())
    assert balance(pilot, learner) == 100
    [line] = account_of(pilot, learner).standing
    assert (line.source_id, line.class_hours) == (external, 100)
    with pytest.raises(NothingToCorrect):
        put_right(pilot, external, 100)
    with pytest.raises(DocumentUsed):
        enter(pilot, hours=1200)
    put_right(pilot, external, 1100)
    assert balance(pilot, learner) == 1100


def test_hours_that_are_put_right_before_they_are_credited_are_credited_once(pilot: Pilot) -> None:
    external, learner = enter(pilot, hours=1000), pilot.learners[0]
    pilot.book.external_hours.confirm(external, DISTRICT)

    put_right(pilot, external, 100)
    pilot.book.earning.of_external(external, LATER, uuid4())

    assert balance(pilot, learner) == 100


def test_of_two_corrections_that_wait_the_second_is_previewed_again(pilot: Pilot) -> None:
    external, corrections = enter(pilot), pilot.book.corrections
    confirm(pilot, external)
    order = ExternalOrder(external_id=external, hours=100, reason_code=ReversalReason.ENTRY_ERROR)
    preview = corrections.preview(order, OWN)
    waiting = corrections.propose(order, preview.sha256, OWN)
    put_right(pilot, external, 200)
    with pytest.raises(PreviewOutdated):
        corrections.approve(waiting.id, preview.sha256, DISTRICT)


def test_hours_of_a_merged_record_are_put_right_with_who_speaks(pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    external = enter(pilot, learner_id=other)
    confirm(pilot, external)
    signed_by_two(pilot, merge_of(one, other))

    put_right(pilot, external, 100)

    assert (balance(pilot, one), balance(pilot, other)) == (100, 0)


@pytest.mark.parametrize(
    ("why", "is_free"),
    [(ReversalReason.WRONG_PERSON, True), (ReversalReason.FRAUD_CONFIRMED, False)],
)
def test_a_document_is_entered_again_after_its_hours_were_taken_back_but_no_forged_one(
    pilot: Pilot, why: ReversalReason, is_free: bool
) -> None:
    wrong, right, _ = pilot.learners
    external = enter(pilot, learner_id=wrong)
    confirm(pilot, external)
    put_right(pilot, external, 0, why)
    if is_free:
        confirm(pilot, enter(pilot, learner_id=right))
    else:
        with pytest.raises(DocumentUsed):
            enter(pilot, learner_id=right)
    assert (balance(pilot, wrong), balance(pilot, right)) == (0, 400 if is_free else 0)


def test_hours_of_a_closed_term_are_put_right_for_that_term(pilot: Pilot) -> None:
    external = enter(pilot)
    confirm(pilot, external)
    close_the_term(pilot, SCHOOL)
    order = ExternalOrder(external_id=external, hours=100, reason_code=ReversalReason.ENTRY_ERROR)
    long_after = envelope(LATER + timedelta(days=200), actor_id=COORDINATOR)

    preview = pilot.book.corrections.preview(order, long_after)

    assert (preview.second, preview.effective_term) == ("district", "2026-1")
    assert [line.hours for line in preview.effects.changes[0].effects] == [-400, 100]


def test_an_order_that_takes_hours_back_is_recorded_and_signed_as_before() -> None:
    """Whoever had proposed one before hours could be put right is not asked again."""
    order = ExternalOrder(external_id=uuid4(), reason_code=ReversalReason.ENTRY_ERROR)
    assert set(order.model_dump()) == {"kind", "external_id", "reason_code"}
