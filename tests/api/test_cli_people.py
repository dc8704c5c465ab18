"""The commands of people: merge and part, release and claim a child, end a guardianship."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from api.bootstrap import Runtime
from api.clock import system_clock
from api.staffing import Newcomer, open_staff
from domain.account import Account
from domain.calendar import CITY_ZONE, local_day, school_year_of
from domain.enrolment import ClassPlace
from domain.envelope import Role
from domain.refusals import Refused
from ledger.link_requests import LinkRequest
from ledger.registry import NewSchool
from ledger.roster import Roster
from tests.acting import DISTRICT, SCHOOL, SET_UP, Pilot, entry, envelope
from tests.api.test_cli import Command
from tests.api.test_cli_register import PASSWORD, UNTIL
from tests.database import TestDatabase
from tests.ledger_evening import hold

ELSEWHERE = "4401040003"


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


@pytest.fixture
def pilot(runtime: Runtime) -> Pilot:
    """An evening of two records of one person; everybody it takes has a login."""
    made = Pilot(runtime.book).set_up()
    hold(made, made.learners[:2])
    other = NewSchool(ELSEWHERE, "示例二小", ("primary",), DISTRICT)
    runtime.book.registry.register_school(other, envelope())
    for user, role, place in (
        ("coordinator", Role.COORDINATOR, SCHOOL), ("head", Role.HEAD, SCHOOL),
        ("elsewhere", Role.COORDINATOR, ELSEWHERE), ("officer", Role.DISTRICT_OFFICER, DISTRICT),
    ):  # fmt: skip
        newcomer = Newcomer(user, "示例老师", (role,), place, UNTIL)
        open_staff(runtime, newcomer, PASSWORD, envelope(SET_UP))
    return made


def balances(pilot: Pilot) -> list[int]:
    found = (pilot.book.ledger.find(Account, Account.create_id(each)) for each in pilot.learners)
    return [account.balance if account else 0 for account in found]


def child_of(pilot: Pilot) -> str:
    [child] = pilot.book.learners.get(pilot.learners[0]).guardianships
    return str(child)


def test_records_are_merged_and_parted(command: Command, pilot: Pilot) -> None:
    one, other = (str(each) for each in pilot.learners[:2])
    pair = (SCHOOL, one, other, "--as", "coordinator", "--yes")

    proposed = command("correct", "merge", *pair, "--evidence", "papers_shown").stdout
    key = proposed.split()[-2]
    command("correct", "approve", key, "--as", "head", "--yes")
    assert balances(pilot) == [200, 0, 0]

    undone = command("correct", "unmerge", *pair).stdout.split()[-2]
    command("correct", "approve", undone, "--as", "officer", "--yes")
    assert balances(pilot) == [200, 200, 0]


def test_suggestions_are_listed_and_told_apart(command: Command, pilot: Pilot) -> None:
    son = entry(5, name="（示例）陈小建", phone=entry(2).phone)
    this_year = Roster(SCHOOL, school_year_of(local_day(system_clock(), CITY_ZONE)))
    pilot.book.rosters.take(this_year, [entry(2), son], envelope(), dry_run=False)
    asked = ("people", "suggested", SCHOOL, "--as", "coordinator")
    [[one, other]] = json.loads(command(*asked, "--json").stdout)
    assert "same_phone" in command(*asked).stdout
    command("people", "told-apart", SCHOOL, one, other, "--as", "coordinator")
    assert json.loads(command(*asked, "--json").stdout) == []


def test_a_child_is_released_claimed_and_let_go(command: Command, pilot: Pilot) -> None:
    day = SET_UP.date().isoformat()
    released = command("people", "release", SCHOOL, child_of(pilot), "--as", "coordinator",
                       "--on", day, "--to", ELSEWHERE, "--json")  # fmt: skip
    made = json.loads(released.stdout)
    claim = ("people", "claim", ELSEWHERE, "三年级1班", "--as", "elsewhere")
    assert command(*claim, "--code", made["code"]).exit_code == 0
    command("people", "confirm-transfer", made["transfer_id"], "--as", "coordinator")

    learner = pilot.book.learners.get(pilot.learners[0])
    assert len(learner.enrolments_at(ELSEWHERE, 2026)) == 1
    with pytest.raises(Refused):
        command("people", "withdraw-transfer", made["transfer_id"], "--as", "coordinator")


def test_a_child_leaves(command: Command, pilot: Pilot) -> None:
    day = (SET_UP + timedelta(days=1)).date().isoformat()
    command("people", "leave", SCHOOL, child_of(pilot), "--as", "coordinator", "--on", day,
            "--reason", "graduated")  # fmt: skip
    learner = pilot.book.learners.get(pilot.learners[0])
    assert learner.enrolments_at(SCHOOL, 2026) == ()

    command("people", "take-back", SCHOOL, child_of(pilot), "--as", "coordinator", "--on", day,
            "--reason", "entered_in_error")  # fmt: skip
    learner = pilot.book.learners.get(pilot.learners[0])
    assert len(learner.enrolments_at(SCHOOL, 2026)) == 1


def test_a_guardianship_is_ended_by_two_and_restored(command: Command, pilot: Pilot) -> None:
    father: UUID = pilot.learners[0]
    case = (SCHOOL, str(father), child_of(pilot))
    command("people", "end-guardianship", *case, "--as", "coordinator",
            "--reason", "entered_in_error")  # fmt: skip
    command("people", "confirm-guardianship-end", *case, "--as", "head")
    assert pilot.book.learners.get(father).guardianships == {}

    command("people", "restore-guardianship", *case, "--as", "coordinator",
            "--reason", "ended_in_error")  # fmt: skip
    command("people", "confirm-guardianship-restoration", *case, "--as", "head")
    assert len(pilot.book.learners.get(father).guardianships) == 1


def test_links_are_listed_and_answered(command: Command, pilot: Pilot) -> None:
    place = ClassPlace(
        school_code=SCHOOL, stage="primary", grade="三年级", class_group="2班", school_year=2026
    )
    askers = [(uuid4(), uuid4()) for _ in range(2)]
    for asker, link_id in askers:
        asked = LinkRequest(
            link_id, place, "0" * 64, f"100{asker.int % 10**8:08d}", "（示例）陈小2"
        )
        by = envelope(SET_UP, Role.PARENT, asker)
        pilot.book.links.request(asker, asked, ("learning_record", "privacy/1"), by)
    listed = ("people", "links", SCHOOL, "--as", "coordinator")
    found = json.loads(command(*listed, "--json").stdout)
    assert {row["link_id"] for row in found} == {str(link_id) for _, link_id in askers}
    assert "示例" not in command(*listed).stdout

    (father, first), (_, second) = askers
    who = ("--child", child_of(pilot), "--adult", str(pilot.learners[0]))
    command("people", "confirm-link", SCHOOL, str(first), "--as", "coordinator", *who)
    assert pilot.book.learners.survivor_of(father) == pilot.learners[0]
    command("people", "refuse-link", SCHOOL, str(second), "--as", "coordinator")
    [left] = json.loads(command(*listed, "--json").stdout)
    assert (left["link_id"], left["state"]) == (str(second), "turned_down")
