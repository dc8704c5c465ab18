"""The command line: set up an installation, ask how it stands, and read the facts of a balance."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from api import cli
from api.access import totp
from api.bootstrap import Runtime
from api.certificates import issue_statement
from api.signing import create_key
from domain.account import Account
from domain.envelope import Role
from ledger import partitions
from tests.acting import ENDS, SCHOOL, SET_UP, STARTS, Pilot, envelope
from tests.api.log.test_log_files import step
from tests.database import TestDatabase
from tests.ledger_evening import hold

PROMPTED = "a-long-password-2026\na-long-password-2026\n"


class Command:
    """Runs commands against the test's database as a user would, in this process."""

    def __init__(self, database: TestDatabase, var: Path) -> None:
        self.environment = {
            "PARENT_CREDITS_DATABASE_URL": database.owner,
            "PARENT_CREDITS_VAR": str(var),
            "PARENT_CREDITS_LOG_LEVEL": "error",
            "COLUMNS": "200",
        }

    def __call__(self, *words: str, typed: str = "") -> Result:
        result = CliRunner().invoke(cli.app, words, input=typed, env=self.environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.fixture
def command(runtime: Runtime, database: TestDatabase) -> Command:
    return Command(database, runtime.settings.var)


def test_a_new_installation_is_set_up_by_commands_alone(command: Command) -> None:
    assert command("setup").exit_code == 0
    assert command("setup").exit_code == 0  # a second time changes nothing
    school = ("register", "school", "4401040009", "示例二小", "--district", "440104")
    assert command(*school, "--stage", "primary").exit_code == 0
    assert (
        command("register", "classes", "4401040009", "2026", "三年级", "1班", "2班").exit_code == 0
    )
    assert command("register", "term", "2026", "1", "--begins", "2026-09-01",
                   "--ends", "2027-02-20").exit_code == 0  # fmt: skip
    staff = command(
        "register", "staff", "desk", "示例老师", "--role", "host", "--organisation",
        "4401040009", "--until", "2027-07-31", typed=PROMPTED,
    )  # fmt: skip

    assert staff.exit_code == 0
    assert "otpauth://" in staff.output


def test_the_registered_account_signs_in(command: Command, runtime: Runtime) -> None:
    command("setup")
    output = command(
        "register", "staff", "desk", "示例老师", "--role", "auditor", "--organisation", "440100",
        "--until", "2027-07-31", typed=PROMPTED,
    ).output  # fmt: skip
    secret = output.split("secret=")[1].split("&")[0].strip()
    code = totp.code_of(secret, runtime.now())

    staff_id = runtime.accounts.sign_in("desk", "a-long-password-2026", code, runtime.now())

    [grant] = runtime.grants_of(staff_id)
    assert (grant.role.value, grant.organisation) == ("auditor", "440100")


def test_status_names_every_read_model_and_the_feed(command: Command, runtime: Runtime) -> None:
    Pilot(runtime.book).set_up()
    runtime.projector.catch_up()

    told = json.loads(command("status", "--json").output)

    assert told["guarded"] is True
    assert told["log"] is None
    assert told["position"] == runtime.book.ledger.position()
    assert {each["name"] for each in told["projections"]} >= {"session_board", "roster"}
    assert all(each["lag_events"] == 0 for each in told["projections"])
    assert "has not begun" in command("status").output
    step(runtime.log_keeping)
    told = json.loads(command("status", "--json").output)
    assert told["log"] == {"size": told["position"], "overdue": 0}
    assert "0 have waited" in command("status").output


def test_history_prints_the_facts_behind_a_balance(command: Command, runtime: Runtime) -> None:
    pilot = Pilot(runtime.book).set_up()
    hold(pilot, pilot.learners)
    runtime.projector.catch_up()
    learner = pilot.learners[0]

    told = json.loads(command("history", str(learner), "--json").output)
    [line] = told["lines"]

    account = runtime.book.ledger.find(Account, Account.create_id(learner))
    assert account is not None
    assert (line["hours"], line["balance"]) == (200, account.balance)
    assert line["title"] == "读懂孩子的情绪"
    assert line["minutes"] == 80
    assert line["rulebook_version"] == "2026.1"
    assert (told["balance"], told["stars"], told["certificates"]) == (200, [], [])
    before = command("history", str(learner), "--as-of", "2026-09-17", "--json").output
    assert (json.loads(before)["balance"], json.loads(before)["lines"]) == (0, [])
    unknown = command("history", str(learner), "--known-by", "2026-01-01", "--json").output
    assert json.loads(unknown)["balance"] == 0
    assert "读懂孩子的情绪" in command("history", str(learner)).output


def test_explain_prints_the_answer_first_and_then_the_tree(
    command: Command, runtime: Runtime
) -> None:
    pilot = Pilot(runtime.book).set_up()
    hold(pilot, pilot.learners)
    create_key(runtime, SET_UP)
    runtime.projector.catch_up()
    issued = issue_statement(runtime, SCHOOL, pilot.learners[0], uuid4(), envelope(ENDS))
    runtime.projector.catch_up()
    [line] = runtime.models.accounts.statement(pilot.learners[0])

    told = command("explain", str(line.entry_id)).output.splitlines()

    assert told[0] == "计 2.00 学时：在场 80 分钟，计划 80 分钟，占 100%，全部计入。"
    assert any("attendance.checked_in parent" in each for each in told)
    as_json = json.loads(command("explain", str(issued.number), "--english", "--json").output)
    assert as_json["answer"] == f"statement of hours {issued.number}".capitalize()


def test_rebuild_makes_a_read_model_anew(command: Command, runtime: Runtime) -> None:
    pilot = Pilot(runtime.book).set_up()
    runtime.projector.catch_up()
    before = runtime.models.roster.learners_of(SCHOOL, 2026)

    assert len(before) == len(pilot.learners)
    with runtime.views.transaction() as tx:
        tx.execute("UPDATE roster_place SET grade = '九年级'")
    checked = command("rebuild", "roster", "--check")
    assert checked.exit_code == 1
    assert "grade=九年级 → grade=" in checked.output
    [report] = json.loads(command("rebuild", "roster", "--json").stdout)
    assert not all(table["same"] for table in report["tables"])
    assert runtime.models.roster.learners_of(SCHOOL, 2026) == before
    back = json.loads(command("rebuild", "--all", "--back", "--json").stdout)
    assert [each["projection"] for each in back] == ["roster"]  # the others have nothing older
    command("rebuild", "roster", "--back")
    assert runtime.models.roster.learners_of(SCHOOL, 2026) == before
    assert command("rebuild", "--all", "--forget").output.splitlines() == ["roster"]
    assert command("rebuild").exit_code == command("rebuild", "roster", "--all").exit_code == 2


def test_the_events_table_is_parted_once(
    command: Command, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = Pilot(runtime.book).set_up()
    before = runtime.book.ledger.position()
    monkeypatch.setattr(partitions, "MINIMUM_SERVER", 99)
    with pytest.raises(partitions.ServerTooOld):
        command("partition", "2")
    monkeypatch.undo()

    assert command("partition", "2").exit_code == 0
    assert runtime.book.ledger.position() == before
    assert runtime.book.sessions.open(pilot.session_id, envelope(STARTS, Role.HOST)) > before
    with pytest.raises(partitions.AlreadyInParts):
        command("partition", "2")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("rebuild", "nothing"), "projection_unknown"),
        (("rebuild", "roster", "--back"), "nothing_kept"),
        (("history", "00000000-0000-0000-0000-00000000c1a0"), "learner_unknown"),
        (("explain", "00000000-0000-0000-0000-00000000c1a0"), "nothing_to_explain"),
        (("explain", "440104-2026-0000001-1"), "certificate_unknown"),
        (("register", "classes", "4401049999", "2026", "三年级", "1班"), "school_unknown"),
    ],
)
def test_a_refusal_prints_its_code_and_exits_with_five(
    command: Command, words: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name, value in command.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["parent-credits", *words])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 5
    assert capsys.readouterr().err.startswith(f"{code}: ")


def test_the_version_is_that_of_the_package(command: Command) -> None:
    told = command("--version")
    assert told.exit_code == 0
    assert told.output == f"parent-credits {version('parent-credits')}\n"


def test_reset_forgets_our_own_server_and_never_a_named_one(
    command: Command, tmp_path: Path
) -> None:
    assert command("reset").exit_code == 2
    own = tmp_path / "own"
    console = Path(sys.executable).with_name("parent-credits")
    environment = {"PATH": "/usr/bin:/bin", "PARENT_CREDITS_VAR": str(own)}
    for word in ("setup", "reset"):
        done = subprocess.run([console, word], env=environment, check=False, capture_output=True)
        assert done.returncode == 0, done.stderr

    assert not own.exists()


def test_a_command_that_serves_nothing_does_not_load_what_serves() -> None:
    """It took a third of the time of every command, `--help` as well."""
    looking = "import sys, api.cli; print(*{'api.app', 'uvicorn'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", looking], capture_output=True, check=True)
    assert done.stdout == b"\n"
