"""The command that lists what waits to be looked into, for whoever may read it."""

from __future__ import annotations

import json

import pytest

from api.access.policy import Forbidden
from api.bootstrap import Runtime
from api.staffing import Newcomer, open_staff
from domain.envelope import Role
from tests.acting import ENDS, SCHOOL, SET_UP, Pilot, envelope
from tests.api.doors.irregularity_things import irregularity_things
from tests.api.test_cli import Command
from tests.api.test_cli_register import PASSWORD, UNTIL
from tests.database import TestDatabase


@pytest.fixture
def flagged(runtime: Runtime) -> str:
    """An irregularity; a coordinator and a host have logins."""
    pilot = Pilot(runtime.book).set_up()
    for user, role in (("coordinator", Role.COORDINATOR), ("host", Role.HOST)):
        newcomer = Newcomer(user, "示例老师", (role,), SCHOOL, UNTIL)
        open_staff(runtime, newcomer, PASSWORD, envelope(SET_UP))
    return irregularity_things(pilot, ENDS)["irregularity_id"]


def test_what_waits_is_listed_by_evidence(
    runtime: Runtime, database: TestDatabase, flagged: str
) -> None:
    command = Command(database, runtime.settings.var)
    asked = ("irregularities", SCHOOL, "--as", "coordinator")
    line = command(*asked).stdout.split()
    assert line == ["60", "shared_device", "flagged", flagged]
    [told] = json.loads(command(*asked, "--json").stdout)
    assert (told["irregularity_id"], told["facts"]) == (flagged, {"persons": 5, "families": 4})
    with pytest.raises(Forbidden):
        command("irregularities", SCHOOL, "--as", "host")
