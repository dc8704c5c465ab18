"""The key that wraps the persons' keys: changed as a whole, and never mistaken for another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from api import vault_key
from api.backup_notes import BackupNotes
from api.bootstrap import Runtime, build
from api.files.template import Kind
from api.imports.uploads import NewUpload, Uploads
from api.secrets import load_or_make
from api.settings import Settings
from domain.erasure import Scope
from ledger.rewrapping import OldVaultKeyNeeded, VaultInUse, VaultKeyBehind, VaultKeyDiffers
from ledger.sealing import key_id_of
from tests.acting import SCHOOL, SET_UP, Pilot
from tests.database import TestServer, made
from tests.domain.refusing import refused

NAMES = {"（示例）陈建2", "（示例）陈建3", "（示例）陈建4"}


class Again(Protocol):
    def __call__(self, settings: Settings | None = None) -> Runtime: ...


@pytest.fixture
def learners(runtime: Runtime) -> list[UUID]:
    return Pilot(runtime.book).set_up().learners


@pytest.fixture
def again(runtime: Runtime) -> Iterator[Again]:
    """The installation as it starts anew."""
    started: list[Runtime] = []

    def start(settings: Settings | None = None) -> Runtime:
        started.append(build(settings or runtime.settings))
        return started[-1]

    yield start
    for each in started:
        each.close()


def names_of(runtime: Runtime, learners: list[UUID]) -> set[str]:
    return {subject.name for subject in runtime.book.vault.open(learners).values()}


def test_every_name_opens_under_the_new_key_and_none_under_the_old(
    runtime: Runtime, learners: list[UUID], again: Again
) -> None:
    old = (runtime.settings.secrets_folder / "vault.key").read_text()
    Uploads(runtime.tables, runtime.secrets.vault).keep(
        NewUpload(learners[0], SCHOOL, Kind.ROSTER), b"a file", SET_UP
    )
    runtime.book.erasures.finish(Scope(records=(), subjects=(learners[2],)))
    runtime.close()
    assert vault_key.rotate(runtime.settings) == 5  # two learners, three children
    assert (runtime.settings.secrets_folder / "vault.key").read_text() != old
    assert [each.read_text() for each in vault_key.old_files(runtime.settings)] == [old]
    newer = again()
    assert names_of(newer, learners) == NAMES - {"（示例）陈建4"}
    with psycopg.connect(newer.connections.owner) as owner:
        assert owner.execute("SELECT count(*) FROM ledger_web.upload").fetchone() == (0,)
    overwrite(runtime.settings.secrets_folder / "vault.key", old)
    with refused(VaultKeyDiffers):
        again()


def overwrite(path: Path, text: str) -> None:
    """Under a name of its own: the old key may be the same file."""
    path.unlink()
    path.write_text(text)


def test_a_database_from_before_the_rotation_says_so_and_is_rotated_again(
    runtime: Runtime, learners: list[UUID], again: Again, postgres: TestServer
) -> None:
    """As when a standby takes over that never had it, or a server is restored by its own means."""
    runtime.close()
    owner, secrets = runtime.connections.owner, runtime.settings.secrets_folder
    with made(postgres.owner, str(conninfo_to_dict(owner)["dbname"])) as standby:
        vault_key.rotate(runtime.settings)
        url = SecretStr(make_conninfo(owner, dbname=standby))
        taken_over = runtime.settings.model_copy(update={"database_url": url})
        key, held = (secrets / "vault.key").read_text(), key_id_of(runtime.secrets.vault)
        for act in (again, vault_key.forget_old):
            with refused(VaultKeyBehind, key_id=held):
                act(taken_over)
        assert vault_key.rotate(taken_over) == 6
        assert (secrets / "vault.key").read_text() == key
        newer = again(taken_over)
        assert names_of(newer, learners) == NAMES
        newer.close()


def test_the_old_key_goes_when_a_backup_was_made_since(
    runtime: Runtime, learners: list[UUID], again: Again, tmp_path: Path
) -> None:
    runtime.close()
    notes = BackupNotes(runtime.settings.backup_notes)
    notes.note("backup", datetime.now(UTC), tmp_path / "before.backup")
    vault_key.rotate(runtime.settings)
    [old] = vault_key.old_files(runtime.settings)
    assert old.stat().st_mode & 0o777 == 0o600
    with pytest.raises(OldVaultKeyNeeded):
        vault_key.forget_old(runtime.settings)
    notes.note("drill", datetime.now(UTC), tmp_path / "before.backup")
    with pytest.raises(OldVaultKeyNeeded):
        vault_key.forget_old(runtime.settings)
    assert old.exists()
    notes.note("backup", datetime.now(UTC), tmp_path / "since.backup")
    assert [vault_key.forget_old(runtime.settings) for _ in range(2)] == [1, 0]
    assert not old.exists()
    assert names_of(again(), learners) == NAMES


def test_nothing_is_changed_while_somebody_is_at_work(
    runtime: Runtime, learners: list[UUID]
) -> None:
    assert names_of(runtime, learners) == NAMES
    with pytest.raises(VaultInUse):
        vault_key.rotate(runtime.settings)
    assert names_of(runtime, learners) == NAMES


@pytest.mark.parametrize("step", ["write_anew", "put_in_place", "rewrap"])
def test_cut_anywhere_it_opens_at_the_next_start(
    runtime: Runtime, learners: list[UUID], again: Again, step: str
) -> None:
    runtime.close()

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(vault_key, step, cut)
        with pytest.raises(KeyboardInterrupt):
            vault_key.rotate(runtime.settings)
    newer = again()
    assert names_of(newer, learners) == NAMES
    newer.close()
    assert vault_key.rotate(runtime.settings) == 6
    assert names_of(again(), learners) == NAMES


def test_the_secrets_of_another_vault_open_nothing_and_are_told(
    runtime: Runtime, learners: list[UUID]
) -> None:
    """An old installation has no note of its key: then what is there decides."""
    owner, names = runtime.connections.owner, runtime.connections.names
    with psycopg.connect(owner) as connection:
        connection.execute("DELETE FROM ledger_vault.key_encryption")
    wrong = replace(load_or_make(runtime.settings.secrets_folder), vault=b"x" * 32)
    with refused(VaultKeyDiffers):
        vault_key.fitting(wrong, runtime.settings, owner, names)
    assert vault_key.fitting(runtime.secrets, runtime.settings, owner, names) == runtime.secrets
