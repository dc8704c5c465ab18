"""Awards of a person who had two records, and became one before or after the evening."""

from __future__ import annotations

from uuid import uuid4

from domain.envelope import Role
from domain.evaluation import Evaluation
from tests.acting import ENDS, STARTS, Pilot, envelope
from tests.ledger.evenings import COORDINATOR, HOST, balance
from tests.ledger.merging import merge_of, signed_by_two
from tests.ledger.test_awards import enrol
from tests.ledger_evening import attend


def until_the_count(pilot: Pilot, *records: int) -> None:
    """The evening until its heads are counted: nobody has attested it."""
    sessions, by = pilot.book.sessions, envelope(ENDS, Role.HOST, HOST)
    sessions.open(pilot.session_id, envelope(STARTS, Role.HOST, HOST))
    for record in records:
        attend(pilot, pilot.learners[record])
    sessions.close(pilot.session_id, by)
    sessions.count_heads(pilot.session_id, len(records), None, envelope(ENDS, Role.HOST, HOST))


def attest(pilot: Pilot) -> None:
    sessions = pilot.book.sessions
    sessions.attest(pilot.session_id, Role.HOST, envelope(ENDS, Role.HOST, HOST))
    sessions.attest(pilot.session_id, Role.COORDINATOR, envelope(ENDS, actor_id=COORDINATOR))


def test_one_person_twice_on_a_list_is_evaluated_once_in_a_stage_that_is_new(
    pilot: Pilot,
) -> None:
    """Her two records were merged before the attestation, then a child came to kindergarten."""
    one, other, _ = pilot.learners
    until_the_count(pilot, 0, 1)
    signed_by_two(pilot, merge_of(one, other))
    enrol(pilot.book, one, stage="kindergarten", grade="大班")
    attest(pilot)

    pilot.book.awards.run(pilot.session_id, ENDS, uuid4())

    assert balance(pilot, one) == 200
    key = Evaluation.create_id(one, "kindergarten")
    assert pilot.book.ledger.find(Evaluation, key) is not None
