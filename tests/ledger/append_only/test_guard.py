"""The guard keeps to one ledger's definition; and what no refusal stops, the log shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, UniqueViolation
from typer.testing import CliRunner

from api import cli
from api import secrets as installation
from api.cli_reading import GUARDED, NOT_GUARDED
from api.database import connect
from api.migrations import steps as web_steps
from api.settings import Settings
from ledger import guard
from ledger.migrations import Step, migrate
from tests.database import NAMES, PASSWORDS
from tests.ledger.append_only.stands import SECOND, Stand, published, recomputed

OFF = "ALTER TABLE ledger.ledger_events DISABLE TRIGGER USER"
MARK = "SELECT set_config('ledger_guard.migration', pg_current_xact_id()::text, true)"
WAYS = [
    ("owner", (MARK, OFF)),
    ("superuser", ("ALTER EVENT TRIGGER ledger_guard_after DISABLE", OFF)),
    ("superuser", ("DROP SCHEMA ledger_guard CASCADE", OFF)),
]
SINCE_17 = ("superuser", ("SET LOCAL event_triggers = off", OFF))
CHANGES = [
    "UPDATE ledger.ledger_events SET state = '{}' WHERE notification_id = 2",
    "UPDATE ledger.ledger_events SET recorded_at = '2020-01-01' WHERE notification_id = 2",
    "DELETE FROM ledger.ledger_events WHERE notification_id = 2",
    (
        "INSERT INTO ledger.ledger_events (originator_id, originator_version, topic, state,"
        " notification_id) OVERRIDING SYSTEM VALUE VALUES (gen_random_uuid(), 1, 'x', '', 0)"
    ),
    "UPDATE ledger.ledger_events SET notification_id = DEFAULT WHERE notification_id = 2",
]


def test_whoever_can_change_history_cannot_do_it_unnoticed(stand: Stand) -> None:
    """As a superuser, or as an owner who poses as a migration (docs/operations.md)."""
    for role, way in (*WAYS, *((SINCE_17,) if stand.version >= 17 else ())):
        with psycopg.connect(stand.login(role)) as connection:
            assert recomputed(connection) == published(connection)
            for change in CHANGES:
                for statement in (*way, change):
                    connection.execute(cast("Any", statement))
                assert recomputed(connection) != published(connection), (way, change)
                connection.rollback()
            with pytest.raises(InsufficientPrivilege):  # the mark was that transaction's
                connection.execute(cast("Any", OFF))


def test_what_is_not_the_ledger_s_definition_is_nobody_s_business(stand: Stand) -> None:
    with psycopg.connect(stand.owner, autocommit=True) as owner:
        owner.execute("CREATE TABLE ledger_web.more (a int)")
        owner.execute("CREATE INDEX CONCURRENTLY ON ledger_web.more (a)")
        owner.execute("DROP TABLE ledger_web.more")
        for care in ("ANALYZE", "VACUUM FULL", "REINDEX TABLE", "REINDEX TABLE CONCURRENTLY"):
            owner.execute(cast("Any", f"{care} ledger.ledger_events"))
    with psycopg.connect(stand.login("ledger_app"), autocommit=True) as app:
        app.execute("CREATE TABLE ledger_views.more (a int)")
        app.execute("DROP TABLE ledger_views.more")
        app.execute("CREATE TEMP TABLE more (a int)")


def test_a_migration_is_let_through(stand: Stand) -> None:
    later = Step("9999_later.sql", "CREATE TABLE {ledger}.later (a int); DROP TABLE {ledger}.later")
    assert migrate(stand.owner, NAMES, PASSWORDS, (*web_steps(), later)) == [later.name]
    assert migrate(stand.owner, NAMES, PASSWORDS, (*web_steps(), later)) == []


def test_a_command_of_several_transactions_is_refused_at_its_end(stand: Stand) -> None:
    """It leaves an index that is not valid, and no fact changed (docs/operations.md)."""
    content = stand.content()
    with psycopg.connect(stand.owner, autocommit=True) as owner:
        with pytest.raises(InsufficientPrivilege):
            owner.execute("CREATE INDEX CONCURRENTLY left_over ON ledger.ledger_events (topic)")
        valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ledger.left_over'::regclass"
        assert owner.execute(valid).fetchone() == (False,)
        with owner.transaction():
            guard.allow(owner, "ledger")
            owner.execute("DROP INDEX ledger.left_over")
    assert stand.content() == content


def test_what_no_event_trigger_sees_changes_no_fact(stand: Stand) -> None:
    with psycopg.connect(stand.owner) as owner:
        owner.execute("REASSIGN OWNED BY CURRENT_USER TO ledger_app; SET ROLE ledger_app")
        with pytest.raises(InsufficientPrivilege):
            owner.execute("UPDATE ledger.ledger_events SET topic = 'x'")
        owner.rollback()
        owner.execute("SELECT setval('ledger.ledger_events_notification_id_seq', 1)")
        owner.execute("SET ROLE ledger_app")
        with pytest.raises(UniqueViolation):
            owner.execute(
                "INSERT INTO ledger.ledger_events (originator_id, originator_version, topic, state)"
                " VALUES (gen_random_uuid(), 1, 'x', '')"
            )
        owner.rollback()
        owner.execute(
            "SELECT setval('ledger.ledger_events_notification_id_seq', max(notification_id))"
            " FROM ledger.ledger_events"
        )


def test_a_guard_that_is_absent_or_altered_is_told_and_mended_by_a_superuser_only(
    stand: Stand,
) -> None:
    ledger = SECOND.ledger
    spoils = (
        "DROP SCHEMA second_guard CASCADE",
        "ALTER EVENT TRIGGER second_guard_after ENABLE REPLICA",
        (
            "CREATE OR REPLACE FUNCTION second_guard.watch() RETURNS event_trigger"
            " LANGUAGE plpgsql AS 'BEGIN END'"
        ),
        "ALTER FUNCTION second_guard.watch() OWNER TO parent_credits",
    )
    with psycopg.connect(stand.superuser, autocommit=True) as superuser:
        for spoil in spoils:
            assert guard.stands(superuser, ledger)
            superuser.execute(cast("Any", spoil))
            guard.ensure(stand.owner, ledger, lambda: stand.owner)
            assert not guard.stands(superuser, ledger), spoil
            guard.ensure(stand.owner, ledger, lambda: stand.superuser)
        assert guard.stands(superuser, ledger)
        assert guard.stands(superuser, NAMES.ledger)


def test_where_we_are_no_superuser_status_says_what_is_missing(
    stand: Stand, tmp_path: Path
) -> None:
    environment = {
        "PARENT_CREDITS_DATABASE_URL": stand.owner,
        "PARENT_CREDITS_LEDGER": "third",
        "PARENT_CREDITS_VAR": str(tmp_path),
        "PARENT_CREDITS_LOG_LEVEL": "error",
    }

    def output(word: str) -> str:
        result = CliRunner().invoke(cli.app, [word], env=environment)
        assert result.exit_code == 0, result.output
        return result.output

    assert NOT_GUARDED in output("status")
    with psycopg.connect(stand.superuser) as superuser:
        superuser.execute(cast("Any", output("guard")))
    assert GUARDED in output("status")


def test_our_own_server_is_guarded_from_its_first_start(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    connections = connect(settings, installation.load_or_make(settings.secrets_folder))
    assert connections.server is not None
    try:
        with psycopg.connect(connections.owner) as owner:
            assert owner.info.parameter_status("is_superuser") == "off"
        assert connections.guarded()
    finally:
        connections.server.erase()
