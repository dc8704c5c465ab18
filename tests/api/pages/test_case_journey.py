"""From “不对？” to the district's last word, through the pages, over a published holiday week."""

from __future__ import annotations

from datetime import datetime

import psycopg
import pytest
from fastapi.testclient import TestClient

from domain.account import Account
from ledger.roster import Roster
from tests.acting import DISTRICT, SCHOOL, entry, envelope
from tests.api.desk import ELSEWHERE, Desk
from tests.api.pilot_school import PilotSchool
from tests.case_acting import correction, noon

FREE = "".join(f"2026-10-0{day},休,国庆（示例）\n" for day in range(1, 8))
HOLIDAYS = f"日期,类型,名称\n{FREE}2026-09-27,班,\n2026-10-10,班,\n"
WROTE = "我一直坐到散场"
NO_BECAUSE = "签到表上离场是七点四十"
APPEALED = "王老师可以作证"
PARTLY_BECAUSE = "照片只能证明前一小时"
ONCE_MORE = "请区里看录像"
LAST_WORD = "录像显示全程在场"
AFTERTHOUGHT = "再想想"
TYPED = (WROTE, NO_BECAUSE, APPEALED, PARTLY_BECAUSE, ONCE_MORE, LAST_WORD)


@pytest.fixture(scope="session")
def beginning(attested: PilotSchool) -> PilotSchool:
    return attested


@pytest.fixture
def desk(desk: Desk) -> Desk:
    sent = {"file": ("2026.csv", HOLIDAYS.encode(), "text/csv")}
    answer = desk.browser("city_administrator").post("/staff/calendar/import", files=sent)
    assert answer.status_code == 303, answer.text
    return desk


def on(desk: Desk, at: datetime, who: str) -> TestClient:
    desk.clock.move_to(at)
    return desk.browser(who)


def form(outcome: str, reason: str, words: str) -> dict[str, str]:
    return {"outcome": outcome, "reason": reason, "words": words}


def disputed(desk: Desk) -> str:
    """Three taps: the line, “不对？”, the reason."""
    parent = on(desk, noon(9, 28), "parent")
    [line] = desk.runtime.models.accounts.statement(desk.pilot.learners[0])
    assert f"/me/statement/{line.entry_id}" in parent.get("/me/statement").text
    asked = parent.get(f"/me/statement/{line.entry_id}").text
    assert "我在场的时间更长" in asked
    assert "考核成绩不对" not in asked  # only what can fit is offered
    about = {"kind": "entry", "id": str(line.entry_id)}
    sent = parent.post("/me/disputes", data={**about, "reason": "there_longer", "words": WROTE})
    assert sent.status_code == 303, sent.text
    assert (
        parent.get(f"/me/statement/{line.entry_id}").headers["location"] == sent.headers["location"]
    )
    return sent.headers["location"]


def appealed(desk: Desk, case: str) -> str:
    parent = on(desk, noon(9, 30), "parent")
    told = parent.get(case).text
    assert NO_BECAUSE in told
    assert "2026-10-19" in told  # ten working days, the holiday week left out
    found = desk.runtime.models.cases.of_learners([desk.pilot.learners[0]])[0]
    about = {"kind": found.subject_kind, "id": str(found.subject_id)}
    sent = parent.post("/me/appeals", data={**about, "words": APPEALED})
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def answered(desk: Desk, page: str) -> None:
    teacher = on(desk, noon(9, 29), "class_teacher")
    assert "我在场的时间更长" in teacher.get(f"/staff/cases/{SCHOOL}").text
    assert WROTE in teacher.get(page).text
    no = teacher.post(f"{page}/answer", data=form("refused", "record_right", NO_BECAUSE))
    assert no.status_code == 303, no.text


def decided(desk: Desk, page: str) -> None:
    partly = form("partly", "new_evidence", PARTLY_BECAUSE)
    attested = on(desk, noon(10, 9), "coordinator").post(f"{page}/decision", data=partly)
    assert attested.status_code == 403
    assert "经手过这件事的人不能作决定" in attested.text
    assert PARTLY_BECAUSE in attested.text  # what was typed is not lost
    head = on(desk, noon(10, 10), "head")
    head.post(f"{page}/acknowledgement")
    assert head.post(f"{page}/decision", data=partly).status_code == 303


def reviewed(desk: Desk, page: str) -> None:
    officer = on(desk, noon(10, 13), "district_officer")
    assert page in officer.get(f"/staff/districts/{DISTRICT}/cases").text
    shown = officer.get(page).text
    assert [word for word in TYPED[2:5] if word not in shown] == []
    assert "陈建" not in shown  # the district decides on the case, not on a name
    auditor = desk.browser("auditor").get(page).text
    assert [word for word in TYPED if word in auditor] == []
    corrected = str(correction(desk.pilot))
    desk.catch_up(desk.runtime.book.ledger.position())
    assert corrected in officer.get(page).text  # offered to be linked
    last = form("upheld", "record_wrong", LAST_WORD)
    sent = officer.post(f"{page}/review", data={**last, "correction": corrected})
    assert sent.status_code == 303, sent.text
    again = officer.post(f"{page}/review", data=form("refused", "other", AFTERTHOUGHT))
    assert again.status_code == 409


