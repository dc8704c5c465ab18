"""A person's details are put right, and every roster finds the same person afterwards."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.details import (
    DetailsRefusal,
    DetailsRequestAnswered,
    DetailsRequests,
    DetailsRequestWaits,
    DetailsUnchanged,
    UnknownDetailsRequest,
)
from domain.envelope import Envelope, Role
from domain.learner import Learner, UnknownLearner
from domain.staff import OwnCase
from ledger.book import Book
from ledger.details import Asked
from ledger.roster import Roster
from tests.acting import ENDS, SCHOOL, Pilot, entry, envelope
from tests.domain.refusing import refused
from tests.ledger.merging import merge_of, signed_by_two

ROSTER = Roster(SCHOOL, 2026)
NAME, OLD_NAME = "（示例）陈健二", "（示例）陈建2"
PHONE, OLD_PHONE = "10000000099", "10000000002"


@pytest.fixture
def pilot(book: Book) -> Pilot:
    return Pilot(book).set_up()


def own(pilot: Pilot) -> Envelope:
    return envelope(ENDS, Role.PARENT, pilot.learners[0])


def teacher(actor_id: UUID | None = None) -> Envelope:
    return envelope(ENDS, Role.CLASS_TEACHER, actor_id)


def ask(pilot: Pilot, asked: Asked) -> UUID:
    pilot.book.details.ask(pilot.learners[0], asked, own(pilot))
    request_id = stream(pilot).waiting
    assert request_id is not None
    return request_id


def stream(pilot: Pilot) -> DetailsRequests:
    key = DetailsRequests.create_id(pilot.learners[0])
    return pilot.book.ledger.get(DetailsRequests, key, UnknownDetailsRequest)


def granted(pilot: Pilot, asked: Asked) -> UUID:
    learner_id, request_id = pilot.learners[0], ask(pilot, asked)
    for _ in range(2):
        pilot.book.details.grant(learner_id, request_id, teacher())
    return learner_id


@pytest.mark.parametrize("name", [OLD_NAME, NAME])
@pytest.mark.parametrize("phone", [OLD_PHONE, PHONE, None])
def test_the_next_roster_finds_the_person_under_the_new_details_and_the_old(
    pilot: Pilot, name: str, phone: str | None
) -> None:
    learner_id = granted(pilot, Asked(name=NAME, phone=PHONE))
    before = pilot.book.ledger.position()
    row = entry(2, name=name, phone=phone)
    [result] = pilot.book.rosters.take(ROSTER, [row], envelope(), dry_run=False)
    assert (result.id, result.code, result.outcome) == (learner_id, None, "same")
    assert pilot.book.ledger.position() == before
    subject = pilot.book.vault.open([learner_id])[learner_id]
    assert (subject.name, subject.fields["phone"]) == (NAME, PHONE)
    assert pilot.book.learners.get(learner_id).name_commitment == subject.commitment


def test_a_sibling_on_the_roster_is_found_by_name_and_either_phone(pilot: Pilot) -> None:
    learner_id = granted(pilot, Asked(name=NAME, phone=PHONE))
    rows = [
        entry(row, name=name, phone=phone)
        for row, (name, phone) in enumerate(
            [(OLD_NAME, OLD_PHONE), (OLD_NAME, PHONE), (NAME, OLD_PHONE), (NAME, PHONE)], start=10
        )
    ]
    results = pilot.book.rosters.take(ROSTER, rows, envelope(), dry_run=False)
    assert {(result.id, result.code) for result in results} == {(learner_id, None)}


def test_a_roster_with_a_third_phone_still_brings_it(pilot: Pilot) -> None:
    learner_id = granted(pilot, Asked(phone=PHONE))
    row = entry(2, phone="10000000055")
    pilot.book.rosters.take(ROSTER, [row], envelope(), dry_run=False)
    assert pilot.book.vault.open([learner_id])[learner_id].fields["phone"] == "10000000055"


def test_a_granted_change_is_recorded_once_and_without_what_was_said(pilot: Pilot) -> None:
    learner_id = granted(pilot, Asked(name=NAME, phone=OLD_PHONE))
    facts = [*pilot.book.ledger.events.get(learner_id)]
    changed = [each.changed for each in facts if isinstance(each, Learner.DetailsChanged)]
    assert changed == [("name",)]
    said = [*pilot.book.ledger.events.get(DetailsRequests.create_id(learner_id))]
    assert NAME not in str(said)


def test_a_relation_is_put_right_elsewhere(pilot: Pilot) -> None:
    before = pilot.book.learners.get(pilot.learners[0])
    granted(pilot, Asked(relation="我是奶奶"))
    after = pilot.book.learners.get(pilot.learners[0])
    assert after.version == before.version


def test_the_same_again_is_no_news_and_another_one_waits(pilot: Pilot) -> None:
    asked = Asked(name=NAME)
    request_id = ask(pilot, asked)
    assert ask(pilot, asked) == request_id
    assert len(stream(pilot).known) == 1
    with refused(DetailsRequestWaits):
        ask(pilot, Asked(phone=PHONE))


def test_what_is_recorded_so_is_not_asked_for(pilot: Pilot) -> None:
    with refused(DetailsUnchanged):
        ask(pilot, Asked(name=OLD_NAME, phone=OLD_PHONE))


def test_nobody_asks_for_who_is_not_there(pilot: Pilot) -> None:
    stranger = uuid4()
    with refused(UnknownLearner, id=stranger):
        pilot.book.details.ask(stranger, Asked(name=NAME), teacher())


def test_a_record_that_was_merged_meanwhile_hands_the_change_on(pilot: Pilot) -> None:
    kept, request_id = pilot.learners[1], ask(pilot, Asked(name=NAME))
    signed_by_two(pilot, merge_of(kept, pilot.learners[0]))
    pilot.book.details.grant(pilot.learners[0], request_id, teacher())
    assert pilot.book.vault.open([kept])[kept].name == NAME


def test_a_refused_change_leaves_everything_as_it_is(pilot: Pilot) -> None:
    learner_id, request_id = pilot.learners[0], ask(pilot, Asked(name=NAME))
    pilot.book.details.refuse(learner_id, request_id, DetailsRefusal.NOT_SO, teacher())
    with refused(DetailsRequestAnswered):
        pilot.book.details.grant(learner_id, request_id, teacher())
    with refused(DetailsRequestAnswered):
        pilot.book.details.withdraw(learner_id, request_id, own(pilot))
    assert pilot.book.vault.open([learner_id])[learner_id].name == OLD_NAME


def test_nobody_decides_about_the_own_family_nor_writes_down_for_themselves(pilot: Pilot) -> None:
    book, staff_id, spouse_id = pilot.book, uuid4(), uuid4()
    learner_id, request_id = pilot.learners[0], ask(pilot, Asked(name=NAME))
    row = entry(2, name="（示例）李梅", relation_code="52", phone="10000000077")
    [wife] = book.rosters.take(ROSTER, [row], envelope(), dry_run=False)
    for member, parent in ((staff_id, learner_id), (spouse_id, wife.id)):
        book.registry.register_staff(member, envelope(), parent)
        with refused(OwnCase):
            book.details.grant(learner_id, request_id, teacher(member))
        with refused(OwnCase):
            book.details.refuse(learner_id, request_id, DetailsRefusal.NOT_SO, teacher(member))
    with refused(OwnCase):
        book.details.ask(learner_id, Asked(phone=PHONE), teacher(staff_id))
