"""Cases, told fact by fact, read the same as when they are rebuilt at once."""

from __future__ import annotations

import pytest

from domain.correction import SessionVoidOrder
from domain.dispute import AnswerReason, DisputeReason
from domain.envelope import Role
from domain.rules import ReversalReason
from domain.verdict import Outcome
from ledger.appeals import Ruling
from ledger.cases import Answer
from projections.cases import CaseFile
from projections.projector import Projector
from projections.read_models import ReadModels
from projections.rebuild import Rebuild
from tests.acting import DISTRICT, SCHOOL, Pilot, envelope
from tests.case_acting import HEAD, OFFICER, attendance, correction, noon, parent
from tests.ledger_evening import hold

RULING = Ruling(Outcome.PARTLY, AnswerReason.NEW_EVIDENCE, "示例理由")
YES = Answer(upheld=True, reason_code=AnswerReason.RECORD_WRONG)


@pytest.fixture
def evening(pilot: Pilot) -> Pilot:
    hold(pilot, pilot.learners[:1])
    return pilot


@pytest.fixture
def whole(evening: Pilot, projector: Projector, models: ReadModels) -> list[CaseFile]:
    """A dispute and an appeal to its end, told piece by piece; what waited on the way."""
    cases, appeals, learner = evening.book.cases, evening.book.appeals, evening.learners[0]
    subject, head = attendance(evening), (Role.HEAD, HEAD)
    by = parent(learner, noon(9, 21))
    dispute = cases.dispute(learner, subject, DisputeReason.OTHER, "", by)
    projector.catch_up()
    waited = models.cases.open_of(SCHOOL)
    cases.answer(dispute, YES, envelope(noon(9, 22)))
    projector.catch_up()
    corrected = correction(evening)
    cases.link_correction(dispute, corrected, envelope(noon(9, 22)))
    appeal = appeals.lodge(learner, subject, "示例", parent(learner, noon(9, 23)))
    appeals.acknowledge(appeal, envelope(noon(9, 23), *head))
    appeals.decide(appeal, RULING, envelope(noon(9, 24), *head))
    projector.catch_up()
    appeals.escalate(appeal, "", parent(learner, noon(9, 25)))
    projector.catch_up()
    waited += models.cases.escalated_to(DISTRICT)
    appeals.review(appeal, RULING, envelope(noon(9, 28), Role.DISTRICT_OFFICER, OFFICER))
    cases.link_correction(appeal, corrected, envelope(noon(9, 28)))
    projector.catch_up()
    return waited


def test_every_step_is_told(
    whole: list[CaseFile], evening: Pilot, projector: Projector, models: ReadModels
) -> None:
    assert [(case.stands, case.next_until) for case in whole] == [
        ("open", None), ("escalated", None),
    ]  # fmt: skip
    of_appeal, of_dispute = models.cases.of_learners([evening.learners[0]])
    assert (of_dispute.outcome, len(of_dispute.corrections)) == ("upheld", 1)
    assert (of_appeal.stands, of_appeal.outcome) == ("reviewed", "partly")
    assert of_appeal.corrections == of_dispute.corrections
    assert of_appeal.dispute_id == of_dispute.case_id
    steps = models.cases.steps_of(of_appeal.case_id)
    assert [step.topic.partition(".")[2] for step in steps] == [
        "lodged", "acknowledged", "decided", "escalated", "reviewed", "correction_linked",
    ]  # fmt: skip


def test_a_rebuild_tells_the_same(
    whole: list[CaseFile], projector: Projector, models: ReadModels
) -> None:
    report = Rebuild(projector.views, models.cases).run()

    assert [(table.table, table.same) for table in report.tables] == [
        ("case_file", True), ("case_step", True),
    ]  # fmt: skip


def test_what_was_withdrawn_waits_no_more(
    evening: Pilot, projector: Projector, models: ReadModels
) -> None:
    learner = evening.learners[0]
    by = parent(learner, noon(9, 21))
    appeal = evening.book.appeals.lodge(learner, attendance(evening), "", by)
    evening.book.appeals.withdraw(appeal, parent(learner, noon(9, 22)))
    projector.catch_up()

    assert models.cases.open_of(SCHOOL) == []
    [ended] = models.cases.ended_of(SCHOOL)
    assert (ended.stands, ended.outcome) == ("withdrawn", None)


def test_a_learners_evenings_say_who_is_listed(
    evening: Pilot, projector: Projector, models: ReadModels
) -> None:
    projector.catch_up()
    listed, missing = evening.learners[:2]

    [there] = models.cases.evenings_of(listed, noon(9, 1))
    [absent] = models.cases.evenings_of(missing, noon(9, 1))

    assert (there.attendance_id is not None, there.result) == (True, "full")
    assert absent.attendance_id is None
    assert models.cases.evenings_of(listed, noon(9, 30)) == []


def test_a_voided_session_is_told_to_those_who_were_there_and_to_nobody_else(
    evening: Pilot, projector: Projector, models: ReadModels
) -> None:
    order = SessionVoidOrder(
        session_id=evening.session_id, reason_code=ReversalReason.SESSION_VOIDED
    )
    corrections, by = evening.book.corrections, envelope(noon(9, 20))
    preview = corrections.preview(order, by)
    waiting = corrections.propose(order, preview.sha256, by)
    officer = envelope(noon(9, 21), Role.DISTRICT_OFFICER, OFFICER)
    corrections.approve(waiting.id, preview.sha256, officer)
    projector.catch_up()
    listed, missing = evening.learners[:2]

    assert len(models.cases.evenings_of(listed, noon(9, 1))) == 1
    assert models.cases.evenings_of(missing, noon(9, 1)) == []
