"""A school that is set up, in September, and a way to bring it files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from api.bootstrap import Runtime
from api.files.template import Kind
from api.imports.order import Order
from api.imports.report import Imported
from api.imports.taking import take_file
from domain.envelope import Actor, Channel, Envelope, Role
from tests.acting import SCHOOL
from tests.api.imports.given import COORDINATOR, TEACHER, establish
from tests.clock import TestClock

IN_SEPTEMBER = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)

Bring = Callable[..., Imported]


@pytest.fixture
def staff(runtime: Runtime, clock: TestClock) -> dict[str, UUID]:
    """The members of staff by user name."""
    found = establish(runtime)
    clock.move_to(IN_SEPTEMBER)
    return found


@pytest.fixture
def bring(runtime: Runtime, staff: dict[str, UUID]) -> Bring:
    """Take a file, as the coordinator or, to check results, as the class teacher."""

    def take(
        kind: Kind,
        content: bytes,
        *,
        dry_run: bool = False,
        checking: bool = False,
        anew: Iterable[int] = (),
    ) -> Imported:
        role = Role.CLASS_TEACHER if checking else Role.COORDINATOR
        actor = Actor(
            id=staff[TEACHER if checking else COORDINATOR], role=role, organisation=SCHOOL
        )
        by = Envelope(
            command_id=uuid4(), actor=actor, channel=Channel.ONLINE, occurred_at=runtime.now()
        )
        order = Order(
            kind=kind,
            school_code=SCHOOL,
            by=by,
            dry_run=dry_run,
            checking=checking,
            anew=frozenset(anew),
        )
        return take_file(runtime.book, order, content)

    return take
