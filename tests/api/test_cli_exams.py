"""The commands of exams: publish, record by two, put right by two, draw again."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest

from api.bootstrap import Runtime
from api.staffing import Newcomer, open_staff
from domain.envelope import Role
from domain.exam_refusals import WitnessIsExaminer
from ledger.exams import PaperResult
from tests.acting import SCHOOL, SET_UP, Pilot, envelope
from tests.api.test_cli import Command
from tests.api.test_cli_register import PASSWORD, UNTIL
from tests.database import TestDatabase
from tests.online_exams import fill_bank, parent, publish_online

AS = ("--as", "coordinator")


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


@pytest.fixture
def pilot(runtime: Runtime) -> Pilot:
    made = Pilot(runtime.book).set_up()
    for user, role in (("coordinator", Role.COORDINATOR), ("head", Role.HEAD)):
        newcomer = Newcomer(user, "示例老师", (role,), SCHOOL, UNTIL)
        open_staff(runtime, newcomer, PASSWORD, envelope(SET_UP))
    return made


def told(command: Command, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(command(*words, *AS, "--json").output)
    return found


def test_exams_are_published_and_listed(command: Command, pilot: Pilot) -> None:
    bank = fill_bank(pilot.book)
    paper = ("exams", "publish", SCHOOL, "期末", "--held-on", "2026-11-20", *AS)
    online = (
        "exams", "publish-online", SCHOOL, "线上", "--bank", str(bank), "--opens",
        "2026-09-20 08:00", "--closes", "2026-10-20 20:00", "--also", "paper", *AS,
    )  # fmt: skip
    ids = [command(*words).output.strip() for words in (paper, online)]

    listed = told(command, "exams", "list", SCHOOL)

    assert [each["exam_id"] for each in listed] == ids
    assert [each["modes"] for each in listed] == [["paper"], ["online", "paper"]]
    assert told(command, "exams", "banks", SCHOOL) == [
        {"bank_id": str(bank), "title": "读懂孩子的情绪", "questions": 60}
    ]
    assert "期末" in command("exams", "list", SCHOOL, *AS).output


def test_an_oral_result_is_witnessed_by_another(command: Command, pilot: Pilot) -> None:
    exam = str(publish_online(pilot.book))
    words = ("exams", "oral", exam, str(pilot.learners[0]), "--reason", "elderly", "--passed")
    attempt = command(*words, *AS).output.strip()
    with pytest.raises(WitnessIsExaminer):
        command("exams", "witness", exam, attempt, *AS)
    assert [each["passed"] for each in told(command, "exams", "attempts", exam)] == [None]

    assert command("exams", "witness", exam, attempt, "--as", "head").exit_code == 0

    [counted] = told(command, "exams", "attempts", exam)
    assert (counted["standing"], counted["passed"]) == ("counted", True)


def test_an_entry_is_withdrawn_and_a_result_put_right(command: Command, pilot: Pilot) -> None:
    exam, (learner, other, _) = publish_online(pilot.book), pilot.learners
    results = [PaperResult(learner, 50), PaperResult(other, 70)]
    assert pilot.book.exams.enter_results(exam, results, envelope()) == {}
    assert pilot.book.exams.check_results(exam, results[:1], envelope()) == {}
    rows = {each["learner_id"]: each for each in told(command, "exams", "attempts", str(exam))}
    waiting, counted = (rows[str(key)]["attempt_id"] for key in (other, learner))
    assert command("exams", "withdraw", str(exam), waiting, *AS).exit_code == 0

    words = ("exams", "correct", str(exam), counted, "--reason", "entry_error", *AS)
    assert command(*words).exit_code == 2
    seen = json.loads(command(*words, "--score", "80", "--dry-run", "--json").output)
    assert [change["effects"][0]["what"] for change in seen["changes"]] == ["exam_corrected"]
    assert command(*words, "--score", "80", "--yes").exit_code == 0

    [correction] = json.loads(command("correct", "list", SCHOOL, *AS, "--json").output)
    approve = ("correct", "approve", correction["correction_id"], "--as", "head", "--yes")
    assert "applied" in command(*approve).output
    rows = {each["learner_id"]: each for each in told(command, "exams", "attempts", str(exam))}
    assert rows[str(learner)]["score"] == 80
    verdict = command(*words, "--verdict", "void", "--dry-run")
    assert "exam_voided" in verdict.output


def test_a_draw_is_repeated(command: Command, pilot: Pilot) -> None:
    exam, learner = publish_online(pilot.book), pilot.learners[0]
    attempt = pilot.book.online_exams.start(exam, learner, parent(learner))
    asked = pilot.book.online_exams.sheet(attempt, learner).questions

    drawn = told(command, "exams", "draw", str(exam), str(attempt))

    assert [UUID(each["question_id"]) for each in drawn] == [each.question_id for each in asked]
    assert [tuple(each["order"]) for each in drawn] == [each.order for each in asked]
