"""The fifth star: proposed, published in the school, objected to, and decided by its head."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.account import Account
from domain.envelope import Envelope, Role
from domain.evaluation import Evaluation, StarNotDue
from domain.learner import UnknownLearner
from domain.rules import ReversalReason
from domain.staff import OwnCase
from domain.star_proposal import (
    ObjectionOpen,
    ObjectionReason,
    ProposalDecided,
    ProposalState,
    PublicityNotOver,
    PublicityOver,
    RefusalReason,
    TookPart,
    UnknownStarProposal,
)
from domain.working_days import DaysOfYear
from tests.acting import SCHOOL, Pilot, envelope
from tests.database import TestDatabase
from tests.ledger.stars import READY_ON, with_four_stars

COORDINATOR, HEAD = uuid4(), uuid4()
DAY = timedelta(days=1)
OVER = READY_ON + 8 * DAY  # five working days from a Monday end on the Monday after


def coordinator(at: datetime = READY_ON) -> Envelope:
    return envelope(at, Role.COORDINATOR, COORDINATOR)


def head(at: datetime = OVER) -> Envelope:
    return envelope(at, Role.HEAD, HEAD)


@pytest.fixture
def ready(pilot: Pilot) -> Pilot:
    with_four_stars(pilot.book, pilot.learners[0])
    assert level(pilot) == 4
    return pilot


@pytest.fixture
def proposal_id(ready: Pilot) -> UUID:
    return propose(ready)


def propose(pilot: Pilot, by: Envelope | None = None) -> UUID:
    commands = pilot.book.star_proposals
    return commands.propose(pilot.learners[0], "primary", SCHOOL, by or coordinator())


def level(pilot: Pilot) -> int:
    key = Evaluation.create_id(pilot.learners[0], "primary")
    found = pilot.book.ledger.find(Evaluation, key)
    return found.star_level if found else 0


def test_a_proposal_is_published_for_five_working_days(ready: Pilot, proposal_id: UUID) -> None:
    found = ready.book.star_proposals.get(proposal_id)
    assert (found.level, found.published_until) == (5, date(2030, 5, 13))
    position = ready.book.ledger.position()
    assert propose(ready) == proposal_id
    assert ready.book.ledger.position() == position


def test_holidays_are_no_days_of_publicity(ready: Pilot) -> None:
    holidays = [date(2030, 5, 8), date(2030, 5, 9)]
    ready.book.calendars.publish(DaysOfYear.of(2030, holidays, []), envelope())
    assert ready.book.star_proposals.get(propose(ready)).published_until == date(2030, 5, 15)


def test_the_head_grants_it_through_the_evaluation(ready: Pilot, proposal_id: UUID) -> None:
    commands = ready.book.star_proposals
    with pytest.raises(PublicityNotOver):
        commands.grant(proposal_id, head(OVER - DAY))

    commands.grant(proposal_id, head())

    assert level(ready) == 5
    position = ready.book.ledger.position()
    commands.grant(proposal_id, head())
    assert ready.book.ledger.position() == position


def test_an_objection_waits_for_its_answer_and_its_words_lie_in_the_vault(
    ready: Pilot, proposal_id: UUID
) -> None:
    commands, neighbour = ready.book.star_proposals, ready.learners[1]
    own = envelope(READY_ON, Role.PARENT, neighbour)
    objection = commands.object_to(proposal_id, ObjectionReason.OTHER, " 示例说明 ", own)
    again = envelope(READY_ON, Role.PARENT, neighbour)
    assert commands.object_to(proposal_id, ObjectionReason.OTHER, "别的话", again) == objection
    assert commands.words_of(proposal_id, head()) == {objection: "示例说明"}
    with pytest.raises(ObjectionOpen):
        commands.grant(proposal_id, head())

    commands.answer(proposal_id, objection, head(), upheld=False)
    commands.grant(proposal_id, head())

    assert level(ready) == 5


@pytest.mark.parametrize("role", [Role.PARENT, Role.HOST])
def test_the_words_of_an_objection_go_with_the_person(
    ready: Pilot, proposal_id: UUID, database: TestDatabase, role: Role
) -> None:
    """A parent's own; what staff wrote goes with the learner whom it is about."""
    commands, (learner, neighbour, _) = ready.book.star_proposals, ready.learners
    by = envelope(READY_ON, role, neighbour if role is Role.PARENT else None)
    objection = commands.object_to(proposal_id, ObjectionReason.OTHER, "示例说明", by)
    assert commands.words_of(proposal_id, head()) == {objection: "示例说明"}

    erase(database, neighbour if role is Role.PARENT else learner)

    assert commands.words_of(proposal_id, head()) == {}
    late = envelope(READY_ON, role, neighbour if role is Role.PARENT else None)
    if role is Role.HOST:
        with pytest.raises(UnknownLearner):
            commands.object_to(proposal_id, ObjectionReason.OTHER, "再说", late)


def erase(database: TestDatabase, person: UUID) -> None:
    with psycopg.connect(database.owner) as owner:
        owner.execute("DELETE FROM ledger_vault.subject WHERE subject_id = %s", (person,))


