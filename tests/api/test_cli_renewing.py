"""Commands for staff who go on: a grant renewed, a login reset, somebody who comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from api.access import totp
from api.access.passwords import PasswordTooShort
from api.access.staff_accounts import LoginFailed, UnknownAccount, UserNameTaken
from api.bootstrap import Runtime
from api.staffing import Newcomer, RoleNotThere, UserNameOfAnother, end_staff, open_staff
from domain.districts import UnknownDistrict
from domain.envelope import Role
from domain.refusals import Refused
from domain.school import UnknownSchool
from domain.staff import GrantIsOver, GrantRunsLonger, LinkedOtherwise, Staff
from ledger.ledger import OutcomeUnknown
from ledger.registry import UnknownStaff
from tests.acting import DISTRICT, SCHOOL, SET_UP, Pilot, envelope
from tests.api.test_cli import Command
from tests.database import TestDatabase

PASSWORD, NEW_PASSWORD = "a-long-password-2026", "dragon boat 31"
UNTIL, LATER = date(2027, 7, 31), date(2028, 7, 31)
CHEN = Newcomer("chen.jing", "（示例）陈静", (Role.COORDINATOR,), SCHOOL, UNTIL)


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


@pytest.fixture
def chen(runtime: Runtime) -> UUID:
    Pilot(runtime.book).set_up()
    return open_staff(runtime, CHEN, PASSWORD, envelope(SET_UP))[0]


def facts(runtime: Runtime, staff_id: UUID) -> list[str]:
    ledger = runtime.book.ledger
    stored = ledger.store.select_events(staff_id)
    return [type(ledger.events_mapper.to_domain_event(each)).__name__ for each in stored]


def test_a_grant_is_renewed_and_another_organisation_added(
    command: Command, runtime: Runtime, chen: UUID
) -> None:
    for role, organisation in (("coordinator", SCHOOL), ("district_officer", DISTRICT)):
        done = command("register", "grant", " Chen.Jing", role, organisation, "--until", f"{LATER}")
        assert done.exit_code == 0

    grants = runtime.book.registry.staff(chen).grants
    assert grants[Role.COORDINATOR, SCHOOL] == (SET_UP.date(), LATER)
    assert grants[Role.DISTRICT_OFFICER, DISTRICT][1] == LATER


@pytest.mark.usefixtures("chen")
@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("coordinator", SCHOOL, "--until", "2027-07-30"), GrantRunsLonger),
        (("head", SCHOOL, "--until", "2020-08-31"), GrantIsOver),
        (("head", "4401039999", "--until", "2099-08-31"), UnknownSchool),
        (("head", "44010", "--until", "2099-08-31"), UnknownSchool),
        (("district_officer", "440119", "--until", "2099-08-31"), UnknownDistrict),
        (("coordinator", DISTRICT, "--until", "2099-08-31"), RoleNotThere),
        (("machine", SCHOOL, "--until", "2099-08-31"), RoleNotThere),
    ],
)
def test_a_grant_that_is_a_slip_is_refused(
    command: Command, words: tuple[str, ...], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        command("register", "grant", "chen.jing", *words)


def test_a_login_that_was_lost_is_reset_with_a_trace(
    command: Command, runtime: Runtime, chen: UUID
) -> None:
    at = runtime.now()
    login = runtime.logins.begin_staff(chen, at)
    with pytest.raises(PasswordTooShort):
        command("register", "reset-staff", "chen.jing", "--password", "short")
    with pytest.raises(UnknownAccount):
        command("register", "reset-staff", "nobody", "--password", NEW_PASSWORD)
    assert facts(runtime, chen)[-1] == "Authorised", "who was refused left no trace"

    told = command("register", "reset-staff", "Chen.Jing", "--password", NEW_PASSWORD).output

    code = totp.code_of(told.split("secret=")[1].split("&")[0].strip(), at)
    assert runtime.logins.who(login.token, at) is None
    with pytest.raises(LoginFailed):
        runtime.accounts.sign_in("chen.jing", PASSWORD, code, at)
    assert runtime.accounts.sign_in("chen.jing", NEW_PASSWORD, code, at) == chen
    assert facts(runtime, chen)[-1] == "LoginReset"


def test_who_comes_back_is_the_same_person(command: Command, runtime: Runtime, chen: UUID) -> None:
    staff = ("register", "staff", "chen.jing")
    rest = ("--role", "head", "--organisation", SCHOOL, "--until", f"{LATER}", "--password")
    with pytest.raises(UserNameTaken):  # is at work: renewed by other commands
        command(*staff, CHEN.full_name, *rest, NEW_PASSWORD)
    end_staff(runtime, "chen.jing", envelope(SET_UP))
    with pytest.raises(UserNameOfAnother) as refused:
        command(*staff, "（示例）陈晶", *rest, NEW_PASSWORD)
    assert refused.value.facts == {"staff_id": chen}
    assert runtime.book.registry.staff(chen).grants == {}

    assert command(*staff, CHEN.full_name, *rest, NEW_PASSWORD).exit_code == 0

    assert runtime.accounts.owner_of("chen.jing") == chen
    assert set(runtime.book.registry.staff(chen).grants) == {(Role.HEAD, SCHOOL)}


def test_a_known_person_comes_back_under_other_names_too(
    command: Command, runtime: Runtime, chen: UUID
) -> None:
    end_staff(runtime, "chen.jing", envelope(SET_UP))
    staff = ("register", "staff", "chen.two", "（示例）陈璟", "--role", "head", "--organisation",
             SCHOOL, "--until", f"{LATER}", "--password", NEW_PASSWORD, "--person")  # fmt: skip
    with pytest.raises(UnknownStaff):
        command(*staff, str(uuid4()))

    assert command(*staff, str(chen)).exit_code == 0

    assert runtime.accounts.owner_of("chen.two") == chen
    assert runtime.book.vault.open([chen])[chen].name == "（示例）陈璟"


@pytest.mark.parametrize(
    ("slip", "refusal"),
    [
        (replace(CHEN, organisation="4401039999"), UnknownSchool),
        (replace(CHEN, until=date(2020, 8, 31)), GrantIsOver),
        (replace(CHEN, staff_id=uuid4()), UnknownStaff),
    ],
)
def test_a_registration_with_a_slip_records_nothing_and_is_given_again(
    runtime: Runtime, slip: Newcomer, refusal: type[Refused]
) -> None:
    Pilot(runtime.book).set_up()
    position = runtime.book.ledger.position()
    with pytest.raises(refusal):
        open_staff(runtime, slip, PASSWORD, envelope(SET_UP))
    assert runtime.book.ledger.position() == position
    assert runtime.book.vault.open([runtime.accounts.reserve("chen.jing", SET_UP)]) == {}

    staff_id, _ = open_staff(runtime, CHEN, PASSWORD, envelope(SET_UP))
    assert facts(runtime, staff_id) == ["Registered", "Authorised"]


def test_a_registration_that_was_cut_is_given_again(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    Pilot(runtime.book).set_up()
    with monkeypatch.context() as cut:
        cut.setattr(type(runtime.accounts), "open_account", None)  # here the power went
        with pytest.raises(TypeError):
            open_staff(runtime, CHEN, PASSWORD, envelope(SET_UP))
    with pytest.raises(UnknownAccount):
        runtime.accounts.owner_of("chen.jing")

    staff_id, secret = open_staff(runtime, CHEN, NEW_PASSWORD, envelope(SET_UP))

    code = totp.code_of(secret, SET_UP)
    assert runtime.accounts.sign_in("chen.jing", NEW_PASSWORD, code, SET_UP) == staff_id
    assert facts(runtime, staff_id) == ["Registered", "Authorised"]


@pytest.mark.parametrize("end", [KeyboardInterrupt, OutcomeUnknown])
def test_a_person_is_never_recorded_without_a_name(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    def perhaps_done(*_: object) -> None:
        raise end

    Pilot(runtime.book).set_up()
    with monkeypatch.context() as cut:
        cut.setattr(type(runtime.book.registry), "take_on", perhaps_done)
        with pytest.raises(end):
            open_staff(runtime, CHEN, PASSWORD, envelope(SET_UP))
    staff_id = runtime.accounts.reserve("chen.jing", SET_UP)
    assert runtime.book.vault.open([staff_id])[staff_id].name == CHEN.full_name

    meant = replace(CHEN, full_name="（示例）陈晶")
    assert open_staff(runtime, meant, PASSWORD, envelope(SET_UP))[0] == staff_id
    assert runtime.book.vault.open([staff_id])[staff_id].name == meant.full_name


def test_an_account_of_nobody_is_closed(runtime: Runtime) -> None:
    """Releases before opened the account first; a command that broke off left it alone."""
    Pilot(runtime.book).set_up()
    staff_id = uuid4()
    runtime.accounts.open_account(staff_id, "chen.jing", PASSWORD, SET_UP)

    end_staff(runtime, "chen.jing", envelope(SET_UP))

    assert open_staff(runtime, CHEN, PASSWORD, envelope(SET_UP))[0] == staff_id


def test_who_comes_back_as_another_parent_is_refused(runtime: Runtime) -> None:
    first, second = Pilot(runtime.book).set_up().learners[:2]
    parent = replace(CHEN, learner_id=first)
    staff_id, _ = open_staff(runtime, parent, PASSWORD, envelope(SET_UP))
    end_staff(runtime, "chen.jing", envelope(SET_UP))

    other = replace(parent, learner_id=second)
    with pytest.raises(LinkedOtherwise):
        open_staff(runtime, other, PASSWORD, envelope(SET_UP))
    staff = runtime.book.ledger.get(Staff, staff_id, UnknownStaff)
    assert (staff.learner_id, staff.grants) == (first, {})
