"""Keys of programs on the command line: made, listed without secrets, ended; the trail is kept."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from typer.testing import Result

from api.access.scopes import UnknownScope
from api.bootstrap import Runtime
from api.clock import system_clock
from api.machines import MachineNameMalformed, UnknownKey
from domain.aggregate import LedgerEvent
from domain.envelope import Role
from domain.machine import KeyTooLong, Machine, TooManyKeys
from domain.school import UnknownSchool
from ledger.machines import UnknownMachine
from tests.acting import SCHOOL, Pilot, envelope
from tests.api.secret_keys import secret_in
from tests.api.test_cli import Command
from tests.database import TestDatabase


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    Pilot(runtime.book).set_up()
    return Command(database, runtime.settings.var)


def until(days: int = 90) -> str:
    return (system_clock().date() + timedelta(days=days)).isoformat()


def create(command: Command, *scopes: str, name: str = "school-office", end: str = "") -> Result:
    words = [word for scope in scopes for word in ("--scope", scope)]
    return command(
        "api-keys", "create", name, "--organisation", SCHOOL, "--until", end or until(), *words,
        "--json",
    )  # fmt: skip


def facts(runtime: Runtime) -> list[LedgerEvent]:
    """What the ledger says about the one machine of the school."""
    ledger, machine_id = runtime.book.ledger, Machine.create_id("school-office", SCHOOL)
    stored = ledger.store.select_events(machine_id)
    return [ledger.events_mapper.to_domain_event(each) for each in stored]


def test_a_key_is_shown_once_listed_without_its_secret_and_ended_at_once(
    command: Command, runtime: Runtime
) -> None:
    made = json.loads(create(command, "sessions:read", "rosters:import").output)
    listed = command("api-keys", "list", "--json").output
    [line] = json.loads(listed)
    assert made["key"].startswith(f"pcl_{UUID(made['key_id']).hex}_")
    assert secret_in(made["key"]) not in listed
    assert line["scopes"] == "sessions:read rosters:import"
    assert (line["name"], line["organisation"]) == ("school-office", SCHOOL)
    assert line["last_used_at"] is None
    assert made["key_id"] in command("api-keys", "list").output

    now = system_clock()
    assert runtime.machine_keys.who(made["key"], now) is not None
    assert command("api-keys", "revoke", made["key_id"]).exit_code == 0
    assert runtime.machine_keys.who(made["key"], now) is None
    assert json.loads(command("api-keys", "list", "--json").output) == []
    with pytest.raises(UnknownKey):
        command("api-keys", "revoke", made["key_id"])


def test_the_ledger_keeps_who_made_and_ended_a_key_and_what_it_was_for_and_no_secret(
    command: Command, runtime: Runtime
) -> None:
    made = json.loads(create(command, "sessions:read").output)
    command("api-keys", "revoke", made["key_id"])

    registered, key_made, key_ended = facts(runtime)
    assert isinstance(registered, Machine.Registered)
    assert isinstance(key_made, Machine.KeyMade)
    assert isinstance(key_ended, Machine.KeyEnded)
    assert key_made.scopes == ("sessions:read",)
    assert key_made.ends.isoformat() == made["ends_at"]
    assert {key_made.key_id, key_ended.key_id} == {UUID(made["key_id"])}
    assert {fact.envelope.actor.role for fact in facts(runtime)} == {Role.OPERATOR}
    told = " ".join(fact.model_dump_json() for fact in facts(runtime))
    assert secret_in(made["key"]) not in told


def test_two_keys_are_live_while_they_are_exchanged(command: Command) -> None:
    first = json.loads(create(command, "sessions:read").output)
    create(command, "rules:read")
    with pytest.raises(TooManyKeys):
        create(command, "sessions:read")
    command("api-keys", "revoke", first["key_id"])
    assert create(command, "sessions:read").exit_code == 0


def test_a_key_has_a_name_an_end_within_a_year_and_scopes_that_there_are(
    command: Command, runtime: Runtime
) -> None:
    for end in (until(-1), until(400)):
        with pytest.raises(KeyTooLong):
            create(command, "sessions:read", end=end)
    with pytest.raises(UnknownScope):
        create(command, "sessions:paint")
    for name in ("示例", "ab", ".office", "a" * 41):
        with pytest.raises(MachineNameMalformed):
            create(command, "sessions:read", name=name)
    with pytest.raises(UnknownSchool):
        command("api-keys", "create", "office", "--organisation", "4401049999", "--until", until(),
                "--scope", "sessions:read")  # fmt: skip
    assert json.loads(command("api-keys", "list", "--json").output) == []
    with pytest.raises(UnknownMachine):
        runtime.book.machines.end_key(uuid4(), uuid4(), "revoked", envelope())


def test_keys_whose_secrets_were_lost_are_listed_and_ended_by_the_program_s_name(
    command: Command, runtime: Runtime
) -> None:
    office = ("--name", "school-office", "--organisation", SCHOOL)
    lost = {json.loads(create(command, "sessions:read").output)["key_id"] for _ in range(2)}
    for key_id in lost:
        runtime.machine_keys.forget(UUID(key_id))
    with pytest.raises(TooManyKeys):
        create(command, "sessions:read")
    assert json.loads(command("api-keys", "list", "--json").output) == []
    told = json.loads(command("api-keys", "list", *office, "--json").output)
    assert {line["key_id"] for line in told} == lost

    for key_id in lost:
        with pytest.raises(UnknownKey):
            command("api-keys", "revoke", key_id)
        assert command("api-keys", "revoke", key_id, *office).exit_code == 0
        with pytest.raises(UnknownKey):
            command("api-keys", "revoke", key_id, *office)
    with pytest.raises(UnknownMachine):
        command("api-keys", "list", "--name", "another", "--organisation", SCHOOL)
    assert command("api-keys", "revoke", lost.pop(), "--name", "another").exit_code == 2

    made = json.loads(create(command, "sessions:read").output)
    [line] = json.loads(command("api-keys", "list", *office, "--json").output)
    assert line["key_id"] == made["key_id"]
