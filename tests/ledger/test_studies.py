"""Micro-classes, pushes and hours from elsewhere, from the command to the line of the account."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.calendar import DayOutsideTerms
from domain.correction import ExternalOrder, NothingToCorrect, PreviewOutdated
from domain.course import Course, CourseRetired, UnknownCourse
from domain.envelope import Envelope, Role
from domain.external import TurnedDownBecause
from domain.external_refusals import (
    DocumentUsed,
    ExternalNeedsSecondPerson,
    UnknownExternalHours,
)
from domain.learner import UnknownLearner
from domain.micro_class import PublishedOtherwise, UnknownMicroClass
from domain.planning import SessionClashes, StageNotOfThisSchool
from domain.push import AnswerNotRight, UnknownPush
from domain.rules import ReversalReason
from domain.session_refusals import NotInvited
from domain.staff import OwnCase
from domain.studying import Study, StudyIncomplete
from ledger.corrections import Corrections
from ledger.external_orders import ExternalOrders
from ledger.plans import Filing, RowOutcome
from tests.acting import SCHOOL, STARTS, Pilot, envelope, planned
from tests.database import TestDatabase
from tests.ledger.evenings import balance
from tests.ledger.interrupting import interrupted
from tests.ledger.merging import evening
from tests.ledger.studies import (
    COORDINATOR,
    LATER,
    OFFICER,
    answer,
    complete,
    confirm,
    enter,
    micro_class,
    push,
)
from tests.ledger.test_session_credit import earning


def test_a_micro_class_is_completed_once_and_credited_once(pilot: Pilot) -> None:
    made, learner = micro_class(pilot), pilot.learners[0]
    assert micro_class(pilot) == made
    complete(pilot, made, learner)
    complete(pilot, made, learner)
    assert balance(pilot, learner) == 200


def test_what_is_not_enough_is_refused_with_what_lacks_and_tried_again(pilot: Pilot) -> None:
    made, learner = micro_class(pilot), pilot.learners[0]
    position = pilot.book.ledger.position()
    with pytest.raises(StudyIncomplete) as refused:
        complete(pilot, made, learner, Study(frozenset(), frozenset(), ()))
    assert refused.value.facts["lacks"] == ["watched", "checks", "quiz"]
    assert pilot.book.ledger.position() == position
    complete(pilot, made, learner)
    assert balance(pilot, learner) == 200


def test_a_micro_class_is_for_its_grades_until_it_is_withdrawn(pilot: Pilot) -> None:
    other = micro_class(pilot, grades=("六年级",))
    with pytest.raises(NotInvited):
        complete(pilot, other, pilot.learners[0], Study(frozenset(), frozenset(), ()))
    with pytest.raises(PublishedOtherwise):
        micro_class(pilot, class_hours=100)
    with pytest.raises(StageNotOfThisSchool):
        micro_class(pilot, "初中微课", stage="junior")
    pilot.book.micro_classes.withdraw(other, envelope())
    with pytest.raises(UnknownMicroClass):
        pilot.book.micro_classes.get(other)


def test_an_award_nobody_can_make_is_none(pilot: Pilot) -> None:
    position = pilot.book.ledger.position()
    earning = pilot.book.earning
    for source in (earning.of_micro_class, earning.of_pushes, earning.of_external):
        source(uuid4(), LATER, uuid4())
    assert pilot.book.ledger.position() == position


def test_five_right_answers_make_half_an_hour_and_ten_are_the_term_s_most(pilot: Pilot) -> None:
    learner = pilot.learners[0]
    found: list[int] = []
    for number in range(16):
        item, by = push(pilot, number), envelope(LATER, Role.PARENT, learner)
        with pytest.raises(AnswerNotRight):
            pilot.book.pushes.answer(item, learner, 1, by)
        answer(pilot, item, learner)
        found.append(balance(pilot, learner))
    assert found == [0] * 4 + [50] * 5 + [100] * 7
    account = pilot.book.ledger.find(Account, Account.create_id(learner))
    assert account is not None
    assert [len(line.item_ids) for line in account.standing] == [5, 5]


def test_a_push_is_for_its_grades_and_its_term(pilot: Pilot) -> None:
    learner = pilot.learners[0]
    item = push(pilot)
    assert push(pilot) == item
    with pytest.raises(UnknownPush):
        pilot.book.pushes.answer(uuid4(), learner, 0, envelope(LATER))
    with pytest.raises(NotInvited):
        pilot.book.pushes.answer(push(pilot, 1, grades=("六年级",)), learner, 0, envelope(LATER))
    with pytest.raises(StageNotOfThisSchool):
        push(pilot, 2, stage="junior")
    over = envelope(STARTS + timedelta(days=300))
    with pytest.raises(DayOutsideTerms):
        pilot.book.pushes.answer(item, learner, 0, over)


def test_hours_from_elsewhere_count_once_the_district_has_confirmed_them(pilot: Pilot) -> None:
    external, learner = enter(pilot), pilot.learners[0]
    assert enter(pilot, document_number="社2026-001") == external  # the same document
    pilot.book.earning.of_external(external, LATER, uuid4())
    assert balance(pilot, learner) == 0
    with pytest.raises(ExternalNeedsSecondPerson):
        pilot.book.external_hours.confirm(external, envelope(LATER, actor_id=COORDINATOR))

    confirm(pilot, external)

    assert balance(pilot, learner) == 400
    written = pilot.book.external_hours.document(document_of(pilot, external))
    assert written["number"] == "社 2026-001"


def document_of(pilot: Pilot, external: UUID) -> UUID:
    [found] = pilot.book.vault.identify(
        "external_document", ["community_station\n社2026-001"]
    ).values()
    assert pilot.book.external_hours.get(external).id == external
    return found


def test_one_document_counts_once_for_one_person_of_the_school(pilot: Pilot) -> None:
    enter(pilot)
    with pytest.raises(DocumentUsed):
        enter(pilot, learner_id=pilot.learners[1])
    with pytest.raises(UnknownLearner):
        enter(pilot, learner_id=uuid4(), document_number="2")
    with pytest.raises(UnknownLearner):
        enter(pilot, school_code="4401040003", document_number="3")
    pilot.book.registry.register_staff(COORDINATOR, envelope(), learner_id=pilot.learners[0])
    with pytest.raises(OwnCase):
        enter(pilot, document_number="4")


def test_nothing_is_confirmed_that_nobody_entered(pilot: Pilot) -> None:
    with pytest.raises(UnknownExternalHours):
        pilot.book.external_hours.confirm(uuid4(), envelope(LATER))


def test_a_recognition_is_taken_back_by_two_on_one_preview(pilot: Pilot) -> None:
    external, corrections = enter(pilot), pilot.book.corrections
    order = ExternalOrder(external_id=external, reason_code=ReversalReason.ENTRY_ERROR)
    proposing = envelope(LATER, actor_id=COORDINATOR)
    with pytest.raises(NothingToCorrect):
        corrections.preview(order, proposing)
    confirm(pilot, external)
    preview = corrections.preview(order, proposing)
    waiting = corrections.propose(order, preview.sha256, proposing)
    assert balance(pilot, pilot.learners[0]) == 400

    signing = envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)
    corrections.approve(waiting.id, preview.sha256, signing)

    pilot.book.earning.of_external(external, LATER, uuid4())
    assert balance(pilot, pilot.learners[0]) == 0
    with pytest.raises(NothingToCorrect):
        corrections.preview(order, proposing)


def test_what_is_taken_back_while_it_is_credited_counts_nothing(
    pilot: Pilot, database: TestDatabase
) -> None:
    external, learner = enter(pilot), pilot.learners[0]
    pilot.book.external_hours.confirm(external, district())

    with interrupted(database, lambda: take_back(pilot.book.corrections, external)) as ledger:
        earning(pilot, ledger).of_external(external, LATER, uuid4())

    assert not pilot.book.external_hours.get(external).counts
    assert balance(pilot, learner) == 0


def test_what_is_credited_while_it_is_taken_back_is_previewed_again(
    pilot: Pilot, database: TestDatabase
) -> None:
    external, learner = enter(pilot), pilot.learners[0]
    pilot.book.external_hours.confirm(external, district())
    evening(pilot, 3, [learner])  # an account and an evaluation are there already

    def act() -> None:
        pilot.book.earning.of_external(external, LATER, uuid4())

    with interrupted(database, act, 2) as ledger:
        desk = Corrections(ledger, pilot.book.sessions, pilot.book.rulebooks)
        desk.handle(
            "external", ExternalOrders(ledger, pilot.book.external_hours, pilot.book.rulebooks)
        )
        with pytest.raises(PreviewOutdated):
            take_back(desk, external)
    assert balance(pilot, learner) == 600

    take_back(pilot.book.corrections, external)
    assert balance(pilot, learner) == 200


def take_back(corrections: Corrections, external: UUID) -> None:
    order = ExternalOrder(external_id=external, reason_code=ReversalReason.ENTRY_ERROR)
    proposing = envelope(LATER, actor_id=COORDINATOR)
    preview = corrections.preview(order, proposing)
    waiting = corrections.propose(order, preview.sha256, proposing)
    corrections.approve(waiting.id, preview.sha256, district())


def district() -> Envelope:
    return envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)


def test_what_the_district_turns_down_counts_nothing(pilot: Pilot) -> None:
    external = enter(pilot)
    officer = envelope(LATER, Role.DISTRICT_OFFICER, OFFICER)
    why = TurnedDownBecause.NOT_VERIFIABLE
    pilot.book.external_hours.turn_down(external, why, officer)
    pilot.book.earning.of_external(external, LATER, uuid4())
    assert balance(pilot, pilot.learners[0]) == 0


def test_nothing_new_is_planned_for_a_retired_course(pilot: Pilot) -> None:
    book, title = pilot.book, "读懂孩子的情绪"
    course = Course.create_id(SCHOOL, title)
    later = STARTS + timedelta(days=9)
    plan = book.sessions.get(pilot.session_id).plan.model_copy(
        update={"begins_at": later, "ends_at": later + timedelta(minutes=80)}
    )
    book.courses.revise(course, "life_education", envelope())
    revised = uuid4()
    book.sessions.schedule(revised, plan, envelope())
    assert book.sessions.get(revised).plan.course_version == 2
    book.courses.retire(course, envelope())
    with pytest.raises(CourseRetired):
        book.sessions.schedule(uuid4(), plan, envelope(), confirmed=True)
    with pytest.raises(CourseRetired):
        micro_class(pilot, title)
    with pytest.raises(UnknownCourse):
        book.courses.retire(uuid4(), envelope())
    row = planned(row=7, begins_at=later + timedelta(days=1), ends_at=later + timedelta(days=2))
    [result] = book.plans.file(
        Filing(SCHOOL, 2026, 1), [row], envelope(), dry_run=True, supplement=True
    )
    assert (result.outcome, result.code) == (RowOutcome.DOUBTFUL, "course_retired")


def test_two_sessions_at_once_are_meant_only_where_somebody_says_so(pilot: Pilot) -> None:
    sessions = pilot.book.sessions
    plan = sessions.get(pilot.session_id).plan
    same_room = plan.model_copy(update={"title": "别的课", "grades": ("六年级",)})
    same_parents = plan.model_copy(update={"title": "别的课", "place": "图书馆"})
    apart = same_room.model_copy(update={"place": "图书馆"})
    for wrong in (same_room, same_parents):
        with pytest.raises(SessionClashes) as refused:
            sessions.schedule(uuid4(), wrong, envelope())
        assert refused.value.facts["session_id"] == pilot.session_id
    sessions.schedule(uuid4(), apart, envelope())
    sessions.schedule(uuid4(), same_parents.model_copy(update={"mode": "info_push"}), envelope())
    sessions.schedule(uuid4(), same_parents, envelope(), confirmed=True)


def test_a_cancelled_session_is_in_nobody_s_way(pilot: Pilot) -> None:
    sessions = pilot.book.sessions
    plan = sessions.get(pilot.session_id).plan
    sessions.cancel(pilot.session_id, "speaker_ill", envelope())
    sessions.schedule(uuid4(), plan.model_copy(update={"title": "别的课"}), envelope())


def test_the_term_of_a_day_is_found_on_the_write_side(pilot: Pilot) -> None:
    assert pilot.book.registry.term_on(date(2026, 9, 1)).code == "2026-1"
    with pytest.raises(DayOutsideTerms):
        pilot.book.registry.term_on(date(2026, 8, 1))
