"""Is everything in order? Each check says what it found and what to do; none changes anything."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, LiteralString, ParamSpec

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from api.backup_notes import BackupNotes
from api.bootstrap import Runtime
from api.doctor_archive import archive
from api.erasures_noted import unnoted
from api.findings import Finding, State
from api.followers import standings
from api.log_answers import standing
from api.restored import awaits_erasures
from api.secrets import missing
from api.signing import key_store
from api.vault_key import old_files
from certificates.public_keys import KeyState
from ledger.ledger import EVENTS_TABLE
from ledger.migrations import MINIMUM_SERVER

CLOCKS_DIFFER: Final = timedelta(seconds=2)
FEW_BYTES: Final = 5 * 2**30
HARDLY_ANY: Final = 2**30
KEY_ENDS_SOON: Final = timedelta(days=30)
CHECKPOINT_OLD: Final = 30.0  # seconds since anybody looked
BACKUP_OLD: Final = timedelta(hours=26)
BACKUP_TOO_OLD: Final = timedelta(days=8)
CONNECTIONS: Final = 91  # one web process, one worker, and twenty for whoever looks (operations)
OTHERS: Final = 0o077
HERE: Final = ("127.0.0.1", "::1", "localhost")
DRILL_OLD: Final = timedelta(days=185)
DRILL_TOO_OLD: Final = timedelta(days=370)
AGES: Final = {"backup": (BACKUP_OLD, BACKUP_TOO_OLD), "drill": (DRILL_OLD, DRILL_TOO_OLD)}
FORBIDDEN: Final = ("UPDATE", "DELETE", "TRUNCATE")
_CLOCKS: LiteralString = """
SELECT clock_timestamp(), (SELECT max(recorded_at) FROM
       (SELECT recorded_at FROM {} ORDER BY notification_id DESC LIMIT 100) AS newest)
"""
_POWERS: LiteralString = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND rolsuper"


P = ParamSpec("P")


Check = Callable[[Runtime, Connection[Any]], Finding]


def examine(runtime: Runtime) -> Iterator[Finding]:
    """Everything, one after the other; a check that cannot look says so instead of failing."""
    with psycopg.connect(runtime.connections.owner, autocommit=True) as owner:
        for check in (version, clock, connections, roles, guard, archive, erasures):
            yield from every(check.__name__, one, check, runtime, owner)
    for each in (
        erasure_list,
        disks,
        proxies,
        secrets,
        old_vault_keys,
        signing_key,
        read_models,
        log,
        backups,
    ):
        yield from every(each.__name__, each, runtime)


def every(
    name: str, look: Callable[P, Iterator[Finding]], *on: P.args, **by: P.kwargs
) -> list[Finding]:
    try:
        return list(look(*on, **by))
    except Exception as error:  # noqa: BLE001 - a doctor that falls over helps nobody
        return [Finding(name, State.BAD, type(error).__name__, "see the program's log")]


def one(check: Check, runtime: Runtime, owner: Connection[Any]) -> Iterator[Finding]:
    yield check(runtime, owner)


def version(_: Runtime, owner: Connection[Any]) -> Finding:
    found = owner.info.server_version // 10_000
    is_good = found >= MINIMUM_SERVER
    todo = "" if is_good else f"use PostgreSQL {MINIMUM_SERVER} or newer"
    return Finding("database", State.GOOD if is_good else State.BAD, f"PostgreSQL {found}", todo)


def clock(runtime: Runtime, owner: Connection[Any]) -> Finding:
    """Ours beside the database's, and the database's beside the newest fact."""
    table = Identifier(runtime.connections.names.ledger, EVENTS_TABLE)
    row = owner.execute(SQL(_CLOCKS).format(table)).fetchone()
    assert row is not None
    there, newest = row
    apart = abs(there - runtime.now())
    if newest is not None and newest > there + CLOCKS_DIFFER:
        found = f"{newest - there} behind the newest fact"
        return Finding("clock", State.BAD, found, "set the database's clock before anything else")
    found = f"{apart.total_seconds():.1f} s from the database's"
    if apart < CLOCKS_DIFFER:
        return Finding("clock", State.GOOD, found)
    return Finding("clock", State.BAD, found, "let chrony or ntpd keep both clocks")


def connections(_: Runtime, owner: Connection[Any]) -> Finding:
    row = owner.execute("SELECT current_setting('max_connections')::int").fetchone()
    most = row[0] if row else 0
    is_enough = most >= CONNECTIONS
    todo = "" if is_enough else "set max_connections as operations.md counts them"
    return Finding("connections", State.GOOD if is_enough else State.LOOK, str(most), todo)


def roles(runtime: Runtime, owner: Connection[Any]) -> Finding:
    """The program's roles are no superusers, and may not change a fact."""
    names = runtime.connections.names
    found = owner.execute(_POWERS, (list(names.roles),)).fetchall()
    mighty = [f"{role} is a superuser" for (role,) in found]
    table = f"{names.ledger}.{EVENTS_TABLE}"
    for right in FORBIDDEN:
        row = owner.execute(
            "SELECT has_table_privilege(%s, %s, %s)", (names.app_role, table, right)
        ).fetchone()
        if row == (True,):
            mighty.append(f"{names.app_role}: {right} {table}")
    if mighty:
        return Finding("roles", State.BAD, "; ".join(mighty), "take these rights away")
    return Finding("roles", State.GOOD, "least rights")


