"""Awards of a person who had two records, and became one before or after the evening."""

from __future__ import annotations

from uuid import uuid4

from domain.evaluation import Evaluation
from tests.acting import ENDS, Pilot
from tests.database import TestDatabase
from tests.ledger.evenings import attest, balance, hold_until_counted
from tests.ledger.interrupting import interrupted
from tests.ledger.merging import LATER, merge_of, parting, signed_by_two
from tests.ledger.test_awards import enrol, evaluation
from tests.ledger.test_session_credit import awards
from tests.ledger_evening import hold


def test_one_person_twice_on_a_list_is_evaluated_once_in_a_stage_that_is_new(
    pilot: Pilot,
) -> None:
    """Her two records were merged before the attestation, then a child came to kindergarten."""
    one, other, _ = pilot.learners
    hold_until_counted(pilot, [one, other])
    signed_by_two(pilot, merge_of(one, other))
    enrol(pilot.book, one, stage="kindergarten", grade="大班")
    attest(pilot)

    pilot.book.awards.run(pilot.session_id, ENDS, uuid4())

    assert balance(pilot, one) == 200
    key = Evaluation.create_id(one, "kindergarten")
    assert pilot.book.ledger.find(Evaluation, key) is not None


def test_one_person_twice_on_the_roster_of_a_year_that_is_closed_is_judged_once(
    pilot: Pilot,
) -> None:
    one, other, _ = pilot.learners
    hold(pilot, [one, other])
    signed_by_two(pilot, merge_of(one, other))
    before, cause = evaluation(pilot).version, uuid4()

    for record in (one, other):
        pilot.book.awards.evaluate_at_year_close(record, 2026, LATER, cause)

    assert evaluation(pilot).version == before + 1


def test_hours_awarded_while_two_records_become_one_are_the_survivors(
    pilot: Pilot, database: TestDatabase
) -> None:
    one, other, _ = pilot.learners
    hold_until_counted(pilot, [other])
    attest(pilot)

    with interrupted(database, lambda: signed_by_two(pilot, merge_of(one, other))) as ledger:
        awards(pilot, ledger).run(pilot.session_id, ENDS, uuid4())

    assert (balance(pilot, one), balance(pilot, other)) == (200, 0)


def test_hours_awarded_while_two_records_are_parted_are_of_who_was_there(
    pilot: Pilot, database: TestDatabase
) -> None:
    one, other, _ = pilot.learners
    hold_until_counted(pilot, [other])
    signed_by_two(pilot, merge_of(one, other))
    attest(pilot)

    with interrupted(database, lambda: signed_by_two(pilot, parting(one, other))) as ledger:
        awards(pilot, ledger).run(pilot.session_id, ENDS, uuid4())

    assert (balance(pilot, one), balance(pilot, other)) == (0, 200)
