"""The pages of the teachers' ledger: the school's list, one teacher, a region, one's own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from api.files.template import Kind, template_file
from domain.envelope import Role
from domain.teacher_service import Service
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.api.desk import ELSEWHERE, Desk

SCHOOL_PAGE = f"/staff/teachers/{SCHOOL}"
NEW = {"name": "（示例）李老师", "staff_no": "T-001", "in_service_from": "2015-09-01"}
ENTRY = {
    "title": "示例研修", "organiser": "示例学院", "begins": "2026-03-07", "ends": "2026-03-08",
    "amount": "12", "unit": "hours",
}  # fmt: skip
NOVEMBER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


@pytest.fixture
def li(desk: Desk) -> str:
    """The page of a teacher whom the coordinator has registered."""
    desk.clock.move_to(NOVEMBER)
    answer = desk.browser("coordinator").post(SCHOOL_PAGE, data=NEW)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def send(desk: Desk, asker: str, address: str, **form: str) -> int:
    return desk.browser(asker).post(address, data=form).status_code


def award_of(desk: Desk, li: str) -> str:
    [line] = desk.runtime.models.teacher_cycle.awards_of(UUID(li.rsplit("/", 1)[1]))
    return str(line.award_id)


def close(desk: Desk, li: str) -> None:
    desk.clock.move_to(NEW_YEAR)
    by = envelope(NEW_YEAR, Role.SYSTEM)
    desk.runtime.book.teachers.close("2024-2026", [UUID(li.rsplit("/", 1)[1])], by)
    desk.catch_up(desk.runtime.book.ledger.position())


def test_a_school_without_teachers_says_how_to_begin(desk: Desk) -> None:
    page = desk.browser("head").get(SCHOOL_PAGE).text
    assert "还没有登记教师" in page
    assert "0/0" in page


@pytest.mark.parametrize(
    "typed", [{"staff_no": "ｔ－001"}, {"name": "（示例）李 老师"}, {"name": "(示例)李老师 "}]
)
def test_a_teacher_typed_otherwise_is_the_same_one(
    desk: Desk, li: str, typed: dict[str, str]
) -> None:
    answer = desk.browser("coordinator").post(SCHOOL_PAGE, data=NEW | typed)
    assert answer.headers["location"] == li


@pytest.mark.parametrize(
    ("field", "code"),
    [("name", "teacher_name_malformed"), ("staff_no", "teacher_number_malformed")],
)
def test_what_no_file_may_say_is_refused(desk: Desk, field: str, code: str) -> None:
    form = NEW | {field: "李？1"}
    assert send(desk, "coordinator", SCHOOL_PAGE, **form) == 422
    answer = desk.browser("coordinator").post(f"/api/v1/schools/{SCHOOL}/teachers", json=form)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_entered_hours_stand_on_the_school_s_page_and_the_teacher_s(desk: Desk, li: str) -> None:
    assert send(desk, "head", f"{li}/hours", **ENTRY) == 303
    minutes = {**ENTRY, "title": "另一项", "begins": "2025-04-01", "ends": "2025-04-01"}
    assert (
        send(desk, "head", f"{li}/hours", **{**minutes, "amount": "90", "unit": "minutes"}) == 303
    )

    school = desk.browser("coordinator").get(SCHOOL_PAGE).text
    teacher = desk.browser("coordinator").get(li).text

    assert "（示例）李老师" in school
    assert "学时不足" in school
    assert "1/1" in school
    assert "示例研修" in teacher
    assert ">14<" in teacher


@pytest.mark.parametrize(
    ("amount", "status"), [("许多", 422), ("0", 422), ("-1", 422), ("1.555", 422), ("17", 409)]
)
def test_hours_that_cannot_be_are_refused(desk: Desk, li: str, amount: str, status: int) -> None:
    assert send(desk, "head", f"{li}/hours", **{**ENTRY, "amount": amount}) == status


def test_a_training_on_the_same_day_is_marked(desk: Desk, li: str) -> None:
    send(desk, "head", f"{li}/hours", **ENTRY)
    send(desk, "head", f"{li}/hours", **{**ENTRY, "title": "同日", "amount": "2"})
    assert "同日另有培训" in desk.browser("head").get(li).text


def test_an_award_is_taken_back_whole_and_stays_to_be_seen(desk: Desk, li: str) -> None:
    send(desk, "head", f"{li}/hours", **ENTRY)
    form = {"award_id": award_of(desk, li), "reason": "duplicate"}
    assert send(desk, "coordinator", f"{li}/reversal", **form) == 303
    assert send(desk, "coordinator", f"{li}/reversal", **form) == 409
    assert "已冲正：重复记录" in desk.browser("head").get(li).text


def test_a_closed_cycle_waits_for_the_second_person(desk: Desk, li: str) -> None:
    send(desk, "head", f"{li}/hours", **ENTRY)
    close(desk, li)
    late = {**ENTRY, "title": "补录", "begins": "2026-04-01", "ends": "2026-04-01", "amount": "6"}
    assert send(desk, "coordinator", f"{li}/hours", **late) == 409
    assert send(desk, "coordinator", f"{li}/late-hours", **late) == 303
    own = desk.browser("coordinator").get(SCHOOL_PAGE).text
    [line] = desk.runtime.models.teacher_corrections.open_of(SCHOOL)
    decision = f"/staff/teachers/corrections/{line.correction_id}"

    assert "由您提议" in own
    assert send(desk, "coordinator", decision, decision="confirm") == 403
    assert send(desk, "head", decision, decision="confirm") == 303
    ended = desk.browser("head").get(f"{li}?cycle=2024-2026").text
    assert ">18<" in ended
    assert "已结账" in ended


def test_taking_back_in_a_closed_cycle_is_a_proposal_that_may_be_declined(
    desk: Desk, li: str
) -> None:
    send(desk, "head", f"{li}/hours", **ENTRY)
    close(desk, li)
    form = {"award_id": award_of(desk, li), "reason": "wrong_person"}
    assert send(desk, "head", f"{li}/reversal", **form) == 303
    page = desk.browser("coordinator").get(SCHOOL_PAGE).text
    [line] = desk.runtime.models.teacher_corrections.open_of(SCHOOL)
    decision = f"/staff/teachers/corrections/{line.correction_id}"

    assert "冲正一条学时：记错了人" in page
    assert send(desk, "coordinator", decision, decision="decline") == 303
    assert desk.runtime.models.teacher_corrections.open_of(SCHOOL) == []
    assert ">12<" in desk.browser("head").get(f"{li}?cycle=2024-2026").text


def test_a_teacher_moves_with_their_hours_or_leaves(desk: Desk, li: str) -> None:
    send(desk, "head", f"{li}/hours", **ENTRY)
    assert send(desk, "coordinator", f"{li}/moves", school_code=ELSEWHERE, on="2026-09-01") == 303
    assert "还没有登记教师" in desk.browser("head").get(SCHOOL_PAGE).text
    assert send(desk, "coordinator_elsewhere", f"{li}/leaving", on="2026-10-31") == 303
    assert ">12<" in desk.browser("head_elsewhere").get(li).text


def test_a_linked_teacher_finds_their_own_hours(desk: Desk, li: str) -> None:
    host = desk.browser("host")
    desk.runtime.accounts.open_account(
        desk.people["host"], "host", "correct-horse-battery", desk.clock.at
    )
    assert "还没有对应的教师档案" in host.get("/staff/my-hours").text
    assert "/staff/my-hours" not in host.get("/staff").text
    assert send(desk, "coordinator", f"{li}/staff", user="host") == 303
    send(desk, "head", f"{li}/hours", **ENTRY)

    assert "示例研修" in host.get("/staff/my-hours").text
    assert "/staff/my-hours" in host.get("/staff").text
    assert host.get(li).status_code == 403


def test_an_auditor_opens_a_region_s_numbers_down_to_the_facts(desk: Desk, li: str) -> None:
    assert send(desk, "head", f"{li}/hours", **ENTRY) == 303
    auditor = desk.browser("auditor")

    assert f'href="{SCHOOL_PAGE}"' in auditor.get(f"/staff/teachers/regions/{DISTRICT}").text
    school, teacher = auditor.get(SCHOOL_PAGE).text, auditor.get(li).text
    facts = auditor.get(f"/staff/facts/{li.rsplit('/', 1)[1]}").text

    assert f'href="{li}' in school
    assert "示例研修" in teacher
    assert "teacher.hours_awarded" in facts
    for page in (school, teacher, facts):
        assert "李老师" not in page
        assert "T-001" not in page
    officer = desk.browser("district_officer")
    assert f'href="{SCHOOL_PAGE}"' not in officer.get(f"/staff/teachers/regions/{DISTRICT}").text
    assert officer.get(SCHOOL_PAGE).status_code == 403


def test_a_region_sees_numbers_and_no_names(desk: Desk, li: str) -> None:
    send(desk, "head", f"{li}/hours", **ENTRY)
    for asker, region in (("district_officer", DISTRICT), ("city_administrator", "440100")):
        page = desk.browser(asker).get(f"/staff/teachers/regions/{region}").text
        assert "示例小学" in page
        assert "1/1" not in page
        assert "不足10" in page
        assert "李老师" not in page
        assert f"/staff/teachers/regions/{region}" in desk.browser(asker).get("/staff").text


def test_the_list_is_in_the_order_of_numbers_never_of_hours(desk: Desk, li: str) -> None:
    first = {"name": "（示例）王老师", "staff_no": "T-000", "in_service_from": "2015-09-01"}
    desk.browser("coordinator").post(SCHOOL_PAGE, data=first)
    send(desk, "head", f"{li}/hours", **ENTRY)
    page = desk.browser("head").get(SCHOOL_PAGE).text
    assert page.index("王老师") < page.index("李老师")
    assert f'href="/staff/teachers/{SCHOOL}"' in desk.browser("head").get("/staff").text


def test_a_sheet_of_hours_is_brought_by_the_page(desk: Desk) -> None:
    desk.clock.move_to(NOVEMBER)
    coordinator = desk.browser("coordinator")
    form = coordinator.get(f"/staff/imports/{SCHOOL}").text
    file = {"file": ("hours.csv", template_file(Kind.TEACHER_HOURS))}
    answer = coordinator.post(f"/staff/imports/{SCHOOL}/teacher-hours", files=file)
    preview = coordinator.get(answer.headers["location"]).text
    coordinator.post(answer.headers["location"])

    assert "教师家庭教育指导学时登记表" in form
    assert "（示例）家校沟通工作坊" in preview
    assert "王老师" in coordinator.get(SCHOOL_PAGE).text


def test_both_languages_are_spoken(desk: Desk, li: str) -> None:
    head = desk.browser("head")
    head.headers["Accept-Language"] = "en"
    assert "All staff trained" in head.get(SCHOOL_PAGE).text
    assert "Enter hours" in head.get(li).text


def test_wrong_days_and_a_wrong_link_are_put_right_on_the_page(desk: Desk, li: str) -> None:
    mine, teachers = desk.browser("coordinator"), desk.runtime.book.teachers
    teacher_id = UUID(li.rsplit("/", 1)[1])
    assert send(desk, "coordinator", f"{li}/leaving", on="2026-10-31") == 303
    assert 'value="2026-10-31"' in mine.get(li).text
    days = {"since": "2015-09-01", "begins": "2025-09-01", "ends": ""}
    assert send(desk, "coordinator", f"{li}/service", **days) == 303
    assert "原记录：2025-09-01 起" in mine.get(li).text
    assert '<dd class="num">8</dd>' in mine.get(li).text, "the hours due follow"
    assert teachers.get(teacher_id).services == [Service(SCHOOL, date(2025, 9, 1))]

    head = desk.browser("head")
    assert "更正任职日期" not in head.get(li).text
    teachers.link(teacher_id, desk.people["head"], envelope(NOVEMBER))
    desk.catch_up(desk.runtime.book.ledger.position())
    assert send(desk, "head", f"{li}/staff/withdrawal") == 403
    assert "撤回关联" in mine.get(li).text
    assert send(desk, "coordinator", f"{li}/staff/withdrawal") == 303
    assert "撤回关联" not in mine.get(li).text
    history = mine.get(f"/staff/facts/{teacher_id}").text
    for fact in ("教师任职日期更正", "教师关联人员撤回"):
        assert fact in history