def test_the_whole_way(desk: Desk) -> None:
    dispute = disputed(desk)
    answered(desk, staffs(dispute))
    appeal = appealed(desk, dispute)
    decided(desk, staffs(appeal))
    parent = on(desk, noon(10, 12), "parent")
    assert "部分支持" in parent.get(appeal).text
    assert parent.post(f"{appeal}/escalation", data={"words": ONCE_MORE}).status_code == 303
    reviewed(desk, staffs(appeal))

    ended = on(desk, noon(10, 14), "parent").get(appeal).text
    wanted = ("区里已作最后决定", LAST_WORD, "学校作了更正")
    assert [word for word in wanted if word not in ended] == []
    assert "提交申诉</button>" not in ended
    assert no_text_is_stored(desk, (*TYPED, AFTERTHOUGHT))
    assert desk.readings("case") > 0


def staffs(address: str) -> str:
    """The staff's page of a case that a parent sees."""
    return address.replace("/me/cases", "/staff/cases/of")


def no_text_is_stored(desk: Desk, texts: tuple[str, ...]) -> bool:
    with psycopg.connect(desk.runtime.connections.owner) as owner:
        states = owner.execute("SELECT convert_from(state, 'UTF8') FROM ledger.ledger_events")
        return not [text for (state,) in states for text in texts if text in state]


def test_no_answer_in_time_opens_the_appeal_at_once(desk: Desk) -> None:
    case = disputed(desk)
    still = on(desk, noon(9, 30), "parent").get(case).text
    assert "提交申诉</button>" not in still
    assert "最迟 2026-10-08" in still

    late = on(desk, noon(10, 9), "parent").get(case).text

    assert "提交申诉</button>" in late
    assert "已逾期" not in late  # a parent is told in plain words
    assert "已逾期" in on(desk, noon(10, 9), "class_teacher").get(f"/staff/cases/{SCHOOL}").text
    overdue = on(desk, noon(10, 9), "district_officer").get(f"/staff/districts/{DISTRICT}/cases")
    assert "逾期件数" in overdue.text


def test_who_was_there_and_is_not_listed_finds_the_session(desk: Desk) -> None:
    desk.clock.move_to(noon(9, 21))
    parent = desk.browser("parent", desk.pilot.learners[2])
    listed = parent.get("/me/missing").text
    address = f"/me/sessions/{desk.pilot.session_id}"
    assert address in listed
    assert "我参加了，但没有学时" in parent.get(address).text

    about = {"kind": "session", "id": str(desk.pilot.session_id), "reason": "not_listed"}
    case = parent.post("/me/disputes", data=about).headers["location"]

    assert "等学校答复" in parent.get(case).text
    assert parent.get(address).headers["location"] == case
    assert case in parent.get("/me/cases").text
    assert address not in desk.browser("parent").get("/me/missing").text


def test_paper_is_written_down_by_the_class_teacher(desk: Desk) -> None:
    teacher, learner = on(desk, noon(9, 21), "class_teacher"), desk.pilot.learners[0]
    address = f"/staff/learners/{learner}/cases"
    assert f"session:{desk.pilot.session_id}" in teacher.get(address).text
    about = {"subject": f"session:{desk.pilot.session_id}", "reason": "wrong_hours"}
    dispute = teacher.post(address, data={**about, "words": "见附纸"}).headers["location"]
    teacher.post(f"{dispute}/answer", data=form("refused", "record_right", "记录无误"))

    appeal = teacher.post(address, data={**about, "appeal": "true"}).headers["location"]

    assert (
        "申诉办理中"
        in desk.browser("parent").get(appeal.replace("/staff/cases/of", "/me/cases")).text
    )
    desk.browser("head").post(f"{appeal}/decision", data=form("refused", "rule_applied", "按规则"))
    assert teacher.post(f"{appeal}/escalation", data={"words": "纸"}).status_code == 303