def guard(runtime: Runtime, _: Connection[Any]) -> Finding:
    if runtime.connections.guarded():
        return Finding("guard", State.GOOD, "installed")
    todo = "a superuser runs what `parent-credits guard` prints"
    return Finding("guard", State.LOOK, "not installed", todo)


def erasures(runtime: Runtime, owner: Connection[Any]) -> Finding:
    """Whether a restored ledger was told who was erased since its backup."""
    if awaits_erasures(owner, runtime.connections.names):
        todo = "parent-credits erasures replay FILE"
        return Finding("erasures", State.BAD, "restored, and no list was carried out", todo)
    return Finding("erasures", State.GOOD, "none is awaited")


def erasure_list(runtime: Runtime) -> Iterator[Finding]:
    """With the list a restore erases again whoever is in it, and nobody else."""
    missing_ones = len(unnoted(runtime))
    todo = "start a worker, or: parent-credits erasures note" if missing_ones else ""
    state = State.BAD if missing_ones else State.GOOD
    yield Finding("list of erasures", state, f"{missing_ones} erased who are not in it", todo)


def disks(runtime: Runtime) -> Iterator[Finding]:
    """Room where we write: our own folder, the log's, and our own server's."""
    server = runtime.connections.server
    folders = {runtime.settings.var, runtime.settings.checkpoints}
    for folder in sorted(folders | ({server.folder} if server else set())):
        there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        free = shutil.disk_usage(there).free
        few, hardly = free < FEW_BYTES, free < HARDLY_ANY
        state = State.BAD if hardly else State.LOOK if few else State.GOOD
        todo = "make room: without it commands are refused" if few else ""
        yield Finding(f"disk {folder}", state, f"{free / 2**30:.1f} GiB free", todo)


def proxies(runtime: Runtime) -> Iterator[Finding]:
    """Behind a proxy that is not believed everybody has its address, and spends its tries."""
    settings = runtime.settings
    trusted = [ip_network(each) for each in settings.trusted_proxies.split(",") if each]
    # We speak no TLS ourselves: an https address has a proxy in front, here or elsewhere.
    is_elsewhere = settings.public_url.startswith("https:") and settings.host not in HERE
    if is_elsewhere and all(each.is_loopback for each in trusted):
        todo = 'name the proxy in PARENT_CREDITS_TRUSTED_PROXIES: operations.md, "Start"'
        yield Finding("proxies", State.LOOK, "everybody may have the proxy's address", todo)
    else:
        yield Finding("proxies", State.GOOD, f"believed: {settings.trusted_proxies or 'none'}")


