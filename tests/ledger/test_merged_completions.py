"""What a record had completed stays a person's when another record speaks for both."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from domain.correction import Order
from domain.effects import Effect, Effects
from domain.envelope import Envelope, Role
from domain.evaluation import Evaluation
from ledger.book import Book
from ledger.rulebooks import default_rulebook
from tests.acting import Pilot, envelope
from tests.ledger.merging import merge_of, parting
from tests.ledger.rules import EASY, an_evening, in_force, rules, with_figures

MARCH = date(2027, 3, 1)


def in_march(role: Role) -> Envelope:
    return envelope(datetime(2027, 3, 12, 11, 0, tzinfo=UTC), role, uuid4())


def signed_in_march(pilot: Pilot, order: Order) -> Effects:
    corrections, by = pilot.book.corrections, in_march(Role.COORDINATOR)
    preview = corrections.preview(order, by)
    proposed = corrections.propose(order, preview.sha256, by)
    corrections.approve(proposed.id, preview.sha256, in_march(Role.HEAD))
    return preview.effects


def completed(pilot: Pilot, learner: UUID) -> list[int]:
    found = pilot.book.ledger.find(Evaluation, Evaluation.create_id(learner, "primary"))
    return sorted(found.completed_years) if found else []


def test_a_completion_of_easier_rules_is_the_person_s_until_the_records_part(book: Book) -> None:
    """Reached in autumn with one evening; since March four are asked for."""
    pilot = Pilot(book, rules=with_figures("2026.1", default_rulebook().effective_from, EASY))
    an_evening(pilot.set_up())
    other, _, one = pilot.learners
    in_force(book, rules("2026.2", MARCH))
    assert (completed(pilot, one), completed(pilot, other)) == ([], [2026])

    effects = signed_in_march(pilot, merge_of(one, other))

    reached = Effect(learner_id=one, what="completion_reached", subject="primary annual 2026")
    assert reached in [each for change in effects.changes for each in change.effects]
    assert completed(pilot, one) == [2026]
    book.awards.evaluate(one, in_march(Role.HEAD).at, uuid4())
    assert completed(pilot, one) == [2026]

    signed_in_march(pilot, parting(one, other))
    assert (completed(pilot, one), completed(pilot, other)) == ([], [2026])
