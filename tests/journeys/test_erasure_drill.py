"""`make erasure-drill`: yesterday's backup brings a person back, the list takes them out again.

On a server of the program's own, so that its files, its log of changes and its dead rows are
searched as well. Every step is a command that an operator types.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from api import cli, erasing
from api.bootstrap import Runtime, build
from api.restored import ErasuresAwaited, refuse_unheard
from api.settings import Settings
from domain.dispute import DisputeReason, Subject, SubjectKind
from domain.envelope import Role
from domain.erasure import CertificateWish
from ledger.details import Asked
from ledger.embedded import EmbeddedServer
from projections.feed import Feed
from tests.acting import ENDS, SCHOOL, STARTS, Pilot, envelope
from tests.domain.refusing import refused

NAME, PHONE, CHILD = "（示例）陈建2", "10000000002", "（示例）陈小2"
WORDS = "我叫（示例）陈建2，那晚我在场"
OTHER = "（示例）陈建3"
PASSPHRASE = "zhang-pu-jiang-1987"


@dataclass
class House:
    """One installation: its folder, its commands, and how long each took."""

    var: Path
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return Settings(var=self.var)

    @contextmanager
    def runtime(self) -> Generator[Runtime]:
        made = build(self.settings)
        try:
            yield made
        finally:
            made.close()

    def __call__(self, *words: str, typed: str = "") -> Result:
        began = time.monotonic()
        environment = {
            "PARENT_CREDITS_VAR": str(self.var),
            "PARENT_CREDITS_LOG_LEVEL": "error",
            "PARENT_CREDITS_PASSPHRASE": PASSPHRASE,
        }
        done = CliRunner().invoke(cli.app, words, input=typed, env=environment)
        self.seconds[" ".join(each for each in words if "/" not in each)] = time.monotonic() - began
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def holds(self, *texts: str) -> bool:
        return self("erasures", "search", typed="\n".join(texts)).exit_code == 1

    def is_served(self) -> bool:
        with self.runtime() as runtime:
            try:
                refuse_unheard(runtime.connections)
            except ErasuresAwaited:
                pass
            else:
                return True
        for way in ("serve", "work", "demo"):
            with refused(ErasuresAwaited):
                self(way)
        return False

    def tell(self) -> None:
        for name, seconds in self.seconds.items():
            print(f"{name.split('/')[0]:20} {seconds:6.1f} s")  # noqa: T201 - the drill tells its times

    def rotate(self, backup: Path) -> None:
        assert self("vault", "rotate-key").exit_code == 0
        assert self("backup", str(backup)).exit_code == 0
        assert self("vault", "forget-old-key").stdout == "1 ✓\n"


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[tuple[House, House, House]]:
    made = (House(tmp_path / "house"), House(tmp_path / "restored"), House(tmp_path / "again"))
    yield made
    for house in made:
        EmbeddedServer(house.var).erase()


def lived(runtime: Runtime) -> UUID:
    """A person with a phone, words of their own, a wish, and an evening that is disputed."""
    pilot = Pilot(runtime.book).set_up()
    learner_id = pilot.learners[0]
    own = envelope(ENDS, Role.PARENT, learner_id)
    runtime.book.sessions.open(pilot.session_id, envelope(STARTS, Role.HOST))
    runtime.book.details.ask(learner_id, Asked(name=f"{NAME}改"), own)
    subject = Subject(kind=SubjectKind.SESSION, id=pilot.session_id)
    runtime.book.sessions.close(pilot.session_id, envelope(ENDS, Role.HOST))
    own = envelope(ENDS, Role.PARENT, learner_id)
    runtime.book.cases.dispute(learner_id, subject, DisputeReason.NOT_LISTED, WORDS, own)
    runtime.logins.begin_device(learner_id, ENDS, confirmed=True)
    runtime.projector.catch_up()
    return learner_id


def erased(runtime: Runtime, learner_id: UUID) -> None:
    by = envelope(ENDS, Role.PARENT, learner_id)
    runtime.book.erasures.request(learner_id, SCHOOL, CertificateWish.WITHDRAW, by)
    runtime.projector.catch_up()
    line = erasing.latest_of(runtime, learner_id)
    assert line is not None
    officer = envelope(ENDS, Role.DATA_PROTECTION_OFFICER)
    erasing.carry_out(runtime, line, officer, identity_checked=True)
    runtime.projector.catch_up()
    follower = erasing.follow_erasures(runtime)
    feed = Feed(runtime.views)
    follower.on_batch(feed.page(0, feed.head(), follower.topics, 10).facts)


def test_no_restore_brings_an_erased_person_back(
    houses: tuple[House, House, House], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, restored, again = houses
    sought, backup = (NAME, PHONE, CHILD, WORDS), tmp_path / "yesterday.backup"
    with house.runtime() as runtime:
        learner_id = lived(runtime)
    assert house("backup", str(backup)).exit_code == 0
    assert house.holds(*sought)
    with house.runtime() as runtime:
        erased(runtime, learner_id)
    assert (house.holds(*sought), house.holds(OTHER)) == (False, True)

    done = restored("restore", str(backup))
    assert (done.exit_code, "No list of erasures" in done.stderr) == (0, True)
    assert restored.holds(*sought), "the search finds nobody: it proves nothing"
    assert not restored.is_served()
    listed = str(house.settings.erasures)
    assert restored("erasures", "replay", listed).exit_code == 0
    assert (restored.holds(*sought), restored.holds(OTHER)) == (False, True)
    assert "1 ✓ (1 +)" in again("restore", str(backup), "--erasures", listed).stdout
    assert not again.holds(*sought)
    assert all(each.is_served() for each in (restored, again))
    said = [each("erasures", "list").stdout for each in (house, restored, again)]
    assert said == said[:1] * 3
    restored.rotate(tmp_path / "since.backup")
    assert not restored.holds(*sought)
    with capsys.disabled():
        restored.tell()
