"""Commands of the register about people at work: also a parent here, or leaving."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from api.access import totp
from api.access.staff_accounts import LoginFailed, UnknownAccount
from api.bootstrap import Runtime, midnight
from api.staffing import Newcomer, NotHeld, open_staff
from domain.envelope import Actor, Channel, Role
from domain.learner import UnknownLearner
from domain.staff import LinkedOtherwise, OwnCase
from ledger.check_in import CheckIn
from tests.acting import SCHOOL, SET_UP, STARTS, Pilot, envelope
from tests.api.test_cli import Command
from tests.database import TestDatabase

PASSWORD = "a-long-password-2026"
UNTIL = date(2027, 7, 31)


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


@pytest.fixture
def pilot(runtime: Runtime) -> Pilot:
    return Pilot(runtime.book).set_up()


@pytest.fixture
def desk(runtime: Runtime, pilot: Pilot) -> tuple[UUID, str]:
    """Staff id and TOTP secret of a host who is coordinator as well."""
    new = Newcomer("desk", "示例老师", (Role.HOST, Role.COORDINATOR), SCHOOL, UNTIL)
    return open_staff(runtime, new, PASSWORD, envelope(SET_UP))


def own_check_in(pilot: Pilot, staff_id: UUID) -> CheckIn:
    return CheckIn(
        session_id=pilot.session_id,
        learner_id=pilot.learners[0],
        scan_id=uuid4(),
        channel=Channel.STAFF_ENTRY,
        actor=Actor(id=staff_id, role=Role.HOST, organisation=SCHOOL),
        at=STARTS,
        now=STARTS,
    )


def test_staff_linked_to_themselves_as_a_parent_record_nothing_of_their_own(
    command: Command, runtime: Runtime, pilot: Pilot, desk: tuple[UUID, str]
) -> None:
    staff_id, _ = desk
    runtime.book.sessions.open(pilot.session_id, envelope(STARTS, Role.HOST))

    for _ in range(2):  # a second time changes nothing
        assert command("register", "link-staff", " Desk", str(pilot.learners[0])).exit_code == 0
    runtime.projector.catch_up()

    with pytest.raises(OwnCase):
        runtime.book.attendances.check_in(own_check_in(pilot, staff_id))
    assert runtime.models.staff.learner_of(staff_id) == pilot.learners[0]


@pytest.mark.usefixtures("desk")
def test_a_link_goes_to_one_parent_who_is_known(command: Command, pilot: Pilot) -> None:
    learners = pilot.learners
    with pytest.raises(UnknownLearner):
        command("register", "link-staff", "desk", str(uuid4()))
    with pytest.raises(UnknownAccount):
        command("register", "link-staff", "nobody", str(learners[0]))
    command("register", "link-staff", "desk", str(learners[0]))
    with pytest.raises(LinkedOtherwise):
        command("register", "link-staff", "desk", str(learners[1]))


def test_a_wrong_link_is_put_right(
    command: Command, runtime: Runtime, pilot: Pilot, desk: tuple[UUID, str]
) -> None:
    wrong, right = (str(each) for each in pilot.learners[:2])
    command("register", "link-staff", "desk", wrong)

    with pytest.raises(LinkedOtherwise):
        command("register", "unlink-staff", "desk", right)
    assert command("register", "unlink-staff", "desk", wrong).exit_code == 0
    runtime.projector.catch_up()
    assert runtime.models.staff.learner_of(desk[0]) is None
    assert command("register", "link-staff", "desk", right).exit_code == 0
    assert runtime.book.registry.staff(desk[0]).learner_id == pilot.learners[1]


def test_who_leaves_is_out_at_once(
    command: Command, runtime: Runtime, desk: tuple[UUID, str]
) -> None:
    (staff_id, secret), at = desk, runtime.now()
    login = runtime.logins.begin_staff(staff_id, at)

    assert command("register", "end-staff", "Desk").exit_code == 0

    assert runtime.logins.who(login.token, at) is None
    assert runtime.grants_of(staff_id) == ()
    with pytest.raises(LoginFailed):
        runtime.accounts.sign_in("desk", PASSWORD, totp.code_of(secret, at), at)
    runtime.projector.catch_up()
    assert runtime.models.staff.grants_of(staff_id) == []
    with pytest.raises(UnknownAccount):
        command("register", "end-staff", "desk")


def test_a_role_that_is_ended_ends_the_logins_and_the_last_one_lets_nobody_in(
    command: Command, runtime: Runtime, desk: tuple[UUID, str]
) -> None:
    (staff_id, _), at = desk, runtime.now()
    login = runtime.logins.begin_staff(staff_id, at)
    with pytest.raises(NotHeld):
        command("register", "end-role", "desk", "head", SCHOOL)
    assert runtime.logins.who(login.token, at) is not None

    assert command("register", "end-role", "desk", "host", SCHOOL).exit_code == 0
    assert runtime.logins.who(login.token, at) is None
    again = runtime.logins.begin_staff(staff_id, at)
    principal = runtime.logins.who(again.token, at)
    assert principal is not None
    assert [grant.role for grant in principal.grants] == [Role.COORDINATOR]

    other = runtime.logins.begin_staff(staff_id, at)
    runtime.book.registry.end_authority(
        staff_id, Role.COORDINATOR, SCHOOL, at.date(), "ended", envelope(at)
    )
    assert runtime.logins.who(again.token, at) is None
    assert runtime.logins.login_of(other.token) is None, "every login went, not only this one"


def test_a_login_ends_with_the_day_on_which_the_last_grant_ends(
    runtime: Runtime, desk: tuple[UUID, str]
) -> None:
    last = midnight(UNTIL + timedelta(days=1))
    login = runtime.logins.begin_staff(desk[0], last - timedelta(minutes=5))
    assert runtime.logins.who(login.token, last - timedelta(microseconds=1)) is not None
    assert runtime.logins.who(login.token, last) is None