def secrets(runtime: Runtime) -> Iterator[Finding]:
    folder = runtime.settings.secrets_folder
    lost, open_ones = missing(folder), readable_by_others(folder)
    if lost:
        yield Finding("secrets", State.BAD, f"missing: {lost}", "restore them from the backup")
    elif open_ones:
        todo = f"chmod -R go= {folder}"
        yield Finding("secrets", State.BAD, f"open to others: {open_ones}", todo)
    else:
        yield Finding("secrets", State.GOOD, "all there, closed to others")


def old_vault_keys(runtime: Runtime) -> Iterator[Finding]:
    """What a rotation left: as long as it lies there, dead rows and old backups can be opened."""
    if old := old_files(runtime.settings):
        todo = "parent-credits backup FILE, then parent-credits vault forget-old-key"
        yield Finding("old vault key", State.LOOK, ", ".join(each.name for each in old), todo)


def readable_by_others(folder: Path) -> list[str]:
    return [each.name for each in sorted(folder.iterdir()) if each.stat().st_mode & OTHERS]


def signing_key(runtime: Runtime) -> Iterator[Finding]:
    now = runtime.now()
    active = [k for k in key_store(runtime).public_keys() if k.state is KeyState.ACTIVE]
    left = max((k.signs_until for k in active if k.signs_from <= now), default=now) - now
    if left <= timedelta(0):
        todo = "parent-credits keys create"
        yield Finding("signing key", State.BAD, "none is in force", todo)
    else:
        state = State.LOOK if left < KEY_ENDS_SOON else State.GOOD
        todo = "parent-credits keys rotate" if state is State.LOOK else ""
        yield Finding("signing key", state, f"{left.days} days left", todo)


def read_models(runtime: Runtime) -> Iterator[Finding]:
    """Stopped ones by name; the others together, with the largest lag and age."""
    known = standings(runtime)
    for each in known:
        if each.stopped_reason:
            todo = 'operations.md, "What to do when …": nothing is lost, never skip an event'
            yield Finding(f"read model {each.name}", State.BAD, each.stopped_reason, todo)
    lag = max((each.lag_events for each in known), default=0)
    age = max((each.checkpoint_age_seconds for each in known), default=0.0)
    is_old = age > CHECKPOINT_OLD
    found = f"{lag} events behind, looked at {age:.0f} s ago"
    todo = "start a worker: parent-credits work" if is_old else ""
    yield Finding("read models", State.LOOK if is_old else State.GOOD, found, todo)


def log(runtime: Runtime) -> Iterator[Finding]:
    found = standing(runtime)
    if found is None:
        yield Finding("log", State.LOOK, "not begun", "start a worker: parent-credits work")
        return
    owed, alarms = runtime.logs.overdue(found.log), runtime.logs.alarms()
    said = f"{found.newest.size} events, {owed} overdue, {len(alarms)} alarms"
    is_good = not owed and not alarms
    todo = "" if is_good else 'audit.md, "When the log refuses to sign"'
    yield Finding("log", State.GOOD if is_good else State.BAD, said, todo)
    if not found.has_witnesses:
        todo = "name witnesses: PARENT_CREDITS_LOG_POLICY"
        yield Finding("witnesses", State.LOOK, "nobody outside keeps the log's heads", todo)


def backups(runtime: Runtime) -> Iterator[Finding]:
    """When one was made last, and when one was brought back for trial."""
    notes = BackupNotes(runtime.settings.backup_notes)
    for kind in AGES:
        at, now = notes.newest(kind), runtime.now()
        state = state_of_age(kind, at, now)
        found = f"{(now - at).total_seconds() / 3600:.0f} h ago" if at else "none is noted"
        todo = "" if state is State.GOOD else f"parent-credits {kind} FILE"
        yield Finding(kind, state, found, todo)


def state_of_age(kind: str, at: datetime | None, now: datetime) -> State:
    """Whether a backup, or a trial of one, is recent enough; one that is not noted may be."""
    soon, late = AGES[kind]
    if at is None:
        return State.LOOK
    return State.BAD if now - at > late else State.LOOK if now - at > soon else State.GOOD
