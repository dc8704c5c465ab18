"""The demo's pilot holds one example of every case, each on the page where a newcomer looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.access.cookies import CookieKind
from api.app import create_app
from api.bootstrap import Runtime
from api.demo.keeping import kept, login_of
from api.demo.pilot import load_unless_there
from api.demo.righting import TALK
from api.demo.staff import DISTRICT, PRIMARY
from api.files.template import Kind
from api.imports.order import Order
from api.imports.taking import take_file
from api.passbook.checking import checked
from api.passbook.file import Passbook
from api.passbook.making import passbook_of
from domain.calendar import school_year_of
from domain.carriers import Mode
from domain.correction import State
from ledger.plans import CALLED_OFF
from ledger.recomputing.figures import Verdict, worst
from projections.account_statement import StatementLine
from projections.learners_in_turn import LearnersInTurn
from projections.leave_book import MakeUpLine
from tests.api.desk import CITY, ORIGIN
from tests.api.log.test_log_files import step
from tests.clock import TestClock

EARNED = (
    Mode.ON_SITE, Mode.PARENT_LECTURER, Mode.MICRO_CLASS, Mode.INFO_PUSH, Mode.EXTERNAL_RECOGNISED
)  # fmt: skip
Look = Callable[[str, str], str]


@pytest.fixture
def demo(runtime: Runtime, clock: TestClock) -> Runtime:
    clock.move_to(datetime.now(UTC))
    load_unless_there(runtime)
    runtime.projector.catch_up()
    return runtime


@pytest.fixture
def look(demo: Runtime, clock: TestClock) -> Look:
    """Open a page as a person of the pilot; a parent is the one who was accused."""
    app = create_app(demo)
    staff = {each["user"]: UUID(each["staff_id"]) for each in kept(demo)["logins"]}
    accused = UUID(kept(demo)["learners"][-1]["learner_id"])

    def opened(user: str, address: str) -> str:
        client = TestClient(app, base_url=ORIGIN, headers={"Origin": ORIGIN})
        if user == "accused":
            login = demo.logins.begin_device(accused, clock.at, confirmed=True)
            client.cookies.set(demo.cookies.name(CookieKind.DEVICE), login.token)
        else:
            login = demo.logins.begin_staff(staff[user], clock.at)
            client.cookies.set(demo.cookies.name(CookieKind.STAFF), login.token)
        answer = client.get(address)
        assert answer.status_code == 200, (user, address)
        return answer.text

    return opened


@pytest.mark.slow
def test_the_pilot_holds_every_case(demo: Runtime, look: Look) -> None:
    nothing_is_to_come(demo)
    corrections_and_cases(demo, look)
    hearings(demo, look)
    rows_meant_anew(demo)
    make_ups_and_studies(demo, look)
    exams(look)
    home_visits(look)
    closings(demo, look)
    rules(look)
    people(demo, look)
    teachers(look)
    passbooks(demo)


def passbooks(demo: Runtime) -> None:
    """What the pages show of each parent comes out the same from nothing but their passbook."""
    step(demo.log_keeping)
    learners = LearnersInTurn(demo.views).after(None, "", 1000)
    assert len(learners) > 40
    for learner in learners:
        made = Passbook.model_validate_json(passbook_of(demo, learner).as_bytes())
        assert worst(checked(made)) is Verdict.SAME, learner


def nothing_is_to_come(demo: Runtime) -> None:
    """Every fact of the pilot lies in the past of its own clock."""
    with psycopg.connect(demo.connections.owner) as owner:
        [(last,)] = owner.execute(
            "SELECT max((convert_from(state, 'UTF8')::jsonb -> 'envelope' ->> 'occurred_at')"
            "::timestamptz) FROM ledger.ledger_events"
        )
    assert last <= demo.now()


def corrections_and_cases(demo: Runtime, look: Look) -> None:
    found = [(each.state, each.kind) for each in demo.models.corrections.of_schools([PRIMARY])]
    assert sorted(found) == [
        *((State.APPLIED, kind) for kind in ("attendance", "merge", "merge", "unmerge")),
        *((State.WAITING, kind) for kind in ("attendance", "session_void")),
    ]
    assert "/staff/corrections" in look("district", "/staff")
    assert "作废活动" in look("district", "/staff/corrections")
    cases = demo.models.cases
    assert {each.stands for each in cases.open_of(PRIMARY)} == {"open", "lodged"}
    assert len(cases.ended_of(PRIMARY)) == 2  # one upheld; one turned down, and then appealed
    page = look("head", f"/staff/cases/{PRIMARY}")
    assert [word for word in ("等学校答复", "申诉办理中", "支持家长") if word not in page] == []
    assert "调休" in look("teacher", "/staff/calendar")


def hearings(demo: Runtime, look: Look) -> None:
    """A parent was told and may answer; a teacher of the school waits to be told."""
    accused = next(
        c for c in demo.models.corrections.of_schools([PRIMARY]) if c.asked.needs_hearing
    )
    assert "已告知" in look("coordinator", f"/staff/hearings/{accused.correction_id}")
    assert "亲子共读半日营" in look("accused", f"/me/proposals/{accused.correction_id}")
    assert f"/me/proposals/{accused.correction_id}" in look("accused", "/me")
    [training] = demo.models.teacher_corrections.open_of(PRIMARY)
    assert "待告知" in look("coordinator", f"/staff/hearings/{training.correction_id}")
    assert "提议" in look("teacher", "/staff/my-hours")


def rows_meant_anew(demo: Runtime) -> None:
    """The plan is there to be brought again: one row was called off, the others stand."""
    answer = TestClient(create_app(demo)).get("/demo/plan.csv")
    by = login_of(kept(demo), "coordinator").acting(demo.now())
    order = Order(Kind.PLAN, PRIMARY, by, dry_run=True)
    rows = take_file(demo.book, order, answer.content).report.rows
    assert [row.code or row.outcome for row in rows] == ["same", CALLED_OFF, "same"]


def make_ups_and_studies(demo: Runtime, look: Look) -> None:
    assert "1 人请假" in look("teacher", f"/staff/leaves/{PRIMARY}")
    page = look("coordinator", f"/staff/studies/{PRIMARY}")
    assert "1 人学完" in page
    assert page.count("1 人答对") == 5
    page = look("district", f"/staff/external/{PRIMARY}")
    assert "等待区里确认" in page
    assert "已认定" in page
    earned = {line.mode for each in learners(demo) for line in statement(demo, each)}
    assert {*EARNED} <= earned
    [made_up] = [m for each in learners(demo) for m in make_ups(demo, each)]
    assert made_up.by_id != made_up.missed_session_id


def learners(demo: Runtime) -> list[UUID]:
    return demo.models.roster.learners_of(PRIMARY, school_year_of(demo.now().date()))


def statement(demo: Runtime, learner_id: UUID) -> Sequence[StatementLine]:
    return demo.models.accounts.statement(learner_id)


def make_ups(demo: Runtime, learner_id: UUID) -> Sequence[MakeUpLine]:
    return demo.models.leaves.make_ups_of_learner(learner_id)


def exams(look: Look) -> None:
    page = look("coordinator", f"/staff/exams/{PRIMARY}")
    assert "家庭教育知识网上考核（示例）" in page
    assert "60 题" in page  # the bank that an exam may be drawn from


def home_visits(look: Look) -> None:
    page = look("teacher", f"/staff/home-visits/{PRIMARY}?grade=三年级&group=1班")
    assert "已家访 8/12 名学生" in page  # one more was taken back
    assert "网络 · 分组" in page


def closings(demo: Runtime, look: Look) -> None:
    year = school_year_of(demo.now().date()) - 1
    closed = demo.models.closings.of_year(PRIMARY, year)
    assert closed is not None
    assert "已结账" in look("head", f"/staff/schools/{PRIMARY}/compliance?term={year}-1")
    assert "学年已结账" in look("head", f"/staff/schools/{PRIMARY}/years/{year}")


def rules(look: Look) -> None:
    assert "草稿" in look("city", f"/staff/rules/{CITY}")
    assert "已公告" in look("district", f"/staff/rules/{DISTRICT}")


def people(demo: Runtime, look: Look) -> None:
    assert "同一手机号" in look("coordinator", f"/staff/merges/{PRIMARY}")
    merged = [m for each in learners(demo) for m in demo.models.one_person.merges_of(each)]
    [survivor_id] = {each.survivor_id for each in merged}
    parting = look("coordinator", f"/staff/merges/{PRIMARY}/of/{survivor_id}")
    assert parting.count("?merged=") == 1
    held = (e for e in demo.models.sessions.sessions_of(PRIMARY) if e.standing == "attested")
    [talk] = (each for each in held if each.title == TALK)
    register = look("coordinator", f"/staff/sessions/{talk.session_id}/register")
    assert register.count("同一人的另一份记录") == 1
    assert (talk.head_count, talk.head_count_recorded, talk.checked_in) == (7, 8, 7)
    assert "待新学校登记" in look("coordinator", f"/staff/transfers/{PRIMARY}")
    assert "监护权变更" in look("coordinator", f"/staff/custody/{PRIMARY}")


def teachers(look: Look) -> None:
    assert "例班主任" in look("coordinator", f"/staff/teachers/{PRIMARY}")
    assert "家校沟通案例研讨（示例）" in look("teacher", "/staff/my-hours")
