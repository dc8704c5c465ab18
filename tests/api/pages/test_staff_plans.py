"""The teaching plan of a term: its table, its file, and each session added, changed, cancelled."""

from __future__ import annotations

from datetime import date, timedelta

from api.files.template import Kind
from api.imports.order import Order
from api.imports.report import Outcome
from api.imports.taking import take_file
from domain.calendar import Term
from domain.planning import CancelReason
from tests.acting import SCHOOL, STARTS, envelope
from tests.api.desk import Desk

PLAN = f"/staff/plans/{SCHOOL}/2026-1"
LECTURE = {
    "topic": "陪孩子过好寒假", "family": "life_education", "mode": "on_site",
    "carrier": "in_school", "grades": ["三年级"], "day": "2026-12-18", "starts": "19:00",
    "ends": "20:20", "class_hours": "2", "lecturer": "（示例）王老师",
    "lecturer_kind": "expert", "place": "报告厅", "responsible": "（示例）刘主任",
}  # fmt: skip


ASKERS = ("coordinator", "class_teacher", "head", "district_officer", "host")
WRONG: tuple[tuple[str, dict[str, object], str], ...] = (
    ("topic", {"topic": " "}, "必填"),
    ("day", {"day": "2026-13-01"}, "日期无法识别"),
    ("day", {"day": "2027-03-01"}, "日期不在"),
    ("class_hours", {"class_hours": "3"}, "课时"),
    ("ends", {"ends": "18:00"}, "结束"),
    ("starts", {"starts": "", "ends": ""}, "须填写开始时间"),
    ("mode", {"mode": "home_visit"}, ""),
    ("grades", {"grades": ["七年级"]}, "本校没有这个学段"),
)


def text(desk: Desk, asker: str, path: str = PLAN) -> str:
    desk.catch_up(desk.runtime.book.ledger.position())
    answer = desk.browser(asker).get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_plan_opens_at_the_term_of_today_with_its_light_and_its_weeks(desk: Desk) -> None:
    opened = desk.browser("coordinator").get(f"/staff/plans/{SCHOOL}")
    page = text(desk, "coordinator")

    assert opened.headers["location"] == PLAN
    assert "活动 0/2，课时 0/8" in page
    assert "已计入活动 0、课时 0；加上计划 1、2" in page
    assert '<td class="num">3</td><td class="when">2026-09-18' in page
    assert "读懂孩子的情绪" in page
    assert "示例小学 2026学年第一学期 家长学校教学计划" in page


def test_each_sees_what_is_theirs(desk: Desk) -> None:
    pages = {asker: text(desk, asker) for asker in ASKERS}

    light = {asker for asker, page in pages.items() if "活动 0/2" in page}
    assert light == {"coordinator", "head", "district_officer"}
    for address in (f"{PLAN}/sessions/new", f"{desk.session}/plan"):
        changes = {asker for asker, page in pages.items() if address in page}
        assert changes == {"coordinator", "class_teacher"}


def test_a_session_is_added_and_stands_in_the_table_with_who_speaks(desk: Desk) -> None:
    answer = desk.browser("coordinator").post(f"{PLAN}/sessions", data=LECTURE)
    page = text(desk, "coordinator")

    assert (answer.status_code, answer.headers["location"]) == (303, PLAN)
    for words in (
        "陪孩子过好寒假",
        "生命教育课程",
        "2026-12-18",
        "（示例）王老师",
        "（示例）刘主任",
    ):
        assert words in page
    assert "（示例）王老师" not in text(desk, "district_officer")
    assert desk.readings("term_plan") > 0


