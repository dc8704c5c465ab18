"""Rules on the command line: read, checked, tried with a bar, published and applied by two."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import Runtime
from api.staffing import Newcomer, open_staff
from domain.envelope import Role
from domain.rulebook_refusals import RulebookContradicts, RulebookNeedsSecondPerson
from tests.acting import ENDS, SCHOOL, SET_UP, Pilot, envelope
from tests.api.desk import CITY
from tests.api.rule_desk import rules
from tests.api.test_cli import Command
from tests.database import TestDatabase
from tests.ledger_evening import hold

FROM = (ENDS + timedelta(days=2)).date()


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    pilot = Pilot(runtime.book).set_up()
    hold(pilot, pilot.learners[:2])
    for user in ("chen", "lin"):
        new = Newcomer(user, "示例管理员", (Role.CITY_ADMINISTRATOR,), CITY, date(2030, 1, 1))
        open_staff(runtime, new, "a-long-password-2026", envelope(SET_UP))
    runtime.projector.catch_up()
    return Command(database, runtime.settings.var)


def file(folder: Path, draft: dict[str, Any]) -> str:
    path = folder / "rules.json"
    path.write_text(json.dumps(draft), encoding="utf-8")
    return str(path)


def test_rules_are_read(command: Command) -> None:
    listed = json.loads(command("rules", "list", "--json").stdout)
    assert [(each["version"], each["name"]) for each in listed] == [("2026.1", "2026.1")]
    shown = json.loads(command("rules", "show", "2026.1", "--json").stdout)
    [mark] = [each for each in shown if each["ref"] == "exam.pass_mark"]
    assert mark["value"] == {"zh": "60 分", "en": "60 marks"}
    assert "考核合格线 / Pass mark of an exam" in command("rules", "show", "2026.1").stdout


def test_a_file_is_checked_and_every_reason_is_listed(command: Command, tmp_path: Path) -> None:
    assert command("rules", "check", file(tmp_path, rules(on=date(2031, 3, 1)))).exit_code == 0
    with pytest.raises(RulebookContradicts) as refused:
        command("rules", "check", file(tmp_path, rules(exam__merit_mark=50)))
    assert "marks_not_rising" in str(refused.value)
    sparse = {"version": "1", "title": "示例", "effective_from": "2031-03-01", "figures": {}}
    assert command("rules", "check", file(tmp_path, sparse), "--place", SCHOOL).exit_code == 0


def test_two_officers_try_and_publish(command: Command, tmp_path: Path) -> None:
    draft = rules("2031.1", date(2031, 3, 1), modes__on_site__cap_per_session=150)
    assert command("rules", "draft", file(tmp_path, draft), "--as", "chen").stdout == "2031.1\n"
    tried = command("rules", "dry-run", "2031.1", "--as", "chen", "--learners", "--json")
    found = json.loads(tried.stdout)
    assert (found["state"], found["totals"]["losing"]) == ("finished", 2)
    assert [each["hours_after"] for each in found["learners"]] == [150, 150]
    assert "finished" in command("rules", "dry-run", "2031.1", "--as", "chen", "--own-day").stdout

    with pytest.raises(RulebookNeedsSecondPerson):
        command("rules", "publish", "2031.1", "--as", "chen")
    assert command("rules", "publish", "2031.1", "--as", "lin").exit_code == 0
    assert "announced" in command("rules", "list").stdout
    assert command("rules", "withdraw", "2031.1", "--as", "lin").exit_code == 0


def test_better_rules_are_applied_backwards(
    command: Command, runtime: Runtime, tmp_path: Path
) -> None:
    better = rules(on=FROM, modes__on_site__rate_per_class_hour=200)
    better["retroactivity"]["better_backwards"] = True
    better["stars"]["tracks"]["six_year"]["levels"]["1"]["hours"] = 700
    command("rules", "draft", file(tmp_path, better), "--as", "chen")
    command("rules", "dry-run", "2026.2", "--as", "chen")
    # The command line has today's clock: the notice is over, an officer announces in the past.
    runtime.book.rulebooks.publish("2026.2", envelope(SET_UP))
    tried = command(
        "rules", "dry-run", "2026.2", "--as", "chen", "--instead-of", "2026.1", "--json"
    )
    run = json.loads(tried.stdout)
    assert run["totals"]["hours_gained"] == 400

    proposed = command("rules", "propose", run["run_id"], "--as", "chen").stdout.strip()
    signed = ("--sha256", run["sha256"], "--as", "lin", "--json")
    done = json.loads(command("rules", "start", proposed, *signed).stdout)

    assert done["outcomes"] == {"changed": 2, "unchanged": 1, "facts_changed": 0, "would_lose": 0}
    again = json.loads(command("rules", "start", proposed, *signed).stdout)
    assert again == done
