"""The command line of the calendar and of cases: publish a year, read what waits. No names."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from api.bootstrap import Runtime
from domain.appeal_refusals import UnknownCase
from domain.dispute import DisputeReason
from domain.working_days import CalendarDropsDays, CalendarMalformed
from tests.acting import SCHOOL, Pilot
from tests.api.test_cli import Command
from tests.case_acting import attendance, noon, parent
from tests.database import TestDatabase
from tests.ledger_evening import hold


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


@pytest.fixture
def year(tmp_path: Path) -> str:
    file = tmp_path / "2026.csv"
    file.write_text("日期,类型\n2026-10-01,休\n2026-10-10,班\n", encoding="utf-8-sig")
    return str(file)


def test_a_year_is_published_once_a_dry_run_said_what_it_holds(
    command: Command, runtime: Runtime, year: str
) -> None:
    tried = json.loads(command("calendar", "import", year, "--dry-run", "--json").output)
    assert (tried["days_off"], tried["revision"]) == (["2026-10-01"], 0)
    assert runtime.book.calendars.year(2026) is None

    assert "2026.1" in command("calendar", "import", year).output

    shown = json.loads(command("calendar", "show", "2026", "--json").output)
    assert (shown["revision"], shown["extra_working_days"]) == (1, ["2026-10-10"])
    assert "休 —" in command("calendar", "show", "2027").output


def test_a_malformed_file_is_named_by_row_and_column(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("日期,类型\n2026-10-01,半天\n", encoding="utf-8")

    with pytest.raises(CalendarMalformed) as refused:
        command("calendar", "import", str(file))

    assert (refused.value.facts["row"], refused.value.facts["column"]) == (2, "类型")


def test_cases_are_listed_shown_and_counted(command: Command, runtime: Runtime) -> None:
    pilot = Pilot(runtime.book).set_up()
    hold(pilot, pilot.learners[:1])
    learner = pilot.learners[0]
    by = parent(learner, noon(9, 21))
    case_id = runtime.book.cases.dispute(
        learner, attendance(pilot), DisputeReason.OTHER, "（示例）", by
    )
    runtime.projector.catch_up()

    [case] = json.loads(command("cases", "list", SCHOOL, "--json").output)
    told = json.loads(command("cases", "show", str(case_id), "--json").output)
    counted = json.loads(command("cases", "overdue", "--json").output)

    assert (case["case_id"], case["due"]) == (str(case_id), "2026-09-24")
    assert [step["topic"] for step in told["steps"]] == ["dispute.opened"]
    assert str(case_id) in command("cases", "list", SCHOOL).output
    assert "dispute.opened" in command("cases", "show", str(case_id)).output
    assert sum(each["cases"] for each in counted) in {0, 1}  # by the day of the test
    assert command("cases", "overdue", "--district", "440104").exit_code == 0
    with pytest.raises(UnknownCase):
        command("cases", "show", str(uuid4()))


def test_a_short_file_drops_days_only_where_it_says_so(
    command: Command, runtime: Runtime, year: str, tmp_path: Path
) -> None:
    command("calendar", "import", year)
    short = tmp_path / "short.csv"
    short.write_text("日期,类型\n2026-10-01,休\n", encoding="utf-8")

    with pytest.raises(CalendarDropsDays) as refused:
        command("calendar", "import", str(short))
    assert refused.value.facts["days"] == ["2026-10-10"]

    command("calendar", "import", str(short), "--may-drop")
    published = runtime.book.calendars.year(2026)
    assert published is not None
    assert published.extra == ()
