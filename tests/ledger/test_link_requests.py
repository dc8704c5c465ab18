"""Links by phone: anybody may ask, a person is let in at once, and the school says who it was."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.account import Account
from domain.attendance import Attendance
from domain.correction import NothingToCorrect, Second
from domain.custody import CustodyReason, GuardianshipWasEnded
from domain.enrolment import ClassPlace, Enrolment
from domain.envelope import Role
from domain.identity import attendance_id
from domain.learner import UnknownLearner
from domain.links import LinkAlreadyConfirmed, LinkRefusal, UnknownLink
from domain.session_refusals import NotInvited
from domain.staff import OwnCase
from ledger.book import Book
from ledger.link_requests import LinkAnswer, LinkRequest
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, entry, envelope
from tests.domain.refusing import refused
from tests.ledger.test_corrections import COLLEAGUE, LATER, corrected, was_there
from tests.ledger.test_corrections_of_closed_terms import close_the_term
from tests.ledger_evening import attend

CONSENT = ("learning_record", "privacy/1")
CLASS = ClassPlace(
    school_code=SCHOOL, stage="primary", grade="三年级", class_group="2班", school_year=2026
)
TEACHER = Role.CLASS_TEACHER


@pytest.fixture
def pilot(book: Book) -> Pilot:
    made = Pilot(book).set_up()
    book.sessions.open(made.session_id, envelope(STARTS - timedelta(minutes=20), Role.HOST))
    return made


def ask(pilot: Pilot, learner_id: UUID, place: ClassPlace = CLASS) -> UUID:
    link_id = uuid4()
    asked = LinkRequest(link_id, place, "0" * 64, "10000000077", "（示例）陈小2")
    by = envelope(STARTS, Role.PARENT, learner_id)
    pilot.book.links.request(learner_id, asked, CONSENT, by)
    return link_id


def place_of(pilot: Pilot, number: int = 0) -> Enrolment:
    learner = pilot.book.learners.get(pilot.learners[number])
    [place] = learner.enrolments_at(SCHOOL, 2026)
    return place


def known(pilot: Pilot, number: int = 0) -> LinkAnswer:
    return LinkAnswer(place_of(pilot, number), pilot.learners[number])


def newcomer(pilot: Pilot) -> LinkAnswer:
    return LinkAnswer(place_of(pilot), None, "（示例）李梅", "62")


def confirm(pilot: Pilot, learner_id: UUID, link_id: UUID, answer: LinkAnswer) -> None:
    came = attendance_id(pilot.session_id, learner_id)
    by = envelope(ENDS, TEACHER)
    pilot.book.links.confirm(learner_id, link_id, answer, [came], by)
    pilot.book.awards.award_attendance(came, ENDS, uuid4())


def attest(pilot: Pilot) -> None:
    sessions, session_id = pilot.book.sessions, pilot.session_id
    sessions.close(session_id, envelope(ENDS, Role.HOST))
    present = len(sessions.attendance_ids(session_id))
    sessions.count_heads(session_id, present, None, envelope(ENDS, Role.HOST))
    for role in (Role.HOST, Role.COORDINATOR):
        sessions.attest(session_id, role, envelope(ENDS, role))
    pilot.book.awards.run(session_id, ENDS, uuid4())


def hours(pilot: Pilot, learner_id: UUID) -> int:
    account = pilot.book.ledger.find(Account, Account.create_id(learner_id))
    return account.balance if account else 0


def test_whoever_asked_comes_in_and_earns_nothing_before_the_school_knows_them(
    pilot: Pilot,
) -> None:
    asker = uuid4()
    ask(pilot, asker)
    attend(pilot, asker)
    attest(pilot)
    attendance = pilot.book.attendances.of_person(pilot.session_id, asker)
    assert attendance is not None
    assert attendance.awaits_link
    assert attendance.is_settled
    assert hours(pilot, asker) == 0


def test_a_class_that_the_session_does_not_invite_opens_no_door(pilot: Pilot) -> None:
    asker = uuid4()
    ask(pilot, asker, CLASS.model_copy(update={"grade": "一年级"}))
    with refused(NotInvited):
        attend(pilot, asker)


@pytest.mark.parametrize("is_late", [False, True])
def test_a_new_parent_gets_the_hours_of_the_evening_whenever_the_teacher_confirms(
    pilot: Pilot, *, is_late: bool
) -> None:
    asker = uuid4()
    link_id = ask(pilot, asker)
    attend(pilot, asker)
    if is_late:
        attest(pilot)
    confirm(pilot, asker, link_id, newcomer(pilot))
    if not is_late:
        attest(pilot)
    assert hours(pilot, asker) == 200
    learner = pilot.book.learners.get(asker)
    assert learner.guardianships == {place_of(pilot).child_id: ("62", False)}
    assert learner.enrolments_at(SCHOOL, 2026) == (place_of(pilot),)


def test_the_next_roster_knows_a_new_parent_again(pilot: Pilot) -> None:
    asker = uuid4()
    confirm(pilot, asker, ask(pilot, asker), newcomer(pilot))
    row = entry(2, name="（示例）李梅", relation_code="62", phone="10000000077", is_guardian=False)
    [result] = pilot.book.rosters.take(Roster(SCHOOL, 2026), [row], envelope(), dry_run=False)
    assert (result.id, result.code) == (asker, None)


def test_who_is_on_the_roster_already_gets_the_hours_there_once(pilot: Pilot) -> None:
    asker, adult = uuid4(), pilot.learners[0]
    link_id = ask(pilot, asker)
    attend(pilot, asker)
    attend(pilot, adult)
    attest(pilot)
    assert (hours(pilot, asker), hours(pilot, adult)) == (0, 200)
    confirm(pilot, asker, link_id, known(pilot))
    confirm(pilot, asker, link_id, known(pilot))
    assert (hours(pilot, asker), hours(pilot, adult)) == (0, 200)
    assert pilot.book.learners.survivor_of(asker) == adult


def test_hours_of_a_roster_parent_who_only_used_the_own_phone(pilot: Pilot) -> None:
    asker, adult = uuid4(), pilot.learners[0]
    link_id = ask(pilot, asker)
    attend(pilot, asker)
    attest(pilot)
    confirm(pilot, asker, link_id, known(pilot))
    assert hours(pilot, adult) == 200
    came = pilot.book.attendances.of_person(pilot.session_id, adult)
    assert came is not None
    assert came.learner_id == asker


def test_who_is_not_known_keeps_the_attendance_and_may_be_confirmed_after_all(
    pilot: Pilot,
) -> None:
    asker, links = uuid4(), pilot.book.links
    link_id = ask(pilot, asker)
    attend(pilot, asker)
    attest(pilot)
    for _ in range(2):
        links.turn_down(asker, link_id, LinkRefusal.NOT_KNOWN, envelope(ENDS, TEACHER))
    assert pilot.book.ledger.find(Attendance, attendance_id(pilot.session_id, asker)) is not None
    assert hours(pilot, asker) == 0
    confirm(pilot, asker, link_id, newcomer(pilot))
    assert hours(pilot, asker) == 200


def test_a_confirmed_link_is_not_unsaid(pilot: Pilot) -> None:
    asker, links = uuid4(), pilot.book.links
    link_id = ask(pilot, asker)
    confirm(pilot, asker, link_id, newcomer(pilot))
    with refused(LinkAlreadyConfirmed):
        links.turn_down(asker, link_id, LinkRefusal.NOT_KNOWN, envelope(ENDS, TEACHER))
    with refused(LinkAlreadyConfirmed):
        confirm(pilot, asker, link_id, known(pilot, 1))


def test_nobody_answers_for_themselves_or_for_their_own_child(pilot: Pilot) -> None:
    asker, teacher = uuid4(), uuid4()
    link_id = ask(pilot, asker)
    pilot.book.registry.register_staff(teacher, envelope(), pilot.learners[0])
    by = envelope(ENDS, TEACHER, teacher)
    for answer in (known(pilot), newcomer(pilot)):
        with refused(OwnCase):
            pilot.book.links.confirm(asker, link_id, answer, [], by)


def test_only_an_adult_of_that_child_at_that_place_is_named(pilot: Pilot) -> None:
    asker = uuid4()
    wrong = LinkAnswer(place_of(pilot, 0), pilot.learners[1])
    with refused(UnknownLearner, id=pilot.learners[1]):
        confirm(pilot, asker, ask(pilot, asker), wrong)


def test_what_nobody_asked_for_is_not_answered(pilot: Pilot) -> None:
    asker = uuid4()
    ask(pilot, asker)
    for learner_id, link_id in ((asker, uuid4()), (uuid4(), uuid4())):
        by = envelope(ENDS, TEACHER)
        with pytest.raises(UnknownLink):
            pilot.book.links.turn_down(learner_id, link_id, LinkRefusal.NOT_KNOWN, by)


def test_a_parent_with_a_second_child_keeps_one_account(pilot: Pilot) -> None:
    parent, child = pilot.learners[0], place_of(pilot, 1).child_id
    confirm(pilot, parent, ask(pilot, parent), known(pilot, 1))
    assert child in pilot.book.learners.get(parent).guardianships
    assert pilot.book.learners.survivor_of(pilot.learners[1]) == pilot.learners[1]
    [pair] = pilot.book.likeness.among([parent])
    assert {pair.one, pair.other} == {parent, pilot.learners[1]}


def test_nobody_is_renamed_who_is_known_elsewhere(pilot: Pilot) -> None:
    parent = pilot.learners[0]
    other = LinkAnswer(place_of(pilot, 1), None, "（示例）别名", "97")
    confirm(pilot, parent, ask(pilot, parent), other)
    assert pilot.book.vault.open([parent])[parent].name == "（示例）陈建2"
    assert len(pilot.book.learners.get(parent).guardianships) == 2


def test_a_link_that_waits_goes_along_when_the_other_one_is_confirmed(pilot: Pilot) -> None:
    asker, adult = uuid4(), pilot.learners[0]
    first, second = ask(pilot, asker), ask(pilot, asker)
    confirm(pilot, asker, first, known(pilot))
    pilot.book.links.confirm(asker, second, known(pilot, 1), [], envelope(ENDS, TEACHER))
    assert place_of(pilot, 1).child_id in pilot.book.learners.get(adult).guardianships


def test_a_link_that_nobody_confirmed_earns_nothing_through_another_one(pilot: Pilot) -> None:
    asker = uuid4()
    first = ask(pilot, asker, CLASS.model_copy(update={"grade": "一年级"}))
    second = ask(pilot, asker)
    attend(pilot, asker)
    attest(pilot)
    elsewhere = place_of(pilot).model_copy(update={"grade": "一年级"})
    confirm(pilot, asker, first, LinkAnswer(elsewhere, None, "（示例）李梅", "62"))
    assert hours(pilot, asker) == 0
    confirm(pilot, asker, second, newcomer(pilot))
    assert hours(pilot, asker) == 200


def test_a_link_confirmed_after_the_term_was_closed_takes_a_second_person(pilot: Pilot) -> None:
    asker = uuid4()
    link_id = ask(pilot, asker)
    attend(pilot, asker)
    attest(pilot)
    close_the_term(pilot)
    confirm(pilot, asker, link_id, known(pilot))
    adult = pilot.learners[0]
    assert (pilot.book.learners.survivor_of(asker), hours(pilot, adult)) == (adult, 0)

    stayed = corrected(pilot, was_there(pilot, asker, 0, 90))

    assert (stayed.second, hours(pilot, adult)) == (Second.COLLEAGUE, 0)
    by = envelope(LATER, actor_id=COLLEAGUE)
    pilot.book.corrections.approve(stayed.id, stayed.sha256, by)
    assert hours(pilot, adult) == 200
    with refused(NothingToCorrect):
        corrected(pilot, was_there(pilot, asker, 0, 90))


def end_guardianship(pilot: Pilot, learner_id: UUID, child_id: UUID) -> None:
    custody = pilot.book.custody
    custody.propose(learner_id, child_id, CustodyReason.CUSTODY_CHANGED, envelope(STARTS))
    custody.confirm(learner_id, child_id, envelope(STARTS))


def test_what_two_persons_ended_one_does_not_bring_back(pilot: Pilot) -> None:
    """Neither on the phone that was confirmed once nor on another one, by the same name."""
    asker, answer = uuid4(), newcomer(pilot)
    confirm(pilot, asker, ask(pilot, asker), answer)
    end_guardianship(pilot, asker, answer.place.child_id)
    stranger = uuid4()
    for again in (asker, stranger):
        link_id = ask(pilot, again)
        with refused(GuardianshipWasEnded):
            confirm(pilot, again, link_id, answer)
        assert pilot.book.learners.get(again).guardianships == {}


def test_another_relative_of_that_child_is_confirmed_all_the_same(pilot: Pilot) -> None:
    father, answer = pilot.learners[0], newcomer(pilot)
    end_guardianship(pilot, father, answer.place.child_id)
    asker = uuid4()
    confirm(pilot, asker, ask(pilot, asker), answer)
    assert answer.place.child_id in pilot.book.learners.get(asker).guardianships