def test_held_hours_are_shown_as_such_until_the_case_ends(desk: Desk) -> None:
    dispute = disputed(desk)
    page = staffs(dispute)
    learner = desk.pilot.learners[0]
    account = desk.runtime.book.ledger.find(Account, Account.create_id(learner))
    assert account is not None
    entry = {"entry": str(account.standing[0].entry_id)}
    coordinator = desk.browser("coordinator")
    assert coordinator.post(f"{page}/holds", data=entry).status_code == 303

    statement = desk.browser("parent").get("/me/statement").text
    assert "核实中" in statement
    assert "0.00" not in statement.split('class="stmt"')[-1].split("<ol>")[1]
    assert coordinator.post(f"{page}/releases", data=entry).status_code == 303
    coordinator.post(f"{page}/holds", data=entry)
    yes = form("upheld", "record_wrong", "")
    assert desk.browser("class_teacher").post(f"{page}/answer", data=yes).status_code == 303

    assert desk.runtime.models.accounts.held(learner) == 0
    linked = {"correction": str(correction(desk.pilot))}
    desk.catch_up(desk.runtime.book.ledger.position())
    assert desk.browser("class_teacher").post(f"{page}/corrections", data=linked).status_code == 303
    assert "学校作了更正" in desk.browser("parent").get(dispute).text


def test_a_parent_lets_it_rest(desk: Desk) -> None:
    parent = on(desk, noon(9, 21), "parent")
    about = {"kind": "session", "id": str(desk.pilot.session_id)}
    case = parent.post("/me/appeals", data=about).headers["location"]

    assert parent.post(f"{case}/withdrawal").status_code == 303

    assert "已撤回" in parent.get(case).text


def test_a_line_of_somebody_else_is_not_shown(desk: Desk) -> None:
    [line] = desk.runtime.models.accounts.statement(desk.pilot.learners[0])
    other = desk.browser("parent", desk.pilot.learners[2])

    assert other.get(f"/me/statement/{line.entry_id}").status_code == 404
    assert other.get(f"/me/sessions/{line.entry_id}").status_code == 404
    assert other.get(f"/me/disputes/new?kind=attempt&id={line.entry_id}").status_code == 200


def test_the_calendar_is_shown_and_its_mistakes_are_named(desk: Desk) -> None:
    city = desk.browser("city_administrator")
    assert "2026-10-10" in desk.browser("class_teacher").get("/staff/calendar").text
    assert "未公布节假日" in desk.browser("class_teacher").get("/staff/calendar?year=2027").text

    sent = {"file": ("x.csv", "日期,类型\n2026-10-01,半天\n".encode(), "text/csv")}
    answer = city.post("/staff/calendar/import", files=sent)

    assert answer.status_code == 422
    assert "第 2 行，类型" in answer.text
    assert "区级复核" in desk.browser("district_officer").get("/staff").text


def test_the_district_reads_what_was_brought_before_it_and_nothing_else(desk: Desk) -> None:
    dispute = disputed(desk)
    page = staffs(dispute)
    assert WROTE not in on(desk, noon(9, 22), "district_officer").get(page).text
    answered(desk, page)
    appeal = appealed(desk, dispute)
    officer = on(desk, noon(10, 9), "district_officer")
    assert [w for w in (WROTE, APPEALED) if w in officer.get(staffs(appeal)).text] == []
    decided(desk, staffs(appeal))
    on(desk, noon(10, 12), "parent").post(f"{appeal}/escalation", data={"words": ONCE_MORE})
    officer = on(desk, noon(10, 13), "district_officer")
    home = officer.get("/staff").text
    assert "申诉等待区级复核" in home
    assert home.count(f'href="/staff/districts/{DISTRICT}/cases"') == 2
    assert "申诉等待区级复核" not in on(desk, noon(10, 13), "auditor").get("/staff").text
    assert WROTE in officer.get(page).text
    assert APPEALED in officer.get(staffs(appeal)).text


def test_paper_offers_what_is_of_the_own_school(desk: Desk) -> None:
    learner = desk.pilot.learners[0]
    book = desk.runtime.book
    [elsewhere] = book.rosters.take(
        Roster(ELSEWHERE, 2026), [entry(2, stage="junior", grade="七年级", student_no="1")],
        envelope(), dry_run=False,
    )  # fmt: skip
    assert elsewhere.id == learner
    desk.catch_up(book.ledger.position())
    dispute = staffs(disputed(desk))
    address = f"/staff/learners/{learner}/cases"
    assert dispute in on(desk, noon(9, 21), "class_teacher").get(address).text

    page = on(desk, noon(9, 21), "class_teacher_elsewhere").get(address).text

    assert "（示例）陈建2" in page
    assert str(desk.pilot.session_id) not in page
    assert dispute not in page


@pytest.mark.parametrize("subject", ["nothing:{id}", f"session:{'-' * 36}"])
def test_what_a_paper_is_about_is_named_where_it_is_malformed(desk: Desk, subject: str) -> None:
    teacher, learner = on(desk, noon(9, 21), "class_teacher"), desk.pilot.learners[0]
    about = {"subject": subject.format(id=desk.pilot.session_id), "reason": "other"}
    headers = {"Accept": "application/json"}
    answer = teacher.post(f"/staff/learners/{learner}/cases", data=about, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == ["body", "subject"]