def test_the_same_form_twice_makes_one_session(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")
    for _ in range(2):
        assert coordinator.post(f"{PLAN}/sessions", data=LECTURE).status_code == 303

    assert text(desk, "coordinator").count(">陪孩子过好寒假</a>") == 1


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    coordinator = desk.browser("coordinator")

    for field, typed, says in WRONG:
        answer = coordinator.post(f"{PLAN}/sessions", data={**LECTURE, **typed})

        assert (field, answer.status_code) == (field, 422)
        assert says in answer.text.partition(f'id="w-{field}"')[2].partition("</p>")[0]
        assert "（示例）王老师" in answer.text
    assert desk.runtime.models.sessions.count_of(SCHOOL) == 1


def test_what_has_begun_is_not_announced_any_more(desk: Desk) -> None:
    desk.clock.move_to(STARTS + timedelta(days=1))
    past = {**LECTURE, "day": "2026-09-18", "starts": "08:00", "ends": "09:20"}

    answer = desk.browser("coordinator").post(f"{PLAN}/sessions", data=past)

    assert answer.status_code == 409
    assert 'id="w-day"' in answer.text


def test_a_clash_is_named_and_may_be_meant(desk: Desk) -> None:
    at_once = {**LECTURE, "day": "2026-09-18", "place": "图书馆"}
    coordinator = desk.browser("coordinator")

    refused = coordinator.post(f"{PLAN}/sessions", data=at_once)
    meant = coordinator.post(f"{PLAN}/sessions", data={**at_once, "confirmed": "true"})

    assert refused.status_code == 409
    assert "同时有：读懂孩子的情绪" in refused.text
    assert 'name="confirmed"' in refused.text
    assert meant.status_code == 303


def test_a_session_is_moved_and_keeps_its_title_and_its_id(desk: Desk) -> None:
    form = text(desk, "class_teacher", f"{desk.session}/plan")
    moved = {**LECTURE, "topic": "别的主题", "day": "2026-09-25", "place": "图书馆"}
    answer = desk.browser("class_teacher").post(f"{desk.session}/plan", data=moved)
    page = text(desk, "coordinator")

    assert 'value="2026-09-18"' in form
    assert answer.status_code == 303
    assert f'<a href="{desk.session}">读懂孩子的情绪</a>' in page
    assert "2026-09-25" in page
    assert "别的主题" not in page


def test_a_session_that_has_begun_is_not_changed(desk: Desk) -> None:
    desk.open()

    answer = desk.browser("coordinator").post(f"{desk.session}/plan", data=LECTURE)

    assert answer.status_code == 409
    assert "（示例）王老师" in answer.text


def test_a_session_is_cancelled_with_a_reason_and_leaves_the_table(desk: Desk) -> None:
    coordinator, address = desk.browser("coordinator"), f"{desk.session}/cancellation"
    reason = {"reason": CancelReason.WEATHER_OR_EMERGENCY.value}

    answer = coordinator.post(address, data=reason)
    page = text(desk, "coordinator")
    again = coordinator.post(address, data=reason)

    assert answer.status_code == 303
    assert "天气或突发情况" in page.partition("已取消或作废的")[2]
    assert '<td class="when">' not in page
    assert again.status_code == 409


def test_the_file_can_be_brought_again_and_changes_nothing(desk: Desk) -> None:
    desk.browser("coordinator").post(f"{PLAN}/sessions", data=LECTURE)
    desk.catch_up(desk.runtime.book.ledger.position())

    answer = desk.browser("coordinator").get(f"{PLAN}/plan.csv")
    order = Order(Kind.PLAN, SCHOOL, envelope(desk.clock.at), dry_run=True)
    report = take_file(desk.runtime.book, order, answer.content).report

    assert "（示例）王老师" in answer.content.decode("utf-8-sig")
    assert report.is_taken
    assert [row.outcome for row in report.rows] == [Outcome.SAME] * 2


def test_the_page_is_there_in_english(desk: Desk) -> None:
    assert "Term plan of the parent school" in text(desk, "coordinator", f"{PLAN}?lang=en")
    assert "Add a session" in text(desk, "coordinator", f"{PLAN}/sessions/new?lang=en")


def test_a_term_without_a_plan_says_how_to_begin(desk: Desk) -> None:
    term = Term(school_year=2027, term_no=1, begins=date(2027, 9, 1), ends=date(2028, 2, 1))
    desk.runtime.book.registry.open_term(term, envelope())

    assert "这个学期还没有计划" in text(desk, "coordinator", f"/staff/plans/{SCHOOL}/2027-1")
