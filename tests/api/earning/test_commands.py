"""What earns beside attendance, at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import Runtime
from domain.leave import LeaveTooLate
from domain.making_up import MakeUpNotDue
from domain.service import ServiceExceedsSession
from tests.acting import SCHOOL
from tests.api.earning.test_studies import LESSON, READING
from tests.api.pilot_school import PilotSchool
from tests.api.test_cli import Command
from tests.database import TestDatabase


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


def written(folder: Path, body: dict[str, Any]) -> str:
    file = folder / "new.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    return str(file)


def test_a_school_s_studies_are_published_and_listed(
    command: Command, runtime: Runtime, tmp_path: Path
) -> None:
    """The command line goes by the real clock, in the term that is running."""
    lesson = written(tmp_path, LESSON)
    first, again = (command("earn", "micro-class", SCHOOL, lesson).output for _ in range(2))
    reading = command("earn", "push", SCHOOL, written(tmp_path, READING))
    title = "读懂孩子的情绪"
    assert command("earn", "revise", SCHOOL, title, "life_education").exit_code == 0
    assert command("earn", "retire", SCHOOL, title).exit_code == 0
    runtime.projector.catch_up()

    rows = json.loads(command("earn", "list", SCHOOL, "--json").output)

    assert first == again
    assert reading.exit_code == 0
    assert {(row["kind"], row["what"]) for row in rows} >= {
        ("micro_class", "情绪微课"), ("push", "开学第一周"), ("course", title),
    }  # fmt: skip
    assert first.strip() in {row["id"] for row in rows}
    assert "情绪微课" in command("earn", "list", SCHOOL).output


def test_services_leave_and_make_ups_are_refused_as_everywhere(
    command: Command, school: PilotSchool
) -> None:
    session, learner = str(school.session_id), str(school.learners[0])
    assert command("earn", "name", session, learner, "parent_lecturer", "1").exit_code == 0
    with pytest.raises(ServiceExceedsSession):
        command("earn", "name", session, learner, "parent_lecturer", "3")
    with pytest.raises(LeaveTooLate):  # by the real clock it is over
        command("earn", "leave", session, learner, "work")
    with pytest.raises(MakeUpNotDue):
        command("earn", "make-up", session, learner, session, "leave")
