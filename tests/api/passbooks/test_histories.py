"""Records that were merged and parted, rules applied backwards: such histories recompute, too."""

from __future__ import annotations

from uuid import UUID

import pytest

from api.bootstrap import Runtime
from api.passbook.checking import checked
from api.passbook.file import Passbook
from api.passbook.making import passbook_of
from ledger.recomputing.figures import Because, Figure, Verdict
from tests.acting import Pilot, envelope
from tests.api.log.test_log_files import step
from tests.api.passbooks.touching import Touched
from tests.ledger.evenings import balance
from tests.ledger.merging import evening, merge_of, parting, signed_by_two
from tests.ledger.rules import LATER
from tests.ledger.studies import answer, complete, confirm, enter, micro_class, push
from tests.ledger.test_rulebooks_backwards import BETTER, announced, effects, hashes, plan


@pytest.fixture
def pilot(runtime: Runtime) -> Pilot:
    return Pilot(runtime.book).set_up()


def taken(runtime: Runtime, learner: UUID) -> Passbook:
    step(runtime.log_keeping)
    runtime.projector.catch_up()
    return Passbook.model_validate_json(passbook_of(runtime, learner).as_bytes())


def wrong(book: Passbook) -> list[Figure]:
    return [figure for figure in checked(book) if figure.verdict is not Verdict.SAME]


def test_a_person_of_two_records_has_one_passbook(runtime: Runtime, pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    evening(pilot, 3, [one, other])
    evening(pilot, 4, [other])
    signed_by_two(pilot, merge_of(one, other))
    evening(pilot, 5, [other])

    book = taken(runtime, other)

    assert book.learner_id == one
    assert book.summary.hours == balance(pilot, one) == 600
    assert {str(one), str(other)} <= {str(fact.stream) for fact in book.facts}
    assert wrong(book) == []


def test_after_they_were_parted_each_has_their_own(runtime: Runtime, pilot: Pilot) -> None:
    one, other, _ = pilot.learners
    evening(pilot, 3, [one, other])
    evening(pilot, 4, [other])
    signed_by_two(pilot, merge_of(one, other))
    signed_by_two(pilot, parting(one, other))

    books = [taken(runtime, each) for each in (one, other)]

    assert [book.summary.hours for book in books] == [200, 400]
    assert [wrong(book) for book in books] == [[], []]


def test_what_was_earned_outside_sessions_recomputes(runtime: Runtime, pilot: Pilot) -> None:
    learner, _, _ = pilot.learners
    complete(pilot, micro_class(pilot), learner)
    for number in range(5):
        answer(pilot, push(pilot, number), learner)
    confirm(pilot, enter(pilot, learner_id=learner))

    book = taken(runtime, learner)

    assert book.summary.hours == balance(pilot, learner) == 650
    assert wrong(book) == []


def test_better_rules_that_two_persons_applied_backwards_recompute(
    runtime: Runtime, pilot: Pilot
) -> None:
    tried, runs = announced(pilot, BETTER), pilot.book.re_evaluations
    [(learner, signed)] = hashes(effects(pilot, tried)).items()
    run = runs.propose(plan(), envelope(LATER))
    runs.start(run, plan().dry_run_sha256, envelope(LATER))
    tried.apply(run, {learner: signed}, LATER)

    book = taken(runtime, learner)

    assert {rules.version for rules in book.rulebooks} == {"2026.1", "2026.2"}
    assert wrong(book) == []
    unsigned = Touched(book.as_bytes()).leave_out("re_evaluation.started")
    assert Because.OTHER_RULES in {figure.because for figure in unsigned.figures}
