"""The commands of corrections: preview, sign, approve, refuse, list, tell and hear."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest

from api.access.policy import Forbidden
from api.bootstrap import Runtime
from api.staffing import Newcomer, open_staff
from domain.account import Account
from domain.envelope import Role
from tests.acting import DISTRICT, SCHOOL, SET_UP, Pilot, envelope
from tests.api.test_cli import Command
from tests.api.test_cli_register import PASSWORD, UNTIL
from tests.database import TestDatabase
from tests.ledger_evening import hold


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


@pytest.fixture
def pilot(runtime: Runtime) -> Pilot:
    """Two learners were there; a coordinator and an officer have logins."""
    made = Pilot(runtime.book).set_up()
    hold(made, made.learners[:2])
    for user, role, place in (
        ("coordinator", Role.COORDINATOR, SCHOOL),
        ("officer", Role.DISTRICT_OFFICER, DISTRICT),
    ):
        newcomer = Newcomer(user, "示例老师", (role,), place, UNTIL)
        open_staff(runtime, newcomer, PASSWORD, envelope(SET_UP))
    return made


def balance(pilot: Pilot, learner: UUID) -> int:
    account = pilot.book.ledger.find(Account, Account.create_id(learner))
    return account.balance if account else 0


def test_an_attendance_is_previewed_and_put_right(command: Command, pilot: Pilot) -> None:
    chen = pilot.learners[0]
    asked = (
        "correct", "attendance", str(pilot.session_id), str(chen), "--as", "coordinator",
        "--reason", "entry_error", "--came", "2026-09-18 19:00", "--left", "2026-09-18 19:45",
    )  # fmt: skip

    previewed = command(*asked, "--dry-run", "--json")
    assert json.loads(previewed.stdout)["changes"][0]["hours_after"] == 100
    assert balance(pilot, chen) == 200
    assert "applied" in command(*asked, "--yes").stdout
    assert balance(pilot, chen) == 100
    assert "attendance" in command("correct", "list", SCHOOL, "--as", "coordinator").stdout


def test_a_session_s_times_are_put_right(command: Command, pilot: Pilot) -> None:
    done = command(
        "correct", "session", str(pilot.session_id), "--as", "coordinator",
        "--reason", "entry_error", "--opened-at", "2026-09-18 19:00",
        "--closed-at", "2026-09-18 19:50", "--class-hours", "2", "--yes",
    )  # fmt: skip
    assert "applied" in done.stdout
    assert [balance(pilot, learner) for learner in pilot.learners] == [100, 100, 0]


def test_a_session_is_voided_when_the_district_approves(command: Command, pilot: Pilot) -> None:
    asked = ("correct", "void", str(pilot.session_id), "--as", "coordinator", "--yes")
    first = command(*asked).stdout.split()[-2]
    second = command(*asked).stdout.split()[-2]
    refused = command("correct", "refuse", first, "--as", "officer", "--reason", "not_founded")
    assert refused.exit_code == 0, refused.output
    for user, correction in (("coordinator", second), ("officer", str(uuid4()))):
        with pytest.raises(Forbidden):
            command("correct", "approve", correction, "--as", user, "--yes")
    assert "applied" in command("correct", "approve", second, "--as", "officer", "--yes").stdout
    assert balance(pilot, pilot.learners[0]) == 0
    listed = command("correct", "list", SCHOOL, "--as", "coordinator", "--json")
    assert {row["state"] for row in json.loads(listed.stdout)} == {"applied", "refused"}


def test_a_telling_and_a_hearing_are_recorded(command: Command, pilot: Pilot) -> None:
    asked = ("correct", "attendance", str(pilot.session_id), str(pilot.learners[0]))
    proposed = command(*asked, "--as", "coordinator", "--reason", "fraud_confirmed", "--yes")
    key, state = proposed.stdout.split()[-2:]
    assert state == "waiting"
    tell = ("correct", "tell", key, "--how", "on_paper", "--as")
    with pytest.raises(Forbidden):
        command(*tell, "officer")

    assert command(*tell, "coordinator").stdout == "told\n"
    words = "那天我在场（示例）"
    hear = ("correct", "hear", key, "--heard-by", "by_phone", "--as", "coordinator")
    assert command(*hear, typed=words).stdout == "heard\n"
    assert pilot.book.hearings.words(UUID(key)) == [words]
