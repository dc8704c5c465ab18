"""The key that wraps the persons' keys: changed as a whole, and never mistaken for another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest

from api import vault_key
from api.bootstrap import Runtime, build
from api.files.template import Kind
from api.imports.uploads import NewUpload, Uploads
from api.secrets import load_or_make
from domain.erasure import Scope
from ledger.rewrapping import VaultInUse, VaultKeyDiffers
from tests.acting import SCHOOL, SET_UP, Pilot
from tests.domain.refusing import refused

NAMES = {"（示例）陈建2", "（示例）陈建3", "（示例）陈建4"}
Again = Callable[[], Runtime]


@pytest.fixture
def learners(runtime: Runtime) -> list[UUID]:
    return Pilot(runtime.book).set_up().learners


@pytest.fixture
def again(runtime: Runtime) -> Iterator[Again]:
    """The installation as it starts anew."""
    made: list[Runtime] = []

    def start() -> Runtime:
        made.append(build(runtime.settings))
        return made[-1]

    yield start
    for each in made:
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
    newer = again()
    assert names_of(newer, learners) == NAMES - {"（示例）陈建4"}
    with psycopg.connect(newer.connections.owner) as owner:
        assert owner.execute("SELECT count(*) FROM ledger_web.upload").fetchone() == (0,)
    (runtime.settings.secrets_folder / "vault.key").write_text(old)
    with refused(VaultKeyDiffers):
        again()


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

    def cut(*_: object) -> None:
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
