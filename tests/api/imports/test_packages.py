"""OneRoster and SDS brought like any roster: by page, on the command line, again and again."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

from typer.testing import CliRunner

from api.bootstrap import Runtime
from api.cli_import import import_app
from api.files.template import Kind
from api.imports.report import ImportReport
from domain.learner import Learner
from tests.acting import SCHOOL
from tests.api.files.packages import ONEROSTER, SDS, package
from tests.api.imports.conftest import Bring
from tests.api.imports.given import COORDINATOR, recorded, sheet

DANGLING = ("users.csv", 0, {"agentSourcedIds": "a-1,a-7"})


def told(report: ImportReport) -> list[str]:
    return [row.code or row.outcome for row in report.rows]


def test_a_package_makes_learners_once_however_often_it_comes(
    bring: Bring, runtime: Runtime
) -> None:
    content = package(ONEROSTER)
    before = recorded(runtime)
    assert told(bring(Kind.ROSTER, content, dry_run=True).report) == ["new", "new"]
    assert recorded(runtime) == before

    assert told(bring(Kind.ROSTER, content).report) == ["new", "new"]
    after = recorded(runtime)
    assert told(bring(Kind.ROSTER, content).report) == ["same", "same"]
    assert recorded(runtime) == after


def test_a_pupil_whose_classes_have_ended_is_not_enrolled(bring: Bring, runtime: Runtime) -> None:
    ended = (("enrollments.csv", number, {"endDate": "2026-09-05"}) for number in (0, 1))
    before = recorded(runtime)
    assert told(bring(Kind.ROSTER, package(ONEROSTER, *ended)).report) == ["class_ended"] * 2
    assert recorded(runtime) == before


def test_the_other_format_means_the_same_child(bring: Bring, runtime: Runtime) -> None:
    bring(Kind.ROSTER, package(ONEROSTER))
    assert told(bring(Kind.ROSTER, package(SDS)).report) == ["new"]
    found = runtime.book.ledger.store.select_notifications(1, 10_000)
    learners = runtime.book.ledger.load({each.originator_id for each in found}).values()
    children: set[UUID] = {
        child for each in learners if isinstance(each, Learner) for child in each.guardianships
    }
    assert len(children) == 1


def test_the_good_rows_are_taken_and_the_others_come_back_with_their_place(bring: Bring) -> None:
    imported = bring(Kind.ROSTER, package(ONEROSTER, DANGLING))
    assert told(imported.report) == ["new", "reference_missing"]
    assert imported.failed is not None
    [fault] = imported.report.rejections
    assert (fault.row, fault.column, fault.value) == (3, "users.csv:2:agentSourcedIds", "a-1,a-7")


def test_a_father_who_is_known_stays_a_father(bring: Bring) -> None:
    """A package says parent and no more: what the school knows is not made poorer."""
    father = {"家长姓名": "（示例）陈建国", "手机号码": "10000000001"}
    bring(Kind.ROSTER, sheet(Kind.ROSTER, father))
    assert told(bring(Kind.ROSTER, package(ONEROSTER)).report) == ["same", "new"]
    assert told(bring(Kind.ROSTER, sheet(Kind.ROSTER, father)).report) == ["same"]


def test_the_command_line_takes_a_zip(
    runtime: Runtime, staff: dict[str, UUID], tmp_path: Path
) -> None:
    file = tmp_path / "oneroster.zip"
    file.write_bytes(package(ONEROSTER, DANGLING))
    asked = ["roster", str(file), "--dry-run", "--json", "--school", SCHOOL]
    dry = CliRunner().invoke(import_app, asked, obj=runtime)
    [rejection] = json.loads(dry.stdout)["rejections"]
    assert rejection == {
        "row": 3, "column": "users.csv:2:agentSourcedIds", "value": "a-1,a-7",
        "code": "reference_missing",
    }  # fmt: skip
    file.write_bytes(package(SDS))
    done = CliRunner().invoke(import_app, ["roster", str(file), "--as", COORDINATOR], obj=runtime)
    assert done.exit_code == 0


def test_without_a_phone_the_father_is_found_by_his_child_and_name(bring: Bring) -> None:
    father = {"家长姓名": "（示例）陈建国", "手机号码": ""}
    bring(Kind.ROSTER, sheet(Kind.ROSTER, father))
    nameless_phone = package(ONEROSTER, ("users.csv", 1, {"sms": ""}))
    assert told(bring(Kind.ROSTER, nameless_phone).report) == ["same", "new"]
