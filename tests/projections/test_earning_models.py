"""The read models of what earns beside attendance: what they tell, rebuilt to what they were."""

from __future__ import annotations

from uuid import UUID, uuid4

from domain.course import Course
from domain.envelope import Role
from domain.external import IssuerKind, TurnedDownBecause
from domain.leave import LeaveCategory
from domain.make_up import MakeUpReason
from domain.service import ServiceKind
from ledger.external_hours import NewExternalHours
from projections.projector import Projector
from projections.read_models import ReadModels
from projections.rebuild import Rebuild
from tests.acting import SCHOOL, Pilot, envelope
from tests.ledger.studies import LATER, micro_class, push, whole

TITLE = "读懂孩子的情绪"


def external(pilot: Pilot, number: int) -> UUID:
    new = NewExternalHours(
        school_code=SCHOOL, learner_id=pilot.learners[0], issuer=IssuerKind.CITY_PLATFORM,
        document_number=str(number), reason="（示例）", hours=200, family="mental_health",
        school_year=2026, term_no=1,
    )  # fmt: skip
    return pilot.book.external_hours.enter(new, envelope(LATER))


def live(pilot: Pilot) -> UUID:
    """One of everything; returns the micro-class."""
    book, (first, second, third) = pilot.book, pilot.learners
    book.services.name(pilot.session_id, third, ServiceKind.PARENT_LECTURER, 100, envelope())
    for learner in (first, second):
        book.leaves.request(pilot.session_id, learner, LeaveCategory.WORK, envelope())
    book.leaves.grant(pilot.session_id, first, envelope())
    book.leaves.turn_down(pilot.session_id, second, envelope())
    recording, item = micro_class(pilot, TITLE), push(pilot)
    book.make_ups.assign(pilot.session_id, first, recording, MakeUpReason.LEAVE, envelope(LATER))
    by = envelope(LATER, Role.PARENT, first)
    book.micro_classes.complete(recording, first, whole(pilot, recording, first), by)
    book.pushes.answer(item, first, 0, envelope(LATER, Role.PARENT, first))
    book.micro_classes.withdraw(micro_class(pilot), envelope())
    officer = envelope(LATER, Role.DISTRICT_OFFICER)
    book.external_hours.confirm(external(pilot, 1), officer)
    why = TurnedDownBecause.COUNTED_ALREADY
    book.external_hours.turn_down(external(pilot, 2), why, envelope(LATER, Role.DISTRICT_OFFICER))
    external(pilot, 3)
    course = Course.create_id(SCHOOL, TITLE)
    book.courses.revise(course, "life_education", envelope())
    book.courses.retire(course, envelope())
    return recording


def test_each_tells_what_happened(pilot: Pilot, projector: Projector, models: ReadModels) -> None:
    recording, (first, second, _) = live(pilot), pilot.learners
    projector.catch_up()

    leaves = models.leaves.of_session(pilot.session_id)
    assert {line.learner_id: line.is_granted for line in leaves} == {first: True, second: False}
    [make_up] = models.leaves.make_ups_of_learner(first)
    assert (make_up.by_id, make_up.reason, make_up.completed_at) == (recording, "leave", None)
    assert models.leaves.waiting_at(SCHOOL) == []
    [offered] = models.studies.micro_classes_for(first, 2026)
    assert (offered.micro_class_id, offered.done_at) == (recording, LATER)
    assert [each.answered for each in models.studies.pushes_of(SCHOOL)] == [1]
    [entry] = models.studies.pushes_for(second, "2026-1")
    assert entry.done_at is None
    decided = [line.is_confirmed for line in models.external_hours.of_school(SCHOOL)]
    assert sorted(decided, key=str) == [False, None, True]
    assert models.courses.course(uuid4()) is None
    retired = [each for each in models.courses.courses_of(SCHOOL) if each.is_retired]
    assert [(each.title, each.number) for each in retired] == [(TITLE, 2)]
    topics = {line.topic for line in models.history.history(first)}
    assert {"leave.granted", "make_up.assigned", "micro_class.completed"} <= topics
    assert {"push.answered_right", "external.confirmed"} <= topics


def test_each_is_rebuilt_to_what_it_was(
    pilot: Pilot, projector: Projector, models: ReadModels
) -> None:
    live(pilot)
    projector.catch_up()
    for projection in (models.leaves, models.studies, models.courses, models.external_hours):
        report = Rebuild(projector.views, projection).run()
        assert [table.same for table in report.tables] == [True] * len(projection.tables)
