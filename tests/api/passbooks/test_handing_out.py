"""A passbook is handed out: to its holder, by staff with a trace, by the shell; without names."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from api.cli_passbook import FileThere
from api.passbook.checking import checked
from api.passbook.file import Passbook, PassbookUnreadable
from domain.learner import UnknownLearner
from ledger.recomputing.figures import Verdict, worst
from tests.acting import envelope
from tests.api.desk import Desk
from tests.api.log.test_log_files import step
from tests.api.passbooks.touching import Touched
from tests.api.test_cli import Command
from tests.database import TestDatabase


def attested(desk: Desk) -> None:
    """An evening of two parents, and the log that the worker keeps."""
    desk.attested()
    step(desk.runtime.log_keeping)


@pytest.fixture
def command(desk: Desk, database: TestDatabase) -> Command:
    attested(desk)
    return Command(database, desk.runtime.settings.var)


def test_a_parent_takes_their_own_and_it_recomputes(desk: Desk) -> None:
    attested(desk)
    learner, other, _ = desk.pilot.learners
    phone = desk.browser("parent")

    assert 'href="/me/passbook.json"' in phone.get("/me/data").text
    answer = phone.get("/me/passbook.json")

    assert answer.headers["content-type"] == "application/json"
    assert "attachment" in answer.headers["content-disposition"]
    book = Passbook.model_validate_json(answer.content)
    assert (book.learner_id, book.summary.hours) == (learner, 200)
    assert worst(checked(book)) is Verdict.SAME
    for secret in ("陈", "100000000", str(other)):
        assert secret not in answer.text


def test_what_somebody_else_had_typed_and_nobody_checked_is_not_in_it(desk: Desk) -> None:
    """The second person reads a score blind: no file shows it before."""
    desk.open()
    exam_id = desk.typed(80)

    assert "paper_result_entered" not in desk.browser("parent").get("/me/passbook.json").text
    desk.checked(exam_id, 80)
    assert "paper_result_entered" in desk.browser("parent").get("/me/passbook.json").text


def test_the_coordinator_hands_it_out_and_the_look_is_logged(desk: Desk) -> None:
    desk.attested()
    learner = desk.pilot.learners[0]
    address = f"/staff/learners/{learner}/passbook.json"
    staff = desk.browser("coordinator")

    assert f'href="{address}"' in staff.get(f"/staff/learners/{learner}").text
    answer = staff.get(address)

    assert Passbook.model_validate_json(answer.content).learner_id == learner
    assert desk.readings("passbook") == 1
    assert "学时存折" in desk.browser("parent").get("/me/looks").text
    assert desk.browser("coordinator_elsewhere").get(address).status_code == 403
    assert desk.readings("passbook") == 1


def test_a_command_writes_it_for_its_owner_s_eyes_over_nothing_and_the_look_is_logged(
    desk: Desk, command: Command, tmp_path: Path
) -> None:
    file, learner = tmp_path / "passbook.json", desk.pilot.learners[0]
    words = ("passbook", str(learner), "--out", str(file))
    file.write_text("kept", encoding="utf-8")
    with pytest.raises(FileThere):
        command(*words)
    assert (file.read_text(encoding="utf-8"), desk.readings("passbook")) == ("kept", 0)

    assert command(*words, "--force").exit_code == 0

    assert file.stat().st_mode & 0o777 == 0o600
    assert Passbook.model_validate_json(file.read_bytes()).learner_id == learner
    assert desk.readings("passbook") == 1


def test_a_command_writes_it_and_another_recomputes_it_without_an_installation(
    desk: Desk, command: Command, offline: Command, tmp_path: Path
) -> None:
    file, learner = tmp_path / "passbook.json", desk.pilot.learners[0]
    assert command("passbook", str(learner), "--out", str(file)).exit_code == 0

    told = offline("verify", "--recompute", str(file))
    as_json = json.loads(offline("verify", "--recompute", str(file), "--json").output)

    assert told.exit_code == 0
    assert "全部一致" in told.output
    assert "Everything comes out the same" in told.output
    assert "没有与别处核对" in told.output
    assert as_json["verdict"] == "same"
    assert {figure["verdict"] for figure in as_json["figures"]} == {"same"}
    assert not (tmp_path / "nowhere").exists()


def test_what_differs_is_named_and_told_by_the_exit_code(
    touched: Touched, offline: Command, tmp_path: Path
) -> None:
    file = tmp_path / "passbook.json"
    touched.change("account.credit_awarded", lambda state: state["credit"].update(hours=300))
    touched.write(file)

    told = offline("verify", "--recompute", str(file))

    assert told.exit_code == 1
    assert "≠ 学时 lines 2026-10-23 示例讲座5 " in told.output
    assert "所载 recorded 3.00\t算得 derived 2.00" in told.output
    touched.leave_out_stream("session.scheduled").write(file)
    assert "没有所依据的记录" in offline("verify", "--recompute", str(file)).output


def test_what_follows_and_is_not_recorded_yet_is_told_apart(
    touched: Touched, offline: Command, tmp_path: Path
) -> None:
    """An attested evening whose award run has not come to this learner."""
    file = tmp_path / "passbook.json"
    touched.leave_out_stream("account.opened").leave_out_stream("evaluation.opened")
    for _ in range(5):
        touched.leave_out("attendance.assessed")
    touched.data["summary"] = {"hours": 0, "years": [], "completions": [], "stars": []}
    touched.write(file)

    touched.data["log"] = None
    touched.write(file)

    told = offline("verify", "--recompute", str(file))

    assert told.exit_code == 3
    assert "尚未入账 not recorded yet" in told.output


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": "something-else"}', "\x00", "示例"])
def test_what_is_no_passbook_is_refused(offline: Command, tmp_path: Path, text: str) -> None:
    file = tmp_path / "passbook.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(PassbookUnreadable):
        offline("verify", "--recompute", str(file))
    with pytest.raises(PassbookUnreadable):
        offline("verify", "--recompute", str(tmp_path / "not-there.json"))


def test_a_passbook_of_a_later_version_is_refused(
    year: bytes, offline: Command, tmp_path: Path
) -> None:
    file = tmp_path / "passbook.json"
    file.write_text(json.dumps({**json.loads(year), "version": 2}), encoding="utf-8")

    with pytest.raises(PassbookUnreadable) as refused:
        offline("verify", "--recompute", str(file))

    assert refused.value.facts["field"] == "version"


def test_nobody_has_no_passbook(command: Command, tmp_path: Path) -> None:
    with pytest.raises(UnknownLearner):
        command("passbook", str(uuid4()), "--out", str(tmp_path / "passbook.json"))


def test_none_is_made_while_the_pages_do_not_show_what_is_recorded(desk: Desk) -> None:
    """It would last, and speak against a ledger that is right."""
    attested(desk)
    with psycopg.connect(desk.runtime.connections.owner) as owner:
        owner.execute("LOCK TABLE ledger_views.checkpoint IN EXCLUSIVE MODE")  # readers go on
        desk.runtime.book.learners.consent(desk.pilot.learners[1], "records", "1", envelope())
        late = desk.browser("parent").get("/me/passbook.json")
        owner.rollback()
    assert late.status_code == 503
    assert "数据还在汇总" in late.text
    in_time = desk.browser("parent").get("/me/passbook.json")
    assert worst(checked(Passbook.model_validate_json(in_time.content))) is not Verdict.DIFFERS
