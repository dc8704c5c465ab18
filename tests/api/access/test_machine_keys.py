"""Keys of machines: known by their hash, worth what the ledger grants, and dead at their end."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from api.access.machine_keys import SEEN_EVERY, MachineKeys, NewKey, new_key
from api.access.policy import Organisation, PrincipalKind, allowed
from api.access.rules import RULES
from api.access.scopes import ACTIONS, Scope, UnknownScope, actions_of, scopes_named
from api.access.web_tables import USED_CODE_IS_REMEMBERED, WebTables
from domain.envelope import Role
from domain.machine import Machine
from tests.acting import envelope

SCHOOL, OTHER = "4401040001", "4401040002"
HERE = Organisation(school=SCHOOL, district="440104")
THERE = Organisation(school=OTHER, district="440104")
MONTH, MICROSECOND = timedelta(days=30), timedelta(microseconds=1)


@pytest.fixture
def machine(at: datetime) -> Machine:
    return Machine(name="school-office", organisation=SCHOOL, envelope=envelope(at))


@pytest.fixture
def keys(tables: WebTables, machine: Machine) -> MachineKeys:
    return MachineKeys(tables, {machine.id: machine}.get)


def made(
    keys: MachineKeys, machine: Machine, at: datetime, scope: Scope = Scope.SESSIONS_READ
) -> NewKey:
    key = new_key()
    machine.make_key(key.key_id, (scope.value,), at + MONTH, envelope(at))
    keys.keep(key, machine.id, at + MONTH, at)
    return key


def test_a_key_has_a_prefix_its_id_and_a_secret_that_is_nowhere_stored(
    keys: MachineKeys, machine: Machine, at: datetime
) -> None:
    key = made(keys, machine, at)
    assert key.text == f"pcl_{key.key_id.hex}_{key.secret}"
    assert len(key.secret) == 43
    [row] = keys.tables.rows("select machine_key::text from {web}.machine_key", {})
    assert key.secret not in row[0]
    assert key.secret.encode().hex() not in row[0]


def test_a_key_does_what_its_scopes_name_where_its_machine_belongs_and_nothing_else(
    keys: MachineKeys, machine: Machine, at: datetime
) -> None:
    for scope in Scope:
        principal = keys.who(made(keys, machine, at, scope).text, at)
        assert principal is not None
        assert (principal.kind, principal.person_id) == (PrincipalKind.MACHINE, machine.id)
        may = {action for action in RULES if allowed(principal, action, HERE, at)}
        assert may == ACTIONS[scope]
        for elsewhere in (THERE, Organisation(district="440104"), Organisation()):
            assert not any(allowed(principal, action, elsewhere, at) for action in RULES)
        for live in machine.live(at):
            machine.end_key(live, "revoked", envelope(at))


def test_the_table_grants_machines_what_some_scope_names() -> None:
    granted = {action for action, roles in RULES.items() if Role.MACHINE in roles}
    assert granted == actions_of(Scope)
    assert actions_of(["sessions:paint"]) == frozenset()


@pytest.mark.parametrize("names", [[], ["sessions:read", "sessions:paint"], [""]])
def test_a_key_is_for_scopes_that_there_are(names: list[str]) -> None:
    with pytest.raises(UnknownScope):
        scopes_named(names)


def test_scopes_are_kept_once_each_in_one_order() -> None:
    assert scopes_named(["scans:send", "sessions:read", "scans:send"]) == (
        Scope.SESSIONS_READ,
        Scope.SCANS_SEND,
    )


def test_a_key_is_dead_from_its_end_on(keys: MachineKeys, machine: Machine, at: datetime) -> None:
    key = made(keys, machine, at)
    assert keys.who(key.text, at + MONTH - MICROSECOND) is not None
    assert keys.who(key.text, at + MONTH) is None


def test_a_key_that_the_ledger_ended_opens_nothing_although_its_hash_is_still_there(
    keys: MachineKeys, machine: Machine, at: datetime
) -> None:
    key, other = made(keys, machine, at), made(keys, machine, at)
    machine.end_key(key.key_id, "revoked", envelope(at))
    assert keys.who(key.text, at) is None
    assert keys.who(other.text, at) is not None
    assert keys.forget(other.key_id)
    assert keys.who(other.text, at) is None
    assert not keys.forget(other.key_id)


def test_only_the_very_text_is_the_key(keys: MachineKeys, machine: Machine, at: datetime) -> None:
    key, other = made(keys, machine, at), made(keys, machine, at)
    wrong = [
        "", "pcl_", key.text[:-1], key.text + "a", key.text.upper(), f" {key.text}",
        key.text.replace("pcl_", "pcx_"), f"pcl_{key.key_id}_{key.secret}",
        f"pcl_{key.key_id.hex}_{other.secret}", f"pcl_{UUID(int=7).hex}_{key.secret}",
        f"pcl_{key.key_id.hex}_{'é' * 43}", f"pcl_{key.key_id.hex}_{'A' * 43}",
    ]  # fmt: skip
    assert [text for text in wrong if keys.who(text, at)] == []
    assert keys.who(key.text, at) is not None


def test_the_last_use_is_noted_once_a_minute(
    keys: MachineKeys, machine: Machine, at: datetime
) -> None:
    key = made(keys, machine, at)

    def last_used() -> datetime | None:
        [kept] = keys.of_machines([machine.id])
        return kept.last_used_at

    assert last_used() is None
    for moment in (at, at + SEEN_EVERY - MICROSECOND):
        keys.who(key.text, moment)
        assert last_used() == at
    keys.who(key.text, at + SEEN_EVERY)
    assert last_used() == at + SEEN_EVERY


def test_dead_keys_are_forgotten_after_a_while(
    keys: MachineKeys, machine: Machine, at: datetime
) -> None:
    key = made(keys, machine, at)
    over = at + MONTH + USED_CODE_IS_REMEMBERED
    assert keys.tables.forget_what_ended(over - MICROSECOND) == 0
    assert keys.of(key.key_id) is not None
    assert keys.tables.forget_what_ended(over) == 1
    assert keys.of(key.key_id) is None