def test_a_late_objection_leaves_no_words(
    ready: Pilot, proposal_id: UUID, database: TestDatabase
) -> None:
    late = envelope(OVER, Role.PARENT, ready.learners[1])
    with pytest.raises(PublicityOver):
        ready.book.star_proposals.object_to(proposal_id, ObjectionReason.OTHER, "晚了", late)
    with psycopg.connect(database.owner) as owner:
        kinds = "SELECT kind FROM ledger_vault.document UNION SELECT kind FROM ledger_vault.subject"
        assert ("star_objection",) not in owner.execute(kinds).fetchall()


def test_an_objection_that_holds_leaves_four_stars(ready: Pilot, proposal_id: UUID) -> None:
    commands = ready.book.star_proposals
    by = envelope(READY_ON, Role.HOST)
    objection = commands.object_to(proposal_id, ObjectionReason.HOURS_NOT_EARNED, "", by)
    assert commands.words_of(proposal_id, head()) == {}

    commands.answer(proposal_id, objection, head(READY_ON), upheld=True)

    assert (level(ready), commands.get(proposal_id).state) == (4, ProposalState.REFUSED)
    with pytest.raises(ProposalDecided):
        propose(ready)


def test_whoever_objected_as_a_parent_does_not_decide_as_the_head(
    ready: Pilot, proposal_id: UUID
) -> None:
    commands, person, parent = ready.book.star_proposals, uuid4(), ready.learners[1]
    ready.book.registry.register_staff(person, envelope(), learner_id=parent)
    at_home = envelope(READY_ON, Role.PARENT, parent)
    at_work = envelope(OVER, Role.HEAD, person)
    objection = commands.object_to(proposal_id, ObjectionReason.OTHER, "", at_home)
    again = envelope(READY_ON, Role.HEAD, person)
    assert commands.object_to(proposal_id, ObjectionReason.NO_EXAMPLE, "", again) == objection
    for upheld in (True, False):
        with pytest.raises(TookPart):
            commands.answer(proposal_id, objection, at_work, upheld=upheld)
    commands.answer(proposal_id, objection, head(), upheld=False)
    with pytest.raises(TookPart):
        commands.grant(proposal_id, at_work)
    with pytest.raises(TookPart):
        commands.refuse(proposal_id, RefusalReason.OTHER, at_work)


def test_whoever_objected_at_work_objects_at_home_to_no_second_one(
    ready: Pilot, proposal_id: UUID
) -> None:
    commands, (_, lin, wu) = ready.book.star_proposals, ready.learners
    person = uuid4()
    ready.book.registry.register_staff(person, envelope(), lin)
    at_work = envelope(READY_ON, Role.CLASS_TEACHER, person)
    objection = commands.object_to(proposal_id, ObjectionReason.OTHER, "", at_work)

    position = ready.book.ledger.position()
    for learner, is_the_same in ((lin, True), (wu, False)):
        at_home = envelope(READY_ON, Role.PARENT, learner)
        found = commands.object_to(proposal_id, ObjectionReason.OTHER, "再说", at_home)
        assert (found == objection) is is_the_same
        assert (ready.book.ledger.position() == position) is is_the_same


def test_a_head_refuses_with_a_reason(ready: Pilot, proposal_id: UUID) -> None:
    ready.book.star_proposals.refuse(proposal_id, RefusalReason.NO_EXAMPLE, head())
    assert level(ready) == 4


def test_nobody_is_proposed_without_the_conditions_or_at_another_school(ready: Pilot) -> None:
    commands, second = ready.book.star_proposals, ready.learners[1]
    with pytest.raises(StarNotDue):
        commands.propose(second, "primary", SCHOOL, coordinator())
    for learner, school in ((second, "4401040009"), (uuid4(), SCHOOL)):
        with pytest.raises(UnknownLearner):
            commands.propose(learner, "primary", school, coordinator())
    with pytest.raises(UnknownStarProposal):
        commands.grant(uuid4(), head())


def test_nobody_acts_in_their_own_case(ready: Pilot) -> None:
    commands, own = ready.book.star_proposals, uuid4()
    ready.book.registry.register_staff(own, envelope(), learner_id=ready.learners[0])
    by = envelope(OVER, Role.HEAD, own)
    parent = envelope(READY_ON, Role.PARENT, ready.learners[0])
    with pytest.raises(OwnCase):
        propose(ready, by)
    proposal_id = propose(ready)
    acts: list[Callable[[], object]] = [
        lambda: commands.object_to(proposal_id, ObjectionReason.OTHER, "", parent),
        lambda: commands.grant(proposal_id, by),
        lambda: commands.refuse(proposal_id, RefusalReason.OTHER, by),
    ]
    for act in acts:
        with pytest.raises(OwnCase):
            act()


def test_a_star_whose_hours_were_taken_back_meanwhile_is_not_granted(
    ready: Pilot, proposal_id: UUID
) -> None:
    account = ready.book.ledger.find(Account, Account.create_id(ready.learners[0]))
    assert account is not None
    for entry in list(account.credits)[:8]:
        account.reverse(entry, ReversalReason.NOT_PRESENT, envelope(READY_ON))
    ready.book.ledger.save(account)

    with pytest.raises(StarNotDue):
        ready.book.star_proposals.grant(proposal_id, head())

    assert ready.book.star_proposals.get(proposal_id).state is ProposalState.PUBLISHED
