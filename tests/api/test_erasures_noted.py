"""Who was erased and is not in the list is counted and written down, whatever the worker did."""

from __future__ import annotations

from uuid import UUID

import pytest

from api import doctor, erasing
from api.bootstrap import Runtime
from api.erasure_effects import effects_of
from api.erasure_list import ErasureList
from api.erasures_noted import note
from api.findings import State
from domain.envelope import Role
from domain.erasure import CertificateWish
from tests.acting import ENDS, SCHOOL, Pilot, envelope
from tests.api.test_cli import Command
from tests.database import TestDatabase


@pytest.fixture
def request_id(runtime: Runtime) -> UUID:
    """Two ask; one is erased, of which no read model and no follower has heard."""
    erasures, learners = runtime.book.erasures, Pilot(runtime.book).set_up().learners
    for each in learners[:2]:
        erasures.request(each, SCHOOL, CertificateWish.KEEP, envelope(ENDS, Role.PARENT, each))
    runtime.projector.catch_up()
    assert missing(runtime) == (State.GOOD, "0 erased who are not in it")
    line = erasing.latest_of(runtime, learners[0])
    assert line is not None
    scope = effects_of(runtime, learners[0]).scope(CertificateWish.KEEP)
    officer = envelope(ENDS, Role.DATA_PROTECTION_OFFICER)
    erasures.carry_out(learners[0], line.request_id, scope, officer)
    return line.request_id


def missing(runtime: Runtime) -> tuple[State, str]:
    [finding] = doctor.erasure_list(runtime)
    return finding.state, finding.found


def test_whoever_no_worker_noted_is_counted_and_written_down(
    runtime: Runtime, request_id: UUID, database: TestDatabase
) -> None:
    assert missing(runtime) == (State.BAD, "1 erased who are not in it")
    command = Command(database, runtime.settings.var)
    assert [command("erasures", "note").stdout for _ in range(2)] == ["1 ✓\n", "0 ✓\n"]
    assert [e.request_id for e in ErasureList(runtime.settings.erasures).read()] == [request_id]
    assert missing(runtime)[0] is State.GOOD


def test_a_list_that_was_lost_is_written_again(runtime: Runtime, request_id: UUID) -> None:
    runtime.projector.catch_up()
    assert note(runtime) == 1
    [before] = ErasureList(runtime.settings.erasures).read()
    runtime.settings.erasures.unlink()
    assert missing(runtime)[0] is State.BAD
    assert note(runtime) == 1
    assert list(ErasureList(runtime.settings.erasures).read()) == [before]
    assert before.request_id == request_id
